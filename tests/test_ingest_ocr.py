"""Reading scans: levelled, § and umlauts mended by evidence, doubtful pages named."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.types import Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.ocr import find_skew
from ingest.readers.ocr_mending import count_readable, mend_pieces, mend_signs, mend_umlauts
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_paragraphs import Piece
from ingest.readers.pdf_shapes import Page, Table, Word
from ingest.readers.scan_words import read_words

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=100, file_mb=20)
LINSENGERICHT = Path(__file__).parent.parent.parent / "shared" / "data" / "linsengericht"
BY_LAW = (
    "Satzung über die Erhebung der Hundesteuer",
    "Die Steuer beträgt für den ersten Hund jährlich 60,00 Euro,",
    "für den zweiten Hund 90,00 Euro und für jeden weiteren 120,00 Euro.",
    "Hunde, für die Steuerbefreiung gewährt wird, sind bei der Berechnung",
    "der Anzahl der Hunde nicht anzusetzen. Die Steuer wird vierteljährlich",
    "zu einem Viertel des Jahresbetrages fällig, am Ersten des Monats.",
    "Wer einen Hund hält, hat dies der Gemeinde binnen zwei Wochen",
    "schriftlich anzuzeigen und dabei die Rasse des Hundes anzugeben.",
)
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)


def picture_of_page(folder: Path) -> Image.Image:
    """A page of the by-law as a scanner sees it, at 200 dots an inch."""
    path = folder / "source.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont("Helvetica", 12)
    for number, line in enumerate(BY_LAW):
        canvas.drawString(90, 640 - 18 * number, line)
    canvas.save()
    document = pypdfium2.PdfDocument(path)
    picture: Image.Image = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    document.close()
    return picture


def scan(folder: Path, picture: Image.Image, layer: Sequence[str] = ()) -> Path:
    """A PDF of the picture, above it the invisible text that a scanner's program recognised."""
    picture.save(folder / "page.png")
    canvas = Canvas(str(folder / "scan.pdf"), pagesize=A4)
    canvas.drawImage(str(folder / "page.png"), 0, 0, *A4)
    for number, line in enumerate(layer):
        text = canvas.beginText(90, 640 - 18 * number)
        text.setTextRenderMode(3)
        text.textOut(line)
        canvas.drawText(text)
    canvas.save()
    return folder / "scan.pdf"


def all_text(reading: Reading) -> str:
    return " ".join(
        " ".join([*section.path, *(paragraph.text for paragraph in section.paragraphs)])
        for section in reading.sections
    )


def share_found(truth: str, text: str) -> float:
    """The share of the truth's words, each as often as it stands there, that the text has too."""
    wanted, found = (Counter(re.findall(r"\w{2,}", t.casefold())) for t in (truth, text))
    return (wanted & found).total() / wanted.total()


def share_in_boxes(picture: Image.Image, words: str) -> float:
    """The share of a picture's dark dots that lie in the boxes of its words."""
    dark = np.asarray(picture) < 128
    is_word = np.zeros_like(dark)
    for _, box in read_words(words, *picture.size):
        left, top, right, bottom = map(round, box)
        is_word[top : bottom + 1, left : right + 1] = True
    assert is_word.mean() < 0.3
    return float((dark & is_word).sum() / dark.sum())


@pytest.mark.parametrize("degrees", [-8.0, -2.3, 0.0, 4.0])
def test_the_skew_of_a_scan_is_found(tmp_path: Path, degrees: float) -> None:
    askew = picture_of_page(tmp_path).rotate(-degrees, fillcolor=255)
    assert find_skew(askew) == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_page_on_its_side_is_not_taken_for_askew(tmp_path: Path, quarter: int) -> None:
    assert find_skew(picture_of_page(tmp_path).rotate(quarter, expand=True)) == 0


def test_a_blank_page_has_no_skew() -> None:
    assert find_skew(Image.new("L", (800, 1100), 255)) == 0


@needs_tesseract
@pytest.mark.parametrize("quarter", [0, 90])
def test_a_scan_that_lies_askew_is_read_as_well_as_a_level_one(
    tmp_path: Path, quarter: int
) -> None:
    askew = picture_of_page(tmp_path).rotate(quarter + 9, expand=True, fillcolor=255)
    askew = askew if quarter else askew.resize((1654, 2339))
    reading = read_pdf(scan(tmp_path, askew), LIMITS)
    assert share_found(" ".join(BY_LAW), all_text(reading)) > 0.95
    assert share_in_boxes(askew, reading.scans[0].words) > 0.95


