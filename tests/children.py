"""Processes that start in no time: forked from one that has imported what they need.

Python 3.11 does not hand its path to the process that they are forked from, so that it would import
nothing, and every child everything, which takes it two seconds.
"""

from __future__ import annotations

import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest import mock

CHILDREN = get_context("forkserver")
CHILDREN.set_forkserver_preload(
    [
        "acts",
        "alembic.command",
        "alembic.config",
        "core.edge",
        "core.openvino_encoder",
        "ingest.restore",
        "openvino",
        "pytest",
        "sqlalchemy.dialects.sqlite",
        "web.cli",
        "web.cli_state",
        "web.editing",
        "warmed",
        "web.terminal",
    ]
)


def make_child(work: Callable[..., None], *arguments: Any) -> BaseProcess:
    """A child that does some work once it is started."""
    _prepare()
    return CHILDREN.Process(target=work, args=arguments)


def run_child(work: Callable[..., None], *arguments: Any) -> int | None:
    """Does some work in a child; its exit code, negative where a signal ended it."""
    child = make_child(work, *arguments)
    child.start()
    child.join()
    return child.exitcode


def die() -> None:
    """What a power cut does to this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(step: str) -> None:
    """Lets this process die where it calls a function, or renames a file of this name."""
    module, _, name = step.rpartition(".")
    if module in sys.modules:
        setattr(pkgutil.resolve_name(module), name, lambda *_, **__: die())
        return
    rename = Path.rename
    mock.patch.object(
        Path, "rename", lambda path, to: die() if path.name == step else rename(path, to)
    ).start()


def run_command(
    arguments: Sequence[str], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """What `auskunft` with these arguments does, as a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        out, error = Path(name, "stdout"), Path(name, "stderr")
        code = run_child(_command, arguments, environment, out, error)
        assert code is not None
        return subprocess.CompletedProcess(
            ["auskunft", *arguments], code, out.read_text("utf-8"), error.read_text("utf-8")
        )


def _command(arguments: Sequence[str], environment: dict[str, str], out: Path, error: Path) -> None:
    """In a child: the installed command's function, with its own arguments and streams."""
    from web.cli import main

    for path, descriptor in ((out, 1), (error, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["auskunft", *arguments]
    main()


@cache
def _prepare() -> None:
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
        forkserver.ensure_running()
