"""Which versions of a document stand side by side, and on which days."""

from __future__ import annotations

from datetime import date

import pytest

from core.timeline import cut, on_day, stays_beside
from core.types import Document

TODAY = date(2026, 11, 22)
OLD = date(2020, 1, 1)
RECENT = date(2026, 11, 1)
SOON = date(2027, 1, 1)
LATER = date(2028, 1, 1)


def document(valid_from: date | None = None, valid_to: date | None = None) -> Document:
    return Document("hundesteuer", "Hundesteuersatzung", valid_from=valid_from, valid_to=valid_to)


def test_a_version_ends_on_the_day_before_the_next_one_begins() -> None:
    first, second, third = cut([document(), document(SOON), document(LATER)])
    assert first.valid_to == date(2026, 12, 31)
    assert (second.valid_from, second.valid_to) == (SOON, date(2027, 12, 31))
    assert third.valid_to is None


def test_the_order_of_publishing_does_not_matter_for_the_days() -> None:
    later, corrected = cut([document(SOON), document(OLD)])
    assert later.valid_to is None
    assert corrected.valid_to == date(2026, 12, 31)


def test_a_version_that_ends_earlier_by_itself_stays_so() -> None:
    first, _ = cut([document(OLD, date(2025, 12, 31)), document(SOON)])
    assert first.valid_to == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("day", "number"), [(date(2026, 12, 31), 1), (SOON, 2), (date(1990, 1, 1), None)]
)
def test_a_day_has_the_version_in_force(day: date, number: int | None) -> None:
    assert on_day([(document(OLD), 1), (document(SOON), 2)], day) == number


@pytest.mark.parametrize(
    ("standing", "new", "stays"),
    [
        pytest.param(OLD, SOON, True, id="an amendment to come leaves the present law in force"),
        pytest.param(OLD, RECENT, True, id="an amendment keeps the law of the days before"),
        pytest.param(None, SOON, True, id="a leaflet without dates holds until the new one"),
        pytest.param(None, RECENT, False, id="dates given to a leaflet correct it"),
        pytest.param(OLD, None, False, id="a version without dates replaces what is in force"),
        pytest.param(None, None, False, id="a leaflet without dates replaces the one before"),
        pytest.param(SOON, None, True, id="a version without dates leaves what is to come"),
        pytest.param(RECENT, OLD, False, id="a corrected first day replaces the wrong one"),
        pytest.param(RECENT, RECENT, False, id="a corrected text replaces the wrong one"),
        pytest.param(SOON, RECENT, True, id="a correction today leaves what is to come"),
        pytest.param(LATER, SOON, False, id="an earlier amendment replaces a later one"),
        pytest.param(SOON, LATER, True, id="two amendments to come follow each other"),
    ],
)
def test_what_stays_beside_a_new_version(
    standing: date | None, new: date | None, stays: bool
) -> None:
    assert stays_beside(document(standing), document(new), TODAY) is stays
