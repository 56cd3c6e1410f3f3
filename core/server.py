"""The remote engine of the passage index: a collection on a Qdrant server or cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from core.errors import AuskunftError, IndexFailure, IndexUnreachable, StorageFull
from core.index import (
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    NEVER,
    PASSAGE,
    SENTENCES,
    TERMS,
    Between,
    Condition,
    IndexedPassage,
    IndexIdentity,
    IndexQuery,
    Ranked,
    answering,
    ended_by,
    of_document,
    rank,
    retired_after,
    standing_at,
    written_after,
)
from core.payload import in_document_order, point_id, to_hit, to_payload
from core.types import Hit, Passage, Vector

COLLECTION = "auskunft"

_BATCH = 64  # passages per request: about 5 MB of JSON, of the 32 MB that a server takes
_PAGE = 1000  # records per read
_CONFLICT = 409


class ServerIndex:
    """A `PassageIndex` on a server; every write is acknowledged before it returns."""

    def __init__(self, client: QdrantClient, identity: IndexIdentity) -> None:
        """Uses the server's collection, creating it with `identity` where there is none; raises
        IndexUnreachable, IndexFailure."""
        self._client = client
        with _clear_errors():
            self._identity = _prepare(client, identity)

    def check(self, identity: IndexIdentity) -> None:
        """Raises IndexOutdated, naming both models, where the index was built by another."""
        self._identity.require(identity)

    def upsert(self, passages: Sequence[IndexedPassage], gen_from: int) -> None:
        """Writes passages that will be seen from generation `gen_from` on; raises StorageFull."""
        for start in range(0, len(passages), _BATCH):
            points = [_point(item, gen_from) for item in passages[start : start + _BATCH]]
            with _clear_errors():
                self._client.upsert(COLLECTION, points)

    def retire(self, points: Iterable[tuple[str, str]], gen_to: int) -> None:
        """Hides the passages with these (passage id, digest) from generation `gen_to` on."""
        ids = [point_id(*point) for point in points]
        self._set_payload(_with_ids(ids), {"gen_to": gen_to})

    def place(self, positions: Mapping[tuple[str, str], int]) -> None:
        """Gives passages, by (passage id, digest), their places in the document."""
        operations = [
            models.SetPayloadOperation(
                set_payload=models.SetPayload(
                    payload={"position": position}, filter=_with_ids([point_id(*point)])
                )
            )
            for point, position in positions.items()
        ]
        with _clear_errors():
            self._client.batch_update_points(COLLECTION, operations)

    def sweep(self, generation: int) -> None:
        """Undoes what an interrupted publish left behind and deletes what ended."""
        with _clear_errors():
            for conditions in (written_after(generation), ended_by(generation)):
                self._client.delete(COLLECTION, _filter(conditions))
        self._set_payload(_filter(retired_after(generation)), {"gen_to": NEVER})

    def standing(self, document_id: str, generation: int) -> dict[str, str]:
        """The passages of a document at a generation: passage id → digest."""
        payloads = self._scroll(of_document(document_id, generation), ["id", "digest"])
        return {payload["id"]: payload["digest"] for payload in payloads}

    def query(self, query: IndexQuery) -> list[Hit]:
        """The best passages, best first, scored as the protocol says."""
        ranked = self._rank(query)
        with _clear_errors():
            records = self._client.retrieve(
                COLLECTION,
                [candidate.point for candidate in ranked],
                with_payload=True,
                with_vectors=[SENTENCES] if query.with_sentences else False,
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

    def fetch(self, document_id: str, generation: int) -> list[Passage]:
        """All passages of a document at a generation, in document order."""
        return in_document_order(self._scroll(of_document(document_id, generation), True))

    def count(self, generation: int) -> int:
        """How many passages stand at a generation."""
        with _clear_errors():
            return self._client.count(COLLECTION, _filter(standing_at(generation))).count

    def optimize(self) -> None:
        """Does nothing: a server optimises by itself."""

    def flush(self) -> None:
        """Does nothing: what a server has acknowledged stands in its log."""

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _rank(self, query: IndexQuery) -> list[Ranked]:
        where = _filter(answering(query))
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
        with _clear_errors():
            responses = self._client.query_batch_points(COLLECTION, list(requests))
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
            with _clear_errors():
                records, offset = self._client.scroll(
                    COLLECTION, _filter(conditions), _PAGE, offset=offset, with_payload=fields
                )
            yield from (record.payload or {} for record in records)
            if offset is None:
                return

    def _set_payload(self, where: models.Filter, payload: dict[str, Any]) -> None:
        with _clear_errors():
            self._client.set_payload(COLLECTION, payload, where)


def remove_collection(client: QdrantClient) -> None:
    """Deletes the index on the server; raises IndexUnreachable."""
    with _clear_errors():
        client.delete_collection(COLLECTION)


def _prepare(client: QdrantClient, identity: IndexIdentity) -> IndexIdentity:
    """Creates what is missing of collection and payload indexes; the identity it was built with."""
    if not client.collection_exists(COLLECTION):
        try:
            _create(client, identity)
        except UnexpectedResponse as error:
            if error.status_code != _CONFLICT:  # another process was quicker
                raise
    collection = client.get_collection(COLLECTION)
    fields = dict.fromkeys(KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD)
    fields |= dict.fromkeys(INTEGER_FIELDS, models.PayloadSchemaType.INTEGER)
    for field in fields.keys() - collection.payload_schema.keys():
        client.create_payload_index(COLLECTION, field, fields[field])
    try:
        return IndexIdentity(**(collection.config.metadata or {}))
    except TypeError as error:
        raise IndexFailure(
            f"The collection {COLLECTION!r} on the Qdrant server was not made by Auskunft, "
            "or the server is older than version 1.16."
        ) from error


def _create(client: QdrantClient, identity: IndexIdentity) -> None:
    half = models.Datatype.FLOAT16
    client.create_collection(
        COLLECTION,
        vectors_config={
            PASSAGE: models.VectorParams(
                size=identity.dimensions, distance=models.Distance.COSINE, datatype=half
            ),
            SENTENCES: models.VectorParams(
                size=identity.dimensions,
                distance=models.Distance.COSINE,
                datatype=half,
                multivector_config=models.MultiVectorConfig(
                    comparator=models.MultiVectorComparator.MAX_SIM
                ),
                hnsw_config=models.HnswConfigDiff(m=0),  # only fetched, never searched
                on_disk=True,
            ),
        },
        sparse_vectors_config={TERMS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        metadata=asdict(identity),
    )


def _point(item: IndexedPassage, gen_from: int) -> models.PointStruct:
    vectors: dict[str, Any] = {PASSAGE: item.vectors.passage.tolist()}
    if len(item.vectors.sentences):  # the server refuses empty multivectors
        vectors[SENTENCES] = item.vectors.sentences.tolist()
    if item.terms.indices:
        vectors[TERMS] = models.SparseVector(
            indices=list(item.terms.indices), values=list(item.terms.values)
        )
    identifier = point_id(item.passage.id, item.passage.digest)
    return models.PointStruct(id=identifier, vector=vectors, payload=to_payload(item, gen_from))


def _filter(conditions: Iterable[Condition]) -> models.Filter:
    return models.Filter(must=[_condition(condition) for condition in conditions])


def _condition(condition: Condition) -> models.FieldCondition:
    if isinstance(condition, Between):
        ends = models.Range(gte=condition.low, lte=condition.high)
        return models.FieldCondition(key=condition.field, range=ends)
    any_of = models.MatchAny(any=list(condition.values))
    return models.FieldCondition(key=condition.field, match=any_of)


def _with_ids(ids: Sequence[UUID]) -> models.Filter:
    return models.Filter(must=[models.HasIdCondition(has_id=list(ids))])


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Names the client's failures as ours."""
    try:
        yield
    except ResponseHandlingException as error:
        raise IndexUnreachable from error
    except UnexpectedResponse as error:
        raise _named(error) from error


def _named(error: UnexpectedResponse) -> AuskunftError:
    if error.status_code in (401, 403):
        return IndexUnreachable("The Qdrant server refuses the key; check AUSKUNFT_QDRANT_API_KEY.")
    if b"No space left" in error.content or b"disk space" in error.content:
        return StorageFull()
    return IndexFailure(f"The Qdrant server refused: {error.status_code} {error.reason_phrase}.")
