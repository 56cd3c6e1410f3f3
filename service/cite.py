"""Picked sentences become statements with citations, each quote checked against its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, partial

from core.labels import label
from core.registry import Registry
from core.types import Citation, Statement
from service.extract import Pick


def cite(
    picks: Sequence[Pick], registry: Registry, generation: int, day: date
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """One statement a sentence; neighbouring sentences of one Absatz share a citation.

    A sentence that does not stand verbatim (white space aside) on the stored page, of the version
    that is in force on the day, is left out.
    """
    citer = Citer(registry, generation, day)
    for group in _neighbours(picks):
        citer.cite(group)
    return tuple(citer.quotes), tuple(citer.citations)


class Citer:
    """Numbers what an answer cites, in the order in which it is cited. `quotes`: every sentence of
    it, word for word."""

    def __init__(self, registry: Registry, generation: int, day: date) -> None:
        self.citations: list[Citation] = []
        self.quotes: list[Statement] = []
        self._cited: dict[tuple[str, int, int], Citation] = {}
        self._page_text = cache(partial(registry.page_text, generation=generation, day=day))

    def prove(self, picks: Sequence[Pick]) -> list[Citation]:
        """The citations of a statement that rests on these sentences, known ones among them; empty
        where not one stands on its page."""
        rank = {pick.hit.passage.id: -number for number, pick in enumerate(reversed(picks))}
        in_order = sorted(picks, key=lambda pick: (rank[pick.hit.passage.id], pick.sentence))
        found = (self.cite(group) for group in _neighbours(in_order))
        return sorted((one for one in found if one), key=lambda citation: citation.number)

    def cite(self, group: Sequence[Pick]) -> Citation | None:
        """The citation of neighbouring sentences of one passage, one that is known where there is
        such; None where they do not stand verbatim on the stored page."""
        first, last = group[0], group[-1]
        passage, document = first.hit.passage, first.hit.document
        place = passage.id, first.sentence, last.sentence
        if place in self._cited:
            return self._cited[place]
        start, end = passage.sentences[first.sentence], passage.sentences[last.sentence]
        quote = passage.text[start.start : end.end]
        if not _stands(quote, self._page_text(document.id, start.page)):
            return None
        citation = Citation(
            len(self.citations) + 1,
            document,
            label(document, passage.section, start.page, start.mark),
            passage.section,
            start.page,
            quote,
            passage.language,
        )
        self.citations.append(citation)
        self.quotes += (
            Statement(
                passage.quote(passage.sentences[pick.sentence]),
                passage.language,
                (citation.number,),
            )
            for pick in group
        )
        self._cited[place] = citation
        return citation


def _neighbours(picks: Sequence[Pick]) -> Iterator[list[Pick]]:
    """Runs of picks that follow each other in one passage, on one page, in one Absatz."""
    run: list[Pick] = []
    for pick in picks:
        if run and not _follows(run[-1], pick):
            yield run
            run = []
        run.append(pick)
    if run:
        yield run


def _follows(before: Pick, after: Pick) -> bool:
    if before.hit is not after.hit or after.sentence != before.sentence + 1:
        return False
    sentences = before.hit.passage.sentences
    first, second = sentences[before.sentence], sentences[after.sentence]
    return (first.page, first.mark) == (second.page, second.mark)


def _stands(quote: str, page: str | None) -> bool:
    """Whether a quote stands on a page, white space aside."""
    return page is not None and (quote in page or _squeeze(quote) in _squeeze(page))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
