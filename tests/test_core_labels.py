"""A citation reads as a lawyer writes it."""

import pytest

from core.labels import label, short_title
from core.types import Document

BYLAW = Document(
    "hunde", "Satzung über die Erhebung der Hundesteuer", short_title="Hundesteuersatzung"
)
LEAFLET = Document("umzug", "Merkblatt Umzug")


@pytest.mark.parametrize(
    ("document", "section", "page", "mark", "expected"),
    [
        (BYLAW, "§ 5", 3, "1", "§ 5 Abs. 1 Hundesteuersatzung, S. 3"),
        (BYLAW, "§ 5a", None, "2a", "§ 5a Abs. 2a Hundesteuersatzung"),
        (BYLAW, "Anlage 1", 7, "1", "Anlage 1 Hundesteuersatzung, S. 7"),
        (BYLAW, "Anlage", 7, "", "Anlage Hundesteuersatzung, S. 7"),
        (
            BYLAW,
            "Anlagen und Formulare",
            7,
            "1",
            "„Anlagen und Formulare“, Hundesteuersatzung, S. 7",
        ),
        (Document("gg", "Grundgesetz", short_title="GG"), "Art. 3", None, "2", "Art. 3 Abs. 2 GG"),
        (LEAFLET, "Öffnungszeiten", 1, "", "„Öffnungszeiten“, Merkblatt Umzug, S. 1"),
        (LEAFLET, "", 1, "", "Merkblatt Umzug, S. 1"),
        (LEAFLET, "Merkblatt Umzug", None, "", "Merkblatt Umzug"),
    ],
)
def test_a_label_names_section_absatz_title_and_page(
    document: Document, section: str, page: int | None, mark: str, expected: str
) -> None:
    assert label(document, section, page, mark) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Satzung über die Erhebung der Hundesteuer (Hundesteuersatzung)", "Hundesteuersatzung"),
        (
            "Satzung über Hunde (Hundesteuersatzung - HStS) der Gemeinde Auental vom 3.5.2024",
            "Hundesteuersatzung",
        ),
        ("Satzung über die Erhebung der Hundesteuer in Auental", "Hundesteuersatzung"),
        (
            "II 02 Satzung über die Erhebung einer Zweitwohnungssteuer in der Stadt Konstanz",
            "Zweitwohnungssteuersatzung",
        ),
        (
            "Satzung über die Erhebung von Erschließungsbeiträgen (Fassung vom 21.05.2019)",
            "Erschließungsbeitragssatzung",
        ),
        ("Hauptsatzung der Gemeinde Aichelberg", "Hauptsatzung"),
        ("Hauptsatzung der Stadt Auental vom 12. Mai 2020", "Hauptsatzung"),
        (
            "Satzung der Stadt Konstanz über Öffentliche Bekanntmachungen",
            "Satzung über Öffentliche Bekanntmachungen",
        ),
        ("Merkblatt Umzug", "Merkblatt Umzug"),
    ],
)
def test_a_short_title_is_the_name_without_town_and_date(title: str, expected: str) -> None:
    assert short_title(title) == expected


def test_the_name_of_an_abolished_bylaw_does_not_become_the_name_of_the_act_that_abolishes_it() -> (
    None
):
    title = "Satzung zur Aufhebung der Satzung über Waaggebühren (Waaggebührenordnung)"
    assert short_title(title).startswith("Satzung zur Aufhebung")


def test_a_long_title_ends_at_a_word_that_can_end_it() -> None:
    title = "Satzung über die Benutzung der Halle und des Sportplatzes und der Räume im Schulhaus"
    short = short_title(title)
    assert len(short) <= 77
    assert short.endswith(" …")
    assert not short.removesuffix(" …").endswith((" der", " und", " des", " im"))
    assert title.startswith(short.removesuffix(" …"))
