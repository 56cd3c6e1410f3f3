"""A town, what an editor does to it, and a way to meet each step of that: writes and commits."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from encoders import WordEncoder
from sqlalchemy import Engine, event

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest as ingest_paths
from ingest.staging import publish_staged, roll_back, withdraw

FULL = 28  # the exit code of a child that says that the disk is full
TAX = """---
{head}
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Steuer beträgt {amount} Euro.

## § 6 Gebühr

(1) Die Gebühr der Steuer beträgt {amount} Euro.

## § 7 Befreiung

(1) Blindenhunde sind befreit.
"""
WASTE = "# Abfall\n\nDie Tonne kostet 60 Euro.\n"


@dataclass(frozen=True)
class Town:
    """A by-law, a leaflet beside it, and the editor's desk, all in one folder."""

    folder: Path
    store: Store
    settings: Settings

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.store)

    def ingest(self, amount: int, *, head: str = "valid_from: 2020-01-01", **options: bool) -> None:
        documents = self.folder / "documents"
        documents.mkdir(exist_ok=True)
        (documents / "hundesteuer.md").write_text(TAX.format(amount=amount, head=head), "utf-8")
        (documents / "abfall.md").write_text(WASTE, "utf-8")
        report = ingest_paths([documents], self.publisher, self.settings, **options)
        assert report.failures == []

    def amounts(self, generation: int | None = None) -> list[str]:
        """Every amount that the by-law names as citizens see it, in its order."""
        seen = self.store.registry.generation() if generation is None else generation
        passages = self.store.index.fetch("hundesteuer", seen)
        return [amount for p in passages for amount in re.findall(r"(\d+) Euro", p.text)]

    def registered(self) -> list[str]:
        """The same, of the text that quotes are checked against."""
        return [
            amount
            for version in self.store.registry.standing("hundesteuer")
            for page in self.store.registry.pages("hundesteuer", version.number).values()
            for amount in re.findall(r"(\d+) Euro", page)
        ]


def settings_of(folder: Path) -> Settings:
    return load_settings(state_dir=folder / "state", qdrant_url=None, database_url=None)


@contextmanager
def open_town(folder: Path, encoder: WordEncoder | None = None) -> Iterator[Town]:
    encoder = encoder or WordEncoder()
    settings = settings_of(folder)
    with ExitStack() as stack:
        registry = open_registry(settings)
        stack.callback(registry.close)
        index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
        stack.callback(index.close)
        yield Town(folder, Store(encoder, index, registry, folder / "state/originals"), settings)


def stage(town: Town) -> None:
    town.ingest(120, is_staged=True)


def publish(town: Town) -> None:
    publish_staged(town.publisher, ["hundesteuer"], by="Ada")


def take_back(town: Town) -> None:
    roll_back(town.publisher, "hundesteuer", 1, by="Ada")


def take_away(town: Town) -> None:
    withdraw(town.publisher, "hundesteuer", by="Ada")


@dataclass(frozen=True)
class Act:
    """What an editor does to a town, and the amounts that stand before and after."""

    before: Callable[[Town], None]
    do: Callable[[Town], None]
    old: list[str]
    new: list[str]


def one_version(town: Town) -> None:
    town.ingest(96)


def one_prepared(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)


def two_versions(town: Town) -> None:
    town.ingest(96)
    town.ingest(120)


ACTS = {
    "stage": Act(one_version, stage, ["96", "96"], ["96", "96"]),
    "publish": Act(one_prepared, publish, ["96", "96"], ["120", "120"]),
    "roll back": Act(two_versions, take_back, ["120", "120"], ["96", "96"]),
    "withdraw": Act(two_versions, take_away, ["120", "120"], []),
}
WRITES = ("upsert", "insert", "retire", "place", "unstage", "sweep", "flush", "optimize", "close")


class Watched:
    """An index that says before each of its writes that it is about to."""

    def __init__(self, index: Any, reached: Callable[[str], None]) -> None:
        self._index, self._reached = index, reached

    def __getattr__(self, name: str) -> Any:
        if name in WRITES:
            self._reached(f"index {name}")
        return getattr(self._index, name)


def watch_statements(reached: Callable[[str], None]) -> None:
    """Says before every statement whatsoever."""
    event.listen(
        Engine, "before_cursor_execute", lambda _connection, _cursor, sql, *_rest: reached(sql)
    )


def watch_sql(reached: Callable[[str], None]) -> None:
    """Says before every commit of what changes the database, its statements done."""

    def statement(connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN")):
            connection.info["changed"] = True

    def commit(connection: Any) -> None:
        if connection.info.pop("changed", False):
            reached("COMMIT")

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)


def at_step(number: int, do: Callable[[], None]) -> Callable[[str], None]:
    """Does something when so many steps were reached."""
    steps: list[str] = []

    def reached(step: str) -> None:
        steps.append(step)
        if len(steps) == number:
            do()

    return reached


def copy(saved: Path, folder: Path) -> None:
    """Copies a folder with the holes in its files: the engine writes 290 MB of almost nothing."""
    subprocess.run(["cp", "--archive", "--sparse=auto", saved, folder], check=True)


def fill(folder: Path) -> None:
    """Leaves no byte free on the small disk that a folder is on."""
    resize_disk(folder, shutil.disk_usage(folder).used)


def resize_disk(folder: Path, size: int = 2**30) -> None:
    """Gives the small disk that a folder is on so many bytes, by default what it had."""
    disk = next(path for path in (folder, *folder.parents) if path.is_mount())
    subprocess.run(["mount", "-o", f"remount,size={size}", disk], check=True)
