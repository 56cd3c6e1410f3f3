"""Benchmarks are kept with their day, machine and commit, and nothing else is touched."""

from __future__ import annotations

import platform
import subprocess
from datetime import date
from pathlib import Path

import pytest

from eval.history import describe_machine, read_commit, record_benchmark

ROWS = [("figure", "Auskunft"), ("ingest", "253 s")]
TODAY = date(2026, 11, 22)


def headings(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "benchmarks.md"
    path.write_text("# Benchmarks\n\nWords.\n\n## History\n\n## Quality\n\nMore words.\n", "utf-8")
    return path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "docs").mkdir(parents=True)
    (folder / "code.py").write_text("old", "utf-8")
    (folder / "docs/page.md").write_text("old", "utf-8")
    git(tmp_path, "init", "--quiet", str(folder))
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


def test_a_table_stands_under_the_history_and_the_rest_stays(page: Path) -> None:
    record_benchmark(page, ROWS, "A chip, 2 cores", "abc1234", TODAY)
    assert page.read_text("utf-8") == (
        "# Benchmarks\n\nWords.\n\n## History\n\n### 2026-11-22, commit abc1234\n\n"
        "A chip, 2 cores\n\n| figure | Auskunft |\n|---|---|\n| ingest | 253 s |\n\n"
        "## Quality\n\nMore words.\n"
    )


def test_the_newest_day_stands_on_top_and_of_a_day_the_last(page: Path) -> None:
    for commit, day in (("a", 22), ("b", 24), ("c", 23), ("d", 23)):
        record_benchmark(page, ROWS, "A chip", commit, date(2026, 11, day))
    assert headings(page)[2:-1] == [
        "### 2026-11-24, commit b",
        "### 2026-11-23, commit d",
        "### 2026-11-23, commit c",
        "### 2026-11-22, commit a",
    ]


def test_what_a_commit_measures_again_on_a_day_replaces_the_first(page: Path) -> None:
    record_benchmark(page, ROWS, "A chip", "abc1234", TODAY)
    once = page.read_text("utf-8")
    record_benchmark(page, ROWS, "A chip", "abc1234", TODAY)
    assert page.read_text("utf-8") == once
    record_benchmark(page, [*ROWS, ("start-up", "3 s")], "A chip", "abc1234", TODAY)
    assert page.read_text("utf-8").count("| ingest |") == 1
    assert "| start-up | 3 s |" in page.read_text("utf-8")
    record_benchmark(page, ROWS, "A chip", "abc1234+changes", TODAY)
    assert len([line for line in headings(page) if "abc1234" in line]) == 2


def test_what_people_wrote_in_the_history_stays(page: Path) -> None:
    written = "Of old.\n\n### By hand\n\nStays.\n"
    text = page.read_text("utf-8").replace("## History\n", f"## History\n\n{written}")
    page.write_text(text, "utf-8")
    record_benchmark(page, ROWS, "A chip", "a", TODAY)
    record_benchmark(page, ROWS, "A chip", "a", TODAY)
    assert f"## History\n\n{written}" in page.read_text("utf-8")


def test_a_history_that_is_missing_is_begun(tmp_path: Path) -> None:
    page = tmp_path / "new.md"
    record_benchmark(page, ROWS, "A chip", "a", TODAY)
    assert headings(page) == ["## History", "### 2026-11-22, commit a"]
    page.write_text("# Benchmarks\n\n## Historyless\n\nWords.", "utf-8")
    record_benchmark(page, ROWS, "A chip", "a", TODAY)
    record_benchmark(page, ROWS, "A chip", "a", TODAY)
    assert page.read_text("utf-8").startswith("# Benchmarks\n\n## Historyless\n\nWords.\n\n## Hist")
    assert headings(page)[-2:] == ["## History", "### 2026-11-22, commit a"]


def test_what_a_cell_holds_stays_in_it(page: Path) -> None:
    record_benchmark(page, [("a|b",), ("one\ntwo",)], "A chip", "a", TODAY)
    assert "| a\\|b |\n|---|\n| one two |\n" in page.read_text("utf-8")


def test_a_machine_is_described_without_its_name() -> None:
    described = describe_machine()
    assert "core" in described
    assert "GiB memory" in described
    assert (platform.node() or "?") not in described


def test_a_commit_says_whether_what_is_measured_differs_from_it(repository: Path) -> None:
    clean = read_commit(repository)
    assert len(clean) >= 7
    (repository / "docs/page.md").write_text("new", "utf-8")
    assert read_commit(repository) == clean
    (repository / "more.py").write_text("", "utf-8")
    assert read_commit(repository) == f"{clean}+changes"


def test_without_git_a_commit_is_unknown(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    assert read_commit(bare) == "unknown"
    monkeypatch.setenv("PATH", str(bare))
    assert read_commit(repository) == "unknown"
