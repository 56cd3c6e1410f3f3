"""What changed between two versions, in the terminal: amounts and dates first, then by section."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from ingest.difference_types import ChangeKind, Difference, Place, SectionChange, SentenceChange
from ingest.difference_words import Run, RunKind

LONGEST_EQUAL = 16  # words that did not change, before their middle is left out
KEPT = 6  # of them on either side
DELETED, INSERTED = "red strike", "green"


def print_difference(difference: Difference, console: Console) -> None:
    """Prints a difference. What is gone stands in [- -], what is new in {+ +}, so that it can be
    read without colours too."""
    for line in _lines(difference):
        console.print(line, highlight=False, soft_wrap=True)


def _lines(difference: Difference) -> Iterator[Text]:
    yield Text(difference.summary, style="bold")
    if difference.values:
        yield Text("\nAmounts and dates", style="bold underline")
    for change in difference.values:
        before, after = change.value.before, change.value.after
        yield Text.assemble(
            f"  {change.place}: " if change.place else "  ",
            (before.text, DELETED) if before else "",
            " → " if before and after else " (gone)" if before else "(new) ",
            (after.text, INSERTED) if after else "",
        )
        yield Text(f"    {change.sentence_after or change.sentence_before}", style="dim")
    if difference.headings:
        yield Text("\nHeadings", style="bold underline")
    for old, new in difference.headings:
        yield Text.assemble(
            "  ", _marked(RunKind.DELETED, old), " ", _marked(RunKind.INSERTED, new)
        )
    for section in difference.sections:
        yield _section_title(section)
        for sentence in section.sentences:
            yield _sentence_line(sentence)


def _section_title(section: SectionChange) -> Text:
    before, after = _name(section.before), _name(section.after)
    name = f"{before} → {after}" if before and after and before != after else after or before
    title = Text(f"\n{name}", style="bold")
    if section.kind is not ChangeKind.CHANGED:
        words = {ChangeKind.ADDED: "new", ChangeKind.REMOVED: "gone"}
        title.append(f" ({words.get(section.kind, 'moved, same words')})")
    return title


def _name(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{place.number} {place.heading}".strip() or place.name


def _sentence_line(change: SentenceChange) -> Text:
    line = Text("  ")
    if change.kind is ChangeKind.MOVED:
        if change.before and change.after:
            line.append("(other order) ")
        else:
            line.append("(to another section) " if change.before else "(from another section) ")
    for run in change.words.runs:
        line.append_text(_run(run))
    return line


def _run(run: Run) -> Text:
    if run.kind is not RunKind.EQUAL:
        bare = run.text.rstrip()
        return Text.assemble(_marked(run.kind, bare), run.text[len(bare) :])
    words = run.text.split()
    if len(words) <= LONGEST_EQUAL:
        return Text(run.text)
    end = run.text[len(run.text.rstrip()) :]
    return Text(f"{' '.join(words[:KEPT])} … {' '.join(words[-KEPT:])}{end}")


def _marked(kind: RunKind, words: str) -> Text:
    if kind is RunKind.DELETED:
        return Text(f"[-{words}-]", style=DELETED)
    return Text(f"{{+{words}+}}", style=INSERTED)
