"""What changed between two versions, in the terminal: amounts and dates first, then by section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

Json = dict[str, Any]

LONGEST_EQUAL = 16  # words that did not change, before their middle is left out
KEPT = 6  # of them on either side
DELETED, INSERTED = "red strike", "green"
_SECTION_KINDS = {"added": " (new)", "removed": " (gone)", "moved": " (moved, same words)"}


def print_difference(difference: Json, console: Console) -> None:
    """Prints a difference as `ingest.differences.difference_json` gives it. What is gone stands in
    [- -], what is new in {+ +}, so that it can be read without colours too."""
    for line in _lines(difference):
        console.print(line, highlight=False, soft_wrap=True)


def _lines(difference: Json) -> Iterator[Text]:
    yield Text(difference["summary"], style="bold")
    if difference["values"]:
        yield Text("\nAmounts and dates", style="bold underline")
    for value in difference["values"]:
        before, after = value["before"], value["after"]
        yield Text.assemble(
            f"  {value['place']}: " if value["place"] else "  ",
            (before or "", DELETED),
            " → " if before and after else " (gone)" if before else "(new) ",
            (after or "", INSERTED),
        )
        yield Text(f"    {value['sentence_after'] or value['sentence_before']}", style="dim")
    if difference["headings"]:
        yield Text("\nHeadings", style="bold underline")
    for heading in difference["headings"]:
        old, new = _marked("deleted", heading["before"]), _marked("inserted", heading["after"])
        yield Text.assemble("  ", old, " ", new)
    for section in difference["sections"]:
        yield _section_title(section)
        for sentence in section["sentences"]:
            yield _sentence_line(sentence)


def _section_title(section: Json) -> Text:
    before, after = _name(section["before"]), _name(section["after"])
    name = f"{before} → {after}" if before and after and before != after else after or before
    return Text(f"\n{name}{_SECTION_KINDS.get(section['kind'], '')}", style="bold")


def _name(place: Json | None) -> str:
    if place is None:
        return ""
    return f"{place['number']} {place['heading']}".strip() or str(place["section"])


def _sentence_line(change: Json) -> Text:
    line = Text("  ")
    if change["kind"] == "moved":
        if change["before"] and change["after"]:
            line.append("(other order) ")
        else:
            line.append("(to another section) " if change["before"] else "(from another section) ")
    for run in change["runs"]:
        line.append_text(_run(run["kind"], run["text"]))
    return line


def _run(kind: str, text: str) -> Text:
    if kind != "equal":
        bare = text.rstrip()
        return Text.assemble(_marked(kind, bare), text[len(bare) :])
    words = text.split()
    if len(words) <= LONGEST_EQUAL:
        return Text(text)
    end = text[len(text.rstrip()) :]
    return Text(f"{' '.join(words[:KEPT])} … {' '.join(words[-KEPT:])}{end}")


def _marked(kind: str, words: str) -> Text:
    if kind == "deleted":
        return Text(f"[-{words}-]", style=DELETED)
    return Text(f"{{+{words}+}}", style=INSERTED)
