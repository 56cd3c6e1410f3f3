"""An approved answer answers while its sources read as they did when it was confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.approvals import entry_states
from core.database import open_registry
from core.errors import DocumentUnknown, SourceMissing
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Answer, Mode
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest
from service.answerer import Answerer
from service.prepared import prepared_store
from web.editing import EditorDesk

ASKED = "Was kostet die Hundesteuer?"
TODAY = date.today()
NEW_YEAR = date(TODAY.year + 1, 1, 1)
BY_LAW = """---
title: Hundesteuersatzung
kind: statute
{head}
---
## § 5 Steuersatz

Die Hundesteuer kostet für jeden Hund {amount} Euro.

## § 6 Befreiung

{blind} sind befreit.
"""
FAQ = """---
kind: faq
---
## Was kostet die Hundesteuer? {{#hundesteuer}}

Die Hundesteuer kostet {amount} Euro, sagt die Stadt.

{source}

### en: How much is the dog tax?

The dog tax is {amount} euros.

## Wann öffnet das Rathaus? {{#rathaus}}

Das Rathaus öffnet um 8 Uhr.
"""


class Town:
    """A by-law, an FAQ that rests on it, an editor and the citizens."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store = store
        self.settings = settings
        self.folder = folder
        self.answerer = Answerer(store, settings)
        self.desk = EditorDesk(store, settings)
        folder.mkdir()

    def publish(self, **files: str) -> IngestReport:
        for name, text in files.items():
            (self.folder / f"{name}.md").write_text(text, "utf-8")
        return self.ingest()

    def ingest(self, **options: bool) -> IngestReport:
        report = ingest([self.folder], Publisher(self.store), self.settings, by="Ada", **options)
        assert report.failures == []
        return report

    def answer(self, day: date = TODAY) -> Answer:
        return self.answerer.answer(ASKED, as_of=day)

    def state(self) -> str:
        entries = self.desk.approved()["entries"]
        return str(next(e["state"] for e in entries if e["id"] == "fragen#hundesteuer"))


def by_law(amount: int = 96, head: str = "", blind: str = "Blindenhunde") -> str:
    return BY_LAW.format(amount=amount, head=head, blind=blind)


def faq(amount: int = 96, source: str = "Quelle: satzung § 5") -> str:
    return FAQ.format(amount=amount, source=source)


def words(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def warnings(report: IngestReport) -> list[str]:
    return [text for _, text in report.warnings]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = load_settings(state_dir=tmp_path / "state", town=None)
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, tmp_path / "originals")
    yield Town(store, settings, tmp_path / "documents")
    index.close()
    registry.close()


def test_an_entry_with_an_unchanged_source_answers_without_naming_it(town: Town) -> None:
    assert warnings(town.publish(satzung=by_law(), fragen=faq())) == []
    answer = town.answer()
    assert answer.mode is Mode.CURATED
    assert answer.statements[0].text == "Die Hundesteuer kostet 96 Euro, sagt die Stadt."
    assert "Quelle" not in words(answer)
    assert town.state() == "answers"


