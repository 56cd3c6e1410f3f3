"""Sections, Absätze and headings are found where a by-law has them, and nowhere else."""

import pytest

from core.types import Block, BlockKind, Section
from ingest.structure import split_sections


def heading(text: str, level: int = 0, page: int | None = None) -> Block:
    return Block(text, BlockKind.HEADING, page, level)


def row(text: str) -> Block:
    return Block(text, BlockKind.ROW)


def read(*blocks: Block | str) -> tuple[Section, ...]:
    return split_sections([Block(block) if isinstance(block, str) else block for block in blocks])


def texts(section: Section) -> list[str]:
    return [paragraph.text for paragraph in section.paragraphs]


def marks(section: Section) -> list[str]:
    return [paragraph.mark for paragraph in section.paragraphs]


def numbers(sections: tuple[Section, ...]) -> list[str]:
    return [section.number for section in sections]


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("§ 5 Steuersatz", "§ 5", "Steuersatz"),
        ("§5a Steuersatz", "§ 5a", "Steuersatz"),
        ("Artikel 3 Inkrafttreten", "Art. 3", "Inkrafttreten"),
        ("Art. 1 - Änderungen", "Art. 1", "Änderungen"),
        ("Art 143b Postwesen", "Art. 143b", "Postwesen"),
        ("Anlage 1 Gebührenverzeichnis", "Anlage 1", "Gebührenverzeichnis"),
        ("ANLAGE zu § 5 Abs. 1", "Anlage", "zu § 5 Abs. 1"),
    ],
)
def test_a_line_with_a_number_and_a_title_opens_a_section(
    line: str, number: str, title: str
) -> None:
    (section,) = read(heading(line), "Die Steuer beträgt 96 Euro.")
    assert (section.number, section.heading) == (number, title)
    assert section.path == (f"{number} {title}",)


def test_a_number_and_its_title_may_stand_on_two_lines() -> None:
    sections = read("§ 1", "Steuergegenstand", "Hunde.", "§ 2", "(Steuersatz)", "96 Euro.")
    assert [section.path for section in sections] == [
        ("§ 1 Steuergegenstand",),
        ("§ 2 (Steuersatz)",),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "§ 5 Abs. 2 gilt entsprechend.",
        "§ 831 Abs. 1 Satz 2 des Bürgerlichen Gesetzbuches ist anzuwenden.",
        "§ 5 der PolVO entfällt.",
        "§ 4 GemO",
        "§ 9 Gaststättengesetz (GastG)",
        "Anlage 1 ist Bestandteil dieser Satzung.",
        "Anlagen, die der Versorgung dienen",
    ],
)
def test_a_reference_in_running_text_opens_none(line: str) -> None:
    (section, last) = read("§ 1 Zweck", line, "§ 2 Ende", "Text.")
    assert texts(section) == [line]
    assert last.number == "§ 2"


def test_absaetze_are_marked_and_rows_inherit_the_mark() -> None:
    (section,) = read(
        "§ 2 Steuersatz",
        "Für Hunde gilt:",
        "(1) Die Steuer beträgt",
        row("Ersthund: 96 Euro"),
        "(2a) Sie ist fällig",
        "1. am 1. Juli",
        "(3)",
        "Ausnahmen gibt es nicht.",
    )
    assert marks(section) == ["", "1", "1", "2a", "2a", "3"]
    assert texts(section)[-1] == "(3) Ausnahmen gibt es nicht."


def test_a_heading_and_its_first_absatz_in_one_block_are_divided() -> None:
    (section,) = read("§ 2 Steuersatz (1) Die Steuer beträgt 96 Euro.")
    assert (section.heading, texts(section)) == ("Steuersatz", ["(1) Die Steuer beträgt 96 Euro."])


def test_text_before_the_first_heading_is_a_section_without_number() -> None:
    preamble, _ = read("Aufgrund von § 4 GemO hat der Rat beschlossen:", "§ 1 Zweck", "Text.")
    assert (preamble.path, preamble.number, preamble.heading) == ((), "", "")


def test_chapters_enclose_their_sections() -> None:
    sections = read(
        *("I. Abschnitt", "Allgemeines", "§ 1 Zweck", "Eins."),
        *("II. Abschnitt Gebühren", "§ 2 Höhe", "Zwei."),
        *(heading("Schlussvorschriften"), "§ 3 Inkrafttreten", "Drei."),
        *("Anlage 1", "Gebührenverzeichnis", "96 Euro."),
    )
    assert [section.path for section in sections] == [
        ("I. Abschnitt Allgemeines", "§ 1 Zweck"),
        ("II. Abschnitt Gebühren", "§ 2 Höhe"),
        ("II. Abschnitt Gebühren", "Schlussvorschriften", "§ 3 Inkrafttreten"),
        ("Anlage 1 Gebührenverzeichnis",),
    ]


