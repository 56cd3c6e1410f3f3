"""The collections on a Qdrant server: created, switched, removed, the client's failures named.

The first one is called COLLECTION. One that is built anew beside it has a name of its own, and
takes its place when the alias IN_USE comes to point to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from uuid import uuid4

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from core.errors import AuskunftError, IndexFailure, IndexOutdated, IndexUnreachable, StorageFull
from core.index import INTEGER_FIELDS, KEYWORD_FIELDS, PASSAGE, SENTENCES, TERMS, IndexIdentity

COLLECTION = "auskunft"
IN_USE = "auskunft-in-use"

REPLACED = "The index has been built anew; start this site or command again to use it."

_OURS = re.compile(rf"{COLLECTION}(-[0-9a-f]{{32}})?")
_NOT_FOUND = 404
_CONFLICT = 409


def collection_in_use(client: QdrantClient) -> str:
    """The name of the collection that answers; it may not be there yet."""
    with clear_errors():
        aliases = client.get_aliases().aliases
    found = [alias.collection_name for alias in aliases if alias.alias_name == IN_USE]
    return found[0] if found else COLLECTION


def collection_beside() -> str:
    """A new name, for a collection that is built anew."""
    return f"{COLLECTION}-{uuid4().hex}"


def switch_to(client: QdrantClient, collection: str) -> None:
    """Lets a collection answer from now on, at once for everyone who opens the index."""
    create = models.CreateAlias(collection_name=collection, alias_name=IN_USE)
    changes: list[models.AliasOperations] = [models.CreateAliasOperation(create_alias=create)]
    if collection_in_use(client) != COLLECTION:
        delete = models.DeleteAlias(alias_name=IN_USE)
        changes.insert(0, models.DeleteAliasOperation(delete_alias=delete))
    with clear_errors():
        client.update_collection_aliases(changes)


def remove_others(client: QdrantClient, collection: str) -> None:
    """Deletes our collections but for one: earlier ones, and what was never finished."""
    with clear_errors():
        for found in client.get_collections().collections:
            if found.name != collection and _OURS.fullmatch(found.name):
                client.delete_collection(found.name)


def remove_collection(client: QdrantClient) -> None:
    """Deletes the index on the server, all that was built of it; raises IndexUnreachable."""
    remove_others(client, "")


def count_points(client: QdrantClient) -> int:
    """How many points the index on the server holds; 0 where there is none."""
    collection = collection_in_use(client)
    with clear_errors():
        return client.count(collection).count if client.collection_exists(collection) else 0


def prepare_collection(
    client: QdrantClient, collection: str, identity: IndexIdentity
) -> IndexIdentity:
    """Creates what is missing of collection and payload indexes; the identity it was built with."""
    if not client.collection_exists(collection):
        try:
            _create(client, collection, identity)
        except UnexpectedResponse as error:
            if error.status_code != _CONFLICT:  # another process was quicker
                raise
    found = client.get_collection(collection)
    fields = dict.fromkeys(KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD)
    fields |= dict.fromkeys(INTEGER_FIELDS, models.PayloadSchemaType.INTEGER)
    for field in fields.keys() - found.payload_schema.keys():
        client.create_payload_index(collection, field, fields[field])
    try:
        return IndexIdentity(**(found.config.metadata or {}))
    except TypeError as error:
        raise IndexFailure(
            f"The collection {collection!r} on the Qdrant server was not made by Auskunft, "
            "or the server is older than version 1.16."
        ) from error


def _create(client: QdrantClient, collection: str, identity: IndexIdentity) -> None:
    half = models.Datatype.FLOAT16
    client.create_collection(
        collection,
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
    if error.status_code == _NOT_FOUND:
        return IndexOutdated(REPLACED)
    if b"No space left" in error.content or b"disk space" in error.content:
        return StorageFull()
    return IndexFailure(f"The Qdrant server refused: {error.status_code} {error.reason_phrase}.")
