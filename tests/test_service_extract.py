"""Which sentences answer, and when none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from core.types import Document, Hit, Kind, Passage, Sentence, Vector
from service.extract import SENTENCES, pick_sentences
from service.retrieve import Query

QUESTION = np.array([1, 0], np.float32)


def hit(*cosines: float, kind: Kind = Kind.LEAFLET, language: str = "de", name: str = "a") -> Hit:
    words = [f"Satz {number}." for number in range(len(cosines))]
    text = " ".join(words)
    starts = [text.index(word) for word in words]
    sentences = tuple(Sentence(s, s + len(w)) for s, w in zip(starts, words, strict=True))
    passage = Passage(name, name, "", "", "", text, None, sentences, language, "")
    vectors: Vector = np.array([[c, np.sqrt(1 - c * c)] for c in cosines], np.float32)
    return Hit(passage, Document(name, name, kind), max(cosines), max(cosines), vectors)


def picked(hits: list[Hit], asked_in: str = "de") -> list[tuple[str, int]]:
    query = Query("", asked_in, QUESTION, None, date(2026, 1, 1), 1)
    return [(pick.hit.passage.id, pick.sentence) for pick in pick_sentences(query, hits)]


def test_the_sentences_near_the_best_answer_in_reading_order() -> None:
    assert picked([hit(0.89, 0.70, 0.90)]) == [("a", 0), ("a", 2)]


def test_no_hits_are_no_answer() -> None:
    assert picked([]) == []


def test_a_rule_comes_before_what_tells_of_it() -> None:
    leaflet, rule = hit(0.91, name="leaflet"), hit(0.90, kind=Kind.STATUTE, name="rule")
    assert picked([leaflet, rule]) == [("rule", 0), ("leaflet", 0)]


def test_the_surest_passage_is_read_first_and_each_in_its_order() -> None:
    found = [hit(0.89, name="near"), hit(0.88, 0.90, name="surest"), hit(0.885, name="also")]
    assert picked(found) == [("surest", 0), ("surest", 1), ("near", 0), ("also", 0)]


def test_a_form_is_not_quoted() -> None:
    assert picked([hit(0.95, kind=Kind.FORM, name="form"), hit(0.9)]) == [("a", 0)]
    assert picked([hit(0.95, kind=Kind.FORM)]) == []


def test_the_askers_language_comes_first_and_the_german_rule_proves_it() -> None:
    own = hit(0.93, language="tr", kind=Kind.FAQ, name="own")
    german = hit(0.84, kind=Kind.FAQ, name="german")
    rule = hit(0.83, kind=Kind.STATUTE, name="rule")
    assert picked([own, german, rule], "tr") == [("own", 0), ("rule", 0)]


def test_an_item_of_a_list_comes_with_the_words_before_it() -> None:
    text = "(1) Die Steuer beträgt\n1. für den ersten Hund 96 Euro,\n2. für Kampfhunde 600 Euro."
    starts = [0, text.index("1."), text.index("2.")]
    ends = [starts[1] - 1, starts[2] - 1, len(text)]
    listed = hit(0.5, 0.9, 0.6)
    sentences = tuple(Sentence(s, e) for s, e in zip(starts, ends, strict=True))
    listed = replace(listed, passage=replace(listed.passage, text=text, sentences=sentences))
    assert picked([listed]) == [("a", 0), ("a", 1)]


def test_an_answer_has_a_bounded_length() -> None:
    assert len(picked([hit(*[0.9] * 20)])) == SENTENCES
