"""The collection on a Qdrant server: created, removed, and the client's failures named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from core.errors import AuskunftError, IndexFailure, IndexUnreachable, StorageFull
from core.index import INTEGER_FIELDS, KEYWORD_FIELDS, PASSAGE, SENTENCES, TERMS, IndexIdentity

COLLECTION = "auskunft"

_CONFLICT = 409


def remove_collection(client: QdrantClient) -> None:
    """Deletes the index on the server; raises IndexUnreachable."""
    with clear_errors():
        client.delete_collection(COLLECTION)


def count_points(client: QdrantClient) -> int:
    """How many points the index on the server holds; 0 where there is none."""
    with clear_errors():
        return client.count(COLLECTION).count if client.collection_exists(COLLECTION) else 0


def prepare_collection(client: QdrantClient, identity: IndexIdentity) -> IndexIdentity:
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


@contextmanager
def clear_errors() -> Iterator[None]:
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
