"""The history of benchmarks: dated tables in a Markdown file, with machine and commit."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

MARKER = "## History"
UNKNOWN = "unknown"

_ROOT = Path(__file__).parent.parent
_CHAPTER = re.compile(r"^(?=## )", re.MULTILINE)
_ENTRY = re.compile(r"^(?=### )", re.MULTILINE)
_DAY = re.compile(r"### (\d{4}-\d\d-\d\d), ")


def record_benchmark(
    path: Path, rows: Sequence[Sequence[str]], machine: str, commit: str, day: date
) -> None:
    """Puts a table, its headings first, under `## History` of a Markdown file, the newest day on
    top. What this commit measured that day before is replaced; all else in the file stays as it is.

    A heading that is missing is added at the end, a file that is missing is made. Raises OSError.
    """
    text = path.read_text("utf-8") if path.exists() else ""
    chapters = [chapter for chapter in _CHAPTER.split(text) if chapter]
    place = next((n for n, found in enumerate(chapters) if _is_history(found)), None)
    if place is None:
        chapters = [f"{text.rstrip()}\n\n"] if text.strip() else []
        place = len(chapters)
        chapters.append(MARKER)
    is_last = place == len(chapters) - 1
    heading = f"### {day.isoformat()}, commit {commit}"
    entry = f"{heading}\n\n{machine}\n\n{_markdown(rows)}"
    chapters[place] = _insert(chapters[place], entry, day) + ("\n" if is_last else "\n\n")
    written = path.with_name(f"{path.name}.new")
    written.write_text("".join(chapters), "utf-8")
    written.replace(path)


def describe_machine() -> str:
    """The processor, its cores and the memory, without the machine's name."""
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {cores} core{'s' * (cores > 1)}, {memory:.0f} GiB memory"


def read_commit(folder: Path = _ROOT) -> str:
    """The short hash of the commit that is checked out in a folder, "+changes" behind it where
    something but the documentation differs from it; "unknown" without git."""
    commit = _git(folder, "rev-parse", "--short", "HEAD")
    # the history itself is written into docs/, and nothing there is measured
    changes = _git(folder, "status", "--porcelain", "--", ".", ":(exclude)docs")
    if not commit:
        return UNKNOWN
    return f"{commit}+changes" if changes else commit


def _is_history(chapter: str) -> bool:
    return chapter.split("\n", 1)[0].rstrip() == MARKER


def _insert(chapter: str, entry: str, day: date) -> str:
    """The history with an entry before the first that is not newer, instead of its namesake."""
    opening, *entries = (part.strip() for part in _ENTRY.split(chapter))
    heading = entry.split("\n", 1)[0]
    kept = [old for old in entries if old.split("\n", 1)[0] != heading]
    days = [found[1] if (found := _DAY.match(old)) else None for old in kept]
    place = next((n for n, old in enumerate(days) if old and old <= day.isoformat()), len(kept))
    return "\n\n".join([opening, *kept[:place], entry, *kept[place:]])


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(map(_cell, row))} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])


def _cell(text: str) -> str:
    """A text that stays in its cell."""
    return " ".join(text.split()).replace("|", r"\|")


def _processor() -> str:
    """The processor's model, or what is known instead of it."""
    try:
        described = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        described = ""
    model = re.search(r"^model name\s*:\s*(\S.*)$", described, re.MULTILINE)
    return model[1].strip() if model else platform.processor() or platform.machine() or UNKNOWN


def _git(folder: Path, *arguments: str) -> str:
    """What git prints; "" where it fails or there is none."""
    try:
        done = subprocess.run(  # noqa: S603 our own arguments
            ["git", "-C", str(folder), *arguments],  # noqa: S607 wherever it is installed
            capture_output=True,
            text=True,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
