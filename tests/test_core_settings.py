"""Settings come from the environment, are documented, and keep secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import SettingInvalid
from core.settings import Settings, load_settings

DOCS = Path(__file__).parent.parent / "docs" / "settings.md"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    lines = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| `AUSK")]
    documented = {line.split("`")[1] for line in lines}
    assert documented == {f"AUSKUNFT_{name.upper()}" for name in Settings.model_fields}


def test_the_environment_wins_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_TOWN", "Auental")
    assert load_settings().town == "Auental"


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_QDRANT_URL", "")
    assert load_settings().qdrant_url is None


@pytest.mark.parametrize("value", ["often", "0/minute", "30 per minute"])
def test_a_wrong_value_is_named_in_one_sentence(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUSKUNFT_RATE_LIMIT", value)
    with pytest.raises(SettingInvalid, match=r"AUSKUNFT_RATE_LIMIT cannot be used: [^\n]+\.$"):
        load_settings()


def test_secrets_do_not_show_in_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_DATABASE_URL", "postgresql://town:geheim@localhost/auskunft")
    assert "geheim" not in str(load_settings())
