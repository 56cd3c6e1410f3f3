"""What is timed in a process of its own never works on the town's index, model or town."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import Settings
from eval.dataset import alone
from eval.load import environment_alone


def test_a_process_of_its_own_gets_none_of_the_sites_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOWN", "QDRANT_URL", "DATABASE_URL", "LLM_BASE_URL", "LLM_GGUF"):
        monkeypatch.setenv(f"AUSKUNFT_{name}", "the town's")
    own = environment_alone(tmp_path)
    assert {name: own[name] for name in own if name.startswith("AUSKUNFT_")} == {
        "AUSKUNFT_STATE_DIR": str(tmp_path),
        "AUSKUNFT_RATE_LIMIT": "off",
    }
    assert "PATH" in own


def test_an_index_of_its_own_has_no_server_and_no_town(tmp_path: Path) -> None:
    site = Settings(town="Ulm", qdrant_url="http://q", database_url="sqlite://", contact="Amt")
    own = alone(site, tmp_path)
    assert (own.state_dir, own.town, own.qdrant_url, own.database_url) == (tmp_path, *3 * [None])
    assert own.contact == "Amt"
