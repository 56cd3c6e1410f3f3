"""The sample town's documents say what they should, and are as different as real ones."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import pypdf
import pypdfium2
import pytest
import yaml

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
PDFS = sorted(DOCUMENTS.glob("*.pdf"))
SCAN = "bewohnerparken"
LOCKED = "kita-gebuehrensatzung"
LARGEST = 3_000_000  # bytes, all files together

FACTS = {
    "abfallgebuehrensatzung": (
        *("98,40", "124,80", "178,80", "342,00", "1.512,00", "48,00", "66,00", "35,00", "6,50"),
        "1. Januar 2025",
    ),
    "abfallgebuehrensatzung-2027": (
        *("104,40", "132,00", "189,60", "361,20", "1.596,00", "51,60", "70,80", "40,00", "7,00"),
        "1. Januar 2027",
    ),
    "anmeldung-hundesteuer": ("108,00", "216,00", "288,00", "660,00", "zwei Wochen"),
    "eheschliessung": ("60,00", "80,00", "90,00", "150,00", "09999 123-120"),
    "friedhofssatzung": (
        *("1.150,00", "2.300,00", "4.100,00", "690,00", "1.280,00", "1.450,00", "380,00", "220,00"),
        *("7:00 bis 20:00 Uhr", "8:00 bis 17:00 Uhr", "1. April 2024"),
    ),
    "fuehrerschein": ("25,50", "43,90", "16,30", "sechs Monate"),
    "gewerbeanmeldung": ("26,00", "32,00", "20,00", "unverzüglich", "09999 123-310"),
    "hebesatzsatzung": ("390 v. H.", "1. Januar 2025"),
    "hundesteuersatzung": (
        *("108,00", "216,00", "288,00", "660,00", "324,00", "5,00", "15. Februar"),
        *("innerhalb von zwei Wochen", "1. Januar 2026"),
    ),
    "hundesteuersatzung-2020": ("84,00", "168,00", "228,00", "600,00", "1. Juli", "1. Januar 2020"),
    "kfz-zulassung": ("30,60", "Landratsamt Auenkreis"),
    "kita-gebuehrensatzung": (
        *("142,00", "109,00", "73,00", "24,00", "178,00", "136,00", "91,00", "30,00"),
        *("268,00", "205,00", "137,00", "46,00", "362,00", "269,00", "182,00", "72,00"),
        *("4,20", "15. März", "1. September 2025"),
    ),
    "meldegesetz-mittelland": ("innerhalb von zwei Wochen", "1.000 Euro"),
    "oeffnungszeiten": ("14:00–16:00", "14:00–18:00", "9:00–13:00", "09999 123-410"),
    "personalausweis-und-reisepass": ("37,00", "22,80", "10,00", "70,00", "37,50", "32,00", "6,00"),
    "polizeiverordnung": ("22:00 bis 6:00 Uhr", "12:30 bis 14:00 Uhr", "Stadtpark"),
    "umzug-ummeldung": ("zwei Wochen", "8,00", "1.000 Euro", "09999 123-100"),
    "wohngeld": ("09999 123-410", "zwölf Monate", "sechs bis acht Wochen"),
    "wohnsitz-ummelden": ("zwei Wochen", "8,00", "1.000 Euro", "Wohnungsgeberbestätigung"),
}


@cache
def read_text(name: str) -> str:
    """The words of a document, white space as single blanks."""
    (path,) = (p for p in DOCUMENTS.iterdir() if p.stem == name)
    if path.suffix != ".pdf":
        return " ".join(path.read_text("utf-8").split())
    with pypdfium2.PdfDocument(path) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def read_metadata(path: Path) -> dict[str, object]:
    """What a document's sidecar says, or the head of a page or FAQ."""
    if path.suffix == ".md":
        return cast(dict[str, object], yaml.safe_load(path.read_text("utf-8").split("---\n")[1]))
    if path.suffix == ".html":
        return dict(re.findall(r'name="auskunft:(\w+)" content="(.*)"', path.read_text("utf-8")))
    sidecar = path.with_name(f"{path.name}.yaml").read_text("utf-8")
    return cast(dict[str, object], yaml.safe_load(sidecar))


def find_documents() -> list[Path]:
    return sorted(path for path in DOCUMENTS.iterdir() if path.suffix != ".yaml")


def read_makers() -> set[str]:
    """The software that wrote the PDFs, by the first word of its name."""
    found: list[Mapping[str, object]] = [pypdf.PdfReader(path).metadata or {} for path in PDFS]
    return {str(one.get("/Producer") or one.get("/Creator")).split()[0] for one in found}