def test_a_changed_source_stops_the_entry_and_the_report_says_so(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    (warning,) = warnings(town.publish(satzung=by_law(120)))
    assert warning.startswith(
        "The approved answer fragen#hundesteuer does not answer: "
        f"§ 5 satzung changed on {TODAY}. If it is still right: "
    )
    answer = town.answer()
    assert answer.mode is Mode.EXTRACTIVE
    assert "120 Euro" in words(answer)
    assert "96 Euro" not in words(answer)
    assert town.state() == f"waits: § 5 satzung changed on {TODAY}"
    assert warnings(town.ingest()) == []  # said once


def test_a_change_elsewhere_in_the_document_stops_nothing(town: Town) -> None:
    town.publish(satzung=by_law(), fragen=faq())
    changed = by_law(blind="Therapiehunde", head="as_of: 2026-01-01")
    assert warnings(town.publish(satzung=changed)) == []
    assert town.answer().mode is Mode.CURATED


def test_an_editor_confirms_and_it_answers_at_once(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    town.publish(satzung=by_law(120))
    assert town.answer().mode is Mode.EXTRACTIVE
    confirmed = town.desk.confirm("fragen#hundesteuer", by="Grace")
    assert confirmed["answers"]
    assert confirmed["sources"][0]["confirmed_by"] == "Grace"
    assert town.answer().mode is Mode.CURATED


def test_new_words_of_the_entry_are_approved_by_publishing_them(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    town.publish(satzung=by_law(120))
    assert warnings(town.publish(fragen=faq(120))) == []
    assert "120 Euro" in words(town.answer())
    assert town.answer().mode is Mode.CURATED


def test_old_words_that_are_taken_back_wait_as_the_law_is_another_now(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    town.publish(satzung=by_law(120), fragen=faq(120))
    (sentence,) = town.desk.rollback("fragen", 1, by="Grace")["stopped"]
    assert "fragen#hundesteuer does not answer" in sentence
    assert "96 Euro" not in words(town.answer())


def test_a_source_put_back_as_it_was_lets_the_entry_answer_again(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    town.publish(satzung=by_law(120))
    town.desk.rollback("satzung", 1)
    assert town.answer().mode is Mode.CURATED


def test_a_withdrawn_source_stops_the_entry_and_nobody_can_confirm_it(town: Town) -> None:
    town.publish(satzung=by_law(), fragen=faq())
    (sentence,) = town.desk.withdraw("satzung")["stopped"]
    assert "§ 5 satzung is not there" in sentence
    assert "Euro" not in words(town.answer())
    with pytest.raises(SourceMissing, match="§ 5 satzung is not there today"):
        town.desk.confirm("fragen#hundesteuer")
    with pytest.raises(DocumentUnknown, match="no approved answer fragen#nichts"):
        town.desk.confirm("fragen#nichts")


def test_a_change_to_come_stops_the_entry_on_its_day(town: Town) -> None:
    town.publish(satzung=by_law(96, "valid_from: 2020-01-01"), fragen=faq(96))
    (warning,) = warnings(town.publish(satzung=by_law(120, f"valid_from: {NEW_YEAR}")))
    assert f"does not answer from {NEW_YEAR} on: § 5 satzung changes on {NEW_YEAR}" in warning
    assert town.answer(NEW_YEAR - timedelta(days=1)).mode is Mode.CURATED
    assert town.answer(NEW_YEAR).mode is Mode.EXTRACTIVE
    assert "Euro" not in words(town.answer(date(2019, 1, 1)))  # no law, so nothing to rest on


def test_what_stops_on_a_day_is_not_told_again_with_what_is_only_prepared_for_it(
    town: Town,
) -> None:
    town.publish(satzung=by_law(96, "valid_from: 2020-01-01"), fragen=faq(96), wald="Wald.")
    town.publish(satzung=by_law(120, f"valid_from: {NEW_YEAR}"))
    (town.folder / "markt.md").write_text(f"---\nvalid_from: {NEW_YEAR}\n---\nMarkt.", "utf-8")
    town.ingest(is_staged=True)
    assert town.desk.withdraw("wald")["stopped"] == []


def test_publishing_tells_what_stops_from_the_first_day_of_what_is_published(town: Town) -> None:
    town.publish(satzung=by_law(96, "valid_from: 2020-01-01"), fragen=faq(96))
    (town.folder / "satzung.md").write_text(by_law(120, f"valid_from: {NEW_YEAR}"), "utf-8")
    town.ingest(is_staged=True)
    (sentence,) = town.desk.publish(["satzung"])["stopped"]
    assert f"does not answer from {NEW_YEAR} on" in sentence


def test_a_source_that_comes_later_is_confirmed_when_it_comes(town: Town) -> None:
    (warning,) = warnings(town.publish(fragen=faq(96)))
    assert "§ 5 satzung is not there" in warning
    assert "Euro" not in words(town.answer())
    assert warnings(town.publish(satzung=by_law(96))) == []
    assert town.answer().mode is Mode.CURATED
    town.publish(satzung=by_law(120))
    assert town.answer().mode is Mode.EXTRACTIVE


def test_a_preview_shows_what_would_stop(town: Town) -> None:
    town.publish(satzung=by_law(96), fragen=faq(96))
    (town.folder / "satzung.md").write_text(by_law(120), "utf-8")
    town.ingest(is_staged=True)
    then = Answerer(prepared_store(town.store), town.settings)
    assert then.answer(ASKED).mode is Mode.EXTRACTIVE
    assert town.answer().mode is Mode.CURATED


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("Quelle: satzung", "answers"),
        ("Quellen: satzung §5; satzung „Befreiung“.", "answers"),
        ("Quelle: Satzung § 5 Abs. 1, § 6", "answers"),
        ("Quelle: satzung §§ 5 bis 6", "answers"),
        ("Quelle: satzung § 7", "waits: § 7 satzung is not there"),
    ],
)
def test_a_source_is_a_document_or_a_section_of_it(source: str, state: str, town: Town) -> None:
    town.publish(satzung=by_law(), fragen=faq(source=source))
    assert town.state() == state


@pytest.mark.parametrize(
    "source",
    [
        "Quelle: Hundesteuersatzung der Stadt Auental, § 5",
        "Quellen: § 5 Abs. 1 der Hundesteuersatzung.",
        "Quelle: Statistisches Bundesamt; Hundesteuersatzung (§ 5)",
        "Quelle: Satzung über die Erhebung der Hundesteuer in der Fassung von 2026, § 5",
        "Quelle: § 3 Abfallsatzung, § 5 Hundesteuersatzung",
        "Quelle: https://auental.example/hund.pdf § 5",
    ],
)
def test_a_source_in_peoples_words_is_watched(source: str, town: Town) -> None:
    head = "title: Satzung über die Erhebung der Hundesteuer\nshort_title: Hundesteuersatzung"
    head += "\nurl: https://auental.example/hund.pdf"
    law = by_law(96).replace("title: Hundesteuersatzung", head)
    bins = "---\ntitle: Abfallsatzung\n---\n## § 3 Tonne\n\nDie Tonne ist grün."
    town.publish(abfall=bins, fragen=faq(96, source), satzung=law)
    assert town.answer().mode is Mode.CURATED
    assert "Quelle" not in words(town.answer())
    town.publish(satzung=law.replace("Blindenhunde", "Therapiehunde"))
    assert town.state() == "answers"
    town.publish(satzung=law.replace("96 Euro", "120 Euro"))
    assert town.state() == f"waits: § 5 satzung changed on {TODAY}"
    assert "96 Euro" not in words(town.answer())


def test_an_id_with_spaces_can_be_a_source(town: Town) -> None:
    town.publish(**{"Hunde und Katzen": by_law(96)}, fragen=faq(96, "Quelle: Hundesteuersatzung"))
    assert town.state() == "answers"
    town.publish(**{"Hunde und Katzen": by_law(120)})
    assert town.state() == f"waits: Hunde und Katzen changed on {TODAY}"


def test_a_source_that_is_no_document_here_is_named_and_nothing_watches_its_answer(
    town: Town,
) -> None:
    report = town.publish(satzung=by_law(), fragen=faq(source="Quelle: Statistisches Bundesamt"))
    assert warnings(report) == [
        "“Statistisches Bundesamt” is no document's id or title: nothing stops the approved answer "
        "to “Was kostet die Hundesteuer?” when it changes."
    ]
    assert town.answer().mode is Mode.CURATED
    assert "Statistisches Bundesamt" not in words(town.answer())
    assert town.state() == "answers; nothing watches this answer"


def test_a_title_of_several_documents_is_left_to_people_unless_one_is_in_force(
    town: Town,
) -> None:
    old = by_law(head="valid_from: 2020-01-01\nvalid_to: 2021-12-31")
    town.publish(alt=old, satzung=by_law(), fragen=faq(source="Quelle: Hundesteuersatzung, § 5"))
    assert town.state() == "answers"
    report = town.publish(alt=by_law(97), fragen=faq(96, "Quelle: § 5 Hundesteuersatzung (neu)"))
    said = "“§ 5 Hundesteuersatzung (neu)” may be any of alt, satzung: nothing stops"
    assert any(warning.startswith(said) for warning in warnings(report))
    assert town.state() == "answers; nothing watches this answer"


def test_the_sample_towns_entries_rest_on_places_that_are_there(auental: Store) -> None:
    generation = auental.registry.generation()
    states = entry_states(auental, generation, date(2026, 11, 22))
    assert len(states) == 6
    assert {str(state) for state in states} == {"answers"}
    before = entry_states(auental, generation, date(2025, 12, 31))
    assert [state.name for state in before if not state.answers] == [
        "faq#hundesteuer-hoehe",  # their by-law came into force the day after
        "faq#hund-anmelden",
        "faq#hundesteuer-befreiung",
    ]
