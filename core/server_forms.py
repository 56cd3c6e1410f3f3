"""Points and conditions as the Qdrant server takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from qdrant_client import models

from core.index import PASSAGE, SENTENCES, TERMS, Between, Condition, StoredPoint


def to_point(point: StoredPoint) -> models.PointStruct:
    """A point as the server stores it."""
    vectors: dict[str, Any] = {PASSAGE: point.vectors.passage.tolist()}
    if len(point.vectors.sentences):  # the server refuses empty multivectors
        vectors[SENTENCES] = point.vectors.sentences.tolist()
    if point.terms.indices:
        vectors[TERMS] = models.SparseVector(
            indices=list(point.terms.indices), values=list(point.terms.values)
        )
    return models.PointStruct(id=point.id, vector=vectors, payload=point.payload)


def to_filter(conditions: Iterable[Condition]) -> models.Filter:
    """A filter for what fulfils all conditions."""
    return models.Filter(must=[_condition(condition) for condition in conditions])


def _condition(condition: Condition) -> models.FieldCondition:
    if isinstance(condition, Between):
        ends = models.Range(gte=condition.low, lte=condition.high)
        return models.FieldCondition(key=condition.field, range=ends)
    any_of = models.MatchAny(any=list(condition.values))
    return models.FieldCondition(key=condition.field, match=any_of)


def with_ids(ids: Sequence[UUID]) -> models.Filter:
    """A filter for these points."""
    return models.Filter(must=[models.HasIdCondition(has_id=list(ids))])
