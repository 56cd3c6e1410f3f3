"""A difference can be read in the terminal, with colours and without."""

from __future__ import annotations

import io

from rich.console import Console

from core.types import Paragraph, Section
from ingest.differences import compare_sections, difference_json
from web.differences import print_difference

LONG = "Die Steuer nach dieser Satzung ist in jedem Jahr am 15. Februar fällig, soweit der Bescheid"
LONG += " der Stadt über die Festsetzung der Steuer für den einzelnen Hund nichts anderes"


def section(number: str, heading: str, text: str) -> Section:
    return Section((f"{number} {heading}",), number, heading, (Paragraph(text, mark="1"),))


def printed(before: Section, after: Section, *, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=80, color_system="standard" if colour else None)
    print_difference(difference_json(compare_sections([before], [after])), console)
    return out.getvalue()


def test_amounts_stand_above_the_sections_they_changed_in() -> None:
    before = section("§ 5", "Steuersatz", "Die Steuer beträgt 96,00 € [im Jahr].")
    after = section("§ 5", "Steuersatz", "Die Steuer beträgt 120,00 € [im Jahr].")
    assert printed(before, after) == (
        "1 section changed; § 5 Abs. 1: 96,00 € → 120,00 €.\n\n"
        "Amounts and dates\n"
        "  § 5 Abs. 1: 96,00 € → 120,00 €\n"
        "    Die Steuer beträgt 120,00 € [im Jahr].\n\n"
        "§ 5 Steuersatz\n"
        "  Die Steuer beträgt [-96,00 €-] {+120,00 €+} [im Jahr].\n"
    )


def test_what_is_gone_is_struck_in_red_and_what_is_new_is_green() -> None:
    before, after = section("§ 5", "", "Es gilt A."), section("§ 5", "", "Es gilt B.")
    text = printed(before, after, colour=True)
    assert "\x1b[9;31m[-A-]\x1b[0m" in text
    assert "\x1b[32m{+B+}\x1b[0m" in text


def test_long_text_that_did_not_change_is_left_out() -> None:
    before = section("§ 9", "", f"{LONG} bestimmt.")
    after = section("§ 9", "", f"{LONG} regelt.")
    shown = "  Die Steuer nach dieser Satzung ist … für den einzelnen Hund nichts anderes"
    assert f"{shown} [-bestimmt-]{{+regelt+}}." in printed(before, after)


def test_a_moved_section_shows_both_its_numbers() -> None:
    before, after = section("§ 8", "Fälligkeit", LONG), section("§ 9", "Fälligkeit", LONG)
    assert "§ 8 Fälligkeit → § 9 Fälligkeit (moved, same words)" in printed(before, after)
