"""The places that somebody may write for."""

from __future__ import annotations

from core.types import Level
from web.parts import Parts
from web.people.rights import Person, Role

EVERYWHERE = "überall"


def town_options(parts: Parts, person: Person, role: Role = Role.EDITOR) -> list[tuple[str, str]]:
    """Key (or name, where there is none) and name of each place, and "" for all places, as far as
    a person has a role there; a site for one town comes first."""
    places = {v.document.jurisdiction for v in parts.store.registry.standing()} - {None}
    towns = sorted(
        (place.name, place.key or place.name)
        for place in places
        if place and place.level is Level.MUNICIPALITY
    )
    options = [(key, name) for name, key in towns] + [("", EVERYWHERE)]
    options.sort(key=lambda option: parts.settings.town not in option)
    return [option for option in options if person.may(role, option[0])]


def with_own(options: list[tuple[str, str]], key: str) -> list[tuple[str, str]]:
    """The options with a place that something is of already, whose documents may be gone."""
    return options if key in dict(options) else [*options, (key, town_name(options, key))]


def usual_town(options: list[tuple[str, str]]) -> str:
    """The place to begin with: the only town, else everywhere, else the first that one may."""
    towns = [key for key, _ in options if key]
    return towns[0] if len(towns) == 1 or (towns and len(towns) == len(options)) else ""


def town_name(options: list[tuple[str, str]], key: str) -> str:
    """The name of a place."""
    return dict(options).get(key, key or EVERYWHERE)
