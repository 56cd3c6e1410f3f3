"""What an answer will say once a version that is already published comes into force."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache, partial

from core.entries import Source
from core.labels import label
from core.store import Store
from core.types import Citation, Coming, Document, Passage, Sentence, Statement
from core.versions import Version

MOST = 3  # changes that an answer tells
ALIKE = 0.5  # share of letters that a sentence and its new wording have in common

_NUMBER = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d)[.,\s٬](?=\d{3}(?!\d))")
_CENTS = re.compile(r"(?<=\d)[.,٫]00(?!\d)")


@dataclass(frozen=True, slots=True)
class ComingVersions:
    """Which documents come into force later, by what they will stand in for: documents of the same
    id, and those of the same title in the same place."""

    _by_name: Mapping[str, tuple[Document, ...]]

    @classmethod
    def of(cls, versions: Iterable[Version]) -> ComingVersions:
        """Those among standing versions that name a first day."""
        found: dict[str, list[Document]] = defaultdict(list)
        for version in versions:
            if version.document.valid_from:
                for name in _names(version.document):
                    found[name].append(version.document)
        return cls({name: tuple(documents) for name, documents in found.items()})

    def after(self, document: Document, day: date) -> Document | None:
        """The next one that stands in for a document after a day."""
        later = {
            (found.valid_from, found.id): found
            for name in _names(document)
            for found in self._by_name.get(name, ())
            if found.valid_from and found.valid_from > day
        }
        return later[min(later)] if later else None


def coming_changes(
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    versions: ComingVersions,
    store: Store,
    day: date,
    generation: int,
    sources: Callable[[Citation], Sequence[Source]] = lambda _: (),
) -> tuple[Coming, ...]:
    """What the cited places will say from a day to come on, for each sentence that is then worded
    otherwise; verbatim of the version that is then in force. For an approved answer, what its
    `sources` will say."""
    later = _Later(versions, store, day, generation)
    cited = {citation.number: citation for citation in citations}
    approved: dict[tuple[Source, ...], str] = defaultdict(str)
    for citation in citations:
        approved[tuple(sources(citation))] += f"{citation.quote}\n"
    found: list[Coming | None] = []
    for statement in statements:
        citation = cited[statement.citations[0]]
        if not (rests_on := tuple(sources(citation))):
            found.append(later.rewording(statement.text, citation.document, citation.section))
        elif words := approved.pop(rests_on, ""):  # at its first sentence
            found += later.of_sources(words, rests_on)
    changes = list({change.text: change for change in found if change}.values())
    return tuple(
        replace(change, citation=replace(change.citation, number=number))
        for number, change in enumerate(changes[:MOST], start=1)
    )


class _Later:
    """What places say once the next version of their document is in force."""

    def __init__(self, versions: ComingVersions, store: Store, day: date, generation: int) -> None:
        self._versions = versions
        self._registry = store.registry
        self._day = day
        self._generation = generation
        self._fetch = cache(partial(store.index.fetch, generation=generation))

    def rewording(self, said: str, document: Document, section: str) -> Coming | None:
        """What a section will say in place of a sentence; None where it stays, or nothing is like
        it."""
        following = self._versions.after(document, self._day)
        if following is None or following.valid_from is None:
            return None
        begins = following.valid_from
        passages = self._fetch(following.id, day=begins)
        found = _nearest(said, [p for p in passages if p.section == section])
        if found is None:
            return None
        passage, sentence = found
        text = passage.quote(sentence)
        page = self._registry.page_text(following.id, sentence.page, self._generation, begins)
        if page is None or " ".join(text.split()) not in " ".join(page.split()):
            return None
        place = label(following, passage.section, sentence.page, sentence.mark)
        proof = Citation(
            0, following, place, passage.section, sentence.page, text, passage.language
        )
        return Coming(begins, text, passage.language, proof)

    def of_sources(self, words: str, sources: Sequence[Source]) -> list[Coming]:
        """What changes in the sources of an approved answer: where its words name numbers that
        change, only those sentences; else all in the sections that it names."""
        told: list[Coming] = []
        others: list[Coming] = []
        for source in sources:
            version = self._registry.standing_version(source.document_id, self._day)
            if version is None or self._versions.after(version.document, self._day) is None:
                continue
            for passage in self._fetch(source.document_id, day=self._day):
                if not source.names(passage):
                    continue
                for sentence in passage.sentences:
                    says = passage.quote(sentence)
                    change = self.rewording(says, version.document, passage.section)
                    if change is None:
                        continue
                    if _numbers(words) & (_numbers(says) - _numbers(change.text)):
                        told.append(change)
                    elif source.section:
                        others.append(change)
        return told or others


def _numbers(text: str) -> set[int]:
    """The whole numbers of a text in any language: "1.000,00", "1,000", "1 000" and "١٬٠٠٠" are one
    and the same."""
    whole = _CENTS.sub("", _THOUSANDS.sub("", text))
    return {int(number) for number in _NUMBER.findall(whole)}


def _nearest(said: str, passages: Sequence[Passage]) -> tuple[Passage, Sentence] | None:
    """The sentence that says the same otherwise; None where one says it in the same words, or none
    is like it."""
    best, likeness = None, ALIKE
    for passage in passages:
        for sentence in passage.sentences:
            text = passage.quote(sentence)
            if text == said:
                return None
            matcher = SequenceMatcher(None, said, text, autojunk=False)
            if matcher.quick_ratio() > likeness and (shared := matcher.ratio()) > likeness:
                best, likeness = (passage, sentence), shared
    return best


def _names(document: Document) -> tuple[str, ...]:
    place = document.jurisdiction.scope if document.jurisdiction else ""
    return f"id {document.id}", f"title {place} {document.title.casefold()}"
