"""The passage index: protocol, filters and ranking; `edge.py` and `server.py` are its engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from core.errors import IndexOutdated
from core.types import Document, Hit, Passage, PassageVectors, SparseVector, Vector

SCHEMA_VERSION = 3  # 3: passages are stored with the digest of what was embedded
NEVER = 2**31 - 1  # gen_to of a passage that stands, and valid_to of a rule without end
STAGED = NEVER - 1  # the generation in which what is prepared stands beside what is published
KEPT_GENERATIONS = 10  # that readers may still be looking at while later ones are published

# The stored point: three named vectors, and the payload fields that filters look at.
PASSAGE, SENTENCES, TERMS = "passage", "sentences", "terms"
KEYWORD_FIELDS = ("document_id", "scope", "kind", "audience")
INTEGER_FIELDS = ("gen_from", "gen_to", "valid_from", "valid_to")

EVERYBODY = ""  # audience of a passage in its document's language; a translation has its own

MIN_CANDIDATES = 50
CANDIDATES_PER_HIT = 2


Point = tuple[str, str]  # the stored text of a passage: passage id and digest


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with everything that is stored beside it; `position`: its place in the document;
    `content`: the digest of what was embedded."""

    passage: Passage
    document: Document
    vectors: PassageVectors
    terms: SparseVector
    position: int = 0
    content: str = ""


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """A passage as it is stored, payload and vectors: to be kept in a backup, or handed on to
    another index."""

    id: UUID
    payload: dict[str, Any]
    vectors: PassageVectors
    terms: SparseVector