@pytest.mark.parametrize("path", find_documents(), ids=lambda path: path.name)
def test_every_document_says_what_it_is(path: Path) -> None:
    metadata = read_metadata(path)
    assert {"id", "title", "kind", "url", "as_of"} <= metadata.keys()
    assert str(metadata["url"]).startswith("https://www.")
    if metadata["kind"] == "statute":
        assert metadata["short_title"]
        assert metadata["valid_from"]


def test_no_two_documents_have_the_same_id() -> None:
    ids = [read_metadata(path)["id"] for path in find_documents()]
    assert len(ids) == len(set(ids)) >= 21


def test_every_sidecar_belongs_to_a_document() -> None:
    for sidecar in DOCUMENTS.glob("*.*.yaml"):
        assert sidecar.with_suffix("").exists()


@pytest.mark.parametrize(
    ("name", "fact"), [(name, fact) for name, facts in FACTS.items() for fact in facts]
)
def test_a_document_contains_its_facts(name: str, fact: str) -> None:
    assert re.search(rf"(?<!\d)(?<!\d[.,]){re.escape(fact)}(?!\d)", read_text(name))


def test_the_facts_cover_every_document_but_the_scan_and_the_faq() -> None:
    assert {path.stem for path in find_documents()} - FACTS.keys() == {SCAN, "faq"}


def test_the_scan_has_pictures_and_no_text_layer() -> None:
    assert read_text(SCAN) == ""
    pages = pypdf.PdfReader(DOCUMENTS / f"{SCAN}.pdf").pages
    assert all(len(page.images) == 1 for page in pages)


def test_the_encrypted_document_is_aes_and_opens_with_an_empty_password() -> None:
    reader = pypdf.PdfReader(DOCUMENTS / f"{LOCKED}.pdf")
    assert reader.is_encrypted
    encryption = reader.trailer["/Encrypt"].get_object()
    assert isinstance(encryption, pypdf.generic.DictionaryObject)
    assert "/AESV3" in str(encryption["/CF"])  # AES-256
    assert reader.decrypt("") != pypdf.PasswordType.NOT_DECRYPTED


def test_only_that_document_is_encrypted() -> None:
    assert [p.stem for p in PDFS if pypdf.PdfReader(p).is_encrypted] == [LOCKED]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("hundesteuersatzung-2020", "hundesteuersatzung"),
        ("abfallgebuehrensatzung", "abfallgebuehrensatzung-2027"),
    ],
)
def test_a_newer_version_follows_the_older_one_with_other_amounts(older: str, newer: str) -> None:
    before, after = (read_metadata(DOCUMENTS / f"{name}.pdf") for name in (older, newer))
    assert str(before["valid_to"]) < str(after["valid_from"])
    assert before["title"] == after["title"]
    amounts = re.compile(r"\d[\d.]*,\d\d")
    assert not set(amounts.findall(read_text(older))) & set(amounts.findall(read_text(newer)))


def test_the_form_can_be_filled_in() -> None:
    fields = pypdf.PdfReader(DOCUMENTS / "anmeldung-hundesteuer.pdf").get_fields() or {}
    assert {field["/FT"] for field in fields.values()} == {"/Tx", "/Btn"}
    assert {"nachname", "chip", "erster", "iban"} <= fields.keys()


def test_the_pdfs_come_from_different_makers() -> None:
    assert {"ReportLab", "Typst", "WeasyPrint", "fpdf2", "Kopierer"} <= read_makers()


def test_by_laws_number_their_pages_and_break_words_at_line_ends() -> None:
    assert "Seite 2 von 6" in read_text("hundesteuersatzung")
    page = pypdf.PdfReader(DOCUMENTS / "hundesteuersatzung.pdf").pages[2]  # pdfium mends hyphens
    lines = page.extract_text().splitlines()
    assert sum(line.endswith("-") for line in lines) >= 3


def test_other_levels_than_the_town_name_their_jurisdiction() -> None:
    act = read_metadata(DOCUMENTS / "meldegesetz-mittelland.xml")
    leaflet = read_metadata(DOCUMENTS / "kfz-zulassung.pdf")
    assert act["jurisdiction"] == {"level": "state", "name": "Land Mittelland", "key": "99"}
    assert leaflet["jurisdiction"] == {
        "level": "district",
        "name": "Landkreis Auenkreis",
        "key": "99001",
    }


def test_the_documents_are_small_enough_to_live_in_the_repository() -> None:
    assert sum(path.stat().st_size for path in DOCUMENTS.iterdir()) <= LARGEST
