"""The commands `auskunft documents …`: what stands, its versions, and an editor's acts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from core.settings import load_settings
from web.cli_options import AsJson, By, Reason, print_json, read_day, user_name
from web.office import open_office

Id = Annotated[str, typer.Argument(metavar="ID", help="The document's id.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Default: all prepared.")]

documents = typer.Typer(
    help="What is in the index, with versions; without a command, the list.", add_completion=False
)


@documents.callback(invoke_without_command=True)
def list_documents(context: typer.Context, as_json: AsJson = False) -> None:
    """What is in the index, with versions."""
    if context.invoked_subcommand is None:
        _do("overview", as_json)


@documents.command()
def show(
    document_id: Id,
    text: Annotated[
        bool,
        typer.Option("--text", help="Show the text of every page, and of scans both readings."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show every version of a document: when, who, why, and how it ended."""
    _do("show", as_json, document_id=document_id, with_text=text)


@documents.command()
def diff(
    document_id: Id,
    a: Annotated[int | None, typer.Argument(help="From this version …")] = None,
    b: Annotated[int | None, typer.Argument(help="… to this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed: amounts and dates first, then by section. By default from the version that
    stands to the one that is prepared, else between the last two."""
    _do("diff", as_json, document_id=document_id, a=a, b=b)


@documents.command()
def preview(
    questions: Annotated[
        Path | None,
        typer.Option("--questions", help="Ask those of this evaluation set (.jsonl) too."),
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Only in this language of the set.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what publishing everything that is prepared would do: what changed, what looks like a
    mistake, what other documents still say, which answers change."""
    from web.terminal import show_progress

    path = str(questions.resolve()) if questions else None
    with open_office(load_settings()) as office, show_progress() as progress:
        found = office.preview(progress, questions=path, languages=languages or None)
    _print("preview", as_json, found)


@documents.command()
def rollback(
    document_id: Id,
    version: Annotated[int, typer.Argument(help="The version to bring back.")],
    by: By = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Publish an earlier version again; its file is not taken in again until it changes."""
    _do(
        "rollback",
        as_json,
        document_id=document_id,
        version=version,
        by=by or user_name(),
        reason=reason,
    )


@documents.command()
def withdraw(document_id: Id, by: By = "", reason: Reason = "", as_json: AsJson = False) -> None:
    """Take a document away from citizens; its file is not taken in again until it changes."""
    _do("withdraw", as_json, document_id=document_id, by=by or user_name(), reason=reason)


@documents.command()
def staged(as_json: AsJson = False) -> None:
    """List what is prepared, and what is published for a day to come."""
    _do("staged", as_json)


@documents.command()
def publish(
    ids: Ids = None,
    on: Annotated[
        str, typer.Option("--on", metavar="DAY", help="Let it apply from a day on: 2027-01-01.")
    ] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Show prepared versions to citizens, all at once; with --on as the text from a day on, which
    needs nobody on that day."""
    acts: dict[str, Any] = {"ids": ids or [], "by": by or user_name()}
    if on:
        day = read_day(on, "--on")
        _do("schedule", as_json, **acts, day=day.isoformat())
    else:
        _do("publish", as_json, **acts)


@documents.command()
def stale(as_json: AsJson = False) -> None:
    """List documents older than a year, those first that many recent answers rest on."""
    _do("stale", as_json)


@documents.command()
def discard(ids: Ids = None, as_json: AsJson = False) -> None:
    """Forget what is prepared."""
    _do("discard", as_json, ids=ids or [])


def _do(act: str, as_json: bool, **arguments: Any) -> None:
    """Does an act of the editor and prints what came of it."""
    with open_office(load_settings()) as office:
        found = office.edit(act, **arguments)
    _print(act, as_json, found)


def _print(act: str, as_json: bool, found: dict[str, Any]) -> None:
    if as_json:
        print_json(found)
        return
    from web import terminal_documents

    print_found: Callable[[Any], None] = getattr(terminal_documents, f"print_{act}")
    print_found(found)