@needs_tesseract
def test_headings_in_pale_grey_are_read(tmp_path: Path) -> None:
    picture = picture_of_page(tmp_path)
    heading = picture.crop((0, 525, picture.width, 572))  # the first line alone
    picture.paste(heading.point(lambda grey: 185 + grey * 70 // 255), (0, 525))
    assert BY_LAW[0] in all_text(read_pdf(scan(tmp_path, picture), LIMITS))


@needs_tesseract
def test_a_page_recognised_with_low_confidence_is_named(tmp_path: Path) -> None:
    faded = picture_of_page(tmp_path).filter(ImageFilter.GaussianBlur(4))
    reading = read_pdf(scan(tmp_path, faded), LIMITS)
    (warning,) = reading.warnings
    assert re.fullmatch(
        r"Page 1 is recognised with low confidence \(\d\d %\); compare with the original\.", warning
    )


@needs_tesseract
def test_a_clear_scan_needs_no_warning(tmp_path: Path) -> None:
    assert read_pdf(scan(tmp_path, picture_of_page(tmp_path)), LIMITS).warnings == ()


@needs_tesseract
def test_of_two_recognitions_the_better_is_read_and_said(tmp_path: Path) -> None:
    poor = [re.sub("[aeu]", "1", line).replace("n", "|\\") for line in BY_LAW]
    reading = read_pdf(scan(tmp_path, picture_of_page(tmp_path), poor), LIMITS)
    assert share_found(" ".join(BY_LAW), all_text(reading)) > 0.95
    assert reading.warnings == (
        "Page 1 has a text layer that reads worse than the picture; "
        "the picture was recognised instead.",
    )
    (scanned,) = reading.scans
    assert (scanned.page, scanned.is_taken) == (1, True)
    assert scanned.other.split() == " ".join(poor).split()
    assert scanned.confidence > 90


@needs_tesseract
def test_the_worse_recognition_of_two_is_kept_too(tmp_path: Path) -> None:
    faded = picture_of_page(tmp_path).filter(ImageFilter.GaussianBlur(5))
    poor = [re.sub(r"(\w+)\w( |$)", r"\1|\2", line, count=3) for line in BY_LAW]
    reading = read_pdf(scan(tmp_path, faded, poor), LIMITS)
    (scanned,) = reading.scans
    assert not scanned.is_taken
    assert scanned.other
    assert all_text(reading).split() == " ".join(poor).split()


def test_a_good_text_layer_of_a_scan_is_kept(tmp_path: Path) -> None:
    # ink below every word, and nothing to recognise
    other = picture_of_page(tmp_path).filter(ImageFilter.GaussianBlur(8))
    reading = read_pdf(scan(tmp_path, other, BY_LAW), LIMITS)
    assert share_found(" ".join(BY_LAW), all_text(reading)) == 1
    assert (reading.warnings, reading.scans) == ((), ())


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("nach 8 5 Abs. 2 und $ 6 Satz 1", "nach § 5 Abs. 2 und § 6 Satz 1"),
        ("(88 18 (2) und § 25)", "(§§ 18 (2) und § 25)"),
        ("Aufgrund der 88 5, 19, 20, 51 und 93", "Aufgrund der §§ 5, 19, 20, 51 und 93"),
        ("Brandstiftung 88 306 - 306 c StGB", "Brandstiftung §§ 306 - 306 c StGB"),
        ("der 88 1,2,3 und 7 des Gesetzes", "der §§ 1,2,3 und 7 des Gesetzes"),
        ("des 8 25 des Grundsteuergesetzes", "des § 25 des Grundsteuergesetzes"),
        ("mit dem Faktor (88 12 bis 15)", "mit dem Faktor (§§ 12 bis 15)"),
        ("der Ortsteilsfeuerwehr (8 18).", "der Ortsteilsfeuerwehr (§ 18)."),
        ("wurde gemäß $ 6 der Hauptsatzung", "wurde gemäß § 6 der Hauptsatzung"),
        ("(8130 Abs. 2 Satz 3 BauGB)", "(§ 130 Abs. 2 Satz 3 BauGB)"),
        ("werden nach den 88 7-9 ermittelt", "werden nach den §§ 7-9 ermittelt"),
        ("besteht nicht. 8 29 Abs. 2 gilt", "besteht nicht. § 29 Abs. 2 gilt"),
        ("i. S.d. 8 11 BauNVO", "i. S.d. § 11 BauNVO"),
        ("außerhalb der gem. $ 6 festgelegten", "außerhalb der gem. § 6 festgelegten"),
        ("8 3 erhält folgende Neufassung:", "§ 3 erhält folgende Neufassung:"),
        ("(GVBI. $.142)", "(GVBl. S.142)"),
    ],
)
def test_a_misread_section_sign_is_mended_where_the_reference_leaves_no_doubt(
    read: str, meant: str
) -> None:
    assert mend_signs(read) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Die 8 Plätze und 85",
        "in Nr. 8 5 Abs. 2",
        "im Ortsbezirk Geislitz aus 8 Mitgliedern",
        "eine Größe von 8 x 12 cm",
        "bis zu einem Betrag von 8 500 EUR",
        "für die 8 12-jährigen Kinder",
        "der 8 50 m breite Streifen",
        "Tel. 06051 88 12 und 06051 8 36",
        "nach §§ 6, 7, 8 Abs. 1 und § 8 Abs. 8",
        "sowie §§ 22, 74, 85 Abs. 1",
        "The fee is $ 50 or US-$ 60.",
        "in der Größe 88 und 89",
        "§ 8 5 Plätze",
    ],
)
def test_a_number_that_may_be_a_number_stays(text: str) -> None:
    assert mend_signs(text, last_section=20) == text


