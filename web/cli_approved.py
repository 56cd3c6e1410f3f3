"""The commands `auskunft approved …`: which approved answers answer, and which wait."""

from __future__ import annotations

from typing import Annotated

import typer

from core.settings import load_settings
from web.cli_options import AsJson, By, print_json, user_name
from web.office import open_office

approved = typer.Typer(
    help="Approved answers and their sources; without a command, the list.", add_completion=False
)


@approved.callback(invoke_without_command=True)
def approved_answers(context: typer.Context, as_json: AsJson = False) -> None:
    """List the approved answers: which answer, which wait, and for what; which nothing watches."""
    if context.invoked_subcommand is None:
        list_entries(as_json)


@approved.command("list")
def list_entries(as_json: AsJson = False) -> None:
    """List the approved answers: which answer, which wait, and for what; which nothing watches."""
    with open_office(load_settings()) as office:
        found = office.edit("approved")
    if as_json:
        print_json(found)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("entry", "question", "state")
    for row in found["entries"]:
        table.add_row(*map(Text, (row["id"], row["question"], row["state"])))
    Console(highlight=False, soft_wrap=True).print(table)


@approved.command()
def confirm(
    entry: Annotated[str, typer.Argument(metavar="FAQ#ENTRY", help="Such as faq#hundesteuer.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Say that an approved answer is right with its sources as they read today."""
    with open_office(load_settings()) as office:
        found = office.edit("confirm", entry=entry, by=by or user_name())
    if as_json:
        print_json(found)
    else:
        typer.echo(f"{found['id']} {found['state']}.")