class Validity(StrEnum):
    """Which rules a search is for, seen from a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """One question to the index. `scopes`: the jurisdictions that apply (keys, "" for everywhere),
    or None for all; `day`: the date it is asked as of; `lexical_weight`: the share of BM25, scaled
    to its maximum among the candidates, that is added to the cosine; `sentence_weight`: the share
    of the nearest sentence's cosine (MaxSim) in the passage's; `language`: the asker's, which
    leaves out translations into others, or None for all; `document_id` and `kind`: the only
    document and the only kind that is looked at, or None for all."""

    vector: Vector
    terms: SparseVector
    generation: int
    day: date
    scopes: tuple[str, ...] | None = None
    language: str | None = None
    lexical_weight: float = 0.0
    limit: int = 10
    with_sentences: bool = False
    document_id: str | None = None
    sentence_weight: float = 0.0
    kind: str | None = None
    validity: Validity = Validity.IN_FORCE

    @property
    def is_hybrid(self) -> bool:
        """Whether terms count beside the vector."""
        return self.lexical_weight > 0 and bool(self.terms.indices)

    @property
    def candidates(self) -> int:
        """How many passages each of the two rankings puts forward."""
        return max(MIN_CANDIDATES, CANDIDATES_PER_HIT * self.limit)


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """What an index was built with; another model or schema cannot read it."""

    model_id: str
    dimensions: int
    schema_version: int = SCHEMA_VERSION

    def require(self, wanted: IndexIdentity) -> None:
        """Raises IndexOutdated, naming both models, where this is not the wanted identity."""
        if self != wanted:
            raise IndexOutdated(
                f"The index was built by {self}, but {wanted} is in use; "
                "build it anew with `auskunft reindex`."
            )

    def __str__(self) -> str:
        return f"{self.model_id} ({self.dimensions} dimensions, schema {self.schema_version})"


class PassageIndex(Protocol):
    """Passages in generations: a query at generation G sees those with gen_from ≤ G < gen_to.

    The stored point's id is a UUIDv5 of passage id and digest, so that a passage's old and new
    text stand side by side until the generation moves. Any number of threads may read while one
    writes.
    """

    def check(self, identity: IndexIdentity) -> None:
        """Raises IndexOutdated, naming both models, where the index was built by another."""

    def upsert(self, passages: Sequence[IndexedPassage], gen_from: int) -> None:
        """Writes passages that will be seen from generation `gen_from` on."""

    def points(self) -> Iterator[StoredPoint]:
        """Everything that is stored, of every generation and prepared, as `insert` takes it."""

    def insert(self, points: Sequence[StoredPoint]) -> None:
        """Writes points as `points` of this or another index gives them."""

    def retire(self, points: Iterable[Point], gen_to: int) -> None:
        """Hides these passages from generation `gen_to` on; NEVER: shows them again."""

    def unstage(self, document_id: str) -> None:
        """Undoes what was prepared for a document: upserted from, and retired at, STAGED."""

    def place(self, positions: Mapping[Point, int]) -> None:
        """Gives passages that stand unchanged their new places in the document; seen at once, and
        only by `fetch`."""

    def sweep(self, generation: int) -> None:
        """Undoes what an interrupted publish left behind (gen_from > generation: deleted; gen_to >
        generation: NEVER again; STAGED stays) and deletes what ended KEPT_GENERATIONS ago."""

    def standing(self, document_id: str, generation: int) -> dict[Point, str]:
        """The passages of a document at a generation, of all its versions that stand, each with the
        digest of what was embedded."""

    def vectors(self, points: Sequence[Point]) -> dict[Point, PassageVectors]:
        """The stored vectors of these passages, without those that are gone."""

    def query(self, query: IndexQuery) -> list[Hit]:
        """The best passages, best first. score = (1 − sentence_weight) × cosine + sentence_weight ×
        the best cosine of a sentence + lexical_weight × scaled BM25."""

    def fetch(self, document_id: str, generation: int, day: date | None = None) -> list[Passage]:
        """All passages of a document at a generation, as in force on a day, in document order;
        without a day, those of all its versions that stand."""

    def count(self, generation: int) -> int:
        """How many passages stand at a generation."""

    def optimize(self) -> None:
        """Builds what makes queries of a large index fast; called once after a large write, and not
        where questions are being answered: the embedded engine stops its process for seconds."""

    def flush(self) -> None:
        """Makes everything written so far survive a power cut."""

    def close(self) -> None:
        """Releases files and connections."""


@dataclass(frozen=True, slots=True)
class Between:
    """A condition: the integer field lies between both ends, inclusive; None leaves an end open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A condition: the keyword field has one of these values."""

    field: str
    values: tuple[str, ...]


Condition = Between | AnyOf


def standing_at(generation: int) -> list[Condition]:
    """What a passage seen at a generation fulfils."""
    return [Between("gen_from", high=generation), Between("gen_to", low=generation + 1)]


def of_document(document_id: str, generation: int) -> list[Condition]:
    """What the passages of a document seen at a generation fulfil."""
    return [AnyOf("document_id", (document_id,)), *standing_at(generation)]


def in_force(day: date) -> list[Condition]:
    """What a passage that is in force on a day fulfils."""
    return [
        Between("valid_from", high=day.toordinal()),
        Between("valid_to", low=day.toordinal()),
    ]


def answering(query: IndexQuery) -> list[Condition]:
    """What a passage that may answer the query fulfils: seen, in force on the day (or to come after
    it), in scope, not a translation for others, and of the one document and kind asked for."""
    conditions = standing_at(query.generation)
    if query.validity is Validity.IN_FORCE:
        conditions += in_force(query.day)
    elif query.validity is Validity.COMING:
        conditions.append(Between("valid_from", low=query.day.toordinal() + 1))
    if query.kind is not None:
        conditions.append(AnyOf("kind", (query.kind,)))
    if query.scopes is not None:
        conditions.append(AnyOf("scope", query.scopes))
    if query.language is not None:
        conditions.append(AnyOf("audience", (EVERYBODY, query.language)))
    if query.document_id is not None:
        conditions.append(AnyOf("document_id", (query.document_id,)))
    return conditions


def written_after(generation: int) -> list[Condition]:
    """What the passages of a generation that was never reached fulfil."""
    return [Between("gen_from", low=generation + 1, high=STAGED - 1)]


def retired_after(generation: int) -> list[Condition]:
    """What the passages that only a generation never reached would have hidden fulfil."""
    return [Between("gen_to", low=generation + 1, high=STAGED - 1)]


def staged(field: str, document_id: str) -> list[Condition]:
    """What the passages prepared for a document fulfil: "gen_from" those that are new, "gen_to"
    those that end."""
    return [AnyOf("document_id", (document_id,)), Between(field, low=STAGED, high=STAGED)]


def ended_before(generation: int) -> list[Condition]:
    """What the passages that nobody looks at any more fulfil."""
    return [Between("gen_to", high=generation - KEPT_GENERATIONS)]


class Ranked(NamedTuple):
    """A candidate with its fused score and its cosine."""

    point: UUID
    score: float
    similarity: float


def rank(
    cosines: Mapping[UUID, float],
    lexical: Mapping[UUID, float],
    nearest: Mapping[UUID, float],
    query: IndexQuery,
) -> list[Ranked]:
    """The query's best candidates, best first; ties in the order of their ids.

    `cosines` has every candidate; one that is missing in `lexical` (BM25) shares no term, one that
    is missing in `nearest` (MaxSim) has no sentence.
    """
    strongest = max(lexical.values(), default=0.0)
    share = query.lexical_weight / strongest if strongest > 0 else 0.0
    ranked = [
        Ranked(
            point,
            cosine
            + query.sentence_weight * (nearest.get(point, cosine) - cosine)
            + share * lexical.get(point, 0.0),
            cosine,
        )
        for point, cosine in cosines.items()
    ]
    ranked.sort(key=lambda candidate: (-candidate.score, candidate.point))
    return ranked[: query.limit]
