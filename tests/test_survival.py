"""What happens meanwhile: processes die, disks fill, clocks jump, readers and editors come at once.

Every test really does it. The steps of an act are every write to the index and every commit of
the database: a child process is killed, or its disk filled, at each of them in turn.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from sqlalchemy import Engine, MetaData, create_engine, event

import ingest.publish
import ingest.staging
import service.answerer
from core.database import open_registry
from core.errors import (
    DocumentUnknown,
    IndexBusy,
    RegistryUnreachable,
    StageOutdated,
    StorageFull,
    WriterBusy,
)
from core.index import NEVER, IndexIdentity
from core.index_engines import open_index
from core.schema import upgrade
from core.settings import Settings, load_settings
from core.store import Store
from core.stored import document_to_json
from core.types import Answer, Document
from ingest.publish import Publisher
from ingest.run import ingest as ingest_paths
from ingest.staging import publish_staged, roll_back, withdraw
from service.answerer import Answerer
from web.editing import EditorDesk

QUESTION = "Wie hoch ist die Steuer? Wie hoch ist die Gebühr?"  # two looks at the index
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
def open_town(folder: Path) -> Iterator[Town]:
    encoder = WordEncoder()
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
WRITES = ("upsert", "insert", "retire", "place", "unstage", "sweep", "flush")


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


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def act_and_die(name: str, folder: Path, number: int) -> None:
    """In a child: an act that is killed at a step."""
    reached = at_step(number, die)
    with open_town(folder) as town:
        watch_sql(reached)
        index: Any = Watched(town.store.index, reached)
        ACTS[name].do(replace(town, store=replace(town.store, index=index)))


CHILDREN = get_context("forkserver")  # children that start in no time, with nothing open
CHILDREN.set_forkserver_preload(["test_survival", "alembic.command"])


def run_child(work: Callable[..., None], *arguments: Any) -> int | None:
    child = CHILDREN.Process(target=work, args=arguments)
    child.start()
    child.join()
    return child.exitcode


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: a killed process needs no slow disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@pytest.mark.parametrize("name", ACTS)
def test_killed_at_any_step_one_generation_answers_whole_and_the_next_act_completes(
    name: str, place: Path
) -> None:
    act = ACTS[name]
    saved, folder = place / "saved", place / "town"
    folder.mkdir()
    with open_town(folder) as town:
        act.before(town)
    folder.rename(saved)
    seen = []
    for number in range(1, 100):
        shutil.copytree(saved, folder)
        exit_code = run_child(act_and_die, name, folder, number)
        with open_town(folder) as town:
            seen.append(town.amounts())
            assert seen[-1] == town.registered()
            assert seen[-1] in (act.old, act.new)
            withdraw(town.publisher, "abfall")  # what was left half done is not done now
            assert seen[-1] == town.amounts() == town.registered()
            if seen[-1] == act.old:
                act.do(town)
                assert act.new == town.amounts() == town.registered()
            town.ingest(144)
            assert ["144", "144"] == town.amounts() == town.registered()
        shutil.rmtree(folder)
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert seen[0] == act.old
    assert seen[-1] == act.new


def fill(folder: Path) -> None:
    """Leaves no byte free on the disk of a folder."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))


def act_and_fill(name: str, folder: Path, number: int) -> None:
    """In a child: an act whose disk is full from a step on; exits with FULL where that is said."""
    reached = at_step(number, lambda: fill(folder))
    try:
        with open_town(folder) as town:
            watch_sql(reached)
            index: Any = Watched(town.store.index, reached)
            ACTS[name].do(replace(town, store=replace(town.store, index=index)))
    except StorageFull:
        sys.exit(FULL)


