"""What happens meanwhile to the state as a whole: saved, restored, its index built anew.

A child process is killed, or its disk filled, at every step in turn: each file that it opens or
renames, each write to the index, each commit.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from acts import (
    FULL,
    Town,
    Watched,
    at_step,
    copy,
    fill,
    open_town,
    resize_disk,
    settings_of,
    two_versions,
    watch_sql,
)
from children import die, run_child
from encoders import WordEncoder

import ingest.reindex
import ingest.restore
from core.errors import StorageFull
from ingest.backup import back_up
from ingest.reindex import reindex
from ingest.restore import restore

NEW = WordEncoder("better words")


def watch_files(folder: Path, reached: Callable[[str], None]) -> None:
    """Says before each file below a folder that is opened, and each path that is renamed."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.rename") and str(arguments[0]).startswith(f"{folder}/"):
            reached(event)

    sys.addaudithook(hear)


def watch_index(module: Any, opener: str, reached: Callable[[str], None]) -> None:
    """Says before each write to the index that a module opens."""
    opened = getattr(module, opener)
    setattr(module, opener, lambda *arguments: Watched(opened(*arguments), reached))


def save(town: Town, file: Path) -> None:
    back_up(town.store, town.settings, file)


def save_and_die(folder: Path, file: Path, number: int) -> None:
    """In a child: a backup that is killed at a step."""
    with open_town(folder) as town:
        watch_files(file.parent, at_step(number, die))
        save(town, file)


def test_killed_at_any_step_of_a_backup_the_last_one_is_whole_and_the_next_clears_up(
    place: Path,
) -> None:
    backups = place / "backups"
    backups.mkdir()
    file = backups / "town.tar.gz"
    with open_town(place) as town:
        one_version_saved(town, file)
        two_versions(town)
    before = file.read_bytes()
    for number in range(1, 100):
        exit_code = run_child(save_and_die, place, file, number)
        if file.read_bytes() != before:
            restored = place / f"restored-{number}"
            restore(settings_of(restored), file)
            with open_town(restored) as town:
                assert ["120", "120"] == town.amounts() == town.registered()
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert number > 5
    assert file.read_bytes() != before
    assert [path.name for path in backups.iterdir()] == [file.name]


def one_version_saved(town: Town, file: Path) -> None:
    town.ingest(96)
    save(town, file)


def restore_and_fill(folder: Path, file: Path, number: int) -> None:
    """In a child: a restore whose disk is full from a step on."""
    reached = at_step(number, lambda: fill(folder))
    watch_index(ingest.restore, "open_index", reached)
    watch_sql(reached)
    watch_files(folder, reached)
    try:
        restore(settings_of(folder), file)
    except StorageFull:
        sys.exit(FULL)


def test_a_disk_that_fills_at_any_step_of_a_restore_leaves_the_state_empty(
    small_disk: Path, place: Path
) -> None:
    file, folder = place / "town.tar.gz", small_disk / "town"
    with open_town(place) as town:
        two_versions(town)
        save(town, file)
    folder.mkdir()
    for number in range(1, 100):
        exit_code = run_child(restore_and_fill, folder, file, number)
        resize_disk(folder)
        if exit_code == 0:
            break
        assert exit_code == FULL
        assert [path.name for path in (folder / "state").iterdir()] == ["writer.lock"]
    assert number > 5
    with open_town(folder) as town:
        assert ["120", "120"] == town.amounts() == town.registered()


def reindex_and_fill(folder: Path, number: int) -> None:
    """In a child: a reindex whose disk is full from a step on."""
    reached = at_step(number, lambda: fill(folder))
    watch_index(ingest.reindex, "open_beside", reached)
    watch_files(folder, reached)
    try:
        reindex(settings_of(folder), NEW)
    except StorageFull:
        sys.exit(FULL)


def test_a_disk_that_fills_at_any_step_of_a_reindex_leaves_the_old_index(
    small_disk: Path, place: Path
) -> None:
    saved, folder = place / "town", small_disk / "town"
    saved.mkdir()
    with open_town(saved) as town:
        two_versions(town)
    copy(saved, folder)
    for number in range(1, 100):
        exit_code = run_child(reindex_and_fill, folder, number)
        resize_disk(folder)
        with open_town(folder, NEW if exit_code == 0 else WordEncoder()) as town:
            assert ["120", "120"] == town.amounts() == town.registered()
        if exit_code == 0:
            break
        assert exit_code == FULL
    assert number > 5
