"""What the routes of the site are made of, handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings
from core.store import Store
from service.answerer import Answerer
from web.editing import EditorDesk
from web.people.staff import Staff
from web.staff_pages import StaffPages


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a site that runs on a store."""

    settings: Settings
    store: Store
    answerer: Answerer
    editing: EditorDesk
    staff: Staff
    pages: StaffPages


def parts_of(settings: Settings, store: Store, answerer: Answerer) -> Parts:
    """The parts, each made once."""
    return Parts(
        settings,
        store,
        answerer,
        EditorDesk(store, settings),
        Staff(settings, store.registry.engine),
        StaffPages(),
    )
