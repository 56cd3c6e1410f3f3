"""What is made once of an installed package and kept in the cache folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from core.cache import cache_file, keep


class Kitchen:
    """Makes a number, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def make(self) -> int:
        self.made += 1
        return 42

    def serve(self, path: Path) -> int:
        return keep(path, self.make, _write, _read)


def _write(number: int, file: BinaryIO) -> None:
    file.write(str(number).encode())


def _read(path: Path) -> int:
    return int(path.read_bytes())


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    kitchen, path = Kitchen(), tmp_path / "cache" / "number"
    assert [kitchen.serve(path) for _ in range(3)] == [42, 42, 42]
    assert kitchen.made == 1


def test_what_is_damaged_is_made_anew(tmp_path: Path) -> None:
    kitchen, path = Kitchen(), tmp_path / "number"
    path.write_text("4x", "utf-8")
    assert kitchen.serve(path) == 42
    assert path.read_text("utf-8") == "42"


def test_without_a_folder_to_write_to_nothing_is_kept(tmp_path: Path) -> None:
    kitchen = Kitchen()
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")
    assert [kitchen.serve(tmp_path / "cache" / "number") for _ in range(2)] == [42, 42]
    assert kitchen.made == 2


def test_a_write_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def fail(number: int, file: BinaryIO) -> None:
        file.write(str(number)[:1].encode())
        raise OSError("No space left on device")

    path = tmp_path / "number"
    assert keep(path, lambda: 42, fail, _read) == 42
    assert [file for file in tmp_path.iterdir() if file.suffix != ".lock"] == []


def test_another_version_or_recipe_has_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = {cache_file(tmp_path, "pytest", recipe) for recipe in ("de en", "de en fr")}
    monkeypatch.setattr("core.cache.version", lambda _package: "0.0")
    paths.add(cache_file(tmp_path, "pytest", "de en"))
    assert len(paths) == 3


def test_several_processes_at_once_see_the_file_whole(tmp_path: Path) -> None:
    script = """
import sys, time
from pathlib import Path
from core.cache import keep

def write(text, file):
    for _ in range(50):
        file.write(text[:1000])
        file.flush()
        time.sleep(0.002)

def read(path):
    text = path.read_bytes()
    assert len(text) == 50_000, len(text)
    return text

for _ in range(3):
    assert len(keep(Path(sys.argv[1]), lambda: bytes(50_000), write, read)) == 50_000
"""
    command = [sys.executable, "-c", script, str(tmp_path / "zeros")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
