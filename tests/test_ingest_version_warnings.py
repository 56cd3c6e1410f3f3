"""An editor is told what looks like a mistake before a version is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.types import Document, Paragraph, Reading, Section
from ingest.differences import compare_sections
from ingest.version_warnings import warn_about

TODAY = date(2026, 11, 22)
STANDING = Document(
    "hundesteuer", "Hundesteuersatzung", valid_from=date(2026, 1, 1), as_of=date(2025, 11, 12)
)


def reading(*texts: str, unreadable_pages: tuple[int, ...] = ()) -> Reading:
    sections = (
        Section((f"§ {n}",), f"§ {n}", "", (Paragraph(text),)) for n, text in enumerate(texts, 1)
    )
    return Reading(tuple(sections), unreadable_pages=unreadable_pages)


BEFORE = reading("Die Steuer beträgt 96 Euro.", "Sie ist am 15. Februar fällig.", "Ende.")
AFTER = reading("Die Steuer beträgt 120 Euro.", "Sie ist am 15. Februar fällig.", "Ende.")


def warnings(after: Reading = AFTER, **dates: date) -> tuple[str, ...]:
    difference = compare_sections(BEFORE.sections, after.sections)
    document = replace(STANDING, **dates)  # type: ignore[arg-type]
    return warn_about(STANDING, document, difference, BEFORE, after, TODAY)


def test_a_new_amount_from_next_year_gives_no_warning() -> None:
    assert warnings(valid_from=date(2027, 1, 1), as_of=date(2026, 11, 20)) == ()


def test_a_third_of_the_sections_lost_is_said() -> None:
    after = reading("Die Steuer beträgt 120 Euro.", "Sie ist am 15. Februar fällig.")
    assert warnings(after) == ("It has 2 sections, the version before has 3.",)


def test_half_of_the_text_lost_is_said() -> None:
    assert warnings(reading("Die Steuer", "Sie ist am", "Ende.")) == (
        "It has 42% of the text of the version before.",
    )


def test_unreadable_pages_are_named() -> None:
    after = replace(AFTER, unreadable_pages=(2, 5))
    assert warnings(after) == ("Pages 2, 5 cannot be read.",)


def test_the_same_text_again_is_said() -> None:
    assert warnings(BEFORE) == ("The text is the same as in the version before.",)


@pytest.mark.parametrize(
    ("dates", "warning"),
    [
        (
            {"as_of": date(2024, 5, 1)},
            "It is as of 2024-05-01, older than the version before (2025-11-12).",
        ),
        (
            {"valid_from": date(2025, 12, 1)},
            "It is in force from 2025-12-01, the version before only from 2026-01-01.",
        ),
    ],
)
def test_a_date_before_that_of_the_standing_version_is_said(
    dates: dict[str, date], warning: str
) -> None:
    assert warnings(**dates) == (warning,)


def test_a_changed_text_said_to_be_old_law_is_doubted() -> None:
    old = replace(STANDING, valid_from=date(2020, 1, 1))
    difference = compare_sections(BEFORE.sections, AFTER.sections)
    assert warn_about(old, old, difference, BEFORE, AFTER, TODAY) == (
        "The text changed, but it is said to be in force since 2020-01-01.",
    )
