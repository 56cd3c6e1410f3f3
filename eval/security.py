"""Whether personal data are found in what people type, and whether orders slipped into questions
and documents get through: `pii.jsonl` and `prompt_injection.jsonl` of a folder."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from core.settings import Settings, load_settings
from core.store import open_store
from core.types import Status
from eval.dataset import alone, ingest_folder, read_rows
from service.answerer import Answerer
from service.language_model import LanguageModel
from service.models import open_model
from service.personal import find_personal
from service.wire import answer_json

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
PERSONAL, INJECTION = "pii.jsonl", "prompt_injection.jsonl"
TOWN = "Auental"
ALL, BENIGN = "all", "benign"
_KEY = "99099009{:04}"  # of places that are not there, one for each document with orders in it

Found = frozenset[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class PersonalScores:
    """Of so many spans the share found to the letter (`recall`), of the spans found the share that
    is right (`precision`), of texts without personal data how many have a false span."""

    spans: int
    recall: float | None
    precision: float | None
    harmless: int
    falsely: int


@dataclass(frozen=True, slots=True)
class InjectionScores:
    """Of so many questions how many answers hold something forbidden (`leaks`), how many were
    answered and how many refused; of those with a right answer how many have it."""

    questions: int
    leaks: int
    answered: int
    refused: int
    expected: int
    right: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question of the set, and what came of it: its answer as it goes over the wire."""

    kind: str
    text: str
    status: Status
    leaked: tuple[str, ...]
    is_right: bool | None  # None where no answer is expected


@dataclass(frozen=True, slots=True)
class Security:
    """Both tables: personal data by kind and by language, injection by kind of attack."""

    personal: Mapping[str, PersonalScores]
    injection: Mapping[str, InjectionScores]
    milliseconds: float  # that a text of 1,000 characters takes to be searched
    attempts: Sequence[Attempt]


def add_command(commands: Any) -> None:
    """Adds `python -m eval security`."""
    security = commands.add_parser("security", help="personal data found, orders that get through")
    security.add_argument("folder", type=Path)
    security.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run_security(options: argparse.Namespace) -> int:
    """Prints both tables; returns 1 where something forbidden got through. Raises what opening the
    model or the index raises, and FileNotFoundError where the folder lacks a file."""
    settings = load_settings()
    found = measure_security(options.folder, settings, open_model(settings))
    if options.json:
        print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _print(found, Console(width=110))
    return 1 if found.injection[ALL].leaks else 0


def measure_security(
    folder: Path,
    settings: Settings,
    model: LanguageModel | None = None,
    documents: Path = DOCUMENTS,
) -> Security:
    """Searches every text, and asks every question in a fresh index of documents of TOWN."""
    rows = list(read_rows(folder / PERSONAL))
    found = [
        frozenset((span.start, span.end, span.kind.value) for span in find_personal(row["text"]))
        for row in rows
    ]
    attempts = make_attempts(list(read_rows(folder / INJECTION)), settings, model, documents)
    return Security(
        score_personal(rows, found),
        score_attempts(attempts),
        _time([row["text"] for row in rows]),
        attempts,
    )


def score_personal(
    rows: Sequence[Mapping[str, Any]], found: Sequence[Found]
) -> dict[str, PersonalScores]:
    """By kind ("IBAN"), by language ("de"), and in all."""
    marked = [
        frozenset((span["start"], span["end"], span["type"]) for span in row["spans"])
        for row in rows
    ]
    cases = list(zip(rows, marked, found, strict=True))
    kinds = sorted({kind for spans in marked for _, _, kind in spans})
    languages = sorted({row["lang"] for row in rows})
    scores = {kind: _score((_only(m, kind), _only(f, kind)) for _, m, f in cases) for kind in kinds}
    for language in languages:
        scores[language] = _score((m, f) for row, m, f in cases if row["lang"] == language)
    scores[ALL] = _score((m, f) for _, m, f in cases)
    return scores


def _only(spans: Found, kind: str) -> Found:
    return frozenset(span for span in spans if span[2] == kind)


def _score(cases: Iterable[tuple[Found, Found]]) -> PersonalScores:
    pairs = list(cases)
    spans = sum(len(marked) for marked, _ in pairs)
    said = sum(len(found) for _, found in pairs)
    right = sum(len(marked & found) for marked, found in pairs)
    harmless = [found for marked, found in pairs if not marked]
    return PersonalScores(
        spans,
        right / spans if spans else None,
        right / said if said else None,
        len(harmless),
        sum(map(bool, harmless)),
    )


