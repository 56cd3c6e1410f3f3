"""Endings and times are counted by day, add up, and are forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.database import open_engine, open_registry
from core.schema import upgrade
from core.settings import load_settings
from core.statistics import LONGER, End, Sample, StepTime, read_statistics, share_below
from core.types import Status
from core.unanswered import read_unanswered
from core.usage import KEPT_DAYS, UsageCounts

TODAY = date.today()
ENDED = End(TODAY.isoformat(), "tr", "answered", "curated", "990010001001")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    registry = open_registry(load_settings(state_dir=tmp_path))
    yield registry.engine
    registry.close()


@pytest.mark.parametrize(
    ("milliseconds", "counted"), [(0, 1), (1, 1), (1.1, 2), (7, 10), (5000, 5000), (9e9, LONGER)]
)
def test_a_time_counts_as_the_least_that_it_does_not_exceed(
    milliseconds: float, counted: int
) -> None:
    assert StepTime.of("2026-01-31", "search", milliseconds).milliseconds == counted


def test_half_and_nearly_all_stay_below() -> None:
    times = {1: 50, 20: 45, 1000: 5}
    assert (share_below(times, 0.5), share_below(times, 0.95)) == (1, 20)
    assert share_below(times, 0.96) == 1000
    assert share_below({}, 0.5) is None


def test_the_counts_of_several_processes_add_up(engine: Engine) -> None:
    step = StepTime(ENDED.day, "search", 5)
    for _ in range(2):
        counts = UsageCounts()
        counts.end(ENDED, [step])
        counts.end(ENDED, [step])
        counts.write(engine)
    found = read_statistics(engine, TODAY, 7)
    assert (found.ends, found.steps) == (Counter({ENDED: 4}), Counter({step: 4}))


def test_what_is_old_is_forgotten(engine: Engine) -> None:
    counts = UsageCounts(keeps_questions=True)
    old = (TODAY - timedelta(days=KEPT_DAYS)).isoformat()
    counts.end(End(old, "de", "answered", "extractive", ""), [StepTime(old, "search", 5)])
    counts.end(ENDED, [])
    counts.write(engine)
    assert set(read_statistics(engine, TODAY + timedelta(days=1), 365).ends) == {ENDED}


def test_a_few_answers_are_sampled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.usage.random.random", lambda: 0.0)
    counts = UsageCounts()
    for _ in range(100):
        counts.end(ENDED, [])
        counts.sample(lambda: Sample(ENDED.day, {"mode": "curated"}, {"in_time": 1.0}))
    counts.write(engine)
    assert [s.scores for s in read_statistics(engine, TODAY, 1).samples] == [{"in_time": 1.0}] * 5


def test_what_was_counted_outlives_an_index_that_is_built_anew(
    tmp_path: Path, database_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.usage.random.random", lambda: 0.0)
    registry = open_registry(load_settings(state_dir=tmp_path, database_url=database_url))
    counts = UsageCounts()
    steps = [StepTime(ENDED.day, "search", 5, town) for town in ("", "99")]
    counts.end(ENDED, steps)
    counts.count(["hundesteuer"])
    counts.sample(lambda: Sample(ENDED.day, {"mode": "curated"}, {"in_time": 1.0}))
    counts.write(registry.engine)
    before = read_statistics(registry.engine, TODAY, 1)
    registry.forget()
    assert read_statistics(registry.engine, TODAY, 1) == before
    assert before.steps == Counter(steps)
    assert (len(before.ends), len(before.samples), len(before.citations)) == (1, 1, 1)
    registry.close()


def test_times_that_were_counted_before_towns_were_stay(
    tmp_path: Path, database_url: str | None
) -> None:
    engine = open_engine(load_settings(state_dir=tmp_path, database_url=database_url))
    with engine.begin() as connection:
        upgrade(connection, "0005")
        row = f"INSERT INTO step_time VALUES ('{ENDED.day}', 'search', 5, 7)"
        connection.execute(text(row))
        upgrade(connection)
    found = read_statistics(engine, TODAY, 1)
    assert found.steps == Counter({StepTime(ENDED.day, "search", 5): 7})
    engine.dispose()


def test_what_was_asked_in_vain_waits_for_a_database_that_is_away(
    engine: Engine, tmp_path: Path
) -> None:
    counts = UsageCounts(keeps_questions=True)
    counts.miss("Wo ist der Bolzplatz?", "de", "", Status.NOT_IN_DOCUMENTS)
    counts.miss("Hilfe!", "de", "", Status.EMERGENCY)
    away = load_settings(state_dir=tmp_path / "away")
    registry = open_registry(away)
    registry.close()
    (tmp_path / "away" / "registry.sqlite").unlink()
    counts.write(registry.engine)
    counts.write(engine)
    assert [row.question for row in read_unanswered(engine, TODAY, 1)] == ["Wo ist der Bolzplatz?"]
