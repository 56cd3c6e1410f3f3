"""What the page lets citizens choose: towns, and the languages that it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.languages import SUPPORTED, native_name
from service.wording import SIMPLE_GERMAN

WORDINGS_LISTED = (SUPPORTED[0], SIMPLE_GERMAN, *SUPPORTED[1:])  # German is the first


@dataclass(frozen=True, slots=True)
class Town:
    """An entry of the town menu."""

    value: str
    name: str


def site_town(town: str | None, towns: Sequence[tuple[str, str]]) -> str | None:
    """The name of the town that the site is for, which may be set by its key; None: for all."""
    return next((name for name, value in towns if value == town), town)


def town_menu(towns: Sequence[tuple[str, str]]) -> tuple[Town, ...]:
    """The towns by name, the key beside names that several have."""
    names = [name for name, _ in towns]
    return tuple(
        Town(value, name if names.count(name) == 1 else f"{name} ({value})")
        for name, value in sorted(towns)
    )


def holding(menu: Sequence[Town], name: str, value: str) -> tuple[Town, ...]:
    """The menu with a place that need not be in it, such as a district."""
    is_listed = value in {town.value for town in menu}
    return tuple(menu) if is_listed else (*menu, Town(value, name))


def alike(name: str, menu: Sequence[Town]) -> list[str]:
    """The towns of the menu that a name may mean."""
    return [town.name for town in menu if name and town.name.casefold().startswith(name.casefold())]


def wording_name(wording: str) -> str:
    """A wording's name for itself, as it stands in a menu."""
    return "Deutsch (Einfache Sprache)" if wording == SIMPLE_GERMAN else native_name(wording)
