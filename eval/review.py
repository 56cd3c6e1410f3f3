"""A person looks through the questions of a set in the terminal: keeps, mends or drops each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from core.errors import UsageError
from eval.decisions import (
    Decision,
    Verdict,
    load_decisions,
    load_set,
    save_decisions,
    save_set,
)
from eval.mending import Ask, Edit, mend_all, mend_fields
from eval.questions import SetInvalid, SetRow

_KEYS = "k keep, m mend, d drop, s skip, b back, q stop"
_KEYS_WITH_EDITOR = "k keep, m mend, e mend all in the editor, d drop, s skip, b back, q stop"


class NobodyThere(UsageError):
    """A review asks a person; please run it in a terminal."""


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many questions were kept, mended and dropped now, and how many nobody has looked at."""

    kept: int
    mended: int
    dropped: int
    left: int


def review_file(path: Path, console: Console | None = None) -> int:
    """Reviews a set in this terminal, with single keys where it is one, and prints what was done;
    piped lines answer too. Returns the exit code. Raises SetInvalid, and NobodyThere where nothing
    answers."""
    console = console or Console()
    is_terminal = sys.stdin.isatty()
    asked = 0

    def ask_line(prompt: str) -> str:
        nonlocal asked
        answer = input(prompt)
        asked += 1
        return answer

    try:
        counts = review_set(
            path,
            ask_line,
            console,
            ask_key=_read_key if is_terminal else None,
            edit=_edit if is_terminal else None,
        )
    except KeyboardInterrupt:
        _say(console, "\nStopped; what was decided is kept.")
        return 130
    if not is_terminal and not asked and counts.left:
        raise NobodyThere
    _say(
        console,
        f"{counts.kept} kept, {counts.mended} mended, {counts.dropped} dropped, {counts.left} left "
        f"in {path}.",
    )
    return 0


def review_set(
    path: Path,
    ask: Ask,
    console: Console,
    *,
    ask_key: Ask | None = None,
    edit: Edit | None = None,
) -> ReviewCounts:
    """Shows each question that nobody has decided about and does what is answered, until all are
    through, "q", or the end of the input. Every decision is on disk before the next question is
    shown. `ask_key` asks for the one letter, where it is not `ask`; `edit` opens an editor.

    Raises SetInvalid where the set or the decisions beside it cannot be used.
    """
    if not path.exists():
        raise SetInvalid(f"There is no {path}; make one with `python -m eval make {path}`.")
    rows = load_set(path)
    decided = load_decisions(path)
    waiting = [row for row in rows if not _is_decided(row, decided)]
    if not waiting:
        _say(console, "There is no question left to look at.")
    order = [row.id for row in rows]
    review = _Review(path, order, ask, ask_key or ask, edit, console)
    total, before = len(rows), len(rows) - len(waiting)
    place = 0
    while place < len(waiting):
        row = review.latest(waiting[place])
        review.show(row, before + place + 1, total)
        step = review.decide(row)
        if step is None:
            break
        place = max(0, place + step)
    decided = load_decisions(path)
    return review.counts(sum(not _is_decided(row, decided) for row in load_set(path)))


def _is_decided(row: SetRow, decided: dict[str, Decision]) -> bool:
    """Whether a person has kept or mended a question. One that was dropped and stands there again,
    as after a crash, is asked about again."""
    decision = decided.get(row.id)
    return decision is not None and decision.decision is not Verdict.DROPPED


