"""`python -m eval`: measurements from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from core.errors import AuskunftError, UsageError
from core.settings import load_settings
from eval.answers import AnswerScores, measure_answers
from eval.beside import (
    ANSWERS_CAPTION,
    HEADINGS,
    OURS,
    beside_table,
    measure_peers_answers,
    measure_peers_retrieval,
    retrieval_caption,
)
from eval.cases import print_cases
from eval.charts import write_charts
from eval.measurements import MEASUREMENTS
from eval.proof import PROOFS, add_commands
from eval.quality import measure_quality, print_quality, quality_charts
from eval.reliability import measure_reliability, reliability_charts, reliability_table
from eval.retrieval import Scores, measure_retrieval
from eval.scope import ScopeScores, measure_scope
from eval.security import add_command, run_security

DATA = Path("../shared/data")


def main() -> int:
    """Runs one measurement; returns the exit code."""
    options = _parser().parse_args()
    if options.command == "speed":
        from eval.speed import compare_speed

        compare_speed(options.data, load_settings(), options.documents)
        return 0
    if options.command == "changes":
        from eval.speed_changes import measure_changes

        measure_changes(load_settings(), Console(width=120), options.documents)
        return 0
    if options.command == "widget":
        from eval.speed_widget import measure_widget

        measure_widget(load_settings(), Console(width=100))
        return 0
    if options.command == "model":
        from eval.speed_model import measure_model

        measure_model(load_settings(), Console(width=100))
        return 0
    if options.command == "near":
        from eval.near import measure_near

        measure_near(options.data, load_settings(), Console(width=100), options.state)
        return 0
    if options.command == "desk":
        from eval.speed_desk import measure_desk

        measure_desk(options.data, load_settings(), Console(width=100), options.state)
        return 0
    if options.command == "quality":
        return _measure_all(options)
    if options.command in PROOFS:
        return _prove(options)
    try:
        if options.command == "reliability":
            return _measure_reliability(options)
        if options.command == "security":
            return run_security(options)
        return _measure_set(options)
    except FileNotFoundError as error:
        print(f"There is no {error.filename}.", file=sys.stderr)
        return 2
    except AuskunftError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval")
    commands = parser.add_subparsers(dest="command", required=True)

    a_set = argparse.ArgumentParser(add_help=False)
    a_set.add_argument("folder", type=Path)
    a_set.add_argument("--split", help="only questions of this split, such as dev")
    a_set.add_argument("--state", type=Path, help="keep the index here for the same set")
    a_set.add_argument("--json", action="store_true", help="print JSON instead of a table")
    showing = argparse.ArgumentParser(add_help=False)
    showing.add_argument("--wrong", action="store_true", help="show some of the wrong cases too")
    drawing = argparse.ArgumentParser(add_help=False)
    drawing.add_argument("--charts", type=Path, metavar="FOLDER", help="write charts (SVG) there")
    comparing = argparse.ArgumentParser(add_help=False)
    comparing.add_argument("--beside", action="store_true", help="plain llama-index and BM25 too")
    comparing.add_argument("--model", help="beside these, any sentence-transformers name or path")
    single = [a_set, showing]
    both = [*single, comparing]
    commands.add_parser("retrieval", parents=both, help="recall of the right document")
    commands.add_parser("answers", parents=both, help="the answering sentences of given pages")
    scope = commands.add_parser("scope", parents=single, help="what must not be answered")
    scope.add_argument("--pages", type=Path, help="the set that is in the index (default: omos-qa)")
    commands.add_parser("reliability", parents=[a_set, drawing], help="how sure the no is")

    quality = commands.add_parser(
        "quality", parents=[showing, drawing], help="every figure that is to be reached"
    )
    quality.add_argument("--data", type=Path, default=DATA)
    quality.add_argument("--json", type=Path, metavar="FILE", help="write it all here too")
    quality.add_argument("--only", action="append", choices=MEASUREMENTS, help="may be repeated")
    speed = commands.add_parser("speed", help="ingest, questions and memory beside the usual way")
    speed.add_argument("--data", type=Path, default=DATA)
    speed.add_argument("--documents", type=int, help="only so many documents of each kind")
    changes = commands.add_parser("changes", help="one changed §, what is unchanged, a re-ingest")
    changes.add_argument("--documents", type=int, default=10_000, help="so many are unchanged")
    commands.add_parser("widget", help="bytes of the widget, time to the first sentence")
    commands.add_parser("model", help="what answering with a language model adds to its own time")
    add_command(commands)
    desk = commands.add_parser("desk", help="the last key to the first results, in a browser")
    near = commands.add_parser("near", help="where the desk draws its line below passages")
    for command in (desk, near):
        command.add_argument("--data", type=Path, default=DATA)
        command.add_argument("--state", type=Path, help="keep the index here for both")
    add_commands(commands)
    return parser


def _prove(options: argparse.Namespace) -> int:
    """One of the commands about an evaluation set."""
    try:
        return PROOFS[options.command](options)
    except AuskunftError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except OSError as error:
        if not error.filename:
            raise
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What is finished is kept; the same command goes on there.", file=sys.stderr)
        return 130


def _measure_all(options: argparse.Namespace) -> int:
    """The figures that are to be reached, with charts and wrong cases where asked for."""
    wanted = options.only or list(MEASUREMENTS)
    report = measure_quality(options.data, load_settings(), wanted, Console(stderr=True))
    print_quality(report, Console(), options.wrong)
    if options.json:
        written = json.dumps(asdict(report), indent=2, ensure_ascii=False)
        options.json.write_text(written, "utf-8")
    if options.charts:
        write_charts(quality_charts(report), options.charts)
    return 1 if report.failures or any(row.failure for row in report.rows) else 0


def _measure_reliability(options: argparse.Namespace) -> int:
    """How sure the no is, in a set with questions that its pages do not answer."""
    found = measure_reliability(options.folder, load_settings(), options.split, options.state)
    if options.charts and found:
        write_charts(reliability_charts(found), options.charts)
    if options.json:
        print(
            json.dumps({language: [asdict(of) for of in bins] for language, bins in found.items()})
        )
    elif found:
        Console().print(reliability_table(found))
    else:
        _say_empty(options.folder)
    return 0


def _measure_set(options: argparse.Namespace) -> int:
    """One of the other measurements that take a folder."""
    folder, settings = options.folder, load_settings()
    scores: Mapping[str, Scores | AnswerScores | ScopeScores]
    if options.command == "retrieval":
        scores = measure_retrieval(folder, settings, options.split, options.state)
    elif options.command == "answers":
        scores = measure_answers(folder, settings, options.split, options.state)
    else:
        pages = options.pages or folder.resolve().parent / "omos-qa"
        scores = measure_scope(folder, pages, settings, options.split or "dev", options.state)
    if getattr(options, "beside", False) and scores:
        return _measure_beside(options, scores)
    rows = {language: asdict(row) for language, row in scores.items()}
    if not (options.json and options.wrong):
        for row in rows.values():
            del row["wrong"]
    if options.json:
        print(json.dumps(rows))
    elif rows:
        console = Console()
        console.print(_table(rows))
        if options.wrong:
            wrong = {language: found.wrong for language, found in scores.items()}
            print_cases(folder.resolve().name, wrong, console)
    else:
        _say_empty(folder)
    return 0


def _measure_beside(options: argparse.Namespace, ours: Mapping[str, Any]) -> int:
    """The usual ways on the same questions, in one table with ours."""
    is_retrieval = options.command == "retrieval"
    measure = measure_peers_retrieval if is_retrieval else measure_peers_answers
    peers = measure(options.folder, load_settings(), options.split, model=options.model)
    sides: dict[str, Mapping[str, Any]] = {OURS: ours, **peers}
    if options.json:
        ways = {
            way: {language: asdict(row) for language, row in side.items()}
            for way, side in sides.items()
        }
        print(json.dumps(ways))
        return 0
    caption = retrieval_caption() if is_retrieval else ANSWERS_CAPTION
    Console().print(beside_table(options.folder.resolve().name, sides, caption))
    return 0


def _say_empty(folder: Path) -> None:
    print(f"{folder} has no questions to measure this with.", file=sys.stderr)


def _table(scores: Mapping[str, dict[str, Any]]) -> Table:
    names = list(next(iter(scores.values())))
    headings = (HEADINGS.get(name, name.replace("_", " ")) for name in names)
    table = Table("language", *headings, box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    for language, row in scores.items():
        table.add_row(language, *(_cell(value) for value in row.values()))
    return table


def _cell(value: float | None) -> str:
    """A count as it is, a share with three places, and what was not measured as a dash."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
