"""An editor sees what changed between two versions: amounts first, then words, by section."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.types import BlockKind, Paragraph, Section
from ingest.difference_types import ChangeKind, Difference
from ingest.difference_words import RunKind, compare_words
from ingest.differences import compare_sections, difference_json
from ingest.library import READERS, find_sources, read_source
from ingest.readers.limits import ReaderLimits

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=2000, file_mb=20)
DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
VERSIONS = Path(__file__).parent.parent.parent / "shared" / "data" / "statutes" / "versions"
TITLE = "Hundesteuersatzung"
LIABLE = (
    "(1) Steuerschuldner ist, wer einen Hund hält. Mehrere Halter eines Hundes haften als "
    "Gesamtschuldner für die ganze Steuer."
)


def section(number: str, heading: str, *texts: str, title: str = TITLE) -> Section:
    own = f"{number} {heading}".strip()
    return Section((title, own), number, heading, tuple(map(paragraph, texts)))


def paragraph(text: str) -> Paragraph:
    mark = re.match(r"\((\d)\)", text)
    kind = BlockKind.ROW if " | " in text else BlockKind.TEXT
    return Paragraph(text, page=1, mark=mark[1] if mark else "", kind=kind)


def values(difference: Difference) -> list[str]:
    return [f"{change.place}: {change.value}" for change in difference.values]


def kinds(difference: Difference) -> list[tuple[str, str, str]]:
    return [
        (s.kind, s.before.name if s.before else "", s.after.name if s.after else "")
        for s in difference.sections
    ]


def marked(before: str, after: str) -> str:
    signs = {RunKind.EQUAL: "{}", RunKind.DELETED: "[-{}-]", RunKind.INSERTED: "[+{}+]"}
    runs = compare_words(before, after).runs
    return "".join(signs[run.kind].format(run.text.strip()) for run in runs)


def test_the_same_text_has_no_differences() -> None:
    both = [section("§ 1", "Gegenstand", LIABLE)]
    difference = compare_sections(both, both)
    assert difference.is_empty
    assert (difference.summary, difference.unchanged) == ("Nothing changed.", 1)


def test_a_changed_amount_comes_first_with_its_place_and_sentence() -> None:
    before = section("§ 5", "Steuersatz", "(1) Die Steuer beträgt im Jahr 96,00 €.", "(2) Ende.")
    after = section("§ 5", "Steuersatz", "(1) Die Steuer beträgt im Jahr 120,00 €.", "(2) Ende.")
    difference = compare_sections([before], [after])
    assert difference.summary == "1 section changed; § 5 Abs. 1: 96,00 € → 120,00 €."
    (change,) = difference.values
    assert change.sentence_before == "(1) Die Steuer beträgt im Jahr 96,00 €."
    assert change.sentence_after == "(1) Die Steuer beträgt im Jahr 120,00 €."


def test_another_way_to_write_the_same_amount_is_no_new_amount() -> None:
    before = section("§ 5", "", "Die Steuer beträgt ab 1. Januar 2025 1.000,00 Euro.")
    after = section("§ 5", "", "Die Steuer beträgt ab dem 01.01.2025 1000 €.")
    assert compare_sections([before], [after]).values == ()


def test_each_row_of_a_fee_table_is_compared_with_its_own_row() -> None:
    """Also where a new fee is what the row beside it used to cost."""
    before = section("§ 5", "", "Tonne: 60 Liter | Euro: 96,00", "Tonne: 80 Liter | Euro: 120,00")
    after = section("§ 5", "", "Tonne: 80 Liter | Euro: 144,00", "Tonne: 60 Liter | Euro: 120,00")
    difference = compare_sections([before], [after])
    assert sorted(values(difference)) == ["§ 5: 120,00 → 144,00", "§ 5: 96,00 → 120,00"]
    assert [s.kind for s in difference.sections[0].sentences] == [ChangeKind.CHANGED] * 2


def test_an_amount_that_changed_its_place_in_a_sentence_too_is_one_change() -> None:
    before = section("§ 7", "", "(2) Die Zwingersteuer beträgt 252,00 Euro im Kalenderjahr.")
    after = section("§ 7", "", "(2) Die Zwingersteuer beträgt im Kalenderjahr 324,00 Euro.")
    assert values(compare_sections([before], [after])) == ["§ 7 Abs. 2: 252,00 Euro → 324,00 Euro"]


def test_a_sentence_made_much_longer_is_still_the_same_sentence() -> None:
    short = "haben keinen Anspruch auf Leistungen nach diesem Gesetz"
    more = "; in den Fällen der Nummer 2 wird vermutet, dass die freiwillige Ausreise rechtlich"
    more += " und tatsächlich möglich"
    before, after = section("§ 1", "", f"{short}."), section("§ 1", "", f"{short}{more} ist.")
    (changed,) = compare_sections([before], [after]).sections
    assert [s.kind for s in changed.sentences] == [ChangeKind.CHANGED]


def test_lines_that_changed_places_are_shown() -> None:
    """A label on one line and its fee on the next: only the order says what costs what."""
    before = section("", "Gebühren", "Reisepass:", "70,00 Euro", "Ausweis:", "37,00 Euro")
    after = section("", "Gebühren", "Reisepass:", "37,00 Euro", "Ausweis:", "70,00 Euro")
    (changed,) = compare_sections([before], [after]).sections
    assert ChangeKind.MOVED in {sentence.kind for sentence in changed.sentences}


def test_a_renumbered_section_has_moved_and_its_changes_are_still_seen() -> None:
    before = [
        section("§ 4", "Steuerschuld", LIABLE),
        section("§ 5", "Steuersatz", "(1) Die Steuer beträgt im Jahr 96,00 €."),
    ]
    after = [
        section("§ 4", "Begriffe", "(1) Kampfhunde sind Hunde der Rassen nach Anlage 1."),
        section("§ 5", "Steuerschuld", LIABLE),
        section("§ 6", "Steuersatz", "(1) Die Steuer beträgt im Jahr 120,00 €."),
    ]
    difference = compare_sections(before, after)
    assert kinds(difference) == [
        ("added", "", "§ 4"),
        ("moved", "§ 4", "§ 5"),
        ("changed", "§ 5", "§ 6"),
    ]
    assert values(difference) == ["§ 6 Abs. 1: 96,00 € → 120,00 €"]
    assert difference.summary.startswith("1 section changed, 1 new, 1 moved; § 6 Abs. 1")


def test_the_short_text_of_one_section_is_not_looked_for_in_another() -> None:
    before = [section("", "Anmeldung", "kostenlos"), section("", "Bescheinigung", "8 Euro")]
    after = [section("", "Anmeldung", "8 Euro"), section("", "Bescheinigung", "kostenlos")]
    difference = compare_sections(before, after)
    assert {change[0] for change in kinds(difference)} == {"changed"}
    assert values(difference) == ["Anmeldung: new: 8 Euro", "Bescheinigung: gone: 8 Euro"]


def test_a_new_title_renames_one_heading_and_moves_no_section() -> None:
    old, new = "Hundesteuersatzung ab 1.1.2025", "Hundesteuersatzung ab 1.1.2027"
    before = [section("§ 1", "Schuld", LIABLE, title=old), section("§ 2", "", "Ende.", title=old)]
    after = [section("§ 1", "Schuld", LIABLE, title=new), section("§ 2", "", "Ende.", title=new)]
    difference = compare_sections(before, after)
    assert (difference.headings, difference.sections) == (((old, new),), ())
    assert values(difference) == [f"{new}: 1.1.2025 → 1.1.2027"]
    assert not difference.is_empty


def test_a_sentence_that_went_to_another_section_is_neither_new_nor_gone() -> None:
    rule = "Die Marke ist sichtbar am Halsband zu tragen."
    before = [section("§ 1", "Marken", LIABLE, rule), section("§ 2", "Pflichten", "(1) Anmelden.")]
    after = [section("§ 1", "Marken", LIABLE), section("§ 2", "Pflichten", "(1) Anmelden.", rule)]
    difference = compare_sections(before, after)
    assert difference.count_sentences(ChangeKind.MOVED) == 2
    assert difference.count_sentences(ChangeKind.REMOVED) == 0


def test_words_are_marked_and_amounts_and_dates_stay_whole() -> None:
    assert marked("Sie zahlt am 1. Mai 96 Euro.", "Sie zahlt am 15. Mai jährlich 120 Euro.") == (
        "Sie zahlt am[-1. Mai 96 Euro-][+15. Mai jährlich 120 Euro+]."
    )
    assert marked("Hunde sind an der Leine zu führen.", "Hunde sind dort zu führen.") == (
        "Hunde sind[-an der Leine-][+dort+]zu führen."
    )


def test_the_sample_towns_new_waste_fees_are_all_found() -> None:
    old, new = (sample(f"abfallgebuehrensatzung{year}.pdf") for year in ("", "-2027"))
    difference = compare_sections(old, new)
    assert values(difference)[:13] == [
        "§ 5 Abs. 1: 98,40 → 104,40",
        "§ 5 Abs. 1: 124,80 → 132,00",
        "§ 5 Abs. 1: 178,80 → 189,60",
        "§ 5 Abs. 1: 342,00 → 361,20",
        "§ 5 Abs. 1: 1.512,00 → 1.596,00",
        "§ 5 Abs. 2: 6,50 Euro → 7,00 Euro",
        "§ 6 Abs. 1: 48,00 → 51,60",
        "§ 6 Abs. 1: 66,00 → 70,80",
        "§ 7 Abs. 2: 35,00 Euro → 40,00 Euro",
        "§ 8 Abs. 2: 9,00 → 10,50",
        "§ 8 Abs. 2: 7,50 → 8,50",
        "§ 8 Abs. 2: 4,50 → 5,00",
        "§ 9 Abs. 1: 15,00 Euro → 18,00 Euro",
    ]
    assert "§ 16: 1. Januar 2025 → 1. Januar 2027" in values(difference)
    assert {kind for kind, _, _ in kinds(difference)} == {"changed"}


def sample(name: str) -> Sequence[Section]:
    (source,) = (s for s in find_sources([DOCUMENTS]) if s.path.name == name)
    return read_source(source, LIMITS)[1].sections


def test_a_difference_goes_out_as_json() -> None:
    before = [section("§ 5", "Steuersatz", "Die Steuer beträgt 96 €."), section("§ 6", "", "Weg.")]
    after = [section("§ 5", "Steuersatz", "Die Steuer beträgt 120 €.")]
    body = json.loads(json.dumps(difference_json(compare_sections(before, after))))
    assert (body["values"][0]["before"], body["values"][0]["after"]) == ("96 €", "120 €")
    assert (body["sections_changed"], body["sections_removed"]) == (1, 1)
    changed, removed = body["sections"]
    assert [run["kind"] for run in changed["sentences"][0]["runs"]] == [
        "equal", "deleted", "inserted", "equal",
    ]  # fmt: skip
    assert (removed["before"]["section"], removed["after"]) == ("§ 6", None)


@pytest.mark.shared_data
@pytest.mark.parametrize(("act", "law"), [("asylblg", "AsylbLG"), ("sgb-ii", "SGB II")])
def test_a_real_amendment_changes_exactly_the_sections_it_names(act: str, law: str) -> None:
    """And the changed words lead from the old official text to the new one, in both directions."""
    if not VERSIONS.is_dir():
        pytest.skip("the measuring data are not here")
    old, new = (READERS[".xml"](VERSIONS / f"{act}.{v}.xml", LIMITS) for v in ("old", "new"))
    laws: list[dict[str, Any]] = json.loads((VERSIONS / "changes.json").read_text("utf-8"))
    (truth,) = (entry["changed_sections"] for entry in laws if entry["law"] == law)
    numbers = [("changed", change["number"], change["number"]) for change in truth]

    forwards = compare_sections(old.sections, new.sections)
    backwards = compare_sections(new.sections, old.sections)
    assert kinds(forwards) == kinds(backwards) == numbers

    for change, forth, back in zip(truth, forwards.sections, backwards.sections, strict=True):
        lost = sentences(change["old"], (s.before for s in forth.sentences))
        gained = sentences(change["new"], (s.after for s in forth.sentences))
        assert lost == gained  # what the difference does not name is the same in both
        assert {s.after for s in back.sentences} == {s.before for s in forth.sentences}
        for s in forth.sentences:
            assert joined(s.words.runs, RunKind.DELETED) == squeeze(s.before)
            assert joined(s.words.runs, RunKind.INSERTED) == squeeze(s.after)


def sentences(official: str, changed: Any) -> str:
    """The official text without the changed sentences, each of which must stand in it."""
    rest = squeeze(official)
    for sentence in filter(None, changed):
        assert squeeze(sentence) in rest
        rest = rest.replace(squeeze(sentence), "", 1)
    return rest


def joined(runs: Any, kind: RunKind) -> str:
    return squeeze("".join(run.text for run in runs if run.kind in (RunKind.EQUAL, kind)))


def squeeze(text: str) -> str:
    return "".join(text.split())
