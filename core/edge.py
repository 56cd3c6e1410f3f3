"""The embedded engine of the passage index: Qdrant Edge in a folder, for one process at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import qdrant_edge as edge

from core.edge_folder import clear_errors, open_shard, require_room
from core.index import (
    NEVER,
    PASSAGE,
    SENTENCES,
    TERMS,
    Between,
    Condition,
    IndexedPassage,
    IndexIdentity,
    IndexQuery,
    Point,
    Ranked,
    StoredPoint,
    answering,
    ended_before,
    in_force,
    of_document,
    rank,
    retired_after,
    staged,
    standing_at,
    written_after,
)
from core.payload import in_document_order, point_id, to_hit, to_stored, to_terms
from core.types import Hit, Passage, PassageVectors, Vector

COPIES = 3  # of a point on the disk; measured: up to 1.8
_BATCH = 64  # whole points per write and read; other threads wait meanwhile, about 10 ms
_PAGE = 1000  # records per read


class EdgeIndex:
    """A `PassageIndex` in a folder; holds its lock until closed."""

    def __init__(self, folder: Path, identity: IndexIdentity) -> None:
        """Opens the index, creating it with `identity` where there is none; raises IndexBusy,
        IndexDamaged, StorageFull."""
        self._folder = folder
        self._shard, self._identity = open_shard(folder, identity)

    def check(self, identity: IndexIdentity) -> None:
        """Raises IndexOutdated, naming both models, where the index was built by another."""
        self._identity.require(identity)

    def upsert(self, passages: Sequence[IndexedPassage], gen_from: int) -> None:
        """Writes passages that will be seen from generation `gen_from` on; raises StorageFull."""
        self.insert([to_stored(item, gen_from) for item in passages])

    def points(self) -> Iterator[StoredPoint]:
        """Everything that is stored, as `insert` takes it."""
        offset = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_BATCH, with_payload=True, with_vector=True
            )
            with clear_errors():
                records, offset = self._shard.scroll(request)
            for record in records:
                stored: Any = record.vector
                vectors = PassageVectors(
                    np.asarray(stored[PASSAGE], dtype=np.float32), self._sentence_vectors(record)
                )
                terms = to_terms(stored.get(TERMS))
                yield StoredPoint(_uuid(record.id), record.payload or {}, vectors, terms)
            if offset is None:
                return

    def insert(self, points: Sequence[StoredPoint]) -> None:
        """Writes points as `points` gives them; raises StorageFull before any is written."""
        require_room(self._folder, sum(map(_room_for, points)))
        for start in range(0, len(points), _BATCH):
            batch = [_stored(point) for point in points[start : start + _BATCH]]
            self._update(edge.UpdateOperation.upsert_points(batch))

    def retire(self, points: Iterable[Point], gen_to: int) -> None:
        """Hides these passages from generation `gen_to` on; NEVER: shows them again."""
        ids = {point_id(*point) for point in points}
        self._set_payload(_with_ids(ids), {"gen_to": gen_to})

    def unstage(self, document_id: str) -> None:
        """Undoes what was prepared for a document."""
        new = _filter(staged("gen_from", document_id))
        self._update(edge.UpdateOperation.delete_points_by_filter(new))
        self._set_payload(_filter(staged("gen_to", document_id)), {"gen_to": NEVER})

    def place(self, positions: Mapping[Point, int]) -> None:
        """Gives passages their places in the document."""
        for point, position in positions.items():
            self._set_payload(_with_ids({point_id(*point)}), {"position": position})

    def sweep(self, generation: int) -> None:
        """Undoes what an interrupted publish left behind and deletes what ended."""
        for conditions in (written_after(generation), ended_before(generation)):
            self._update(edge.UpdateOperation.delete_points_by_filter(_filter(conditions)))
        self._set_payload(_filter(retired_after(generation)), {"gen_to": NEVER})

    def standing(self, document_id: str, generation: int) -> dict[Point, str]:
        """The passages of a document at a generation, each with the digest of what was embedded."""
        fields = ["id", "digest", "content"]
        payloads = self._scroll(of_document(document_id, generation), fields)
        return {(found["id"], found["digest"]): found["content"] for found in payloads}

    def vectors(self, points: Sequence[Point]) -> dict[Point, PassageVectors]:
        """The stored vectors of these passages, without those that are gone."""
        wanted = {point_id(*point): point for point in points}
        with clear_errors():
            records = self._shard.retrieve(
                list(wanted), with_payload=False, with_vector=[PASSAGE, SENTENCES]
            )
        found: dict[Point, PassageVectors] = {}
        for record in records:
            stored: Any = record.vector
            whole = np.asarray(stored[PASSAGE], dtype=np.float32)
            point = wanted[_uuid(record.id)]
            found[point] = PassageVectors(whole, self._sentence_vectors(record))
        return found

    def query(self, query: IndexQuery) -> list[Hit]:
        """The best passages, best first, scored as the protocol says."""
        ranked = self._rank(query)
        with clear_errors():
            records = self._shard.retrieve(
                [candidate.point for candidate in ranked],
                with_payload=True,
                with_vector=[SENTENCES] if query.with_sentences else False,
            )
        found = {_uuid(record.id): record for record in records}
        hits = []
        for candidate in ranked:
            if candidate.point not in found:  # swept since it was ranked
                continue
            record = found[candidate.point]
            vectors = self._sentence_vectors(record) if query.with_sentences else None
            hits.append(to_hit(candidate, record.payload or {}, vectors))
        return hits

    def fetch(self, document_id: str, generation: int, day: date | None = None) -> list[Passage]:
        """All passages of a document at a generation, as in force on a day, in document order;
        without a day, those of all its versions that stand."""
        conditions = of_document(document_id, generation) + (in_force(day) if day else [])
        return in_document_order(self._scroll(conditions, True))

    def count(self, generation: int) -> int:
        """How many passages stand at a generation."""
        with clear_errors():
            return self._shard.count(edge.CountRequest(filter=_filter(standing_at(generation))))

    def optimize(self) -> None:
        """Merges segments, drops what is deleted, builds the graph of a large index.

        The engine lets no other thread of the process run meanwhile: seconds for a large index.
        Raises StorageFull where there is no room for a copy of the index.
        """
        require_room(self._folder, sum(f.stat().st_blocks * 512 for f in self._folder.rglob("*")))
        with clear_errors():
            self._shard.optimize()

    def flush(self) -> None:
        """Makes everything written so far survive a power cut."""
        with clear_errors():
            self._shard.flush()

    def close(self) -> None:
        """Flushes and releases the folder."""
        with clear_errors():
            self._shard.close()

    def _rank(self, query: IndexQuery) -> list[Ranked]:
        where = _filter(answering(query))
        vector = query.vector.tolist()
        dense = edge.Query.Nearest(vector, using=PASSAGE)
        # The engine takes longer for these as one batch.
        cosines = self._scores(dense, where, query.candidates)
        lexical: dict[UUID, float] = {}
        if query.is_hybrid:
            terms = edge.Query.Nearest(
                edge.SparseVector(list(query.terms.indices), list(query.terms.values)), using=TERMS
            )
            lexical = self._scores(terms, where, query.candidates)
            # What one ranking put forward still lacks its score in the other.
            lacking_cosine = _with_ids(lexical.keys() - cosines.keys())
            lacking_lexical = _with_ids(cosines.keys() - lexical.keys())
            cosines |= self._scores(dense, lacking_cosine, query.candidates)
            lexical |= self._scores(terms, lacking_lexical, query.candidates)
        nearest: dict[UUID, float] = {}
        if query.sentence_weight:
            sentences = edge.Query.Nearest(vector, using=SENTENCES)
            nearest = self._scores(sentences, _with_ids(cosines.keys()), len(cosines))
        return rank(cosines, lexical, nearest, query)

    def _scores(self, query: edge.Query, where: edge.Filter, limit: int) -> dict[UUID, float]:
        request = edge.QueryRequest(limit=limit, query=query, filter=where)
        with clear_errors():
            return {_uuid(point.id): point.score for point in self._shard.query(request)}

    def _sentence_vectors(self, record: edge.Record) -> Vector:
        stored: Any = record.vector
        rows = np.asarray(stored.get(SENTENCES, []), dtype=np.float32)
        return rows.reshape(-1, self._identity.dimensions)

    def _scroll(
        self, conditions: Sequence[Condition], fields: bool | list[str]
    ) -> Iterator[dict[str, Any]]:
        offset = None
        while True:
            request = edge.ScrollRequest(
                offset=offset, limit=_PAGE, filter=_filter(conditions), with_payload=fields
            )
            with clear_errors():
                records, offset = self._shard.scroll(request)
            yield from (record.payload or {} for record in records)
            if offset is None:
                return

    def _set_payload(self, where: edge.Filter, payload: dict[str, Any]) -> None:
        self._update(edge.UpdateOperation.set_payload_by_filter(where, payload))

    def _update(self, operation: edge.UpdateOperation) -> None:
        require_room(self._folder)
        with clear_errors():
            self._shard.update(operation)


def _room_for(point: StoredPoint) -> int:
    """The bytes that a point may take at most until the index is optimised: what is in it, as often
    as the engine writes it down (log, vectors, payload, payload indexes, a copy to optimise)."""
    numbers = point.vectors.passage.size + point.vectors.sentences.size
    words = len(json.dumps(point.payload)) + 8 * len(point.terms.indices)
    return COPIES * (4 * numbers + words)


def _stored(point: StoredPoint) -> edge.Point:
    vectors: dict[str, Any] = {PASSAGE: point.vectors.passage.tolist()}
    if len(point.vectors.sentences):  # the engine refuses empty multivectors
        vectors[SENTENCES] = point.vectors.sentences.tolist()
    if point.terms.indices:
        vectors[TERMS] = edge.SparseVector(list(point.terms.indices), list(point.terms.values))
    return edge.Point(point.id, vectors, point.payload)


def _filter(conditions: Iterable[Condition]) -> edge.Filter:
    return edge.Filter(must=[_condition(condition) for condition in conditions])


def _condition(condition: Condition) -> edge.FieldCondition:
    if isinstance(condition, Between):
        ends = edge.RangeFloat(gte=condition.low, lte=condition.high)
        return edge.FieldCondition(condition.field, range=ends)
    return edge.FieldCondition(condition.field, match=edge.MatchAny(list(condition.values)))


def _with_ids(ids: Iterable[UUID]) -> edge.Filter:
    return edge.Filter(must=[edge.HasIdCondition(set(ids))])


def _uuid(identifier: object) -> UUID:
    return identifier if isinstance(identifier, UUID) else UUID(str(identifier))
