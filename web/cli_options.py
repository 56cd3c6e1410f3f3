"""What several commands share: options, who types, and JSON on stdout."""

from __future__ import annotations

import getpass
import json
import sys
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")]
By = Annotated[str, typer.Option("--by", help="Who does it; default: your user name.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the version.")]


def user_name() -> str:
    """The name that this process runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return ""


def print_json(value: object) -> None:
    """One JSON object on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()
