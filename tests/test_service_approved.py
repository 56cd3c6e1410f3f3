"""An FAQ entry that asks what the citizen asks answers whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.model import MODEL_ID
from core.settings import load_settings
from core.store import Store
from core.types import Answer, Document, Hit, Kind, Mode, Passage, Sentence, Status, Vector
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.approved import load_same_question, matching_entries, nearest_rules
from service.extract import Pick, pick_sentences
from service.retrieve import Query

ASKED = "Wie melde ich meinen Hund an?"
FAQ = """---
title: Häufige Fragen
kind: faq
{metadata}---
# Häufige Fragen

## Wie melde ich meinen Hund an? {{#hund}}

Schreiben Sie an das {office}. Das kostet nichts.

- Vergessen Sie das Alter nicht.

### en: How do I register my dog?

Write to the town hall. It is free of charge.

### tr: Köpeğimi nasıl kaydettiririm?

Belediyeye yazın.

## Wann hat der Wertstoffhof geöffnet?

Samstags von 9 bis 12 Uhr.
"""
ANSWER = [
    "Schreiben Sie an das Steueramt.",
    "Das kostet nichts.",
    "- Vergessen Sie das Alter nicht.",
]


class ManyTongues(WordEncoder):
    """Knows the question of the entry in other languages too."""

    def encode_question(self, question: str, language: str) -> Vector:
        is_asked = question.startswith(("How do I", "Köpeğimi", "Comment"))
        return super().encode_question(ASKED if is_asked else question, language)


def faq(office: str = "Steueramt", metadata: str = "") -> str:
    return FAQ.format(office=office, metadata=metadata)


def of_town(name: str, key: str) -> str:
    return f'jurisdiction: {{level: municipality, name: {name}, key: "{key}"}}\n'


@contextmanager
def knowing(folder: Path, **documents: str) -> Iterator[Answerer]:
    """An answerer for which questions of the same words are the same question."""
    (folder / "documents").mkdir()
    for name, text in documents.items():
        (folder / "documents" / f"{name}.md").write_text(text, "utf-8")
    settings = load_settings(state_dir=folder / "state", town=None)
    encoder = ManyTongues()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, folder / "originals")
    assert ingest([folder / "documents"], Publisher(store), settings).failures == []
    yield Answerer(store, settings)
    index.close()
    registry.close()


def said(answer: Answer) -> list[str]:
    return [statement.text for statement in answer.statements]


def test_the_whole_entry_answers_word_for_word(tmp_path: Path) -> None:
    with knowing(tmp_path, fragen=faq()) as answerer:
        answer = answerer.answer(ASKED)
    assert (answer.status, answer.mode) == (Status.ANSWERED, Mode.CURATED)
    assert said(answer) == ANSWER
    assert [(c.document.id, c.section) for c in answer.citations] == [("fragen", ASKED)]
    assert all(sentence in answer.citations[0].quote for sentence in ANSWER)
    assert answer.message


def test_an_entry_of_several_passages_is_given_whole(tmp_path: Path) -> None:
    steps = [f"Zum {number}. Schritt gehört ein Formular aus dem Rathaus." for number in range(60)]
    text = (
        f"---\nkind: faq\n---\n## {ASKED}\n\n{' '.join(steps)}\n\n## Was kostet das?\n\nNichts.\n"
    )
    with knowing(tmp_path, fragen=text) as answerer:
        answer = answerer.answer(ASKED)
    assert answer.mode is Mode.CURATED
    assert said(answer) == steps
    assert len(answer.citations) > 1


def test_another_question_is_answered_in_sentences_as_ever(tmp_path: Path) -> None:
    with knowing(tmp_path, fragen=faq()) as answerer:
        answer = answerer.answer("Wohin schreiben Sie an das Steueramt?")
    assert answer.mode is Mode.EXTRACTIVE
    assert answer.statements[0].text == ANSWER[0]


def test_a_heading_of_another_document_is_no_approved_answer(tmp_path: Path) -> None:
    with knowing(tmp_path, blatt=faq().replace("kind: faq", "kind: leaflet")) as answerer:
        assert answerer.answer(ASKED).mode is Mode.EXTRACTIVE


@pytest.mark.parametrize(
    ("question", "asked_in", "first", "written_in"),
    [
        ("How do I register my dog?", "en", "Write to the town hall.", "en"),
        ("Köpeğimi nasıl kaydettirebilirim?", "tr", "Belediyeye yazın.", "tr"),
        ("Comment puis-je déclarer mon chien ?", "fr", ANSWER[0], "de"),
    ],
)
def test_the_askers_language_answers_where_the_entry_has_it_else_german(
    question: str, asked_in: str, first: str, written_in: str, tmp_path: Path
) -> None:
    with knowing(tmp_path, fragen=faq()) as answerer:
        answer = answerer.answer(question)
    assert (answer.mode, answer.language) == (Mode.CURATED, asked_in)
    statement = answer.statements[0]
    assert (statement.text, statement.language) == (first, written_in)
    assert {citation.language for citation in answer.citations} == {written_in}


def test_an_entry_of_another_town_never_comes(tmp_path: Path) -> None:
    texts = {
        "a": faq("Rathaus Aichelberg", of_town("Aichelberg", "081175009002")),
        "h": faq("Rathaus Hattenhofen", of_town("Hattenhofen", "081175009028")),
    }
    with knowing(tmp_path, **texts) as answerer:
        for town in ("Aichelberg", "Hattenhofen"):
            answer = answerer.answer(ASKED, town=town)
            assert answer.mode is Mode.CURATED
            assert answer.statements[0].text == f"Schreiben Sie an das Rathaus {town}."
        asked_back = answerer.answer(ASKED)
    assert asked_back.status is Status.NEEDS_TOWN
    assert asked_back.statements == ()


def test_an_entry_answers_only_while_it_is_in_force(tmp_path: Path) -> None:
    texts = {
        "alt": faq("Steueramt", "valid_to: 2025-12-31\n"),
        "neu": faq("Bürgerbüro", "valid_from: 2026-01-01\n"),
    }
    with knowing(tmp_path, **texts) as answerer:
        for day, office in ((date(2025, 6, 1), "Steueramt"), (date(2026, 6, 1), "Bürgerbüro")):
            answer = answerer.answer(ASKED, as_of=day)
            assert answer.mode is Mode.CURATED
            assert answer.statements[0].text == f"Schreiben Sie an das {office}."
            assert len(answer.citations) == 1


def test_an_entry_that_ended_leaves_no_approved_answer(tmp_path: Path) -> None:
    with knowing(tmp_path, fragen=faq(metadata="valid_to: 2025-12-31\n")) as answerer:
        assert answerer.answer(ASKED, as_of=date(2026, 1, 1)).status is Status.NOT_IN_DOCUMENTS


def hit(name: str, *rows: float, sentences: int = 1, asks: str = "", document: str = "") -> Hit:
    """An FAQ hit whose vectors have these cosines with the question."""
    places = tuple(Sentence(5 * number, 5 * number + 4) for number in range(sentences))
    document = document or name
    passage = Passage(name, document, "", asks, "", "Satz " * sentences, None, places, "de", "")
    vectors: Vector = np.array([[c, np.sqrt(1 - c * c)] for c in rows], np.float32)
    return Hit(passage, Document(document, document, Kind.FAQ), 0.9, 0.9, vectors)


QUERY = Query("Satz Kindergeld", "de", np.array([1, 0], np.float32), None, date(2026, 1, 1), 1)


def test_the_nearest_question_answers_wherever_it_stands_among_the_hits() -> None:
    asks = "Kindergeld?"
    hits = [
        hit("a", 0.95, asks=asks),
        hit("b", 0.7, 0.92, asks=asks),
        hit("c", 0.99, 0.80, asks=asks),
        hit("d", 0.5, 0.97, asks=asks),
    ]
    assert [found.passage.id for found in matching_entries(QUERY, hits, 0.9)] == ["d", "b"]


def test_an_entry_about_something_else_does_not_answer_however_near() -> None:
    assert matching_entries(QUERY, [hit("a", 0.5, 0.98, asks="Wohngeld?")], 0.9) == []


def test_one_word_does_not_tell_what_is_meant_unless_the_question_is_the_same() -> None:
    asked = replace(QUERY, text="Wie melde ich mich an?")
    entries = [hit("a", 0.5, 0.98, asks="Wie melde ich meinen Hund an?")]
    assert matching_entries(asked, entries, 0.9) == []
    assert matching_entries(asked, [hit("a", 0.5, 1.0, asks="Wie melde ich mich an?")], 0.9)


def test_two_entries_that_are_about_as_near_do_not_answer() -> None:
    first = hit("a", 0.5, 0.95, asks="Kindergeld?", document="faq")
    second = hit("b", 0.5, 0.945, asks="Kindergeld wann?", document="faq")
    farther = hit("b", 0.5, 0.93, asks="Kindergeld wann?", document="faq")
    assert matching_entries(QUERY, [first, second], 0.9) == []
    assert matching_entries(QUERY, [first, farther], 0.9)[0] is first


def test_the_likeliest_rules_stand_below_an_approved_answer() -> None:
    leaflet = hit("a", 0.5)
    rule = replace(leaflet, document=replace(leaflet.document, kind=Kind.STATUTE))
    picks = [Pick(rule, n, distance) for n, distance in enumerate((0.5, 0.2, 0.4, 0.1))]
    picks.append(Pick(leaflet, 0, 0.0))
    assert [pick.sentence for pick in nearest_rules(picks)] == [1, 2, 3]
    assert nearest_rules([]) == []


def test_a_hit_without_vectors_is_no_entry() -> None:
    assert matching_entries(QUERY, [replace(hit("a", 0.9, 0.99), sentence_vectors=None)], 0.9) == []


def test_a_question_is_not_quoted_as_a_sentence() -> None:
    picks = pick_sentences(QUERY, [hit("a", 0.9, 0.89, 0.91, sentences=2)])
    assert [pick.sentence for pick in picks] == [0, 1]


def test_what_is_the_same_question_is_fitted_for_the_bundled_model() -> None:
    assert 0.85 < load_same_question(MODEL_ID) < 1
    assert load_same_question("another") == pytest.approx(0.99)
