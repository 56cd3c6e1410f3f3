"""`python -m eval suite`, `compare`, `gate`, `make`, `review` and `statements`: sets, runs and
reports, from the command line."""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from core.languages import SUPPORTED
from core.settings import Settings, load_settings
from core.store import Store, open_store
from eval.arguments import LAST, PREVIOUS, count, run_name, seconds
from eval.comparison import compare_runs, print_comparison
from eval.dataset import alone, ingest_folder, open_standing, terminal
from eval.drafting.rows import IndexEmpty
from eval.gate import GATE, check_gate, load_bars, print_gate, targets_of
from eval.questions import SetInvalid, SetRow, faults_of, load_rows, questions_of
from eval.ragas_suite import run_set
from eval.report import summarise, write_report
from eval.runs import Row, Run, load_run, write_run
from eval.statements import add_command, run_statements
from eval.weaknesses import count_failures
from service.language_model import LanguageModel
from service.models import open_model

PROJECT = Path(__file__).parent.parent
SET = PROJECT / "data/questions/auental.jsonl"
JUDGED = PROJECT / "data/questions/judged.jsonl"
DOCUMENTS = PROJECT / "data/documents"


def add_commands(commands: Any) -> None:
    """Adds the commands to those of `python -m eval`."""
    measuring = argparse.ArgumentParser(add_help=False)
    measuring.add_argument("--set", type=Path, default=SET, help="the evaluation set")
    measuring.add_argument(
        "--documents",
        type=Path,
        default=DOCUMENTS,
        help="the folder that is asked (default: the sample town)",
    )

    suite = commands.add_parser("suite", parents=[measuring], help="the evaluation set, a report")
    suite.add_argument("--language", action="append", choices=SUPPORTED, help="may be repeated")
    suite.add_argument(
        "--standing", action="store_true", help="ask what stands in the town's index instead"
    )
    suite.add_argument(
        "--model", action="store_true", help="answer in the configured model's words"
    )
    suite.add_argument(
        "--name", type=run_name, help="keep this run by a name, to compare others with"
    )
    suite.add_argument("--baseline", help="a run that was kept by a name")
    suite.add_argument("--workers", type=count, help="questions at a time (asked 1, judged 4)")
    suite.add_argument("--judge", action="store_true", help="have the configured model judge too")
    suite.add_argument(
        "--seconds", type=seconds, default=120, help="for one answer of the judge (default: 120)"
    )

    compare = commands.add_parser("compare", help="two runs, question by question")
    for command in (suite, compare):
        command.add_argument(
            "--out", type=Path, help="where report and runs are kept (default: STATE_DIR/eval)"
        )
    compare.add_argument("before", help="a run's name or file")
    compare.add_argument("after", help="a run's name or file")

    commands.add_parser("gate", parents=[measuring], help="what must not get worse; 1 if it did")

    make = commands.add_parser("make", help="draft a set from the documents in the index")
    make.add_argument(
        "set", type=Path, metavar="SET.jsonl", help="the set that drafts are added to"
    )
    make.add_argument("--limit", type=count, default=80, help="new drafts at most")
    make.add_argument("--language", nargs="+", default=["de"], choices=SUPPORTED)

    review = commands.add_parser("review", help="keep, mend or drop each draft of a set")
    review.add_argument("set", type=Path, metavar="SET.jsonl")

    add_command(commands, DOCUMENTS)


