"""Evaluation sets: questions with what answers them and where it stands, checked on loading.

A set is a .jsonl file. Its first line is `{"schema_version": 1}`, every other a question in one or
more languages: `id`, `kind`, `as_of` (the day it is asked), `says_day` (true where its own words
name that day's year, so that the day is not sent along; else left out), `town` (or null),
`question` and `context` (what was asked before, or null) by language, `status` (how it must end),
`reference` (the answer in the documents' language), `numbers` (that must be in the answer) and
`sources`, each with `document_id`, `section` and `quote`. Where several places prove the same fact
of the answer, so that any of them will do, these share a number, `fact`; a source without one
proves a fact of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.entries import entries_of
from core.errors import UsageError
from core.languages import SUPPORTED
from core.store import Store
from core.types import Kind, Passage, Status

SCHEMA_VERSION = 1


class SetInvalid(UsageError):
    """The evaluation set cannot be used."""


class QuestionKind(StrEnum):
    """What makes a question easy or hard."""

    FACT = "fact"
    AMOUNT = "amount"
    DEADLINE = "deadline"
    PROCEDURE = "procedure"
    TWO_STEP = "two-step"
    COMPARISON = "comparison"
    AS_OF_DATE = "as-of-date"
    FOLLOW_UP = "follow-up"
    UNANSWERABLE = "unanswerable"
    OTHER_TOWN = "other-town"
    FALSE_PREMISE = "false-premise"
    PERSONAL = "personal"
    INJECTION = "injection"


class Source(BaseModel):
    """A place that holds (a part of) the answer, and its words. `fact`: which of the answer's facts
    it proves; None where no other place proves the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document_id: str
    section: str
    quote: str = Field(min_length=1)
    fact: int | None = Field(default=None, exclude_if=lambda fact: fact is None)


class SetRow(BaseModel):
    """A question in all its languages, as a line of the file holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    kind: QuestionKind
    as_of: date
    says_day: bool = False
    town: str | None = None
    question: Mapping[str, str] = Field(min_length=1)
    context: Mapping[str, str] | None = None
    status: Status
    reference: str
    numbers: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question in one language, and what its answer must be, as of a day; `sent_day`: that day,
    None where the question says it."""

    id: str
    language: str
    kind: QuestionKind
    text: str
    context: str | None
    town: str | None
    as_of: date
    sent_day: date | None
    status: Status
    reference: str
    numbers: tuple[str, ...]
    sources: tuple[Source, ...]


def load_rows(path: Path) -> list[SetRow]:
    """The rows of a set. Raises SetInvalid, naming the line, where one cannot be used."""
    try:
        # what Windows may put before a file is skipped; a text may hold other line ends
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"The evaluation set {path} cannot be read.") from error
    rows: dict[str, SetRow] = {}
    for number, line in enumerate(lines, start=1):
        if number == 1:
            _check_version(path, line)
        elif line.strip():
            row = _parse(path, number, line)
            if row.id in rows:
                raise SetInvalid(f"{path}, line {number}: the id {row.id} stands twice.")
            rows[row.id] = row
    if not rows:
        raise SetInvalid(f"{path} holds no questions.")
    return list(rows.values())


def write_rows(path: Path, rows: Iterable[SetRow]) -> None:
    """Writes a set, whole or not at all."""
    lines = [json.dumps({"schema_version": SCHEMA_VERSION})]
    lines += [json.dumps(row.model_dump(mode="json"), ensure_ascii=False) for row in rows]
    written = path.with_name(f"{path.name}.new")
    written.write_text("\n".join(lines) + "\n", "utf-8")
    written.replace(path)


def questions_of(
    rows: Iterable[SetRow], languages: Sequence[str] | None = None
) -> Iterator[EvaluationQuestion]:
    """Every row in every language, or in those that are named."""
    for row in rows:
        for language, text in row.question.items():
            if languages is None or language in languages:
                yield EvaluationQuestion(
                    id=row.id,
                    language=language,
                    kind=row.kind,
                    text=text,
                    context=row.context[language] if row.context else None,
                    town=row.town,
                    as_of=row.as_of,
                    sent_day=None if row.says_day else row.as_of,
                    status=row.status,
                    reference=row.reference,
                    numbers=row.numbers,
                    sources=row.sources,
                )


