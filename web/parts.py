"""What the routes of the site are made of, handed to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings import Settings
from core.store import Store
from service.answerer import Answerer
from service.language_model import LanguageModel
from web.editing import EditorDesk
from web.people.staff import Staff
from web.staff_pages import StaffPages


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a site that runs on a store; `model`: what drafts texts for staff, None where
    there is none."""

    settings: Settings
    store: Store
    answerer: Answerer
    editing: EditorDesk
    staff: Staff
    pages: StaffPages
    model: LanguageModel | None = None


def parts_of(
    settings: Settings, store: Store, answerer: Answerer, model: LanguageModel | None = None
) -> Parts:
    """The parts, each made once."""
    return Parts(
        settings,
        store,
        answerer,
        EditorDesk(store, settings),
        Staff(settings, store.registry.engine),
        StaffPages(),
        model,
    )
