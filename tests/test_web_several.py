"""Sites on several machines share one Qdrant server and one PostgreSQL database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from databases import Cluster
from test_web_cli import TAX, as_json, auskunft, running_site

from core.index_engines import remove_index
from core.settings import load_settings
from core.writer import writing

QUESTION = {"question": "Was kostet die Hundesteuer für den ersten Hund?"}


@pytest.fixture
def database(postgresql: Cluster) -> dict[str, str]:
    """The settings of machines that share a database."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUSKUNFT_")}
    return {**kept, "AUSKUNFT_DATABASE_URL": postgresql.create_database()}


@pytest.fixture
def shared(database: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings of machines that share a database and a Qdrant server."""
    qdrant = os.environ.get("AUSKUNFT_TEST_QDRANT_URL")
    if qdrant is None:
        pytest.skip("AUSKUNFT_TEST_QDRANT_URL names no server")
    settings = load_settings(qdrant_url=qdrant)
    remove_index(settings)
    yield {**database, "AUSKUNFT_QDRANT_URL": qdrant}
    remove_index(settings)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "hundesteuer.md").write_text(TAX, "utf-8")
    return folder


def test_what_one_machine_publishes_all_answer_with(
    shared: dict[str, str], town: Path, tmp_path: Path
) -> None:
    first, second, editors = (
        {**shared, "AUSKUNFT_STATE_DIR": str(tmp_path / name)}
        for name in ("first", "second", "editors")
    )
    assert as_json(editors, "ingest", town)["documents"]["added"] == 1
    with running_site(first) as one, running_site(second) as other:
        for amount in ("108,00", "120,00"):
            changed = TAX.replace("108,00", amount)
            (town / "hundesteuer.md").write_text(changed, "utf-8")
            assert as_json(editors, "ingest", town)["documents"]["failed"] == 0
            for site in (one, other):
                body = httpx.post(f"{site}/api/v1/answers", json=QUESTION).json()
                assert amount in body["statements"][0]["text"]


def test_while_one_machine_writes_another_does_not(
    database: dict[str, str], town: Path, tmp_path: Path
) -> None:
    url = database["AUSKUNFT_DATABASE_URL"]
    here = load_settings(state_dir=tmp_path / "first", database_url=url)
    there = {**database, "AUSKUNFT_STATE_DIR": str(tmp_path / "second")}
    with writing(here):
        refused = auskunft(there, "ingest", town)
    assert refused.returncode == 1
    assert "Another ingest is running" in refused.stderr
    assert auskunft(there, "ingest", town).returncode == 0