def facts_of(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources by the fact that they prove: of those of one fact any will do."""
    facts: dict[tuple[int, int | None], list[Source]] = {}
    for number, source in enumerate(sources):
        alone = number if source.fact is None else -1
        facts.setdefault((alone, source.fact), []).append(source)
    return list(facts.values())


def locate_entries(store: Store) -> dict[tuple[str, str], str]:
    """For each wording of an FAQ's entries, as (document, section), the place of the entry: that of
    its wording in the document's own language."""
    registry = store.registry
    return {
        (version.document.id, question): f"{version.document.id} {entry.questions[0][1]}"
        for version in registry.standing()
        if version.document.kind is Kind.FAQ
        for entry in entries_of(registry.sections(version.document.id, version.number) or ())
        for _, question in entry.questions
    }


def locate_sources(
    rows: Sequence[SetRow], store: Store
) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """For each source, as (document, section, quote), the ids of the passages that hold the quote
    or, where the section's passages hold it only together, of all of them; none where the documents
    no longer hold it."""
    generation = store.registry.generation()
    passages: dict[str, list[Passage]] = {}
    places: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for source in (source for row in rows for source in row.sources):
        if source.document_id not in passages:
            passages[source.document_id] = store.index.fetch(source.document_id, generation)
        found = _holding(source, passages[source.document_id])
        places[source.document_id, source.section, source.quote] = found
    return places


def faults_of(rows: Sequence[SetRow], store: Store) -> list[str]:
    """What is wrong with a set beside these documents, in sentences: sources that they do not hold,
    and numbers that an answer must have and no source of it holds."""
    places = locate_sources(rows, store)
    faults = []
    broken = [
        f"{row.id} ({source.document_id}, {source.section})"
        for row in rows
        for source in row.sources
        if not places[source.document_id, source.section, source.quote]
    ]
    if broken:
        named = ", ".join(broken[:10]) + (" …" if len(broken) > 10 else "")
        does = "source does" if len(broken) == 1 else "sources do"
        faults.append(f"{len(broken)} {does} not stand in the documents: {named}")
    for row in rows:
        quoted = packed(" ".join(source.quote for source in row.sources))
        if missing := [number for number in row.numbers if packed(number) not in quoted]:
            faults.append(f"{row.id}: no source holds {', '.join(missing)}.")
    return faults


def check_set(rows: Sequence[SetRow], store: Store) -> None:
    """Raises SetInvalid with the first fault of a set."""
    if faults := faults_of(rows, store):
        raise SetInvalid(faults[0])


def _holding(source: Source, passages: Sequence[Passage]) -> tuple[str, ...]:
    own = [passage for passage in passages if passage.section == source.section]
    quote = packed(source.quote)
    alone = tuple(passage.id for passage in own if quote in packed(passage.text))
    if alone:
        return alone
    together = packed(" ".join(passage.text for passage in own))
    return tuple(passage.id for passage in own) if quote in together else ()


def packed(text: str) -> str:
    """A text without its white space, to compare what is verbatim but for that."""
    return "".join(text.split())


def _check_version(path: Path, line: str) -> None:
    try:
        found = json.loads(line)["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise SetInvalid(
            f'{path} does not begin with {{"schema_version": {SCHEMA_VERSION}}}.'
        ) from error
    if found != SCHEMA_VERSION:
        raise SetInvalid(
            f"{path} has schema version {found}, but this programme reads {SCHEMA_VERSION}."
        )


def _parse(path: Path, number: int, line: str) -> SetRow:
    try:
        row = SetRow.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise SetInvalid(f"{path}, line {number}: {where}: {first['msg']}.") from error
    is_answered = row.status is Status.ANSWERED
    if is_answered != bool(row.sources) or (is_answered and not row.reference):
        raise SetInvalid(
            f"{path}, line {number}: {row.id} must have a reference and sources if it is to be "
            "answered, and no sources if not."
        )
    if unknown := set(row.question) - set(SUPPORTED):
        raise SetInvalid(
            f"{path}, line {number}: {row.id} is asked in {min(unknown)}, which is "
            f"none of {', '.join(SUPPORTED)}."
        )
    if row.context is not None and (missing := set(row.question) - set(row.context)):
        raise SetInvalid(f"{path}, line {number}: {row.id} has no context in {min(missing)}.")
    return row
