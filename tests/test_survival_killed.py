"""Killed at any step, nothing is lost.

Every test really does it. The steps of an act are every write to the index and every commit of the
database: a child process is killed at each of them in turn.
"""

from __future__ import annotations

import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from acts import (
    ACTS,
    Watched,
    at_step,
    copy,
    open_town,
    watch_sql,
)
from children import die, run_child

from ingest.staging import withdraw


def act_and_die(name: str, folder: Path, number: int) -> None:
    """In a child: an act that is killed at a step."""
    reached = at_step(number, die)
    with open_town(folder) as town:
        watch_sql(reached)
        index: Any = Watched(town.store.index, reached)
        ACTS[name].do(replace(town, store=replace(town.store, index=index)))


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
        copy(saved, folder)
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
