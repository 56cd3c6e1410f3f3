"""Which jurisdictions meet: rules of both hold in one town."""

from __future__ import annotations

from collections.abc import Iterable

from core.types import Jurisdiction

EVERYWHERE = ""  # the scope of a document without a place, and of federal law


def meeting_scopes(
    place: Jurisdiction | None, others: Iterable[Jurisdiction | None]
) -> tuple[str, ...] | None:
    """The scopes among those of `others` whose rules hold in a town where those of `place` hold,
    its own with them; None, which is all, for a place that is everywhere."""
    if place is None or place.scope == EVERYWHERE:
        return None
    met = {other.scope for other in others if other and _meet(place, other)}
    return tuple(sorted({EVERYWHERE, place.scope} | met))


def _meet(place: Jurisdiction, other: Jurisdiction) -> bool:
    """Whether one lies in the other; where a key is missing, whether they have one name."""
    if place.key is None or other.key is None:
        return (place.level, place.name.casefold()) == (other.level, other.name.casefold())
    return place.key.startswith(other.key) or other.key.startswith(place.key)
