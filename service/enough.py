"""Whether enough of a language model's answer stands; else the documents' own sentences do."""

from __future__ import annotations

from collections.abc import Sequence

from service.drafted import Draft
from service.expected import FIGURES, kinds_asked, kinds_held
from service.extract import Pick
from service.facts import FactKind, find_facts, normal_text

_TOLD = {FactKind.NUMBER, FactKind.DATE, FactKind.MONTH, FactKind.TIME}

Figures = frozenset[tuple[FactKind, str]]


class Enough:
    """Enough stands as long as more statements stood up to the checks than failed and, where an
    amount or a time was asked for that the documents tell, one of them tells it. `wanted`: the
    figures of the sentences that do, any of which will do; none: nothing of the kind was asked."""

    def __init__(self, wanted: Figures) -> None:
        self._wanted = wanted
        self._margin = 0  # how many more stood than failed
        self._is_told = not wanted

    @classmethod
    def of(cls, question: str, picks: Sequence[Pick]) -> Enough:
        """What is enough for a question that these sentences answer."""
        asked = kinds_asked(question)[:FIGURES]
        passages = [(pick.hit.passage, pick.sentence) for pick in picks]
        telling = [
            _figures(quote, passage.language)
            for passage, number in passages
            for quote in [passage.quote(passage.sentences[number])]
            if any(a and b for a, b in zip(asked, kinds_held(quote), strict=False))
        ]
        return cls(frozenset().union(*telling))

    @property
    def stands(self) -> bool:
        """Whether what has stood so far is enough."""
        return self._margin > 0 and self._is_told

    def stood(self, draft: Draft) -> None:
        """A statement stood up to the checks."""
        self._margin += 1
        self._is_told = self._is_told or not self._wanted.isdisjoint(
            _figures(draft.text, draft.language)
        )

    def failed(self) -> None:
        """A statement did not: it was replaced or left out."""
        self._margin -= 1


def _figures(text: str, language: str) -> Figures:
    """The amounts, dates and times of a text; "first" and the like are none."""
    facts = find_facts(normal_text(text, language), language)
    return frozenset(
        (fact.kind, fact.value)
        for fact in facts
        if fact.kind in _TOLD and (fact.unit or fact.kind is not FactKind.NUMBER)
    )
