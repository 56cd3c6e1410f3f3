"""Reconciles documents with the index: digest, embed, write, commit a generation, report."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from core.approvals import Approval
from core.encoder import PassageInput
from core.errors import StorageFull
from core.index import IndexedPassage, IndexIdentity, Point
from core.lexical import encode_terms_document
from core.store import Store
from core.timeline import cut, stays_beside
from core.types import BlockKind, Document, Kind, Passage, PassageVectors, Reading, Section
from core.versions import GONE, End, Publication, Version
from ingest.approvals import approvals_of
from ingest.passages import make_passages


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage of a version of a document, and its place in it."""

    document: Document
    passage: Passage
    position: int

    @property
    def point(self) -> Point:
        """What the index knows it by."""
        return self.passage.id, self.passage.digest


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing one document will do: its next version; all passages that the document has
    then, those of earlier versions that stay among them; which of them are new; what ends."""

    document: Document
    publication: Publication
    passages: tuple[Placed, ...]
    new: frozenset[Point]
    ended: tuple[Point, ...]
    copies: Mapping[str, Point]  # what stands, by the digest of what was embedded

    @property
    def is_empty(self) -> bool:
        """Whether the document's passages stay as they are."""
        return not self.new and not self.ended


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version comes from: the file, its digest, who published it and why; and whether a
    person gave it its days."""

    source: Path
    digest: str
    by: str = ""
    reason: str = ""
    is_scheduled: bool = False


@dataclass(frozen=True, slots=True)
class Publisher:
    """Compares documents with a store, and publishes changes to it."""

    store: Store

    @property
    def identity(self) -> IndexIdentity:
        """What passages of this publisher are built with."""
        return IndexIdentity(self.store.encoder.model_id, self.store.encoder.dimensions)

    def compare(self, document: Document, reading: Reading, origin: Origin) -> Change:
        """How a document as read now differs from what stands; keeps its original, writes no more.

        Raises StorageFull.
        """
        version = Version(
            document=document,
            digest=origin.digest,
            source=str(origin.source),
            original=keep_original(origin.source, self.store.originals),
            page_count=reading.pages,
            passage_count=0,
            unreadable_pages=reading.unreadable_pages,
            warnings=reading.warnings,
            published_by=origin.by,
            reason=origin.reason,
            is_scheduled=origin.is_scheduled,
        )
        today = date.today()
        beside = [
            v
            for v in self.store.registry.standing(document.id)
            if stays_beside(v.document, document, today)
        ]
        return self.change(
            Publication(version, page_texts(reading.sections), reading.sections, reading.scans),
            beside,
        )

    def change(self, publication: Publication, beside: Sequence[Version]) -> Change:
        """What publishing a version does, with the standing versions that stay beside it."""
        document = publication.version.document
        versions = [
            (v.document, self.store.registry.sections(document.id, v.number) or ()) for v in beside
        ] + [(document, publication.sections)]
        days = cut([document for document, _ in versions])
        passages = [
            Placed(during, passage, position)
            for during, (_, sections) in zip(days, versions, strict=True)
            for position, passage in enumerate(
                make_passages(during, sections, self.store.encoder.model_id)
            )
        ]
        standing = self.store.index.standing(document.id, self.store.registry.generation())
        wanted = {placed.point for placed in passages}
        kept = {version.number for version in beside}
        return Change(
            document=document,
            publication=replace(
                publication,
                version=replace(
                    publication.version,
                    passage_count=sum(placed.document == days[-1] for placed in passages),
                ),
                ended=tuple(
                    version.number
                    for version in self.store.registry.standing(document.id)
                    if version.number not in kept
                ),
            ),
            passages=tuple(passages),
            new=frozenset(wanted - standing.keys()),
            ended=tuple(standing.keys() - wanted),
            copies={content: point for point, content in standing.items()},
        )

    def publish(
        self,
        changes: Sequence[Change],
        withdrawn: Sequence[str] = (),
        end: End = GONE,
        confirmed: Sequence[Approval] = (),
    ) -> int:
        """Makes changes, withdrawals and confirmations visible, all at once; returns how many
        passages ended.

        Readers see the old generation whole until the registry's transaction at the end; whatever
        an interrupted call left in the index is undone first, or it would come to light with this
        one.
        """
        current = self.store.registry.generation()
        following = current + 1
        self.store.index.sweep(current)
        ended = [point for change in changes for point in change.ended]
        for document_id in withdrawn:
            ended.extend(self.store.index.standing(document_id, current))
        self.write(changes, following)
        self._place(changes)
        self.store.index.retire(ended, following)
        self.store.index.flush()
        self.store.registry.commit(
            [change.publication for change in changes],
            withdrawn,
            self.identity,
            following,
            end,
            [*approvals_of(self.store, changes, following), *confirmed],
        )
        return len(ended)

    def write(self, changes: Sequence[Change], generation: int) -> None:
        """Writes the new passages of changes for a generation to come."""
        self.store.index.upsert(self._embed(changes), generation)

    def _place(self, changes: Sequence[Change]) -> None:
        """Gives passages that stay their new places; what is only prepared moves nothing, as
        citizens would see it at once."""
        self.store.index.place(
            {
                placed.point: placed.position
                for change in changes
                if not change.is_empty  # otherwise every place is as it was
                for placed in change.passages
                if placed.point not in change.new
            }
        )

    def _embed(self, changes: Sequence[Change]) -> list[IndexedPassage]:
        """The new passages with their vectors: what stands with the same words lends its own."""
        new = [
            (placed, self._content(placed), change.copies)
            for change in changes
            for placed in change.passages
            if placed.point in change.new
        ]
        lenders = {copies[content] for _, content, copies in new if content in copies}
        lent = self.store.index.vectors(list(lenders))
        known = {
            content: lent[copies[content]]
            for _, content, copies in new
            if copies.get(content) in lent
        }
        unknown = {content: placed for placed, content, _ in new if content not in known}
        encoded = self.store.encoder.encode_passages(
            [
                PassageInput(p.context, p.text, tuple((s.start, s.end) for s in p.sentences))
                for p in (placed.passage for placed in unknown.values())
            ]
        )
        for (content, placed), vectors in zip(unknown.items(), encoded, strict=True):
            known[content] = self._with_question(placed, vectors)
        return [
            IndexedPassage(
                placed.passage,
                placed.document,
                known[content],
                encode_terms_document(
                    f"{placed.passage.context}\n{placed.passage.text}", placed.passage.language
                ),
                placed.position,
                content,
            )
            for placed, content, _ in new
        ]

    def _content(self, placed: Placed) -> str:
        """The digest of everything that a passage's vectors are made of."""
        passage = placed.passage
        question = passage.heading if placed.document.kind is Kind.FAQ else ""
        spans = [(s.start, s.end) for s in passage.sentences]
        parts = [passage.context, passage.text, spans, question, passage.language]
        made_of = json.dumps([self.store.encoder.model_id, *parts])
        return hashlib.sha256(made_of.encode()).hexdigest()

    def _with_question(self, placed: Placed, vectors: PassageVectors) -> PassageVectors:
        """The vectors; in an FAQ, with one row more after the sentences': that of the question
        which the entry answers, encoded as citizens' questions are, to be compared with them."""
        passage = placed.passage
        if placed.document.kind is not Kind.FAQ or not passage.heading:
            return vectors
        question = self.store.encoder.encode_question(passage.heading, passage.language)
        return PassageVectors(vectors.passage, np.vstack([vectors.sentences, question]))


def page_texts(sections: Sequence[Section]) -> dict[int, str]:
    """The text of every page as it was read, which quotes are checked against; 0: no pages."""
    pages: dict[int, list[str]] = {}
    for section in sections:
        for paragraph in section.paragraphs:
            if paragraph.kind is BlockKind.SOURCE:
                continue
            pages.setdefault(paragraph.page or 0, []).append(paragraph.text)
    return {page: "\n".join(texts) for page, texts in sorted(pages.items())}


def original_name(source: Path) -> str:
    """What a file is called in the folder of originals: its SHA-256, with its ending."""
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() + source.suffix.lower()


def keep_original(source: Path, folder: Path) -> str:
    """Copies a file into the folder of originals under its SHA-256; returns its name there."""
    name = original_name(source)
    target = folder / name
    if target.exists():
        return name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.NamedTemporaryFile(dir=folder, delete=False) as copy,
            source.open("rb") as file,
        ):
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        Path(copy.name).replace(target)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise StorageFull from error
    return name
