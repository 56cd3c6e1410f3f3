"""The command line: `auskunft ingest`, `ask`, `search`, `documents`, `serve`, `settings`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from core.errors import AuskunftError, UsageError
from core.settings import Settings, load_settings
from web.office import open_office, start_anew

app = typer.Typer(
    help="Answers citizens' questions from a town's own documents, with the exact place as proof.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

# typer carries click inside; this is click's ClickException, which typer does not export
CommandError: Any = typer.BadParameter.__mro__[2]

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
Town = Annotated[str | None, typer.Option("--town", help="Name or key (ARS) of the town.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Ask as of a day, such as 2026-01-31.")]


def main() -> None:
    """Runs a command: errors are one sentence on stderr; exit 0 done, 1 failed, 2 wrong usage."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        code = 1
    except CommandError as error:
        err.print(Text(error.format_message()))
        code = 2
    except UsageError as error:
        err.print(Text(str(error)))
        code = 2
    except AuskunftError as error:
        err.print(Text(str(error)))
        code = 1
    except OSError as error:  # a folder that may not be read or written
        err.print(Text(f"{error.filename or 'The state folder'}: {error.strerror}."))
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
    as_json: AsJson = False,
) -> int:
    """Add or update every document below the paths."""
    settings = load_settings()
    if rebuild:
        start_anew(settings, paths)
    with open_office(settings) as office, _progress() as progress:
        report = office.ingest(paths, prune, progress)
    if as_json:
        _print_json(report)
    else:
        out.print(Text(f"{report['summary']} ({report['seconds']} s)"))
        for failure in report["failures"]:
            err.print(Text(f"{failure['path']}: {failure['error']}", style="red"))
        for warning in report["warnings"]:
            err.print(Text(f"{warning['path']}: {warning['warning']}", style="yellow"))
    stands = report["documents"]["standing"] > 0 or (prune and not report["failures"])
    return 0 if stands else 1


@app.command()
def ask(
    question: str,
    town: Town = None,
    language: Annotated[
        str | None, typer.Option("--language", help="The asker's language, such as tr.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with the place where each sentence stands."""
    with open_office(load_settings()) as office:
        answer = office.ask(question, town, language, _day(as_of))
    if as_json:
        _print_json(answer)
        return
    out.print(Text(answer["message"], style="bold"))
    for statement in answer["statements"]:
        numbers = "".join(f"[{number}]" for number in statement["citations"])
        out.print(Text.assemble("  ", statement["text"], " ", (numbers, "cyan")))
    for citation in answer["citations"]:
        stand = f" (Stand {citation['as_of']})" if citation["as_of"] else ""
        out.print(Text(f"  [{citation['number']}] {citation['label']}{stand}", style="cyan"))


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
        _print_json(found)
        return
    for passage in found["passages"]:
        out.print(Text(f"{passage['score']:.3f}  {passage['label']}", style="cyan"))
        out.print(Text(passage["text"], style="dim"))
    if not found["passages"]:
        out.print("Nothing found.")


@app.command()
def documents(as_json: AsJson = False) -> None:
    """List what is in the index, with versions."""
    with open_office(load_settings()) as office:
        found = office.documents()
    if as_json:
        _print_json(found)
        return
    table = Table("id", "title", "kind", "town", "valid", "version", "passages")
    for row in found["documents"]:
        place = row["jurisdiction"]["name"] if row["jurisdiction"] else ""
        valid = f"{row['valid_from'] or ''} – {row['valid_to'] or ''}".strip(" –")
        cells = [row["id"], row["title"], row["kind"], place, valid]
        table.add_row(*map(Text, cells), str(row["version"]), str(row["passages"]))
    out.print(table)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    as_json: AsJson = False,
) -> None:
    """Serve the site and the API until stopped."""
    from web.serve import serve_site

    def announce(url: str) -> None:
        if as_json:
            _print_json({"url": url})
        else:
            out.print(f"Auskunft is open on {url}")

    serve_site(load_settings(), host, port, announce)


@app.command()
def settings(as_json: AsJson = False) -> None:
    """Print every setting with its value, default and meaning."""
    rows = _setting_rows(load_settings())
    if as_json:
        _print_json({"settings": rows})
        return
    table = Table("setting", "value", "default", "meaning")
    for row in rows:
        table.add_row(*(Text(str(value or "")) for value in row.values()))
    out.print(table)


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


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"--as-of is not a date like 2026-01-31: {text}") from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr where it is a terminal; quiet when piped."""
    columns = [BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(
        *columns,
        TextColumn("{task.description}", markup=False),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name[:60])

        yield advance
