"""The bench of changes: its by-law is as long as it says, and one § alone is embedded again."""

from __future__ import annotations

from pathlib import Path

import pytest
from encoders import WordEncoder
from pypdfium2 import PdfDocument

from core.settings import Settings, load_settings
from eval.speed_changes import PAGES, measure_one_section, measure_unchanged, write_by_law


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """With an encoder that knows words only, in microseconds."""
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    return load_settings()


def test_the_by_law_has_forty_pages(tmp_path: Path) -> None:
    write_by_law(tmp_path / "by-law.pdf", amount=100)
    with PdfDocument(tmp_path / "by-law.pdf") as pdf:
        assert len(pdf) == PAGES


def test_a_changed_amount_answers_and_is_all_that_is_embedded(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.speed_changes.CHANGED", 5)  # of a shorter one
    figure = measure_one_section(settings, tmp_path / "town", pages=3)
    assert figure.note.startswith("1 of ")
    assert figure.value > 0


def test_every_unchanged_document_is_checked(settings: Settings, tmp_path: Path) -> None:
    assert measure_unchanged(settings, tmp_path / "town", 3).note == "3 unchanged"
