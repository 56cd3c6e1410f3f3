"""A disk that fills at any step of an act is named, and nothing is lost."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from acts import (
    ACTS,
    FULL,
    Watched,
    at_step,
    fill,
    open_town,
    resize_disk,
    watch_sql,
)
from children import run_child

from core.edge_folder import RESERVE_BYTES
from core.errors import (
    StorageFull,
)


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
        shutil.copytree(saved, folder)  # without holes, whose writing would end the process
        exit_code = run_child(act_and_fill, name, folder, number)
        resize_disk(folder)
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


def test_an_act_that_needs_more_than_there_is_ends_before_it_writes(small_disk: Path) -> None:
    folder = small_disk / "town"
    folder.mkdir()
    with open_town(folder) as town:
        town.ingest(96)
        there = len(list(town.store.index.points()))
        long = "".join(f"## § {n}\n\n(1) {'Die Gebühr ist fällig. ' * 30}\n\n" for n in range(300))
        (folder / "documents/gebuehren.md").write_text(f"# Gebühren\n\n{long}", "utf-8")
        resize_disk(folder, shutil.disk_usage(folder).used + RESERVE_BYTES + 2**20)
        with pytest.raises(StorageFull):
            town.ingest(96)
        assert len(list(town.store.index.points())) == there
        assert town.amounts() == town.registered() == ["96", "96"]
        resize_disk(folder)
        town.ingest(96)
        assert len(list(town.store.index.points())) == there + 300
