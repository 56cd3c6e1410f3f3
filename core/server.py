"""The remote engine of the passage index: a collection on a Qdrant server or cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from qdrant_client import QdrantClient, models

from core.errors import IndexOutdated
from core.index import (
    NEVER,
    PASSAGE,
    SENTENCES,
    TERMS,
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
from core.server_collection import (
    REPLACED,
    clear_errors,
    collection_beside,
    collection_in_use,
    prepare_collection,
    remove_others,
    switch_to,
)
from core.server_forms import to_filter, to_point, with_ids
from core.types import Hit, Passage, PassageVectors, Vector

_BATCH = 64  # passages per request: about 5 MB of JSON, of the 32 MB that a server takes
_PAGE = 1000  # records per read
_QUERY_SECONDS = 5  # longer than that nobody who asks is kept waiting by a server that hangs


class ServerIndex:
    """A `PassageIndex` on a server; every write is acknowledged before it returns."""

    def __init__(
        self, client: QdrantClient, identity: IndexIdentity, *, is_beside: bool = False
    ) -> None:
        """Uses the server's collection, creating it with `identity` where there is none; or builds
        a new one beside it, in place of what was never finished. Raises IndexUnreachable,
        IndexFailure."""
        self._client = client
        self._is_beside = is_beside
        self._collection = collection_in_use(client)
        if is_beside:
            remove_others(client, self._collection)
            self._collection = collection_beside()
        with clear_errors():
            self._identity = prepare_collection(client, self._collection, identity)

    def take_over(self) -> None:
        """Lets what was built beside the collection in use answer from now on. Who has opened the
        old one goes on with it, but writes no more."""
        switch_to(self._client, self._collection)
        self._is_beside = False

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
            with clear_errors():
                records, offset = self._client.scroll(
                    self._collection,
                    limit=_BATCH,
                    offset=offset,
                    with_payload=True,
                    with_vectors=True,
                )
            for record in records:
                stored: Any = record.vector
                vectors = PassageVectors(
                    np.asarray(stored[PASSAGE], dtype=np.float32), self._sentence_vectors(record)
                )
                terms = to_terms(stored.get(TERMS))
                yield StoredPoint(UUID(str(record.id)), record.payload or {}, vectors, terms)
            if offset is None:
                return

    def insert(self, points: Sequence[StoredPoint]) -> None:
        """Writes points as `points` gives them; raises StorageFull, IndexOutdated."""
        self._require_in_use()
        for start in range(0, len(points), _BATCH):
            with clear_errors():
                batch = [to_point(point) for point in points[start : start + _BATCH]]
                self._client.upsert(self._collection, batch)

    def retire(self, points: Iterable[Point], gen_to: int) -> None:
        """Hides these passages from generation `gen_to` on; NEVER: shows them again."""
        ids = [point_id(*point) for point in points]
        self._set_payload(with_ids(ids), {"gen_to": gen_to})

    def unstage(self, document_id: str) -> None:
        """Undoes what was prepared for a document; raises IndexOutdated."""
        self._require_in_use()
        with clear_errors():
            self._client.delete(self._collection, to_filter(staged("gen_from", document_id)))
        self._set_payload(to_filter(staged("gen_to", document_id)), {"gen_to": NEVER})

    def place(self, positions: Mapping[Point, int]) -> None:
        """Gives passages their places in the document."""
        operations = [
            models.SetPayloadOperation(
                set_payload=models.SetPayload(
                    payload={"position": position}, filter=with_ids([point_id(*point)])
                )
            )
            for point, position in positions.items()
        ]
        with clear_errors():
            self._client.batch_update_points(self._collection, operations)

    def sweep(self, generation: int) -> None:
        """Undoes what an interrupted publish left behind and deletes what ended, and the
        collections that this one took the place of; raises IndexOutdated."""
        self._require_in_use()
        remove_others(self._client, self._collection)
        with clear_errors():
            for conditions in (written_after(generation), ended_before(generation)):
                self._client.delete(self._collection, to_filter(conditions))
        self._set_payload(to_filter(retired_after(generation)), {"gen_to": NEVER})

    def standing(self, document_id: str, generation: int) -> dict[Point, str]:
        """The passages of a document at a generation, each with the digest of what was embedded."""
        fields = ["id", "digest", "content"]
        payloads = self._scroll(of_document(document_id, generation), fields)
        return {(found["id"], found["digest"]): found["content"] for found in payloads}

    def vectors(self, points: Sequence[Point]) -> dict[Point, PassageVectors]:
        """The stored vectors of these passages, without those that are gone."""
        wanted = {point_id(*point): point for point in points}
        if not wanted:
            return {}
        with clear_errors():
            records = self._client.retrieve(
                self._collection,
                [str(identifier) for identifier in wanted],
                with_payload=False,
                with_vectors=[PASSAGE, SENTENCES],
            )
        found: dict[Point, PassageVectors] = {}
        for record in records:
            stored: Any = record.vector
            whole = np.asarray(stored[PASSAGE], dtype=np.float32)
            point = wanted[UUID(str(record.id))]
            found[point] = PassageVectors(whole, self._sentence_vectors(record))
        return found

    def query(self, query: IndexQuery) -> list[Hit]:
        """The best passages, best first, scored as the protocol says."""
        ranked = self._rank(query)
        with clear_errors():
            records = self._client.retrieve(
                self._collection,
                [candidate.point for candidate in ranked],
                with_payload=True,
                with_vectors=[SENTENCES] if query.with_sentences else False,
                timeout=_QUERY_SECONDS,
            )
        found = {UUID(str(record.id)): record for record in records}
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
            return self._client.count(self._collection, to_filter(standing_at(generation))).count

    def optimize(self) -> None:
        """Does nothing: a server optimises by itself."""

    def flush(self) -> None:
        """Does nothing: what a server has acknowledged stands in its log."""

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _require_in_use(self) -> None:
        """Raises IndexOutdated where another collection has taken the place of this one."""
        if not self._is_beside and collection_in_use(self._client) != self._collection:
            raise IndexOutdated(REPLACED)

    def _rank(self, query: IndexQuery) -> list[Ranked]:
        where = to_filter(answering(query))
        vector = query.vector.tolist()
        # Both rankings put their candidates forward, and all of them are scored in every way.
        candidates = [
            models.Prefetch(query=vector, using=PASSAGE, filter=where, limit=query.candidates)
        ]
        scorers: dict[str, list[float] | list[list[float]] | models.SparseVector] = {
            PASSAGE: vector
        }
        if query.is_hybrid:
            terms = models.SparseVector(
                indices=list(query.terms.indices), values=list(query.terms.values)
            )
            scorers[TERMS] = terms
            candidates.append(
                models.Prefetch(query=terms, using=TERMS, filter=where, limit=query.candidates)
            )
        if query.sentence_weight:
            scorers[SENTENCES] = [vector]
        found = self._scores(
            models.QueryRequest(
                prefetch=candidates, query=scorer, using=name, limit=2 * query.candidates
            )
            for name, scorer in scorers.items()
        )
        scores = dict(zip(scorers, found, strict=True))
        return rank(scores[PASSAGE], scores.get(TERMS, {}), scores.get(SENTENCES, {}), query)

    def _scores(self, requests: Iterable[models.QueryRequest]) -> list[dict[UUID, float]]:
        with clear_errors():
            responses = self._client.query_batch_points(
                self._collection, list(requests), timeout=_QUERY_SECONDS
            )
        return [
            {UUID(str(point.id)): point.score for point in response.points}
            for response in responses
        ]

    def _sentence_vectors(self, record: models.Record) -> Vector:
        stored: Any = record.vector
        rows = np.asarray(stored.get(SENTENCES, []), dtype=np.float32)
        return rows.reshape(-1, self._identity.dimensions)

    def _scroll(
        self, conditions: Sequence[Condition], fields: bool | list[str]
    ) -> Iterator[dict[str, Any]]:
        offset = None
        while True:
            with clear_errors():
                records, offset = self._client.scroll(
                    self._collection,
                    to_filter(conditions),
                    _PAGE,
                    offset=offset,
                    with_payload=fields,
                )
            yield from (record.payload or {} for record in records)
            if offset is None:
                return

    def _set_payload(self, where: models.Filter, payload: dict[str, Any]) -> None:
        with clear_errors():
            self._client.set_payload(self._collection, payload, where)
