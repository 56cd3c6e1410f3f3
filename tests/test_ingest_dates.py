"""A by-law's own words say from when until when it is in force."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from core.types import Document, Kind, Paragraph, Section
from ingest.dates import find_dates, fit_dates, is_amending
from ingest.library import find_sources, read_source
from ingest.readers.limits import ReaderLimits
from ingest.readers.markdown import read_markdown

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=200, file_mb=10)
TOWNS = Path(__file__).parents[2] / "shared" / "data" / "ortsrecht-bw" / "towns.jsonl"


def _sections(*texts: str) -> tuple[Section, ...]:
    return tuple(Section(("§ 1",), "§ 1", "", (Paragraph(text),)) for text in texts)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("(1) Diese Satzung tritt am 1. Januar 2024 in Kraft.", "2024-01-01"),
        ("Die Satzung tritt am 01. 06. 2022 in Kraft.", "2022-06-01"),
        ("Diese Satzung tritt rückwirkend zum 01.03.2021 in Kraft.", "2021-03-01"),
        ("Diese Betriebssatzung tritt mit Wirkung vom 01.07.2016 in Kraft.", "2016-07-01"),
        ("Diese Neufassung der Satzung tritt am 1. Juli 1989 in Kraft.", "1989-07-01"),
        ("Die Verordnung tritt am 01.01.2022 nach ihrer Bekanntmachung in Kraft.", "2022-01-01"),
        (
            "Diese Satzung der Gemeinde Au vom 12.12.2024 tritt am 01.01.2025 in Kraft.",
            "2025-01-01",
        ),
        ("Diese Änderungssatzung tritt am 1. Januar 2025 in Kraft.", "2025-01-01"),
        (
            "Diese Satzung tritt am 1. Januar 2024, die Änderungssatzung am 1.1.2025 in Kraft."
            " Gleichzeitig tritt die Satzung vom 17. Dezember 2009 außer Kraft.",
            "2024-01-01",
        ),
    ],
)
def test_a_by_law_is_in_force_from_the_day_it_names(words: str, day: str) -> None:
    assert find_dates(_sections(words), Kind.STATUTE) == {"valid_from": day}


@pytest.mark.parametrize(
    "words",
    [
        "Diese Satzung tritt am Tage nach ihrer Bekanntmachung in Kraft.",
        "Diese Satzung tritt am Tage nach der Beschlussfassung am 12.12.2023 in Kraft.",
        "Diese Satzung tritt frühestens am 1. Januar 2027 in Kraft.",
        "Diese Satzung tritt mit Ausnahme des § 5 am 1. Januar 2027 in Kraft.",
        "Diese Satzung tritt am 31. Februar 2024 in Kraft.",
        "Die Änderungssatzung vom 13.07.2023 tritt zum 11.09.2023 in Kraft.",
        "§ 4 dieser Satzung tritt am 1. Januar 2027 in Kraft.",
        "Der Bebauungsplan tritt am 1. Januar 2027 in Kraft.",
        "Die Jagdsteuersatzung tritt zum 31.12.2024 außer Kraft.",
        "Gleichzeitig tritt die Satzung vom 24.02.2011 außer Kraft.",
        "Diese Gebührenordnung gilt bis zum 31.12.2024 für bestehende Verträge.",
        "Diese Satzung gilt mit Wirkung vom 1. Januar 2024.",
    ],
)
def test_words_that_leave_the_day_open_give_none(words: str) -> None:
    assert find_dates(_sections(words), Kind.STATUTE) == {}


def test_two_days_of_entry_into_force_give_none() -> None:
    first = "Diese Satzung tritt am 1. Januar 2024 in Kraft."
    for other in (
        "Diese Gebührenordnung tritt am 1. Juli 2024 in Kraft.",
        "Die Satzung tritt mit dem Tag nach der Bekanntmachung in Kraft.",
    ):
        assert find_dates(_sections(first, other), Kind.STATUTE) == {}


def test_an_amendment_in_a_consolidated_text_does_not_move_its_beginning() -> None:
    text = _sections(
        "Diese Satzung tritt am 1. Januar 1997 in Kraft.",
        "Diese Änderungssatzung tritt am 1. Januar 2027 in Kraft.",
    )
    assert find_dates(text, Kind.STATUTE) == {"valid_from": "1997-01-01"}


def test_a_year_misread_in_a_scan_hides_nothing() -> None:
    text = _sections("Diese Satzung tritt am 01.01.2076 in Kraft. Auental, den 12.12.2015")
    assert find_dates(text, Kind.STATUTE) == {}


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Diese Satzung tritt mit Ablauf des 31.12.2026 außer Kraft.", "2026-12-31"),
        ("Diese Satzung tritt am 1. Januar 2027 außer Kraft.", "2026-12-31"),
        ("Diese Satzung gilt bis zum 31. Dezember 2026.", "2026-12-31"),
        (
            "Diese Satzung tritt am Tag nach ihrer Bekanntmachung in Kraft. "
            "Sie tritt am 13. März 2030 außer Kraft.",
            "2030-03-13",
        ),
    ],
)
def test_a_by_law_names_its_last_day(words: str, day: str) -> None:
    assert find_dates(_sections(words), Kind.STATUTE) == {"valid_to": day}


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Stand: 06/2024", "2024-06-01"),
        ("Belehrung, Seite 1 von 2 Stand: April 2019", "2019-04-01"),
        ("Stand: 04.07.2022", "2022-07-04"),
    ],
)
def test_any_kind_of_document_tells_its_stand(words: str, day: str) -> None:
    assert find_dates(_sections("Merkblatt", words), Kind.LEAFLET) == {"as_of": day}


def test_the_stand_of_a_figure_is_not_that_of_the_document() -> None:
    for words in ("Einwohner: 12.345 (Stand: 31.12.2023)", "nach dem Stand vom 30. Juni 2020"):
        assert find_dates(_sections(words), Kind.LEAFLET) == {}
    several = _sections("Stand: Mai 2014", "Stand: Mai 2015")
    assert find_dates(several, Kind.LEAFLET) == {}


def test_a_by_law_dates_from_its_last_change_not_from_that_of_the_law_it_rests_on() -> None:
    resolved = (
        "Auf Grund der Gemeindeordnung in der Fassung vom 24.07.2000, zuletzt geändert am "
        "12.06.2018, hat der Gemeinderat am 18.12.1996, zuletzt geändert durch Satzung vom "
        "15.12.2021, folgende Satzung beschlossen:"
    )
    assert find_dates(_sections(resolved), Kind.STATUTE) == {"as_of": "2021-12-15"}
    heading = _sections("In der Fassung vom 13.12.2023")
    assert find_dates(heading, Kind.STATUTE) == {"as_of": "2023-12-13"}


def test_only_by_laws_enter_into_force() -> None:
    text = _sections("Diese Satzung tritt am 1. Januar 2027 in Kraft.")
    assert find_dates(text, Kind.LEAFLET) == {}


def test_metadata_win_and_what_contradicts_them_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hund.md"
    closing = "## § 9 Inkrafttreten\n\nDiese Satzung tritt am 1. Januar 2024 in Kraft.\n"
    fields = {
        "": (date(2024, 1, 1), ()),
        "valid_from: 2024-01-01\n": (date(2024, 1, 1), ()),
        "valid_from: 2023-11-30\n": (
            date(2023, 11, 30),
            ("The text enters into force on 2024-01-01; its metadata say 2023-11-30.",),
        ),
        "valid_from: null\n": (None, ()),
        "valid_to: 2023-12-31\n": (
            None,
            ("The text enters into force on 2024-01-01, after its metadata's end, 2023-12-31.",),
        ),
    }
    for own, (valid_from, warnings) in fields.items():
        path.write_text(f"---\nkind: statute\n{own}---\n{closing}")
        document, reading = read_source(find_sources([path])[0], LIMITS)
        assert (document.valid_from, reading.warnings) == (valid_from, warnings)


def test_a_later_day_in_metadata_is_that_of_an_amendment_the_text_names() -> None:
    text = _sections(
        "Diese Satzung tritt am 1. Januar 1997 in Kraft.",
        "Die Änderung der Satzung vom 20.03.2025 tritt am 01.01.2026 in Kraft.",
    )
    document = Document("hund", "Hund", Kind.STATUTE, valid_from=date(2026, 1, 1))
    assert fit_dates(document, text) == ({}, [])


@pytest.mark.shared_data
@pytest.mark.skipif(not TOWNS.is_file(), reason="the measuring data is not there")
def test_by_laws_of_real_towns_give_the_day_that_people_recorded(tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    for row in map(json.loads, TOWNS.read_text().splitlines()):
        path = tmp_path / "x.md"
        path.write_text(row["text"])
        day = find_dates(read_markdown(path, LIMITS).sections, Kind.STATUTE).get("valid_from")
        if day:
            found["same" if day == row["valid_from"] else "other"] += 1
    assert found["same"] >= 170
    assert found["other"] <= 25  # days of the resolution, or of an amendment, in the record


def _amendment(*texts: str) -> tuple[Section, ...]:
    name = Section(("1. Satzung zur Änderung der Hundesteuersatzung",), "", "", ())
    return (name, *_sections("§ 5 Abs. 1 wird wie folgt geändert: 120 Euro.", *texts))


@pytest.mark.parametrize(
    "words",
    [
        "Diese Satzung tritt am 1. Januar 2027 in Kraft.",
        "Die 1. Satzung zur Änderung der Abfallsatzung tritt am 01.01.2027 in Kraft.",
        "Die Satzung tritt am 01.01.2027 in Kraft.",
    ],
)
def test_an_amendment_without_metadata_applies_from_the_day_it_names(words: str) -> None:
    document = Document("aenderung", "1. Satzung zur Änderung", Kind.SERVICE, "de", None, None)
    assert fit_dates(document, _amendment(words)) == ({"valid_from": "2027-01-01"}, [])


def test_an_amendment_that_names_no_day_is_warned_of() -> None:
    document = Document("aenderung", "1. Satzung zur Änderung", Kind.SERVICE, "de", None, None)
    found = fit_dates(document, _amendment("Sie tritt am Tage nach ihrer Bekanntmachung in Kraft."))
    assert found == (
        {},
        ["It amends another text and names no clear day; valid_from has to say it."],
    )


@pytest.mark.parametrize(
    "name",
    [
        "Hundesteuersatzung",
        "Satzung über die Erhebung der Hundesteuer in der Fassung der 2. Änderungssatzung",
        "Änderungen im Melderecht",
    ],
)
def test_what_only_names_an_amendment_is_none(name: str) -> None:
    assert not is_amending((Section((name,), "", "", (Paragraph("Die Änderungssatzung gilt."),)),))


CONSOLIDATED = _sections(
    "Diese Satzung tritt am 1. Januar 2015 in Kraft. "
    "Die 1. Änderungssatzung vom 16.11.2098 tritt am 1. Januar 2099 in Kraft."
)


def test_a_change_to_come_in_a_text_that_would_answer_today_is_warned_of() -> None:
    document = Document("hund", "Hundesteuersatzung", Kind.STATUTE)
    dates, warnings = fit_dates(document, CONSOLIDATED)
    assert dates == {"valid_from": "2015-01-01"}
    assert warnings == [
        "The text names 2099-01-01 as a day of entry into force, but would answer before it; if "
        "what it says applies from then on, set valid_from, or publish it with --on 2099-01-01."
    ]


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (Document("a", "A", Kind.STATUTE, valid_from=date(2099, 1, 1)), CONSOLIDATED),
        (Document("a", "A", Kind.LEAFLET), CONSOLIDATED),
        (
            Document("a", "A", Kind.STATUTE),
            _sections(
                "Diese Satzung tritt am 1. Januar 2099 in Kraft, der Beschluss vom 2.2.2098."
            ),
        ),
        (
            Document("a", "A", Kind.STATUTE),
            _sections("Diese Satzung tritt am 1.1.2015 in Kraft und am 1.1.2099 außer Kraft."),
        ),
    ],
)
def test_a_day_to_come_that_the_text_begins_on_needs_no_warning(
    document: Document, text: tuple[Section, ...]
) -> None:
    assert fit_dates(document, text)[1] == []
