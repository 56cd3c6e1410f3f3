"""The command line: `auskunft ingest`, `ask`, `search`, `documents`, `serve`, `settings`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import AuskunftError, UsageError
from core.settings import Settings, load_settings
from web.cli_approved import approved
from web.cli_documents import documents
from web.cli_mcp import mcp
from web.cli_model import doctor, prompts
from web.cli_options import AsJson, By, Reason, print_json, read_day, user_name
from web.cli_state import backup, copy_index, reindex, restore
from web.cli_users import demo_rows, print_demo_accounts, user
from web.office import IngestJob, open_office, start_anew

app = typer.Typer(
    help="Answers citizens' questions from a town's own documents, with the exact place as proof.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(documents, name="documents")
app.add_typer(approved, name="approved")
app.add_typer(user, name="user")
app.command()(backup)
app.command()(restore)
app.command("copy-index")(copy_index)
app.command()(reindex)
app.command()(doctor)
app.command()(prompts)
app.command()(mcp)

# typer carries click inside; this is click's ClickException, which typer does not export
CommandError: Any = typer.BadParameter.__mro__[2]

Town = Annotated[str | None, typer.Option("--town", help="Name or key (ARS) of the town.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Ask as of a day, such as 2026-01-31.")]


def main() -> None:
    """Runs a command: errors are one sentence on stderr; exit 0 done, 1 failed, 2 wrong usage."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 1
    except CommandError as error:
        _print_error(error.format_message())
        code = 2
    except UsageError as error:
        _print_error(str(error))
        code = 2
    except AuskunftError as error:
        _print_error(str(error))
        code = 1
    except OSError as error:  # a folder that may not be read or written
        _print_error(f"{error.filename or 'The state folder'}: {error.strerror}.")
        code = 1
    sys.exit(code or 0)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files.")],
    prune: Annotated[
        bool, typer.Option("--prune", help="Withdraw documents of these folders that are gone.")
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Empty the index first (after a change of the model)."),
    ] = False,
    stage: Annotated[
        bool, typer.Option("--stage", help="Only prepare: citizens see it once you publish it.")
    ] = False,
    by: By = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> int:
    """Add or update every document below the paths."""
    from web.terminal import print_report, show_progress

    if prune and stage:
        raise UsageError("--stage withdraws nothing; run `auskunft ingest --prune` without it.")
    settings = load_settings()
    if rebuild:
        start_anew(settings, paths)
    with open_office(settings) as office, show_progress() as progress:
        job = IngestJob(paths, prune, stage, by or user_name(), reason)
        report = office.ingest(job, progress)
    if as_json:
        print_json(report)
    else:
        print_report(report)
    stands = report["documents"]["standing"] > 0 or (prune and not report["failures"])
    return 0 if stands else 1


@app.command()
def ask(
    question: str,
    context: Annotated[
        str | None,
        typer.Option("--context", help="The question before, for one that goes on from it."),
    ] = None,
    town: Town = None,
    language: Annotated[
        str | None, typer.Option("--language", help="The asker's language, such as tr.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with the place where each sentence stands."""
    with open_office(load_settings()) as office:
        answer = office.ask(question, context, town, language, _day(as_of))
    if as_json:
        print_json(answer)
        return
    from web.terminal import print_answer

    print_answer(answer)


@app.command()
def search(
    query: str,
    town: Town = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=50)] = 10,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages that fit a query."""
    with open_office(load_settings()) as office:
        found = office.search(query, town, _day(as_of), limit)
    if as_json:
        print_json(found)
        return
    from web.terminal import print_passages

    print_passages(found["passages"])


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    demo_accounts: Annotated[
        bool,
        typer.Option("--demo-accounts", help="Make an account for each role (own machine only)."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the site and the API until stopped."""
    from web.serve import serve_site

    settings = load_settings()

    def announce(url: str) -> None:
        # only now: where the port is taken, nobody would see the passwords
        made = demo_rows(settings, host) if demo_accounts else []
        if as_json:
            print_json({"url": url} | ({"accounts": made} if demo_accounts else {}))
            return
        if demo_accounts:
            print_demo_accounts(url, made)
        print(f"Auskunft is open on {url}", flush=True)

    serve_site(settings, host, port, announce)


@app.command()
def settings(as_json: AsJson = False) -> None:
    """Print every setting with its value, default and meaning."""
    rows = _setting_rows(load_settings())
    if as_json:
        print_json({"settings": rows})
        return
    from web.terminal import print_settings

    print_settings(rows)


def _setting_rows(current: Settings) -> list[dict[str, Any]]:
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        shown = None if value is None else str(value)  # a SecretStr prints as stars
        default = None if field.default is None else str(field.default)
        variable = f"AUSKUNFT_{name.upper()}"
        rows.append(
            {"name": variable, "value": shown, "default": default, "meaning": field.description}
        )
    return rows


def _print_error(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _day(text: str | None) -> date | None:
    return read_day(text, "--as-of") if text else None
