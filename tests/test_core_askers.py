"""People are told apart for a month, and nobody can be found again."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from core.askers import FILE, KEY_DAYS, Askers

TODAY = date(2026, 11, 22)
NETWORKS = [f"203.0.{number // 250}.{number % 250}" for number in range(2000)]


def test_people_of_several_days_and_after_a_restart_are_told_apart(tmp_path: Path) -> None:
    names = set()
    for day in range(KEY_DAYS):
        askers = Askers(tmp_path)  # the site was started anew
        names |= {askers.name("203.0.113.1", TODAY + timedelta(days=day))}
    assert len(names) == 1
    assert len({Askers(tmp_path).name(network, TODAY) for network in NETWORKS[:10]}) > 5


def test_after_its_days_the_key_is_gone(tmp_path: Path) -> None:
    askers = Askers(tmp_path)
    before = askers.name("203.0.113.1", TODAY)
    kept = (tmp_path / FILE).read_text()
    after = askers.name("203.0.113.1", TODAY + timedelta(days=KEY_DAYS))
    assert before.partition(":")[0] != after.partition(":")[0]
    assert (tmp_path / FILE).read_text() != kept
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_many_networks_share_each_name(tmp_path: Path) -> None:
    counts = Counter(Askers(tmp_path).name(network, TODAY) for network in NETWORKS)
    assert len(counts) <= 256
    assert max(counts.values()) > 1
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_file_that_is_none_is_replaced(tmp_path: Path) -> None:
    for text in ("{", '{"since": "2026-11-22", "name": "a", "key": ""}', "[]"):
        (tmp_path / FILE).write_text(text)
        name = Askers(tmp_path).name("203.0.113.1", TODAY)
        assert Askers(tmp_path).name("203.0.113.1", TODAY) == name
    unwritable = Askers(tmp_path / "nowhere")
    assert unwritable.name("a", TODAY) == unwritable.name("a", TODAY)