def run_suite(options: argparse.Namespace) -> int:
    """Runs the set and writes the report; of the sample town's, prints what is below the gate."""
    rows, bars, settings = load_rows(options.set), load_bars(GATE), load_settings()
    out = _out(options, settings)
    if not list(questions_of(rows, options.language)):
        raise SetInvalid(f"{options.set} has no questions in {', '.join(options.language)}.")
    baseline = find_run(out, options.baseline) if options.baseline else None
    model = _language_model(settings) if options.model else None
    if options.judge:
        from eval.judge import require_judge

        require_judge(settings)
    folder = hashlib.sha256(str(options.documents.resolve()).encode()).hexdigest()[:8]
    with _asked(options, settings, out / "index" / folder) as (store, own):
        _tell_faults(rows, store)
        run = run_set(
            rows,
            store,
            own,
            out / "rows",
            name=options.name or LAST,
            set_name=options.set.name,
            languages=options.language,
            workers=options.workers or 1,
            model=model,
        )
        run = replace(run, head=replace(run.head, is_standing=options.standing))
        if options.judge:
            run = _judge(run, store, own, out, options)
    for failed in count_failures(run.rows):
        reasons = "; ".join(f"{count} × {reason}" for reason, count in failed.reasons.items())
        print(f"{failed.metric}: {failed.rows} missing ({reasons})")
    last = out / f"{LAST}.jsonl"
    previous = _load_last(last)
    if previous:
        last.replace(out / f"{PREVIOUS}.jsonl")
    for name in {LAST, options.name or LAST}:
        write_run(out / f"{name}.jsonl", run)
    paths = write_report(summarise(run, baseline, previous, targets_of(bars)), out, "report")
    if options.set.resolve() == SET:
        print_gate(check_gate(run.rows, bars), Console())
    print(f"The report is {paths['html']}.")
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Prints how two runs differ."""
    out = _out(options, load_settings())
    before, after = (find_run(out, name) for name in (options.before, options.after))
    print_comparison(compare_runs(before, after), Console())
    return 0


def run_gate(options: argparse.Namespace) -> int:
    """Asks the set of a fresh index; 1 where a figure is below its bar."""
    rows, bars = load_rows(options.set), load_bars(GATE)
    options.standing = False
    with (
        tempfile.TemporaryDirectory() as name,
        _asked(options, load_settings(), Path(name, "index")) as (store, own),
    ):
        _tell_faults(rows, store)
        run = run_set(rows, store, own, Path(name))
    reached = check_gate(run.rows, bars)
    print_gate(reached, Console())
    below = [one for one in reached if not one.is_passed]
    print(f"{len(reached) - len(below)} passed, {len(below)} failed")
    return 1 if below else 0


def _out(options: argparse.Namespace, settings: Settings) -> Path:
    """The folder of report and runs: the named one, else that of the state folder."""
    return Path(options.out or settings.state_dir / "eval")


def _language_model(settings: Settings) -> LanguageModel:
    """The model of the settings; raises SetInvalid where there is none, and as `open_model`."""
    model = open_model(settings)
    if model is None:
        raise SetInvalid("No language model is set; see AUSKUNFT_LLM_… in docs/models.md.")
    return model


def find_run(folder: Path, name: str) -> Run:
    """A run by its file or the name that it was kept by; raises SetInvalid."""
    kept = folder / f"{name}.jsonl"
    if kept.exists():
        return load_run(kept)
    if Path(name).exists():
        return load_run(Path(name))
    names = ", ".join(sorted(path.stem for path in folder.glob("*.jsonl"))) or "none"
    raise SetInvalid(f"There is no run {name}; kept are: {names}.")


def _load_last(path: Path) -> Run | None:
    """The last run; None where there is none, or none that can be read, which is told."""
    try:
        return load_run(path) if path.exists() else None
    except SetInvalid as error:
        print(f"{error} It is not compared with.", file=sys.stderr)
        return None


@contextmanager
def _asked(
    options: argparse.Namespace, settings: Settings, state: Path
) -> Iterator[tuple[Store, Settings]]:
    """The store that is asked: the town's own, or one of the folder's documents alone."""
    if options.standing:
        with open_standing(settings) as store:
            if not store.registry.standing():
                raise IndexEmpty
            yield store, settings
        return
    if not options.documents.exists():
        raise SetInvalid(f"There is no folder {options.documents}.")
    own = alone(settings, state)
    with open_store(own) as store:
        report = ingest_folder(options.documents, store, own, options.documents.name, prune=True)
        for path, error in report.failures:
            print(f"{path}: {error}", file=sys.stderr)
        yield store, own


def _tell_faults(rows: Sequence[SetRow], store: Store) -> None:
    """Prints what in a set does not fit the documents; it is asked all the same, as what changed in
    a document is to be seen in the figures."""
    for fault in faults_of(rows, store):
        print(fault, file=sys.stderr)


def _judge(
    run: Run, store: Store, settings: Settings, out: Path, options: argparse.Namespace
) -> Run:
    """The run with what the configured model says of its answers."""
    from eval.agreement import load_judged, measure_agreement
    from eval.judge import WORKERS, open_judge, run_judge

    judge = open_judge(settings, out / "judge", store.encoder, seconds=options.seconds)
    items, workers = load_judged(JUDGED), options.workers or WORKERS
    judged: dict[tuple[str, str], Row] = {}
    with Progress(console=terminal(), transient=True) as bar:
        answers = bar.add_task(f"Judging {len(run.rows)} answers", total=len(run.rows))
        labelled = bar.add_task(f"Judging {len(items)} labelled answers", total=len(items))

        def keep(row: Row) -> None:
            judged[row.key] = row
            bar.advance(answers)

        run_judge(judge, run.rows, keep, workers)
        agreement = measure_agreement(judge, items, workers, lambda: bar.advance(labelled))
    cost = judge.cost()
    print(cost)
    print(agreement)
    head = replace(
        run.head,
        judge=settings.llm_model,
        judge_tokens=(cost.prompt_tokens, cost.completion_tokens),
        judge_agreement=str(agreement),
        is_judge_trusted=agreement.is_trusted,
    )
    return Run(head, [judged[row.key] for row in run.rows])


def run_make(options: argparse.Namespace) -> int:
    """Drafts questions, for a person to review."""
    from eval.drafts import make_set

    return make_set(options.set, load_settings(), options.limit, options.language)


def run_review(options: argparse.Namespace) -> int:
    """Shows drafts one by one."""
    from eval.review import review_file

    return review_file(options.set)


PROOFS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "suite": run_suite,
    "compare": run_compare,
    "gate": run_gate,
    "make": run_make,
    "review": run_review,
    "statements": run_statements,
}
