"""The questions that a preview asks: of approved entries, of an evaluation set, often asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.store import Store
from core.types import Jurisdiction, Kind, Vector
from service.questions import language_of
from service.scopes import EVERYWHERE, meeting_scopes

SET_VERSION = 1  # of an evaluation set's form
ANOTHER_DAY = "as-of-date"  # the kind of question of a set that is about the law of its own day


class QuestionSetInvalid(UsageError):
    """The file of questions cannot be used."""


class Why(StrEnum):
    """Why a question is asked."""

    APPROVED = "approved"  # an approved entry answers it
    EVALUATION = "evaluation"  # it is in the evaluation set
    OFTEN_ASKED = "often_asked"


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """A question to ask before and after. `town`: that it is asked in, as `Answerer.answer` takes
    it; `context`: what was asked before it; `day`: the only day that it is asked as of; `numbers`:
    what the evaluation set says a good answer says of amounts, days and times; `vector`: its own
    where the index has it, shape (d,)."""

    text: str
    language: str
    town: str | None
    why: Why
    context: str | None = None
    day: date | None = None
    numbers: tuple[str, ...] = ()
    vector: Vector | None = field(default=None, compare=False, repr=False)


def approved_questions(store: Store) -> Iterator[PreviewQuestion]:
    """The questions of all approved entries that citizens see today, in each of their languages;
    of places only where what is prepared may answer too."""
    standing = [version.document for version in store.registry.standing()]
    prepared = [staged.publication.version.document for staged in store.registry.staged()]
    places = [document.jurisdiction for document in standing]
    met = [meeting_scopes(document.jurisdiction, places) for document in prepared]
    generation, today = store.registry.generation(), date.today()
    entries = {d.id: d.jurisdiction for d in standing if d.kind is Kind.FAQ}
    for document_id, place in entries.items():
        scope = place.scope if place else EVERYWHERE
        if not any(scopes is None or scope in scopes for scopes in met) and scope != EVERYWHERE:
            continue
        passages = [p for p in store.index.fetch(document_id, generation, today) if p.heading]
        vectors = store.index.vectors([(p.id, p.digest) for p in passages])
        for passage in passages:
            asked, language = passage.heading, passage.language
            vector = vectors[passage.id, passage.digest].sentences[-1]  # the entry's question
            yield PreviewQuestion(asked, language, _town(place), Why.APPROVED, vector=vector)


def evaluation_questions(
    path: Path, languages: Sequence[str] | None = None
) -> Iterator[PreviewQuestion]:
    """The questions of an evaluation set (README.md beside data/questions/auental.jsonl), in all
    its languages or in some; those about another day's law as of that day. Raises
    QuestionSetInvalid where the file is none."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
        for row in [json.loads(line) for line in lines if line.strip()]:
            if (version := row.get("schema_version", SET_VERSION)) != SET_VERSION:
                raise QuestionSetInvalid(
                    f"{path} has schema version {version}, but this programme reads {SET_VERSION}."
                )
            if row.get("question"):  # not the line that names the schema
                yield from _wordings(row, languages)
    except (OSError, ValueError, TypeError, AttributeError, LookupError) as error:
        raise QuestionSetInvalid(f"The evaluation set {path} cannot be read.") from error


def often_asked(texts: Iterable[str], town: str | None = None) -> Iterator[PreviewQuestion]:
    """What citizens ask most, as questions to ask in a town."""
    for text in texts:
        yield PreviewQuestion(text, language_of(text), town, Why.OFTEN_ASKED)


def _wordings(row: dict[str, Any], languages: Sequence[str] | None) -> Iterator[PreviewQuestion]:
    day = date.fromisoformat(row["as_of"]) if row.get("kind") == ANOTHER_DAY else None
    before, numbers = row.get("context") or {}, tuple(row.get("numbers") or ())
    for language, text in row["question"].items():
        if languages is None or language in languages:
            town, context = row.get("town"), before.get(language)
            yield PreviewQuestion(text, language, town, Why.EVALUATION, context, day, numbers)


def _town(place: Jurisdiction | None) -> str | None:
    """What `town` takes for a place; None for one that is everywhere."""
    return (place.key or place.name) if place and place.scope != EVERYWHERE else None
