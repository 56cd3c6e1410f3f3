"""What an editor reads in the terminal about documents and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from web.differences import print_difference

Json = dict[str, Any]

_out = Console(highlight=False, soft_wrap=True)


def print_overview(found: Json) -> None:
    """A table of the documents, and what is prepared."""
    table = Table("id", "title", "kind", "town", "valid", "version", "passages")
    for row in found["documents"]:
        place = row["jurisdiction"]["name"] if row["jurisdiction"] else ""
        cells = [row["id"], row["title"], row["kind"], place, _days(row)]
        table.add_row(*map(Text, cells), str(row["version"]), str(row["passages"]))
    _out.print(table)
    for row in found["prepared"]:
        _out.print(Text(f"Prepared: {row['id']}, version {row['version']} ({row['title']})"))


def print_show(found: Json) -> None:
    """A table of a document's versions, the newest first."""
    table = Table("version", "published", "by", "why", "valid", "pages", "now")
    for row in reversed(found["versions"]):
        ended = row["ended"]
        state = "stands" if row["stands"] else f"{ended['as'].replace('_', ' ')}" if ended else ""
        when = f" {ended['at'][:10]} {ended['by']}".rstrip() if ended and ended["at"] else ""
        cells = [
            str(row["version"]),
            row["published_at"][:16].replace("T", " "),
            row["published_by"],
            row["reason"],
            _days(row),
            str(row["pages"] or ""),
            state + when,
        ]
        table.add_row(*map(Text, cells))
    _out.print(table)
    if prepared := found["prepared"]:
        _out.print(Text(f"Version {prepared['version']} is prepared ({_days(prepared)})."))


def print_diff(found: Json) -> None:
    """What changed, amounts and dates first."""
    print_difference(found, _out)


def print_preview(found: Json) -> None:
    """Each prepared version, then the answers that change."""
    for document in found["documents"]:
        title = f"{document['id']}: version {document['version']}, {document['title']}"
        _out.print(Text(title, style="bold cyan"))
        if document["diff"]:
            print_difference(document["diff"], _out)
        else:
            _out.print("A new document.")
        _print_list("Looks like a mistake", document["warnings"], "yellow")
        conflicts = [
            f"{conflict['label']}: {conflict['old']}, now {conflict['new'] or 'gone'}. "
            f"\u201e{conflict['sentence']}\u201c"
            for conflict in document.get("conflicts", ())
        ]
        _print_list("Other documents still say", conflicts, "red")
    changed = found["answers"]
    counted = f"{len(changed)} of {found['questions_asked']} questions are answered otherwise"
    _out.print(Text(f"\n{counted}", style="bold"))
    for answer in changed:
        mark = ("worse ", "red") if answer["worse"] else ""
        _out.print(Text.assemble("  ", mark, (answer["question"], "bold"), f" ({answer['as_of']})"))
        for side, other, sign, style in (
            ("before", "after", "-", "red"),
            ("after", "before", "+", "green"),
        ):
            own = [s for s in answer[side]["statements"] if s not in answer[other]["statements"]]
            said = own or ([] if answer[side]["statements"] else [answer[side]["status"]])
            for statement in said:
                _out.print(Text(f"    {sign} {statement}", style=style))


def _print_list(title: str, lines: Sequence[str], style: str) -> None:
    if lines:
        _out.print(Text(f"\n{title}", style="bold underline"))
    for line in lines:
        _out.print(Text(f"  {line}", style=style))


def print_rollback(found: Json) -> None:
    """What stands again."""
    _out.print(Text(f"{found['id']}: published again as version {found['version']}."))
    _print_stopped(found)


def print_withdraw(found: Json) -> None:
    """What no longer answers."""
    _out.print(Text(f"{found['id']} no longer answers. Every version is kept."))
    _print_stopped(found)


def print_publish(found: Json) -> None:
    """What citizens see from now on."""
    _out.print(Text(f"Published: {', '.join(found['published'])}."))
    _print_stopped(found)


def print_discard(found: Json) -> None:
    """What was forgotten."""
    _out.print(Text(f"Discarded: {', '.join(found['discarded'])}."))


def print_stale(found: Json) -> None:
    """A table of old documents, the most used first."""
    table = Table("id", "title", "of", "age in days", "answers in 90 days")
    for row in found["documents"]:
        cells = [row["id"], row["title"], row["day"], str(row["age_days"]), str(row["uses"])]
        table.add_row(*map(Text, cells))
    _out.print(table)


def _print_stopped(found: Json) -> None:
    for sentence in found["stopped"]:
        _out.print(Text(sentence))


def _days(row: Json) -> str:
    return f"{row['valid_from'] or ''} – {row['valid_to'] or ''}".strip(" –")
