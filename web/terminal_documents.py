"""What an editor reads in the terminal about documents and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from web.differences import print_difference

Json = dict[str, Any]

_READ = {"picture": "recognised", "layer": "by its text layer"}
_OTHER = {"picture": "the file's text layer", "layer": "recognised from the picture"}

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
    for row in [*found["versions"][-1:], *([prepared] if prepared else [])]:
        _print_scans(row)
        _print_text(row)


def _print_scans(row: Json) -> None:
    """How the scanned pages of a version were read."""
    pages = [
        f"page {scan['page']} {_READ[scan['read']]} ({scan['confidence']} %)"
        for scan in row["scans"]
    ]
    if pages:
        _out.print(Text(f"Scans in version {row['version']}: {', '.join(pages)}."))


def _print_text(row: Json) -> None:
    """The text of a version's pages, where it was asked for; of scans both readings."""
    others = {scan["page"]: scan for scan in row["scans"] if scan["other"]}
    for page in row.get("text", ()):
        name = f", page {page['page']}" if page["page"] else ""
        _out.print(Text(f"\nVersion {row['version']}{name}", style="bold cyan"))
        _out.print(Text(page["text"]))
        if scan := others.pop(page["page"], None):
            _out.print(Text(f"\nIts other reading, not taken: it was {_OTHER[scan['read']]}"))
            _out.print(Text(scan["other"], style="dim"))


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
        lost = f", no longer says {'; '.join(answer['lost'])}" if answer["lost"] else ""
        about = f" ({answer['as_of']}{lost})"
        _out.print(Text.assemble("  ", mark, (answer["question"], "bold"), about))
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


def print_schedule(found: Json) -> None:
    """What citizens see from a day to come on."""
    _out.print(Text(f"From {found['day']} on: {', '.join(found['published'])}."))
    _print_stopped(found)


def print_staged(found: Json) -> None:
    """A table of what waits: for somebody to publish it, or for its day."""
    table = Table("id", "title", "version", "waits for")
    waiting = [(row, "somebody to publish or discard it") for row in found["prepared"]]
    waiting += [(row, f"its day, {row['valid_from']}") for row in found["coming"]]
    for row, what in waiting:
        table.add_row(*map(Text, (row["id"], row["title"], str(row["version"]), what)))
    _out.print(table if waiting else "Nothing waits.")


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
