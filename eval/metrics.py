"""What is measured without a judge, as RAGAS metrics: each scores one answer from 0 to 1.

A metric of our own is called with plain values, as the function below it would be, or scored by
RAGAS (`metric.score(...)`); the others are RAGAS's own, with our encoder where one is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ragas.embeddings.base import BaseRagasEmbedding
from ragas.metrics import numeric_metric
from ragas.metrics.result import MetricResult

from core.encoder import Encoder, PassageInput
from core.types import Status
from eval.questions import packed
from service.said_numbers import unsaid_numbers

SHARE = (0.0, 1.0)


@numeric_metric(name="quote_verbatim", allowed_values=SHARE)
def quote_verbatim(quotes: list[str], pages: list[str]) -> MetricResult:
    """The share of quotes that stand, white space aside, on the stored page that is cited."""
    missing = [
        quote
        for quote, page in zip(quotes, pages, strict=True)
        if packed(quote) not in packed(page)
    ]
    return _share(len(quotes) - len(missing), len(quotes), "not on the page: ", missing)


@numeric_metric(name="citation_correct", allowed_values=SHARE)
def citation_correct(cited: list[str], facts: list[list[str]]) -> MetricResult:
    """The share of an answer's facts of which a place (document and section) is cited; `facts` are
    the places that prove each, of which any will do."""
    missing = [" or ".join(dict.fromkeys(places)) for places in facts if not {*places} & {*cited}]
    return _share(len(facts) - len(missing), len(facts), "not cited: ", missing)


@numeric_metric(name="citation_precise", allowed_values=SHARE)
def citation_precise(cited: list[str], sources: list[str]) -> MetricResult:
    """The share of cited places that hold the answer. A place may prove it though the set does not
    name it, so this is a lower bound."""
    other = [place for place in dict.fromkeys(cited) if place not in sources]
    count = len(set(cited))
    return _share(count - len(other), count, "cited beside: ", other)


@numeric_metric(name="number_exact", allowed_values=SHARE)
def number_exact(numbers: list[str], statements: list[str]) -> MetricResult:
    """The share of numbers that a statement holds: their digits, however they are written
    ("1.200,00" is "1200"); such as have no digits by their words."""
    missing = unsaid_numbers(numbers, statements)
    return _share(len(numbers) - len(missing), len(numbers), "not said: ", missing)


@numeric_metric(name="right_town", allowed_values=SHARE)
def right_town(documents: list[str], keys: list[str | None], town: str) -> MetricResult:
    """The share of cited documents that apply in a town, named by its key; `keys` are those of
    their places, "" for those that apply everywhere and None where a place has none."""
    other = [
        document
        for document, key in zip(documents, keys, strict=True)
        if key is None or not town.startswith(key)
    ]
    return _share(len(documents) - len(other), len(documents), "of another town: ", other)


@numeric_metric(name="right_version", allowed_values=SHARE)
def right_version(
    documents: list[str], begins: list[date | None], ends: list[date | None], day: date
) -> MetricResult:
    """The share of cited documents that are in force on the day that is asked about, by their first
    and last days, None where there is none."""
    other = [
        document
        for document, begin, end in zip(documents, begins, ends, strict=True)
        if (begin and day < begin) or (end and end < day)
    ]
    return _share(len(documents) - len(other), len(documents), "not in force: ", other)


@numeric_metric(name="right_ending", allowed_values=SHARE)
def right_ending(status: Status, wanted: Status) -> MetricResult:
    """1 where a question ended as it must."""
    return MetricResult(value=float(status is wanted), reason=f"{status}, wanted {wanted}")


@numeric_metric(name="answer_language", allowed_values=SHARE)
def answer_language(answered_in: str, asked_in: str) -> MetricResult:
    """1 where the answer's own words are in the asker's language."""
    return MetricResult(value=float(answered_in == asked_in), reason=f"answered in {answered_in}")


@numeric_metric(name="source_stands", allowed_values=SHARE)
def source_stands(quotes: list[str], is_found: list[bool]) -> MetricResult:
    """The share of a question's sources that the documents still hold; below 1, a document changed
    and the question is to be looked at."""
    gone = [quote for quote, found in zip(quotes, is_found, strict=True) if not found]
    return _share(len(quotes) - len(gone), len(quotes), "no longer in the documents: ", gone)


class EncoderEmbedding(BaseRagasEmbedding):
    """Our encoder, for RAGAS metrics that compare meanings."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self._encoder = encoder
        self._known: dict[str, list[float]] = {}

    def embed_text(self, text: str, **_: Any) -> list[float]:
        """The vector of a text, which is kept: references come again in every language."""
        if text not in self._known:
            passage = PassageInput("", text, ((0, len(text)),))
            vector = self._encoder.encode_passages([passage])[0].passage
            self._known[text] = [float(value) for value in vector]
        return self._known[text]

    async def aembed_text(self, text: str, **_: Any) -> list[float]:
        """As `embed_text`."""
        return self.embed_text(text)


def _share(count: int, of: int, blame: str, missing: Sequence[str]) -> MetricResult:
    reason = blame + "; ".join(missing) if missing else "all"
    return MetricResult(value=count / of if of else 1.0, reason=reason)