def test_chapter_headings_on_the_level_of_their_sections_still_enclose_them() -> None:
    (section,) = read(heading("I. Allgemeines", 3), heading("§ 1 Zweck", 3), "Text.")
    assert section.path == ("I. Allgemeines", "§ 1 Zweck")


def test_text_below_a_heading_inside_an_annex_keeps_its_number() -> None:
    sections = read(heading("Anlage 2", 2), heading("Fahrzeuge", 3), "Löschfahrzeug: 90 Euro.")
    assert [(s.number, s.heading) for s in sections] == [("Anlage 2", "Fahrzeuge")]


def test_what_stands_below_the_last_section_is_not_part_of_it() -> None:
    sections = read(heading("§ 4 Inkrafttreten"), "Am 1. Mai.", heading("Hinweis:"), "Rügen Sie.")
    assert numbers(sections) == ["§ 4", ""]


@pytest.mark.parametrize(
    "contents",
    [
        ["Inhaltsübersicht", "§ 1 Zweck ....... 2", "§ 2 Höhe .... 3", "§ 3 Ende"],
        ["Inhaltsverzeichnis", "- § 1 Zweck", "- § 2 Höhe", "- § 3 Ende"],
        ["§ 1 Zweck 2", "§ 2 Höhe der Steuer 3", "§ 3 Das Ende 4"],
        ["§ 1 Zweck § 2 Höhe § 3 Ende"],
    ],
)
def test_a_table_of_contents_is_left_out(contents: list[str]) -> None:
    body = ["§ 1", "Zweck", "Eins.", "§ 2 Höhe", "Zwei.", "§ 3 Ende", "Drei."]
    sections = read("Der Rat hat beschlossen:", *contents, *body)
    assert numbers(sections) == ["", "§ 1", "§ 2", "§ 3"]
    assert [texts(section) for section in sections[1:]] == [["Eins."], ["Zwei."], ["Drei."]]


def test_sections_that_say_everything_in_their_title_are_no_table_of_contents() -> None:
    sections = read("§ 1 Hunde sind anzuleinen", "§ 2 Katzen nicht", "§ 3 Vögel auch nicht")
    assert [texts(section) for section in sections] == [
        ["Hunde sind anzuleinen"],
        ["Katzen nicht"],
        ["Vögel auch nicht"],
    ]


def test_the_new_wording_in_an_amending_act_opens_no_section_of_it() -> None:
    sections = read(
        *("Artikel 1", "Änderung der Hundesteuersatzung", "§ 5 erhält folgende Fassung:"),
        *(
            "§ 5 Steuersatz",
            "(1) Die Steuer beträgt 120 Euro.",
            "Artikel 2 Inkrafttreten",
            "Am 1. Mai.",
        ),
    )
    assert numbers(sections) == ["Art. 1", "Art. 2"]
    assert "§ 5 Steuersatz" in texts(sections[0])


def test_an_amending_act_in_sections_keeps_its_own() -> None:
    sections = read(
        *(
            "§ 1 Änderung",
            "§ 2 der Satzung erhält folgende Fassung:",
            "§ 2 Steuersatz",
            "120 Euro.",
        ),
        *("§ 2 Inkrafttreten", "Am 1. Mai."),
    )
    assert [section.heading for section in sections] == ["Änderung", "Inkrafttreten"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("(1) 1Die Steuer steigt. 2Sie sinkt nie.", "(1) Die Steuer steigt. Sie sinkt nie."),
        ("¹Die Steuer steigt. ²Sie sinkt nie.", "Die Steuer steigt. Sie sinkt nie."),
        ("2 Hunde und 1 Katze.", "2 Hunde und 1 Katze."),
        ("Sie kostet 10 Euro. 2Rad und 3Rad auch.", "Sie kostet 10 Euro. 2Rad und 3Rad auch."),
    ],
)
def test_numbers_of_sentences_are_removed(written: str, read_as: str) -> None:
    (section,) = read("§ 1 Zweck", written, "§ 2 Ende")[:1]
    assert texts(section) == [read_as]


def test_a_section_sign_that_was_misread_is_mended_where_it_continues_the_count() -> None:
    sections = read("§ 1 Zweck", "Eins.", "8 2 Höhe", "Zwei.", "$3 Ende", "Drei.", "8 9 Hunde")
    assert numbers(sections) == ["§ 1", "§ 2", "§ 3"]


def test_a_line_that_only_looked_like_a_heading_is_kept_as_text() -> None:
    (section,) = read("Guten Tag.", heading("Gültig ab 1. Januar 2026"))
    assert texts(section) == ["Guten Tag.", "Gültig ab 1. Januar 2026"]


def test_pages_are_those_of_the_paragraphs() -> None:
    (section,) = split_sections(
        [heading("§ 1 Zweck", page=2), Block("Eins.", page=2), Block("Zwei.", page=3)]
    )
    assert [paragraph.page for paragraph in section.paragraphs] == [2, 3]
