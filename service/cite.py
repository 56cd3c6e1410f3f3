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
    page_text = cache(partial(registry.page_text, generation=generation, day=day))
    statements: list[Statement] = []
    citations: list[Citation] = []
    for group in _neighbours(picks):
        first, last = group[0], group[-1]
        passage, document = first.hit.passage, first.hit.document
        start, end = passage.sentences[first.sentence], passage.sentences[last.sentence]
        quote = passage.text[start.start : end.end]
        if not _stands(quote, page_text(document.id, start.page)):
            continue
        number = len(citations) + 1
        place = label(document, passage.section, start.page, start.mark)
        citations.append(
            Citation(number, document, place, passage.section, start.page, quote, passage.language)
        )
        statements.extend(
            Statement(passage.quote(passage.sentences[pick.sentence]), passage.language, (number,))
            for pick in group
        )
    return tuple(statements), tuple(citations)


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
