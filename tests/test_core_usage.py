"""Citations are counted without ever standing in an answer's way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from core.database import open_registry
from core.schema import transaction
from core.settings import load_settings
from core.tables import citation_use
from core.usage import KEPT_DAYS, UsageCounts, recent_uses, writing_usage

TODAY = date.today()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    registry = open_registry(load_settings(state_dir=tmp_path))
    yield registry.engine
    registry.close()


def test_the_counts_of_several_processes_add_up(engine: Engine) -> None:
    for _ in range(2):
        counts = UsageCounts()
        counts.count(["hundesteuer", "abfall"])
        counts.count(["hundesteuer"])
        counts.write(engine)
        counts.write(engine)
    assert recent_uses(engine, TODAY) == {"hundesteuer": 4, "abfall": 2}


def test_a_database_that_cannot_be_written_loses_no_answer_and_counts_wait(
    engine: Engine, tmp_path: Path
) -> None:
    read_only = create_engine(f"sqlite:///file:{tmp_path / 'registry.sqlite'}?mode=ro&uri=true")
    gone = create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'registry.sqlite'}")
    counts = UsageCounts()
    counts.count(["hundesteuer"])
    counts.write(read_only)
    counts.count(["hundesteuer"])
    counts.write(gone)
    read_only.dispose()
    assert recent_uses(engine, TODAY) == {}
    counts.write(engine)
    assert recent_uses(engine, TODAY) == {"hundesteuer": 2}


def test_counts_are_written_now_and_then(engine: Engine) -> None:
    counts = UsageCounts()
    with writing_usage(counts, engine, seconds=0.01):
        counts.count(["hundesteuer"])
        deadline = time.monotonic() + 60
        while not recent_uses(engine, TODAY):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_counts_are_written_at_the_end(engine: Engine) -> None:
    counts = UsageCounts()
    with writing_usage(counts, engine, seconds=3600):
        counts.count(["hundesteuer"])
    assert recent_uses(engine, TODAY) == {"hundesteuer": 1}


def test_old_days_are_neither_counted_nor_kept(engine: Engine) -> None:
    old = TODAY - timedelta(days=KEPT_DAYS)
    with transaction(engine) as connection:
        for day, count in ((old, 100), (old + timedelta(days=1), 10)):
            row = {"document_id": "hundesteuer", "day": day.isoformat(), "count": count}
            connection.execute(citation_use.insert().values(row))
    assert recent_uses(engine, TODAY) == {"hundesteuer": 10}
    counts = UsageCounts()
    counts.count(["hundesteuer"])
    counts.write(engine)
    assert recent_uses(engine, old + timedelta(days=1)) == {"hundesteuer": 10}