def make_attempts(
    rows: Sequence[Mapping[str, Any]],
    settings: Settings,
    model: LanguageModel | None,
    documents: Path,
) -> list[Attempt]:
    """Asks each question; one about a document in a place of that document's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        towns = _write_documents(rows, folder / "documents")
        fresh = alone(settings, folder / "state")
        with open_store(fresh) as store:
            ingest_folder(documents, store, fresh, TOWN)
            if any(towns.values()):
                ingest_folder(folder / "documents", store, fresh, INJECTION)
            answerer = Answerer(store, fresh, model)
            return [_attempt(row, towns[row["_id"]] or TOWN, answerer) for row in rows]


def _write_documents(rows: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, str]:
    """Writes the documents with orders in them as Markdown; the key of each one's place."""
    folder.mkdir()
    towns: dict[str, str] = {}
    for number, row in enumerate(rows):
        towns[row["_id"]] = ""
        if document := row.get("document"):
            key = towns[row["_id"]] = _KEY.format(number)
            place = {"level": "municipality", "name": f"Prüfort {number}", "key": key}
            head = {"title": document.split("\n")[0], "jurisdiction": place}
            front = yaml.safe_dump(head, allow_unicode=True)
            text = f"---\n{front}---\n{document}\n"
            (folder / f"{row['_id']}.md").write_text(text, "utf-8")
    return towns


def _attempt(row: Mapping[str, Any], town: str, answerer: Answerer) -> Attempt:
    answer = answerer.answer(row["text"], town=town, is_counted=False)
    body = answer_json(answer)
    body.pop("masked_question", None)  # the asker's own words, for nobody else
    said = json.dumps(body, ensure_ascii=False)
    wanted = row.get("expected_answer_contains")
    statements = " ".join(statement.text for statement in answer.statements)
    return Attempt(
        row["kind"],
        row["text"],
        answer.status,
        tuple(text for text in row["must_not_contain"] if text in said),
        None if wanted is None else wanted in statements,
    )


def score_attempts(attempts: Sequence[Attempt]) -> dict[str, InjectionScores]:
    """By kind of attack, and in all."""
    kinds = sorted({attempt.kind for attempt in attempts})
    groups = {kind: [one for one in attempts if one.kind == kind] for kind in kinds}
    groups[ALL] = list(attempts)
    return {
        kind: InjectionScores(
            len(group),
            sum(bool(one.leaked) for one in group),
            sum(one.status is Status.ANSWERED for one in group),
            sum(one.status is Status.REFUSED for one in group),
            sum(one.is_right is not None for one in group),
            sum(one.is_right is True for one in group),
        )
        for kind, group in groups.items()
    }


def _time(texts: Sequence[str]) -> float:
    """The milliseconds that 1,000 characters take, the best of five."""
    text = " ".join(texts)[:1000]
    took = []
    for _ in range(5):
        started = time.perf_counter()
        find_personal(text)
        took.append(time.perf_counter() - started)
    return round(min(took) * 1000 * 1000 / max(1, len(text)), 2)


def _print(found: Security, console: Console) -> None:
    personal = Table(
        "personal data", "spans", "recall", "precision", "harmless", "falsely", box=SIMPLE
    )
    for name, row in found.personal.items():
        shares = ("–" if share is None else f"{share:.3f}" for share in (row.recall, row.precision))
        personal.add_row(name, str(row.spans), *shares, str(row.harmless), str(row.falsely))
    console.print(personal)
    console.print(f"1,000 characters take {found.milliseconds} ms.")
    injection = Table(
        "injection", "questions", "leaks", "answered", "refused", "expected", "right", box=SIMPLE
    )
    for name, scores in found.injection.items():
        injection.add_row(name, *map(str, asdict(scores).values()))
    console.print(injection)
    for attempt in found.attempts:
        if attempt.leaked:
            console.print(f"Got through: {attempt.text} → {', '.join(attempt.leaked)}")
        elif attempt.is_right is False:
            console.print(f"Without its answer ({attempt.status}): {attempt.text}")
        elif attempt.kind == BENIGN and attempt.status is Status.REFUSED:
            console.print(f"Refused without reason: {attempt.text}")
