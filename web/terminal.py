"""What people read in the terminal; apart, because rich takes a tenth of a second to import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

Json = dict[str, Any]

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_report(report: Json) -> None:
    """What an ingest did; failures and warnings on stderr."""
    _out.print(Text(f"{report['summary']} ({report['seconds']} s)"))
    for failure in report["failures"]:
        _err.print(Text(f"{failure['path']}: {failure['error']}", style="red"))
    for scan in report["scans"]:
        shares = [page["confidence"] for page in scan["pages"]]
        pages = f"{len(shares)} scanned page{'s' if len(shares) > 1 else ''}"
        _err.print(Text(f"{scan['path']}: {pages}, confidence {_range(shares)} %", style="dim"))
    for warning in report["warnings"]:
        _err.print(Text(f"{warning['path']}: {warning['warning']}", style="yellow"))


def _range(shares: Sequence[int]) -> str:
    low, high = min(shares), max(shares)
    return f"{low}" if low == high else f"{low} to {high}"


def print_answer(answer: Json) -> None:
    """The message, each sentence with its numbers, and the places they stand for."""
    _out.print(Text(answer["message"], style="bold"))
    for statement in answer["statements"]:
        numbers = "".join(f"[{number}]" for number in statement["citations"])
        _out.print(Text.assemble("  ", statement["text"], " ", (numbers, "cyan")))
    for change in answer["changes"]:
        _out.print(Text(f"  Ab {change['from']}: {change['text']}", style="magenta"))
        _out.print(Text(f"      {change['citation']['label']}", style="cyan"))
    for citation in answer["citations"]:
        day = citation["as_of"] or citation["valid_from"]
        stand = f" (Stand {day})" if day else ""
        _out.print(Text(f"  [{citation['number']}] {citation['label']}{stand}", style="cyan"))


def print_passages(passages: Sequence[Json]) -> None:
    """Passages with their scores, best first."""
    for passage in passages:
        _out.print(Text(f"{passage['score']:.3f}  {passage['label']}", style="cyan"))
        _out.print(Text(passage["text"], style="dim"))
    if not passages:
        _out.print("Nothing found.")


def print_settings(rows: Sequence[Json]) -> None:
    """Each setting with its value on a line of its own, its meaning and default below."""
    for row in rows:
        name, value, default, meaning = (str(field or "") for field in row.values())
        _out.print(Text(f"{name}={value}", style="bold"), soft_wrap=True)
        _out.print(Text(f"  {meaning}" + (f" (default: {default})" if default else ""), "dim"))


@contextmanager
def show_progress() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr where it is a terminal; quiet when piped."""
    if not _err.is_terminal:
        yield lambda *_: None  # a disabled bar ends with an empty line all the same
        return
    columns = [BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(
        *columns,
        TextColumn("{task.description}", markup=False),
        console=_err,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name[:60])

        yield advance
