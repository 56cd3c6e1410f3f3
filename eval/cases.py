"""Wrong cases: questions that did not end as wanted, a few of each language, to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console

SHOWN = 10  # of each language
LENGTH = 160  # characters of an excerpt


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what was wanted and what came instead: ids with excerpts, or words for it."""

    question: str
    wanted: tuple[str, ...]
    came: tuple[str, ...]


WrongCases = Mapping[str, Sequence[Case]]  # by language


def spread(cases: Sequence[Case]) -> tuple[Case, ...]:
    """So many of the cases as are shown, evenly from the first to the last."""
    count = min(SHOWN, len(cases))
    return tuple(cases[number * len(cases) // count] for number in range(count))


def excerpt(text: str) -> str:
    """The first characters of a text, on one line."""
    return " ".join(text.split())[:LENGTH]


def print_cases(name: str, wrong: WrongCases, console: Console) -> None:
    """Prints the cases of one set, a line for each thing wanted or come."""
    for language, cases in wrong.items():
        if cases:
            console.print(f"\n{name}, {language}: some that went wrong", style="bold")
        for case in cases:
            lines = [f"  {case.question}"]
            lines += [f"      wanted  {text}" for text in case.wanted]
            lines += [f"      came    {text}" for text in case.came]
            # what looks like markup in them is other people's text
            console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
