"""Questions about one town among neighbours with near-identical by-laws: checked and measured."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

from core.languages import SUPPORTED
from core.settings import Settings
from core.store import open_store
from core.types import Answer, Level, Status
from eval.dataset import Row, alone, read_rows, write_documents
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer

AS_OF = date(2026, 11, 22)  # the day whose law the questions ask for
# Places whose by-laws the selector was trained on (data/questions/laws.jsonl).
TRAINED_ON = frozenset({"Konstanz", "Landkreis Konstanz", "Schwieberdingen"})


@dataclass(frozen=True, slots=True)
class TownQuestion:
    """A question about a place, asked in `town` (name or key; None where the text names the place),
    and the spellings of the right value. A place without documents has no `document_id`."""

    id: str
    text: str
    lang: str
    town: str | None
    place: str
    document_id: str | None
    section: str | None
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class TownScores:
    """Shares, that of right values over the places not trained on and over the others; and how many
    answers cite a municipality that was not asked about (`other_town`)."""

    questions: int
    right_value: float
    right_value_trained_on: float
    other_town: int
    absent: int
    absent_refused: float
    per_language: dict[str, float]
    wrong: list[Row]


def check_towns(questions: Path, documents: Path) -> list[str]:
    """The faults of a set, a sentence each; empty where it fits its documents."""
    asked = [TownQuestion(**row) for row in read_rows(questions)]
    laws = {row["_id"]: row for row in read_rows(documents)}
    told = Counter(name for q in asked for name in (q.id, f"“{q.text}” asked in {q.town}"))
    faults = [f"{name} stands there {count} times." for name, count in told.items() if count > 1]
    return faults + [f"{q.id}: {fault}" for q in asked for fault in _faults(q, laws)]


def ingest_towns(documents: Path, state: Path, settings: Settings) -> None:
    """Fills an empty state folder with the by-laws of a .jsonl file."""
    fresh = alone(settings, state)
    with tempfile.TemporaryDirectory() as name, open_store(fresh) as store:
        write_documents(documents, Path(name))
        ingest([Path(name)], Publisher(store), fresh)


def measure_towns(
    questions: Path, documents: Path, settings: Settings, state: Path | None = None
) -> TownScores:
    """Asks every question in the index of `state`, which holds the documents, or in a fresh one."""
    if state is None:
        with tempfile.TemporaryDirectory() as name:
            ingest_towns(documents, Path(name), settings)
            return measure_towns(questions, documents, settings, Path(name))
    asked = [TownQuestion(**row) for row in read_rows(questions)]
    keys = {row["town"]: row["ars"] for row in read_rows(documents)}
    fresh = alone(settings, state)
    with open_store(fresh) as store:
        answerer = Answerer(store, fresh)
        answers = [answerer.answer(q.text, town=q.town, as_of=AS_OF) for q in asked]
    rows = [(q, answer, _is_right(q, answer)) for q, answer in zip(asked, answers, strict=True)]
    present = [(q.lang, is_right) for q, _, is_right in rows if q.document_id]
    by_place = [(q.place in TRAINED_ON, is_right) for q, _, is_right in rows if q.document_id]
    groups = {name: [ok for lang, ok in present if lang == name] for name in dict(present)}
    absent = [is_right for q, _, is_right in rows if not q.document_id]
    return TownScores(
        questions=len(rows),
        right_value=fmean([ok for is_trained_on, ok in by_place if not is_trained_on] or [0]),
        right_value_trained_on=fmean(
            [ok for is_trained_on, ok in by_place if is_trained_on] or [0]
        ),
        other_town=sum(_cites_other_town(answer, keys.get(q.place)) for q, answer, _ in rows),
        absent=len(absent),
        absent_refused=fmean(absent or [0]),
        per_language={language: fmean(group) for language, group in groups.items()},
        wrong=[_outcome(q, answer) for q, answer, is_right in rows if not is_right],
    )


def holds_value(text: str, values: Iterable[str]) -> bool:
    """Whether a value stands in a text, white space aside and not as part of a longer number."""
    patterns = (r"\s*".join(map(re.escape, value.split())) for value in values)
    return any(re.search(rf"(?<!\d)(?<!\d[.,:]){p}(?![.,:]?\d)", text) for p in patterns)


def _faults(question: TownQuestion, laws: Mapping[str, Row]) -> list[str]:
    """What is wrong with one question."""
    town, place = question.town, question.place
    section, values = question.section, question.values
    towns = {law[field] for law in laws.values() for field in ("town", "ars")}
    found = {f"The language {question.lang} is not supported.": question.lang not in SUPPORTED}
    if question.document_id is None:
        found[f"There are documents of {place}, but none is named."] = place in towns
        found[f"The town {town} has no documents to ask in."] = town not in {None, *towns}
        found["Without a document there is no value or section."] = bool(section or values)
    elif law := laws.get(question.document_id):
        text, of = law["text"], law["town"]
        is_in_force = law["status"] != "ausser_kraft" and (law["valid_from"] or "") <= str(AS_OF)
        found[f"The document is not in force on {AS_OF}."] = not is_in_force
        found[f"The document is of {of}, not of {place}."] = place != of
        found[f"The town {town} is not the document's, {of}."] = town not in (None, of, law["ars"])
        found[f"The document has no {section}."] = not holds_value(text, [section or ""])
        found[f"None of {values} stands in the document."] = not holds_value(text, values)
    else:
        found[f"There is no document {question.document_id}."] = True
    return [fault for fault, is_found in found.items() if is_found]


def _is_right(question: TownQuestion, answer: Answer) -> bool:
    """Whether the value is said from its place's documents, or an absent place refused."""
    if question.document_id is None:
        return answer.status in (Status.OTHER_TOWN, Status.NOT_IN_DOCUMENTS)
    proofs: dict[int, str] = {}
    for c in answer.citations:
        place = c.document.jurisdiction
        if c.document.id == question.document_id or (place and place.name == question.place):
            proofs[c.number] = c.quote
    said = [s.text for s in answer.statements if not proofs.keys().isdisjoint(s.citations)]
    return any(holds_value(text, question.values) for text in [*proofs.values(), *said])


def _cites_other_town(answer: Answer, asked: str | None) -> bool:
    places = [citation.document.jurisdiction for citation in answer.citations]
    return any(p and p.level is Level.MUNICIPALITY and p.key != asked for p in places)


def _outcome(question: TownQuestion, answer: Answer) -> Row:
    cited = [f"{c.document.id} {c.section}: {c.quote}" for c in answer.citations]
    return {"id": question.id, "text": question.text, "status": answer.status, "cited": cited}
