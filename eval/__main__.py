"""`python -m eval`: measurements from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from core.settings import load_settings
from eval.retrieval import Scores, measure_retrieval


def main() -> int:
    """Runs one measurement; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval")
    commands = parser.add_subparsers(dest="command", required=True)
    retrieval = commands.add_parser("retrieval", help="recall of a retrieval set, per language")
    retrieval.add_argument("folder", type=Path)
    retrieval.add_argument("--split", help="only questions of this split, such as dev")
    retrieval.add_argument("--json", action="store_true", help="print JSON instead of a table")
    speed = commands.add_parser("speed", help="ingest, questions and memory beside the usual way")
    speed.add_argument("--data", type=Path, default=Path("../shared/data"))
    speed.add_argument("--documents", type=int, help="only so many documents of each kind")
    fitting = commands.add_parser("calibrate", help="fit the thresholds of the honest no")
    fitting.add_argument("folder", type=Path, help="a set with a train split, such as omos-qa")
    fitting.add_argument("parallel", type=Path, help="parallel sentences, one file a language")
    options = parser.parse_args()
    if options.command == "speed":
        from eval.speed import compare_speed

        compare_speed(options.data, load_settings(), options.documents)
        return 0
    if options.command == "calibrate":
        from eval.calibrate import calibrate

        print(json.dumps(calibrate(options.folder, options.parallel, load_settings()), indent=2))
        return 0
    if not (options.folder / "corpus.jsonl").is_file():
        print(f"{options.folder} holds no corpus.jsonl.", file=sys.stderr)
        return 2
    scores = measure_retrieval(options.folder, load_settings(), options.split)
    if options.json:
        print(json.dumps({language: asdict(row) for language, row in scores.items()}))
    else:
        Console().print(_table(scores))
    return 0


def _table(scores: dict[str, Scores]) -> Table:
    table = Table("language", "questions", "recall@1", "recall@5", "MRR@10")
    for language, row in scores.items():
        figures = (row.recall_1, row.recall_5, row.reciprocal_rank)
        table.add_row(language, str(row.questions), *(f"{figure:.3f}" for figure in figures))
    return table


if __name__ == "__main__":
    sys.exit(main())