def test_a_section_that_the_document_does_not_have_is_one_with_a_misread_sign() -> None:
    assert mend_signs("1. 84 Abs. 1 zuwider", last_section=38) == "1. § 4 Abs. 1 zuwider"
    assert mend_signs("1. 84 Abs. 1 zuwider", last_section=84) == "1. 84 Abs. 1 zuwider"
    assert mend_signs("nach 823 Abs. 1 BGB", last_section=38) == "nach 823 Abs. 1 BGB"


def mended(*texts: str, is_centred: bool = True) -> list[str]:
    lines = [Piece(text, 1, 11, False, is_centred, is_recognised=True) for text in texts]
    return [line.text for line in mend_pieces(lines, {1}) if isinstance(line, Piece)]


def test_headings_in_a_run_of_sections_get_their_sign_back() -> None:
    assert mended("§ 1 Gegenstand", "82 Pflicht", "„83 Dauer", "8 4 Steuersatz") == [
        "§ 1 Gegenstand",
        "§ 2 Pflicht",
        "§ 3 Dauer",
        "§ 4 Steuersatz",
    ]


def test_a_line_that_fits_no_run_keeps_its_number() -> None:
    assert mended("§ 1 Gegenstand", "85 Plätze")[1] == "85 Plätze"
    assert mended("§ 1 Gegenstand", "82 Plätze sind frei", is_centred=False)[1][:2] == "82"


def test_a_dollar_opens_no_german_heading() -> None:
    assert mended("§ 7 Belegexemplare", "$7a Archivgebühren")[1] == "§ 7a Archivgebühren"


def test_an_announced_section_gets_its_sign_back() -> None:
    lines = mended("§ 9 Ende", "§ 2 erhält folgende Neufassung:", "82")
    assert lines[-1] == "§ 2"


def test_references_in_tables_are_mended_on_recognised_pages_only() -> None:
    table = Table(7, (), (("Baumwahlgrabstelle ($ 29 Abs. 4 Satzung)", "88,00 €"),), (0, 9))
    (on_scan,) = mend_pieces([table], {7})
    assert isinstance(on_scan, Table)
    assert on_scan.rows == (("Baumwahlgrabstelle (§ 29 Abs. 4 Satzung)", "88,00 €"),)
    assert mend_pieces([table], {8}) == [table]


def umlauts(text: str, is_recognised: bool = True) -> str:
    words = tuple(Word(word, 0, 10, 0, 10) for word in text.split())
    (page,) = mend_umlauts([Page(1, *A4, words, is_recognised=is_recognised)])
    return " ".join(word.text for word in page.words)


def test_dots_come_back_to_words_that_german_does_not_have_without() -> None:
    assert umlauts("Satzung uber Gebuhren fiir Burgermeister") == (
        "Satzung über Gebühren für Bürgermeister"
    )


def test_dots_come_back_to_words_that_the_document_writes_with_them() -> None:
    usual = "Grabstätten, Grabstätten Grabstätten"
    assert umlauts(f"{usual} Grabstatten.") == f"{usual} Grabstätten."
    assert umlauts("Grabstätten Grabstatten") == "Grabstätten Grabstatten"


def test_words_that_german_has_with_and_without_dots_stay() -> None:
    text = "würden würden würden wurden"
    assert umlauts(text) == text


def test_text_that_was_not_recognised_stays() -> None:
    assert umlauts("fur Elise", is_recognised=False) == "fur Elise"


def test_readable_letters_are_counted_in_any_script() -> None:
    assert count_readable(["Gemeinde,", "60,00", "Мэрия", "بلدية", "Haupt-"]) == 9 + 5 + 5 + 5 + 6
    assert count_readable(["S1tz|\\ng", "xkcd", "nnnenen", "gEmEinDe", "~"]) == 0


# The truth is itself recognised text, never corrected, of the same pages.
SHORT_SCANS = (
    "benutzungs-und-gebuehrenordnung-pavillon-01.01",
    "hauptsatzung-2-aenderung",
    "spielgeraete-satzung-2017-03-21-original",
)
WITH_TEXT = (
    "benutzung-der-gemeindlichen-feld-und-waldwege",
    "kita-belehrung-infektionsschutzgesetz",
    "strassenreinigungssatzung-inkl-1aenderung",
    "verwaltungskostensatzung",
)


@pytest.mark.shared_data
@pytest.mark.skipif(not LINSENGERICHT.is_dir(), reason="the measuring data is not here")
@needs_tesseract
@pytest.mark.parametrize("name", [*SHORT_SCANS, *WITH_TEXT])
def test_nine_in_ten_words_of_a_towns_by_laws_are_found(name: str) -> None:
    truth = (LINSENGERICHT / "ocr_text" / f"{name}.txt").read_text().split("CONTENT", 1)[1]
    reading = read_pdf(LINSENGERICHT / "pdf" / f"{name}.pdf", LIMITS)
    assert share_found(truth, all_text(reading)) >= 0.9
