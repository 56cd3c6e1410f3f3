"""Which jurisdictions meet in one town."""

from __future__ import annotations

import pytest

from core.types import Jurisdiction, Level
from service.scopes import meeting_scopes

FEDERAL = Jurisdiction(Level.FEDERAL, "Deutschland", "")
STATE = Jurisdiction(Level.STATE, "Mittelland", "99")
DISTRICT = Jurisdiction(Level.DISTRICT, "Auenkreis", "99001")
TOWN = Jurisdiction(Level.MUNICIPALITY, "Auental", "990010001001")
NEIGHBOUR = Jurisdiction(Level.MUNICIPALITY, "Bergheim", "990010001002")
KEYLESS = Jurisdiction(Level.MUNICIPALITY, "Auental", None)
ALL = [FEDERAL, STATE, DISTRICT, TOWN, NEIGHBOUR, KEYLESS, None]


@pytest.mark.parametrize(
    ("place", "met"),
    [
        (TOWN, [FEDERAL, STATE, DISTRICT, TOWN, KEYLESS]),
        (DISTRICT, [FEDERAL, STATE, DISTRICT, TOWN, NEIGHBOUR]),
        (KEYLESS, [FEDERAL, TOWN, KEYLESS]),
    ],
)
def test_a_place_meets_what_lies_above_and_within_it(
    place: Jurisdiction, met: list[Jurisdiction]
) -> None:
    assert meeting_scopes(place, ALL) == tuple(sorted(other.scope for other in met))


@pytest.mark.parametrize("place", [FEDERAL, None])
def test_what_holds_everywhere_meets_all(place: Jurisdiction | None) -> None:
    assert meeting_scopes(place, ALL) is None
