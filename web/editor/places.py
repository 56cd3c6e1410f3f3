"""The places that an editor may upload documents for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.registry import Registry
from core.types import Jurisdiction
from web.editor.rights import may_edit_place
from web.people.rights import Person


def known_places(registry: Registry, person: Person) -> dict[str, Jurisdiction]:
    """The places that documents are there of and that a person may edit, by their scope; those of
    the highest level first."""
    found = {
        place.scope: place
        for version in registry.standing()
        if (place := version.document.jurisdiction) and may_edit_place(person, place)
    }
    places = sorted(found.values(), key=lambda place: (len(place.key or ""), place.name))
    return {place.scope: place for place in places}


def place_fields(
    chosen: str, typed: Mapping[str, str], known: Mapping[str, Jurisdiction]
) -> dict[str, Any] | None:
    """The metadata of a place: of a known one by its scope, or of a new one with what was typed;
    None where the file or the document that is replaced says it."""
    if chosen == "new":
        return {name: typed[name] for name in ("level", "name", "key") if typed.get(name)}
    place = known.get(chosen)
    if place is None:
        return None
    fields = {"level": place.level.value, "name": place.name, "key": place.key}
    return {name: value for name, value in fields.items() if value}
