"""Sentences of other documents that still say what a new version no longer says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.encoder import PassageInput
from core.index import STAGED, IndexQuery
from core.labels import label
from core.lexical import encode_terms_query
from core.store import Store
from core.types import Document, Hit, Kind, Vector
from service.retrieve import LEXICAL_WEIGHT
from service.sentences import vectors_of

# Cosine of two sentences that speak of one thing. In the sample town, of each amount, date and
# period of its statutes and the sentences elsewhere that say the same one: 86 of 104 that are about
# the same matter are nearer than this, and 1 that is not.
NEAR = 0.87
PASSAGES = 50  # in which such sentences are sought, for each changed one

ReadValues = Callable[[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """An amount, date or period of a document that changed: as it was written, the sentence that it
    stood in, what it means however it is written ("zwei Wochen" and "2 Wochen" mean the same), and
    what is written now, None where nothing took its place."""

    document: Document
    sentence: str
    old: str
    meaning: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A sentence of another document that still says the old value, and where it stands."""

    change: ChangedValue
    document: Document
    label: str
    sentence: str
    nearness: float  # cosine with the sentence that changed


def find_conflicts(
    store: Store,
    changed: Sequence[ChangedValue],
    scopes: tuple[str, ...] | None,
    day: date,
    read_values: ReadValues,
) -> list[Conflict]:
    """The sentences of other documents in force on a day that speak of the same thing and still say
    the old value, the nearest first; each once for a value and what takes its place.

    They are sought in what citizens will see once everything that is prepared is published, of the
    jurisdictions `scopes` (`service.scopes`; None: all), in the languages that documents are
    written in: their translations follow them. What another statute says is a rule of its own, not
    a copy of the one that changed. `read_values` gives what the values of a sentence mean.
    """
    sentences = {(change.document, change.sentence) for change in changed}
    vectors = {key: _vector(store, *key) for key in sentences}
    hits = {key: _search(store, *key, vectors[key], scopes, day) for key in sentences}
    nearest: dict[tuple[str, str, str, str | None], Conflict] = {}
    for change in changed:
        key = change.document, change.sentence
        for conflict in _said_still(change, hits[key], vectors[key], read_values):
            said = conflict.document.id, conflict.sentence, change.meaning, change.new
            if said not in nearest or conflict.nearness > nearest[said].nearness:
                nearest[said] = conflict
    return sorted(nearest.values(), key=lambda conflict: -conflict.nearness)


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """A conflict in plain types, for the API and `--json`."""
    return {
        "document_id": conflict.document.id,
        "title": conflict.document.title,
        "label": conflict.label,
        "sentence": conflict.sentence,
        "old": conflict.change.old,
        "new": conflict.change.new,
        "changed_document_id": conflict.change.document.id,
        "changed_sentence": conflict.change.sentence,
    }


def _vector(store: Store, document: Document, sentence: str) -> Vector:
    """The vector of a sentence as it stands in its document, shape (d,); where it is not found
    there, as it stands below the document's title."""
    passages = store.index.fetch(document.id, store.registry.generation())
    for passage in passages:
        for number, own in enumerate(passage.sentences):
            if _squeeze(passage.quote(own)) == _squeeze(sentence):
                point = passage.id, passage.digest
                if stored := store.index.vectors([point]).get(point):
                    return _row(stored.sentences, number)
    alone = PassageInput(document.title, sentence, ((0, len(sentence)),))
    return _row(store.encoder.encode_passages([alone])[0].sentences, 0)


def _row(vectors: Vector, number: int) -> Vector:
    row: Vector = vectors[number]
    return row


def _search(
    store: Store,
    document: Document,
    sentence: str,
    vector: Vector,
    scopes: tuple[str, ...] | None,
    day: date,
) -> list[Hit]:
    return store.index.query(
        IndexQuery(
            vector=vector,
            terms=encode_terms_query(sentence, document.language),
            generation=STAGED,
            day=day,
            scopes=scopes,
            language=document.language,
            lexical_weight=LEXICAL_WEIGHT,
            sentence_weight=1.0,
            limit=PASSAGES,
            with_sentences=True,
        )
    )


def _said_still(
    change: ChangedValue, hits: Sequence[Hit], vector: Vector, read_values: ReadValues
) -> Iterator[Conflict]:
    for hit in hits:
        is_rule_of_its_own = {hit.document.kind, change.document.kind} == {Kind.STATUTE}
        if is_rule_of_its_own or hit.document.id == change.document.id:
            continue
        for sentence, nearness in zip(hit.passage.sentences, vectors_of(hit) @ vector, strict=True):
            quote = hit.passage.quote(sentence)
            if nearness >= NEAR and change.meaning in read_values(quote):
                place = label(hit.document, hit.passage.section, sentence.page, sentence.mark)
                yield Conflict(change, hit.document, place, quote, float(nearness))


def _squeeze(text: str) -> str:
    return " ".join(text.split())
