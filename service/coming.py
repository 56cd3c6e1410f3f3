"""What an answer will say once a version that is already published comes into force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache, partial

from core.labels import label
from core.store import Store
from core.types import Citation, Coming, Document, Passage, Sentence, Statement
from core.versions import Version

MOST = 3  # changes that an answer tells
ALIKE = 0.5  # share of letters that a sentence and its new wording have in common


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
) -> tuple[Coming, ...]:
    """What the cited places will say from a day to come on, for each sentence that is then worded
    otherwise; verbatim of the version that is then in force."""
    fetch = cache(partial(store.index.fetch, generation=generation))
    cited = {citation.number: citation for citation in citations}
    changes: list[Coming] = []
    for statement in statements:
        citation = cited[statement.citations[0]]
        following = versions.after(citation.document, day)
        if following is None or following.valid_from is None or len(changes) == MOST:
            continue
        begins = following.valid_from
        passages = fetch(following.id, day=begins)
        found = _nearest(statement.text, [p for p in passages if p.section == citation.section])
        if found is None:
            continue
        passage, sentence = found
        text = passage.quote(sentence)
        page = store.registry.page_text(following.id, sentence.page, generation, begins)
        is_told = any(change.text == text for change in changes)
        if is_told or page is None or " ".join(text.split()) not in " ".join(page.split()):
            continue
        place = label(following, passage.section, sentence.page, sentence.mark)
        proof = Citation(
            len(changes) + 1,
            following,
            place,
            passage.section,
            sentence.page,
            text,
            passage.language,
        )
        changes.append(Coming(begins, text, passage.language, proof))
    return tuple(changes)


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
