"""Whether bad statements are caught and good ones pass: `data/questions/statements.jsonl`, checked
against the sample town's documents."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from core.settings import Settings, load_settings
from core.store import Store, open_store
from core.types import Hit
from eval.dataset import QUESTIONS, alone, follow, ingest_folder, read_rows
from eval.load import percentiles
from eval.questions import SetInvalid
from service.aligned import read_ahead
from service.checking import Checked, check_draft
from service.drafted import Draft
from service.retrieve import Query, retrieve

SET = QUESTIONS / "statements.jsonl"
DAY = date(2026, 11, 1)  # of which the statements were written
GOOD = "good"
ALL = "all"
PASSAGES = 40  # more than any document of the sample town has that is found by a quote of its own


@dataclass(frozen=True, slots=True)
class Made:
    """A statement that was made, good or bad (`fault`: how), and where its fact stands: a passage
    of a document, named by words that stand in it."""

    id: str
    fact: str
    document_id: str
    quote: str
    language: str
    text: str
    fault: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A statement, what the check said of it, and how long that took, in seconds."""

    made: Made
    checked: Checked
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether a bad one was caught, or a good one passed."""
        return bool(self.checked.faults) == bool(self.made.fault)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many bad statements there are and were caught, good ones and wrongly dropped."""

    bad: int
    caught: int
    good: int
    dropped: int


def load_made(path: Path = SET) -> list[Made]:
    """The set."""
    return [Made(**row) for row in read_rows(path)]


def measure_statements(
    documents: Path, settings: Settings, made: Sequence[Made], state: Path | None = None
) -> list[Outcome]:
    """Every statement checked against its passage in an index of the documents alone, which is in
    `state` or gone afterwards. Raises SetInvalid where a quote stands nowhere."""
    if state is None:
        with tempfile.TemporaryDirectory() as name:
            return measure_statements(documents, settings, made, Path(name))
    own = alone(settings, state)
    with open_store(own) as store:
        ingest_folder(documents, store, own, documents.name)
        return check_made(store, made)


def check_made(store: Store, made: Sequence[Made]) -> list[Outcome]:
    """What the check says of every statement."""
    places = {(one.document_id, one.quote): one for one in made}
    hits = {place: find_passage(store, *place) for place in places}
    drafts = [(one, Draft(one.text, one.language, (1,))) for one in made]
    for one, draft in drafts[:5]:  # models load
        check_draft(draft, [hits[one.document_id, one.quote]], store.encoder)
    outcomes = []
    for one, draft in follow(drafts, "Checking"):
        cited = [hits[one.document_id, one.quote]]
        read_ahead(cited, store.encoder)  # as while a model writes
        started = time.perf_counter()
        checked = check_draft(draft, cited, store.encoder)
        outcomes.append(Outcome(one, checked, time.perf_counter() - started))
    return outcomes


def find_passage(store: Store, document_id: str, quote: str) -> Hit:
    """The passage of a document that holds a quote, found as questions find theirs; raises
    SetInvalid where there is none."""
    query = Query(
        text=quote,
        language="de",
        vector=store.encoder.encode_question(quote, "de"),
        scopes=None,
        day=DAY,
        generation=store.registry.generation(),
        document_id=document_id,
    )
    for hit in retrieve(store, query, PASSAGES):
        if quote in " ".join(hit.passage.text.split()):
            return hit
    raise SetInvalid(f"“{quote}” does not stand in {document_id}.")


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """The counts of some outcomes."""
    outcomes = list(outcomes)
    bad = [one for one in outcomes if one.made.fault]
    good = [one for one in outcomes if not one.made.fault]
    return Tally(
        bad=len(bad),
        caught=sum(one.is_right for one in bad),
        good=len(good),
        dropped=sum(not one.is_right for one in good),
    )


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The counts of all, by kind and by language, and the time of one check in milliseconds."""
    kinds = sorted({one.made.fault or GOOD for one in outcomes})
    languages = sorted({one.made.language for one in outcomes})
    return {
        ALL: asdict(tally(outcomes)),
        "kinds": {
            kind: asdict(tally(one for one in outcomes if (one.made.fault or GOOD) == kind))
            for kind in kinds
        },
        "languages": {
            language: asdict(tally(one for one in outcomes if one.made.language == language))
            for language in languages
        },
        "milliseconds": percentiles([one.seconds for one in outcomes]),
    }


def add_command(commands: Any, documents: Path) -> None:
    """Adds the command to those of `python -m eval`."""
    command = commands.add_parser("statements", help="bad statements caught, good ones dropped")
    command.add_argument("--set", type=Path, default=SET, help="statements of the same form")
    command.add_argument("--documents", type=Path, default=documents, help="what they are from")
    command.add_argument("--state", type=Path, help="keep the index here")
    command.add_argument("--json", action="store_true", help="print JSON instead of tables")
    command.add_argument("--wrong", action="store_true", help="show what went wrong")


def run_statements(options: argparse.Namespace) -> int:
    """Prints the tables."""
    outcomes = measure_statements(
        options.documents, load_settings(), load_made(options.set), options.state
    )
    summary = {"set": _set_name(options.set), **summarise(outcomes)}
    if options.json:
        print(json.dumps(summary))
        return 0
    console = Console(width=110)
    for name in ("kinds", "languages"):
        console.print(_table(name, summary))
    taken = summary["milliseconds"]
    print(f"One check takes {taken['p50']:.1f} ms (p50), {taken['p95']:.1f} ms (p95).")
    if options.wrong:
        _print_wrong(outcomes, console)
    return 0


def _set_name(path: Path) -> str:
    """What the statements are; those that rules and thresholds were chosen on tell too well."""
    return "development set" if path.resolve() == SET.resolve() else path.name


def _table(name: str, summary: dict[str, Any]) -> Table:
    table = Table(box=SIMPLE, caption=summary["set"])
    for heading in (name, "caught", "of", "dropped", "of"):
        table.add_column(heading, no_wrap=True)
    for row, counts in summary[name].items():
        table.add_row(row, *_cells(counts))
    table.add_row(ALL, *_cells(summary[ALL]), style="bold")
    return table


def _cells(counts: dict[str, int]) -> tuple[str, str, str, str]:
    """Shares and counts; a dash where there are none."""
    caught = f"{counts['caught'] / counts['bad']:.3f}" if counts["bad"] else "–"
    dropped = f"{counts['dropped'] / counts['good']:.3f}" if counts["good"] else "–"
    return caught, str(counts["bad"]), dropped, str(counts["good"])


def _print_wrong(outcomes: Sequence[Outcome], console: Console) -> None:
    for one in outcomes:
        if not one.is_right:
            said = ", ".join(one.checked.faults) or "passed"
            proof = [
                p.hit.passage.quote(p.hit.passage.sentences[p.sentence]) for p in one.checked.picks
            ]
            lines = f"{one.made.id} ({one.made.fault or GOOD}): {said}\n    {one.made.text}"
            lines += "".join(f"\n    {quote}" for quote in proof)
            console.print(lines, markup=False, highlight=False, soft_wrap=True)