class _Review:
    """One sitting: what was decided in it, and how to ask."""

    def __init__(
        self,
        path: Path,
        order: Sequence[str],
        ask: Ask,
        ask_key: Ask,
        edit: Edit | None,
        console: Console,
    ) -> None:
        self.path, self.ask, self.ask_key = path, ask, ask_key
        self.edit, self.console = edit, console
        self.places = {row_id: number for number, row_id in enumerate(order)}
        self.verdicts: dict[str, Verdict] = {}
        self.changed: dict[str, SetRow] = {}

    def counts(self, left: int) -> ReviewCounts:
        """What was decided, the last word on each question."""
        given = list(self.verdicts.values())
        return ReviewCounts(
            given.count(Verdict.KEPT),
            given.count(Verdict.MENDED),
            given.count(Verdict.DROPPED),
            left,
        )

    def latest(self, row: SetRow) -> SetRow:
        """A row as it was mended in this sitting, where it was."""
        return self.changed.get(row.id, row)

    def show(self, row: SetRow, number: int, total: int) -> None:
        """Prints a question with what answers it, a line each."""
        verdict = self.verdicts.get(row.id)
        self.say("")
        self.say(f"Question {number} of {total}" + (f" ({verdict} just now)" if verdict else ""))
        self.say(
            f"Kind: {row.kind}, asked as of {row.as_of}" + (f" in {row.town}" * bool(row.town))
        )
        for language, text in row.question.items():
            self.say(f"Question ({language}): {text}")
        for language, text in (row.context or {}).items():
            self.say(f"Asked before ({language}): {text}")
        self.say(f"Answer: {row.reference or 'none'}")
        if row.numbers:
            self.say(f"Numbers: {'; '.join(row.numbers)}")
        for source in row.sources:
            fact = f" (fact {source.fact})" if source.fact is not None else ""
            self.say(f"Source{fact}: {source.document_id}, {source.section}: “{source.quote}”")

    def decide(self, row: SetRow) -> int | None:
        """Does what is answered about a question; returns by how many questions to go on, or None
        to stop."""
        while True:
            keys = _KEYS_WITH_EDITOR if self.edit else _KEYS
            try:
                key = self.ask_key(f"{keys}: ").strip().casefold()
                if key == "k":
                    self.keep(row, Verdict.KEPT)
                    return 1
                if key == "d":
                    self.drop(row)
                    return 1
                if key == "m":
                    self.keep(mend_fields(row, self.ask, self.say), Verdict.MENDED)
                    return 1
                if key == "e" and self.edit:
                    if (edited := mend_all(row, self.edit, self.say)) is None:
                        continue
                    self.keep(edited, Verdict.MENDED)
                    return 1
            except EOFError:
                return None
            if key in ("s", "b"):
                return 1 if key == "s" else -1
            if key == "q":
                return None
            self.say(f"Please type one of these letters: {keys}.")

    def keep(self, row: SetRow, verdict: Verdict) -> None:
        """Writes a question, then that it was looked at."""
        rows = [other for other in load_set(self.path) if other.id != row.id]
        rows.append(row)  # it may have been dropped a moment ago
        rows.sort(key=lambda other: self.places.get(other.id, len(self.places)))
        save_set(self.path, rows)
        self.changed[row.id] = row
        self.note(row, verdict)

    def drop(self, row: SetRow) -> None:
        """Writes that a question was dropped, then takes it out."""
        self.note(row, Verdict.DROPPED)
        save_set(self.path, [other for other in load_set(self.path) if other.id != row.id])

    def note(self, row: SetRow, verdict: Verdict) -> None:
        """Writes a decision."""
        decisions = load_decisions(self.path) | {row.id: Decision(row.id, verdict, date.today())}
        save_decisions(self.path, decisions.values())
        self.verdicts[row.id] = verdict

    def say(self, text: str) -> None:
        """Prints a plain line."""
        _say(self.console, text)


def _say(console: Console, text: str) -> None:
    """Prints plain words; what a document may hold beside them cannot steer the terminal."""
    safe = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
    console.print(safe, markup=False, highlight=False, soft_wrap=True)


def _read_key(prompt: str) -> str:
    """One key, without Enter."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    key = click.getchar()
    sys.stdout.write(f"{key if key.isprintable() else ''}\n")
    return key


def _edit(text: str) -> str | None:
    """A text as it was saved in the person's editor ($VISUAL or $EDITOR)."""
    return click.edit(text, extension=".yaml")
