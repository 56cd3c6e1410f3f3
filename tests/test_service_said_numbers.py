"""Numbers are the same however they are written, and not the same where they differ."""

from __future__ import annotations

import pytest

from service.said_numbers import digits, unsaid_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.200,00 €", {"1200"}),
        ("1200 Euro", {"1200"}),
        ("1.234.567 Einwohner", {"1234567"}),
        ("1,200.00 euros", {"1200"}),
        ("1,234,567.50 euros", {"1234567.50"}),
        ("1,234.567 euros", {"1234.567"}),
        ("1,234,567 people", {"1234567"}),
        ("1,200 Promille", {"1.200"}),
        ("12,50 EUR", {"12.50"}),
        ("12.50 EUR", {"12.50"}),
        ("١٥٠", {"150"}),
        ("١٬٢٠٠٫٠٠ يورو", {"1200"}),
        ("۱٬۵۰۰٫۵ تومان", {"1500.5"}),
        ("8:00 bis 18:30 Uhr", {"8", "18:30"}),
        ("am 24.12.2026", {"24.12.2026"}),
        ("§ 5 Abs. 1 Nr. 2a", {"5", "1", "2"}),
        ("100", {"100"}),
        ("1000", {"1000"}),
        ("m² und kein Hund", set()),
    ],
)
def test_a_number_has_one_form(text: str, found: set[str]) -> None:
    assert digits(text) == found


@pytest.mark.parametrize(
    ("number", "statement", "is_said"),
    [
        ("1.200,00 Euro", "Das kostet 1200 €.", True),
        ("150", "الضريبة ١٥٠ يورو", True),
        ("1.200,00 Euro", "Das kostet 1.200,50 Euro.", False),
        ("120", "Das kostet 1.200 Euro.", False),
        ("zwei Wochen", "Sie haben Zwei\u00a0Wochen Zeit.", True),
        ("zwei Wochen", "Sie haben 2 Wochen Zeit.", False),
        ("8:00 bis 12:30", "Von 8 bis 12:30 Uhr.", True),
        ("8:00 bis 12:30", "Von 8 bis 12 Uhr.", False),
    ],
)
def test_a_number_is_said_however_it_is_written(number: str, statement: str, is_said: bool) -> None:
    assert unsaid_numbers([number], ["Ein Satz.", statement]) == ([] if is_said else [number])
