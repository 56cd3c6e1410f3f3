"""The user's cache folder: what is made once of an installed package, for a quick start."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, TypeVar
from zlib import crc32

from filelock import FileLock

Kept = TypeVar("Kept")


def cache_file(cache_dir: Path, package: str, recipe: str) -> Path:
    """Where a file made of a package is kept: another one for each version of the package and for
    each recipe, a text that differs where something else is made of it."""
    return cache_dir / f"{package}-{version(package)}-{crc32(recipe.encode()):08x}"


def keep(
    path: Path,
    make: Callable[[], Kept],
    write: Callable[[Kept, BinaryIO], object],
    read: Callable[[Path], Kept],
) -> Kept:
    """What `read` finds in the file; made and written where the file is missing or damaged.

    Any number of processes may call it at once: each sees the file whole or not at all. Where the
    folder cannot be written, nothing is kept.
    """
    try:
        return read(path)
    except (OSError, ValueError, TypeError, LookupError):  # missing, cut off, or of another shape
        made = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        _place(path, lambda file: write(made, file))
    return made


def _place(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file beside `path`, and moves it there when it is whole."""
    partial = path.with_name(f"{path.name}.partial")
    with FileLock(path.with_name(f"{path.name}.lock")):
        try:
            with partial.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
