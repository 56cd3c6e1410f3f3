"""Reconciles documents with the index: digest, embed, write, commit a generation, report."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.encoder import PassageInput
from core.errors import StorageFull
from core.index import IndexedPassage, IndexIdentity
from core.lexical import encode_terms_document
from core.registry import Publication, Version
from core.store import Store
from core.types import Document, Kind, Passage, PassageVectors, Reading, Section
from ingest.passages import make_passages


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing one document will do: its next version, its passages in order, those of them
    that are new, and what ends, as (passage id, digest)."""

    document: Document
    publication: Publication
    passages: tuple[Passage, ...]
    new: frozenset[str]  # passage ids
    ended: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Compares documents with a store, and publishes changes to it."""

    store: Store

    @property
    def identity(self) -> IndexIdentity:
        """What passages of this publisher are built with."""
        return IndexIdentity(self.store.encoder.model_id, self.store.encoder.dimensions)

    def compare(self, document: Document, reading: Reading, source: Path, digest: str) -> Change:
        """How a document as read now differs from what stands; keeps its original, writes no more.

        Raises StorageFull.
        """
        passages = make_passages(document, reading.sections, self.store.encoder.model_id)
        standing = self.store.index.standing(document.id, self.store.registry.generation())
        version = Version(
            document=document,
            digest=digest,
            source=str(source),
            original=keep_original(source, self.store.originals),
            page_count=reading.pages,
            passage_count=len(passages),
            unreadable_pages=reading.unreadable_pages,
            warnings=reading.warnings,
        )
        new = frozenset(p.id for p in passages if standing.get(p.id) != p.digest)
        kept = {p.id for p in passages} - new
        return Change(
            document=document,
            publication=Publication(version, page_texts(reading.sections)),
            passages=tuple(passages),
            new=new,
            ended=tuple((i, d) for i, d in standing.items() if i not in kept),
        )

    def publish(self, changes: Sequence[Change], withdrawn: Sequence[str] = ()) -> int:
        """Makes changes and withdrawals visible, all at once; returns how many passages ended.

        Readers see the old generation whole until the registry's transaction at the end; whatever
        an interrupted call left in the index is undone by the next writer's `sweep`.
        """
        current = self.store.registry.generation()
        following = current + 1
        ended = [point for change in changes for point in change.ended]
        for document_id in withdrawn:
            ended.extend(self.store.index.standing(document_id, current).items())
        self.store.index.upsert(self._embed(changes), following)
        self.store.index.retire(ended, following)
        self.store.index.place(
            {
                (passage.id, passage.digest): position
                for change in changes
                if change.new or change.ended  # otherwise every place is as it was
                for position, passage in enumerate(change.passages)
                if passage.id not in change.new
            }
        )
        self.store.index.flush()
        self.store.registry.commit(
            [change.publication for change in changes], withdrawn, self.identity, following
        )
        return len(ended)

    def _embed(self, changes: Sequence[Change]) -> list[IndexedPassage]:
        new = [
            (change.document, position, passage)
            for change in changes
            for position, passage in enumerate(change.passages)
            if passage.id in change.new
        ]
        vectors = self.store.encoder.encode_passages(
            [
                PassageInput(p.context, p.text, tuple((s.start, s.end) for s in p.sentences))
                for _, _, p in new
            ]
        )
        return [
            IndexedPassage(
                passage,
                document,
                self._with_question(document, passage, found),
                encode_terms_document(f"{passage.context}\n{passage.text}", passage.language),
                position,
            )
            for (document, position, passage), found in zip(new, vectors, strict=True)
        ]

    def _with_question(
        self, document: Document, passage: Passage, vectors: PassageVectors
    ) -> PassageVectors:
        """The vectors; in an FAQ, with one row more after the sentences': that of the question
        which the entry answers, encoded as citizens' questions are, to be compared with them."""
        if document.kind is not Kind.FAQ or not passage.heading:
            return vectors
        question = self.store.encoder.encode_question(passage.heading, passage.language)
        return PassageVectors(vectors.passage, np.vstack([vectors.sentences, question]))


def page_texts(sections: Sequence[Section]) -> dict[int, str]:
    """The text of every page as it was read, which quotes are checked against; 0: no pages."""
    pages: dict[int, list[str]] = {}
    for section in sections:
        for paragraph in section.paragraphs:
            pages.setdefault(paragraph.page or 0, []).append(paragraph.text)
    return {page: "\n".join(texts) for page, texts in sorted(pages.items())}


def keep_original(source: Path, folder: Path) -> str:
    """Copies a file into the folder of originals under its SHA-256; returns its name there."""
    with source.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest() + source.suffix.lower()
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
