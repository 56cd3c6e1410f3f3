"""What uploaded files are called."""

from __future__ import annotations

import pytest

from web.editor.files import safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Hundesteuer 2027.PDF", "Hundesteuer 2027.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Satzungen\\\\hund.pdf", "hund.pdf"),
        (".pdf", "dokument.pdf"),
    ],
)
def test_a_name_leads_nowhere_else(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@pytest.mark.parametrize("letter", ["a", "ü", "犬"])
def test_a_long_name_fits_any_file_system(letter: str) -> None:
    name = safe_name(f"{letter * 300}.pdf")
    assert len(name.encode()) < 200
    assert name.startswith(letter)
    assert name.endswith(".pdf")
