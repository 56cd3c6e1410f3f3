"""The learned selector: what it sees, and that the served network is the trained one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import torch

from core.model import MODEL_ID
from core.types import Document, Hit, Kind, Passage, Sentence, Vector
from eval.selector import Network, to_arrays
from service.certainty import (
    SIGNS,
    Certainty,
    is_unheard_of,
    load_certainty,
    read_bearing,
    read_signs,
)
from service.extract import pick_sentences
from service.retrieve import Query
from service.selector import Selector, load_selector
from service.sentences import FEATURES, describe, vectors_of

DIMENSIONS = 8
CERTAIN = Certainty(np.zeros(SIGNS + 1, np.float32), {"unknown": 0.0}, {"unknown": 0.0})


def towards(*weights: float) -> Vector:
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(weights)] = weights
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


QUERY = Query("Was kostet es?", "de", towards(1), None, date(2026, 1, 1), 1)


def hit(*sentences: str, extra_row: bool = False) -> Hit:
    text = " ".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    spans = tuple(Sentence(s, s + len(t)) for s, t in zip(starts, sentences, strict=True))
    passage = Passage("p", "d", "", "Gebühren", "", text, None, spans, "de", "")
    rows = [towards(1, n + 1) for n in range(len(sentences) + extra_row)]
    vectors = np.array(rows, np.float32).reshape(-1, DIMENSIONS)
    return Hit(passage, Document("d", "Titel", Kind.LEAFLET), 0.9, 0.9, vectors)


def test_the_served_network_computes_what_the_trained_one_does() -> None:
    torch.manual_seed(1)
    network = Network(DIMENSIONS).eval()
    found = hit("Gebühren", "Es kostet 5 €.", "Mo 8:00 Uhr", "Rathausstraße 1")
    [form], own = describe(QUERY, [found]), vectors_of(found)
    with torch.no_grad():
        logits = network(
            *(torch.from_numpy(part[None]) for part in (form, own, QUERY.vector)),
            torch.ones(1, len(own)),
        )
    expected = logits.sigmoid()[0].numpy()
    arrays = {name: values.astype(np.float32) for name, values in to_arrays(network).items()}
    [served], _ = Selector((arrays,), 0.2, CERTAIN).read(QUERY, [found])
    assert served == pytest.approx(expected, abs=2e-2)  # it is stored in half precision


def test_every_sentence_is_described_and_nothing_else() -> None:
    [first, second] = describe(QUERY, [hit("Eins.", "Zwei."), hit("Drei.", extra_row=True)])
    assert first.shape == (2, FEATURES)
    assert second.shape == (1, FEATURES)


@pytest.mark.parametrize("hits", [[], [hit()]])
def test_hits_without_sentences_have_no_probabilities(hits: list[Hit]) -> None:
    selector = load_selector(MODEL_ID)
    assert selector is not None
    probabilities, _ = selector.read(QUERY, hits)
    assert [row.tolist() for row in probabilities] == [[] for _ in hits]


def test_only_likely_sentences_are_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = hit("Eins.", "Zwei.", "Drei.")
    selector = Selector((), least=0.3, certainty=CERTAIN)

    def likely(*probabilities: float, margin: float = 0.0) -> list[int]:
        row = np.array(probabilities, np.float32)
        monkeypatch.setattr(Selector, "read", lambda *_: ([row], margin))
        return [pick.sentence for pick in pick_sentences(QUERY, [found], selector)]

    assert likely(0.1, 0.6, 0.35) == [1, 2]
    assert likely(0.05, 0.2, 0.11) == [1, 2], "those half as likely as the best"
    assert likely(0.1, 0.6, 0.35, margin=-0.1) == []


def test_an_amount_of_something_else_is_not_picked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = hit("Es kostet 5 €.", "Mit Ausweis 3 €.", "Die Geldbuße beträgt 90 €.")
    probabilities = np.array([0.6, 0.04, 0.02], np.float32)
    monkeypatch.setattr(Selector, "read", lambda *_: ([probabilities], 0.0))
    picks = pick_sentences(QUERY, [found], Selector((), least=0.3, certainty=CERTAIN))
    assert [pick.sentence for pick in picks] == [0, 1]


def test_what_is_enough_is_a_matter_of_the_language() -> None:
    certainty = Certainty(
        np.eye(SIGNS + 1, dtype=np.float32)[0],
        {"de": 0.5, "en": 2.0, "unknown": 3.0},
        {"unknown": 5.0},
    )
    signs = np.ones(SIGNS, np.float32)
    margins = [certainty.margin(language, signs) for language in ("de", "en", "xx")]
    assert margins == [0.5, -1.0, -2.0]
    assert certainty.is_sure("xx", 2.0)
    assert not certainty.is_sure("xx", 1.9)


@pytest.mark.parametrize(("margin", "is_sure"), [(0.9, False), (1.1, True)])
def test_sentences_that_just_answer_are_in_doubt(
    monkeypatch: pytest.MonkeyPatch, margin: float, is_sure: bool
) -> None:
    certainty = replace(CERTAIN, sure={"unknown": 1.0})
    monkeypatch.setattr(Selector, "read", lambda *_: ([np.array([0.9], np.float32)], margin))
    picks = pick_sentences(QUERY, [hit("Es kostet 5 €.")], Selector((), 0.3, certainty))
    assert [pick.is_sure for pick in picks] == [is_sure]


def test_hits_without_sentences_give_no_signs() -> None:
    assert not read_signs([], [], read_bearing(QUERY, [])).any()


def test_hits_that_do_not_speak_of_the_matter_bear_less_on_it() -> None:
    passages = [hit("Ein Hund kostet 5 €.")]
    about = read_bearing(replace(QUERY, text="Was kostet ein Hund?"), passages)
    beside = read_bearing(replace(QUERY, text="Was kostet ein Boot?"), passages)
    assert about[:3].tolist() == [1, 1, 1]
    assert beside[:3].tolist() == [0, 0, 0]
    assert is_unheard_of(replace(QUERY, text="Was kostet ein Boot?"), passages)
    assert not is_unheard_of(replace(QUERY, text="Was kostet ein Hund?"), passages)
    assert not is_unheard_of(replace(QUERY, text="How much is a boat?", language="en"), passages)


def test_a_model_that_it_was_not_trained_for_has_none() -> None:
    assert load_selector("another/model") is None
    assert load_certainty("another/model") is None