FULL = 28


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, in memory, with room for the engine's reserve and little more."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "none", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("to make a small disk takes root")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize("name", ACTS)
def test_a_disk_that_fills_at_any_step_is_named_and_loses_nothing(
    name: str, small_disk: Path, place: Path
) -> None:
    act = ACTS[name]
    saved, folder = place / "town", small_disk / "town"
    folder.mkdir()
    with open_town(folder) as town:
        act.before(town)
    shutil.move(folder, saved)
    seen = []
    for number in range(1, 100):
        shutil.copytree(saved, folder)
        exit_code = run_child(act_and_fill, name, folder, number)
        (folder / "filler").unlink(missing_ok=True)
        with open_town(folder) as town:
            seen.append(town.amounts())
            assert seen[-1] == town.registered()
            assert seen[-1] in (act.old, act.new)
            if seen[-1] == act.old:
                act.do(town)
                assert act.new == town.amounts() == town.registered()
        shutil.rmtree(folder)
        if exit_code == 0:
            break
        assert exit_code == FULL
    assert seen[0] == act.old
    assert seen[-1] == act.new


def migrate_and_die(folder: Path, number: int) -> None:
    """In a child: a first start with this release that is killed at a statement."""
    watch_statements(at_step(number, die))
    open_registry(settings_of(folder)).close()


def test_killed_at_any_statement_of_a_migration_the_next_start_completes_it(place: Path) -> None:
    first = place / "first"
    write_first_revision(first)
    for number in range(1, 1000):
        folder = place / "town"
        shutil.copytree(first, folder)
        exit_code = run_child(migrate_and_die, folder, number)
        registry = open_registry(settings_of(folder))
        (version,) = registry.standing()
        assert (version.document.title, version.digest) == ("Hundesteuer", "d1")
        assert (version.published_by, registry.generation()) == ("", 7)
        assert registry.pages("hundesteuer", 1) == {0: "Die Steuer beträgt 96 Euro."}
        registry.close()
        shutil.rmtree(folder)
        if exit_code == 0:
            break
        assert exit_code == -signal.SIGKILL
    assert number > 5


def write_first_revision(folder: Path) -> None:
    """A registry as the first release left it, with a document that stands."""
    (folder / "state").mkdir(parents=True)
    engine = create_engine(f"sqlite:///{folder / 'state/registry.sqlite'}")
    now = datetime.now(UTC)
    with engine.begin() as connection:
        upgrade(connection, "0001")
        stored = MetaData()
        stored.reflect(connection)
        connection.execute(
            stored.tables["generation"].insert(),
            {"id": 1, "number": 7, "model_id": "words", "dimensions": 64, "schema_version": 1},
        )
        connection.execute(
            stored.tables["version"].insert(),
            {
                "document_id": "hundesteuer",
                "number": 1,
                "gen_from": 7,
                "gen_to": NEVER,
                "digest": "d1",
                "source": "/town/hundesteuer.md",
                "original": "d1.md",
                "document": document_to_json(Document("hundesteuer", "Hundesteuer")),
                "page_count": 0,
                "passage_count": 1,
                "unreadable_pages": [],
                "warnings": [],
                "published_at": now,
            },
        )
        connection.execute(
            stored.tables["page"].insert(),
            {
                "document_id": "hundesteuer",
                "number": 1,
                "page": 0,
                "text": "Die Steuer beträgt 96 Euro.",
            },
        )
    engine.dispose()


