"""The stored form of a passage: its point id and payload, and the way back to a hit."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from core.index import EVERYBODY, NEVER, IndexedPassage, Ranked, StoredPoint
from core.types import (
    Document,
    Hit,
    Jurisdiction,
    Kind,
    Level,
    Passage,
    PassageVectors,
    Related,
    Sentence,
    SparseVector,
    Vector,
)

_POINTS = UUID("8d1c5f0e-3a0b-5c4e-9a55-6f2f0d1a7b43")  # namespace of the point ids
_ALWAYS = 0  # valid_from of a rule without beginning; no day has this ordinal
_EVERYWHERE = ""  # scope of a document without jurisdiction, and the federal key


def point_id(passage_id: str, digest: str) -> UUID:
    """The id under which this text of a passage is stored."""
    return uuid5(_POINTS, f"{passage_id}\n{digest}")


def to_payload(indexed: IndexedPassage, gen_from: int) -> dict[str, Any]:
    """The stored form of a passage and its document: each fact once, missing ones left out, days as
    ordinals; `from_payload` reads it."""
    passage, document = indexed.passage, indexed.document
    jurisdiction = document.jurisdiction
    payload = {
        "id": passage.id,
        "digest": passage.digest,
        "content": indexed.content,
        "document_id": passage.document_id,
        "position": indexed.position,
        "section": passage.section,
        "heading": passage.heading,
        "context": passage.context,
        "text": passage.text,
        "page": passage.page,
        "sentences": [[s.start, s.end, s.page, s.mark] for s in passage.sentences],
        "language": passage.language,
        "audience": EVERYBODY if passage.language == document.language else passage.language,
        "title": document.title,
        "short_title": document.short_title or None,
        "kind": document.kind.value,
        "document_language": document.language,
        "scope": jurisdiction.scope if jurisdiction else _EVERYWHERE,
        "jurisdiction": jurisdiction
        and [jurisdiction.level.value, jurisdiction.name, jurisdiction.key],
        "url": document.url,
        "links": [[link.title, link.kind.value, link.url] for link in document.links] or None,
        "valid_from": _to_ordinal(document.valid_from, _ALWAYS),
        "valid_to": _to_ordinal(document.valid_to, NEVER),
        "as_of": document.as_of and document.as_of.toordinal(),
        "gen_from": gen_from,
        "gen_to": NEVER,
    }
    return {field: value for field, value in payload.items() if value is not None}


def to_stored(indexed: IndexedPassage, gen_from: int) -> StoredPoint:
    """The point that a passage is stored as."""
    identifier = point_id(indexed.passage.id, indexed.passage.digest)
    return StoredPoint(identifier, to_payload(indexed, gen_from), indexed.vectors, indexed.terms)


def to_terms(stored: Any) -> SparseVector:
    """The terms as an engine gives them back; None: a passage without any."""
    if stored is None:
        return SparseVector((), ())
    return SparseVector(tuple(stored.indices), tuple(stored.values))


def from_payload(payload: Mapping[str, Any]) -> tuple[Passage, Document]:
    """The passage and its document as `to_payload` stored them."""
    passage = Passage(
        id=payload["id"],
        document_id=payload["document_id"],
        section=payload["section"],
        heading=payload["heading"],
        context=payload["context"],
        text=payload["text"],
        page=payload.get("page"),
        sentences=tuple(Sentence(*sentence) for sentence in payload["sentences"]),
        language=payload["language"],
        digest=payload["digest"],
    )
    document = Document(
        id=payload["document_id"],
        title=payload["title"],
        kind=Kind(payload["kind"]),
        language=payload["document_language"],
        jurisdiction=_to_jurisdiction(payload.get("jurisdiction")),
        url=payload.get("url"),
        valid_from=_to_date(payload["valid_from"]),
        valid_to=_to_date(payload["valid_to"]),
        as_of=_to_date(payload.get("as_of", _ALWAYS)),
        short_title=payload.get("short_title", ""),
        links=tuple(
            Related(title, Kind(kind), url) for title, kind, url in payload.get("links", ())
        ),
    )
    return passage, document


def to_hit(candidate: Ranked, payload: Mapping[str, Any], sentence_vectors: Vector | None) -> Hit:
    """The hit that a ranked candidate and its stored payload make."""
    passage, document = from_payload(payload)
    return Hit(passage, document, candidate.score, candidate.similarity, sentence_vectors)


def in_document_order(payloads: Iterable[Mapping[str, Any]]) -> list[Passage]:
    """The passages of one document's payloads by their position."""
    ordered = sorted(payloads, key=lambda payload: (payload["position"], payload["id"]))
    return [from_payload(payload)[0] for payload in ordered]


def _to_jurisdiction(stored: Sequence[Any] | None) -> Jurisdiction | None:
    if stored is None:
        return None
    level, name, key = stored
    return Jurisdiction(Level(level), name, key)


def _to_ordinal(day: date | None, missing: int) -> int:
    return missing if day is None else day.toordinal()


def _to_date(ordinal: int) -> date | None:
    return None if ordinal in (_ALWAYS, NEVER) else date.fromordinal(ordinal)


def point_to_json(point: StoredPoint) -> dict[str, Any]:
    """A stored point as JSON, its vectors in half precision as both engines keep them;
    `point_from_json` reads it."""
    return {
        "id": str(point.id),
        "payload": point.payload,
        "passage": _packed(point.vectors.passage),
        "sentences": _packed(point.vectors.sentences),
        "terms": [list(point.terms.indices), list(point.terms.values)],
    }


def point_from_json(fields: Mapping[str, Any]) -> StoredPoint:
    """The stored point that `point_to_json` made."""
    passage = _unpacked(fields["passage"])
    sentences = _unpacked(fields["sentences"]).reshape(-1, len(passage))
    indices, values = fields["terms"]
    return StoredPoint(
        UUID(fields["id"]),
        fields["payload"],
        PassageVectors(passage, sentences),
        SparseVector(tuple(indices), tuple(values)),
    )


def _packed(vector: Vector) -> str:
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


def _unpacked(text: str) -> Vector:
    return np.frombuffer(base64.b64decode(text), "<f2").astype(np.float32)
