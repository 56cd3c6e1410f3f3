"""Metrics of our own say by hand-computed examples what they measure, and RAGAS can score them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from encoders import WordEncoder
from ragas.metrics import BaseMetric
from ragas.metrics.collections import SemanticSimilarity

from core.encoder import PassageInput
from core.types import PassageVectors, Status
from eval import metrics
from eval.metrics import (
    EncoderEmbedding,
    answer_language,
    citation_correct,
    citation_precise,
    number_exact,
    quote_verbatim,
    right_ending,
    right_town,
    right_version,
    source_stands,
)

AICHELBERG, AUENTAL = "081175009002", "990010001001"
OURS = {name: of for name, of in vars(metrics).items() if isinstance(of, BaseMetric)}


def test_every_metric_of_ours_is_one_of_ragas() -> None:
    assert set(OURS) == {
        "quote_verbatim",
        "citation_correct",
        "citation_precise",
        "number_exact",
        "right_town",
        "right_version",
        "right_ending",
        "answer_language",
        "source_stands",
    }
    for name, metric in OURS.items():
        assert metric.name == name
        assert metric.allowed_values == (0.0, 1.0)
        assert callable(metric.score)
        assert asyncio.iscoroutinefunction(metric.ascore)
        assert metric.__doc__


@pytest.mark.parametrize(
    ("metric", "value", "given"),
    [
        (quote_verbatim, 0.5, {"quotes": ["a b", "c"], "pages": ["xa  by", "d"]}),
        (citation_correct, 0.5, {"cited": ["hund § 5"], "facts": [["hund § 5"], ["hund § 6"]]}),
        (citation_precise, 0.5, {"cited": ["hund § 5", "bad § 1"], "sources": ["hund § 5"]}),
        (number_exact, 0.5, {"numbers": ["96,00", "108,00"], "statements": ["Es sind 96 Euro."]}),
        (right_ending, 0.0, {"status": Status.ANSWERED, "wanted": Status.REFUSED}),
        (answer_language, 1.0, {"answered_in": "tr", "asked_in": "tr"}),
        (source_stands, 0.5, {"quotes": ["a", "b"], "is_found": [True, False]}),
        (right_town, 1.0, {"documents": ["gesetz"], "keys": [""], "town": AUENTAL}),
        (
            right_version,
            0.0,
            {
                "documents": ["alt"],
                "begins": [None],
                "ends": [date(2025, 1, 1)],
                "day": date(2026, 11, 22),
            },
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_metric_is_worth_the_same_however_it_is_called(
    metric: Any, value: float, given: dict[str, Any]
) -> None:
    assert metric(**given).value == value
    scored = metric.score(**given)
    assert (scored.value, scored.reason) == (value, metric(**given).reason)
    assert asyncio.run(metric.ascore(**given)).value == value


def test_a_quote_stands_on_its_page_white_space_aside() -> None:
    page = "Die Steuer beträgt\n  96,00 Euro im Jahr."
    assert quote_verbatim(["beträgt 96,00 Euro"], [page]).value == 1.0
    assert quote_verbatim(["beträgt 96 Euro"], [page]).value == 0.0
    assert quote_verbatim(["beträgt 96,00 euro"], [page]).value == 0.0
    mixed = quote_verbatim(["96,00", "97,00", "98,00"], [page, page, page])
    assert mixed.value == pytest.approx(1 / 3)
    assert mixed.reason == "not on the page: 97,00; 98,00"


def test_a_quote_is_looked_for_on_its_own_page_only() -> None:
    assert quote_verbatim(["a", "b"], ["b", "a"]).value == 0.0
    with pytest.raises(ValueError, match="zip"):
        quote_verbatim(["a", "b"], ["a b"])


def test_a_place_that_proves_it_is_to_be_cited_for_every_fact() -> None:
    facts = [["hund § 5"], ["hund § 6", "faq Welpen"]]
    assert citation_correct(["hund § 6", "bad § 1", "hund § 5"], facts).value == 1.0
    assert citation_correct(["faq Welpen", "hund § 5"], facts).value == 1.0, "either will do"
    half = citation_correct(["hund § 5", "hund § 5"], facts)
    assert (half.value, half.reason) == (0.5, "not cited: hund § 6 or faq Welpen")
    assert citation_correct(["hund § 6", "faq Welpen"], facts).value == 0.5, "they prove the same"
    assert citation_correct(["hund § 50"], facts).value == 0.0
    assert citation_correct([], facts).value == 0.0


def test_what_is_cited_beside_the_answer_counts_once() -> None:
    cited = ["hund § 5", "bad § 1", "bad § 1", "hund § 6", "pass § 2"]
    precise = citation_precise(cited, ["hund § 5", "hund § 6"])
    assert (precise.value, precise.reason) == (0.5, "cited beside: bad § 1; pass § 2")
    assert citation_precise(["hund § 5", "hund § 5"], ["hund § 5"]).value == 1.0


def test_of_several_numbers_each_counts_and_those_not_said_are_named() -> None:
    said = number_exact(["96,00", "108,00", "drei"], ["96 Euro.", "Drei Hunde."])
    assert said.value == pytest.approx(2 / 3)
    assert said.reason == "not said: 108,00"
    assert number_exact(["9:00 bis 12:30"], ["Ab 9 Uhr.", "Bis 12:30 Uhr."]).value == 0.0
    assert number_exact(["96,00"], []).value == 0.0


def test_a_document_applies_in_the_town_and_in_what_the_town_lies_in() -> None:
    applying: list[str | None] = ["", "99", "99001", AUENTAL]
    assert right_town(list("abcd"), applying, AUENTAL).value == 1.0
    foreign = [AICHELBERG, "08", None]
    names = ["a", "b", "c", "d", "aichelberg", "anderes land", "ohne schlüssel"]
    scored = right_town(names, [*applying, *foreign], AUENTAL)
    assert scored.value == pytest.approx(4 / 7)
    assert scored.reason == "of another town: aichelberg; anderes land; ohne schlüssel"


def test_a_version_is_right_from_its_first_to_its_last_day() -> None:
    first, last = date(2024, 1, 1), date(2026, 12, 31)
    for day, value in (
        (date(2023, 12, 31), 0.0),
        (first, 1.0),
        (last, 1.0),
        (date(2027, 1, 1), 0.0),
    ):
        assert right_version(["alt"], [first], [last], day).value == value
    assert right_version(["immer"], [None], [None], last).value == 1.0
    scored = right_version(["alt", "neu"], [first, date(2027, 1, 1)], [last, None], last)
    assert (scored.value, scored.reason) == (0.5, "not in force: neu")


def test_an_ending_is_right_only_if_it_is_the_wanted_one() -> None:
    values = [right_ending(status, Status.OTHER_TOWN).value for status in Status]
    assert sum(values) == 1.0
    assert right_ending(Status.OTHER_TOWN, Status.OTHER_TOWN).value == 1.0


def test_an_answer_in_another_language_is_worth_nothing() -> None:
    assert answer_language("tr", "tr").value == 1.0
    assert answer_language("de", "tr").value == 0.0


def test_a_source_that_is_gone_is_named() -> None:
    scored = source_stands(["a", "b", "c", "d"], [True, False, True, True])
    assert (scored.value, scored.reason) == (0.75, "no longer in the documents: b")


@pytest.mark.parametrize(
    "scored",
    [
        quote_verbatim([], []),
        citation_correct(["hund § 5"], []),
        number_exact([], ["96 Euro"]),
        right_town([], [], AUENTAL),
        source_stands([], []),
    ],
)
def test_where_nothing_is_wanted_nothing_is_missing(scored: Any) -> None:
    assert (scored.value, scored.reason) == (1.0, "all")


class CountingEncoder(WordEncoder):
    """Keeps what it was given to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        self.encoded += [passage.text for passage in passages]
        return super().encode_passages(passages)


def test_a_text_is_embedded_once_as_our_encoder_does() -> None:
    encoder = CountingEncoder()
    embedding = EncoderEmbedding(encoder)
    text = "Die Hundesteuer beträgt 96 Euro."
    vector = embedding.embed_text(text)
    (wanted,) = WordEncoder().encode_passages([PassageInput("", text, ((0, len(text)),))])
    assert np.allclose(vector, wanted.passage)
    assert asyncio.run(embedding.aembed_text(text)) == embedding.embed_text(text) == vector
    embedding.embed_text("Ein anderer Text.")
    assert encoder.encoded == [text, "Ein anderer Text."]


def test_ragas_compares_meanings_with_our_encoder() -> None:
    likeness: Callable[..., Any] = SemanticSimilarity(
        embeddings=EncoderEmbedding(WordEncoder())
    ).score
    reference = "Die Hundesteuer beträgt 96 Euro."
    same, near, far = (
        likeness(reference=reference, response=response).value
        for response in (reference, "Die Hundesteuer ist neu.", "Das Freibad öffnet im Mai.")
    )
    assert same == pytest.approx(1.0)
    assert same > near > far