def test_readers_never_see_an_error_a_mixed_state_or_a_stale_amount(place: Path) -> None:
    with open_town(place) as town:
        town.ingest(0)
        published = 0  # the newest amount whose publishing has returned
        is_over = threading.Event()
        asked: list[int] = []
        wrong: list[object] = []

        def read(answerer: Answerer) -> None:
            while not is_over.is_set():
                least = published
                try:
                    answer = answerer.answer(QUESTION, as_of=date.today())
                    found = {int(amount) for amount in amounts_of(answer)}
                    assert len(answer.citations) >= 2, answer
                    assert len(found) == 1, answer
                    assert found.pop() >= least, (least, answer)
                except Exception as error:  # noqa: BLE001 whatever it is, it is wrong
                    wrong.append(error)
                    return
                asked.append(least)

        answerer = Answerer(town.store, town.settings)
        answerer.answer(QUESTION)  # what the first one loads
        readers = [threading.Thread(target=read, args=(answerer,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for amount in range(1, 201):
            town.ingest(amount)
            published = amount
        is_over.set()
        for reader in readers:
            reader.join()
        assert wrong == []
        assert len(set(asked)) > 50  # they did ask in between
        assert town.amounts() == ["200", "200"]


def amounts_of(answer: Answer) -> set[str]:
    """Every amount of what an answer quotes."""
    return {a for c in answer.citations for a in re.findall(r"(\d+) Euro", c.quote)}


def test_of_two_editors_at_once_one_publishes_and_the_other_is_told(place: Path) -> None:
    with open_town(place) as town:
        one_prepared(town)
    outcomes = CHILDREN.Queue()
    start = CHILDREN.Barrier(2)
    editors = [
        CHILDREN.Process(target=publish_at_once, args=(place, start, outcomes)) for _ in range(2)
    ]
    for editor in editors:
        editor.start()
    told = sorted(outcomes.get() for _ in editors)
    for editor in editors:
        editor.join()
    assert told.count("published") == 1
    assert set(told) <= {"published", *(error.__name__ for error in TOLD)}
    with open_town(place) as town:
        assert town.amounts() == town.registered() == ["120", "120"]
        assert len(town.store.registry.history("hundesteuer")) == 2


TOLD = (WriterBusy, IndexBusy, StageOutdated, DocumentUnknown)


def publish_at_once(folder: Path, start: Any, outcomes: Any) -> None:
    """In a child: an editor who publishes when the other one does."""
    start.wait()
    try:
        with open_town(folder) as town:
            EditorDesk(town.store, town.settings).publish(["hundesteuer"], by="Ada")
        outcomes.put("published")
    except TOLD as error:
        outcomes.put(type(error).__name__)


def test_of_two_editors_of_one_site_one_publishes_and_the_other_is_told(place: Path) -> None:
    with open_town(place) as town:
        one_prepared(town)
        desk = EditorDesk(town.store, town.settings)
        start = threading.Barrier(2)
        told: list[str] = []

        def publish_when_ready() -> None:
            start.wait()
            try:
                desk.publish(["hundesteuer"], by="Ada")
                told.append("published")
            except TOLD as error:
                told.append(type(error).__name__)

        editors = [threading.Thread(target=publish_when_ready) for _ in range(2)]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        assert told.count("published") == 1
        assert len(told) == 2
        assert len(town.store.registry.history("hundesteuer")) == 2


def test_a_clock_that_jumps_back_a_day_answers_as_of_the_day_it_shows(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date.today()

    def set_clock(day: date) -> None:
        class Clock(date):
            @classmethod
            def today(cls) -> date:
                return day

        for module in (ingest.publish, ingest.staging, service.answerer):
            monkeypatch.setattr(module, "date", Clock)

    with open_town(place) as town:
        answerer = Answerer(town.store, town.settings)
        town.ingest(96, head=f"valid_from: {today - timedelta(days=9)}")
        town.ingest(120, head=f"valid_from: {today}")
        assert amounts_of(answerer.answer(QUESTION)) == {"120"}

        set_clock(today - timedelta(days=1))
        answer = answerer.answer(QUESTION)
        assert amounts_of(answer) == {"96"}
        assert {change.day for change in answer.changes} == {today}

        town.ingest(144, head=f"valid_from: {today}")
        assert amounts_of(answerer.answer(QUESTION)) == {"96"}
        set_clock(today)
        assert amounts_of(answerer.answer(QUESTION)) == {"144"}


def test_a_database_that_is_gone_is_named_and_answers_when_it_is_back(place: Path) -> None:
    away = place / "away"
    with open_town(place) as town:
        town.ingest(96)
        answerer = Answerer(town.store, town.settings)
        assert amounts_of(answerer.answer(QUESTION)) == {"96"}

        move_database(place / "state", away)
        with pytest.raises(RegistryUnreachable):
            answerer.answer(QUESTION)
        with pytest.raises(RegistryUnreachable):
            town.ingest(120)

        move_database(away, place / "state")
        assert amounts_of(answerer.answer(QUESTION)) == {"96"}
        town.ingest(120)
        assert amounts_of(answerer.answer(QUESTION)) == {"120"}


def move_database(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for file in source.glob("registry.sqlite*"):
        file.rename(target / file.name)
