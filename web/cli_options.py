"""What several commands share: options, who types, and JSON on stdout."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import date
from typing import Annotated

import typer

from core.errors import UsageError

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
By = Annotated[str, typer.Option("--by", help="Who does it; default: your user name.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the version.")]


def user_name() -> str:
    """The name that this process runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return ""


def read_day(text: str, option: str) -> date:
    """The day that an option names; raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} is not a date like 2026-01-31: {text}") from error


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()
