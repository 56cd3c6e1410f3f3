"""Reading PDF files: each in a process of its own, each failure one clear sentence."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from core.errors import (
    DocumentEmpty,
    DocumentError,
    DocumentProtected,
    DocumentTooLarge,
    DocumentUnreadable,
)
from core.types import Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.pdf import read_pdf

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=100, file_mb=20)
SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SENTENCE = "Die Steuer beträgt für den ersten Hund 108,00 Euro."


def write_pdf(path: Path, pages: int = 1, title: str = "") -> Path:
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(title)
    for _ in range(pages):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(70, 700, SENTENCE)
        canvas.showPage()
    canvas.save()
    return path


def encrypt(path: Path, password: str) -> Path:
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.encrypt(user_password=password, owner_password="Rathaus", algorithm="AES-256")
    writer.write(path)
    return path


def scan(path: Path, text_page: bool = False) -> Path:
    """A PDF of a picture of a page, with a page of text behind it if asked for."""
    document = pypdfium2.PdfDocument(write_pdf(path.with_suffix(".source.pdf")))
    picture = path.with_suffix(".png")
    document[0].render(scale=200 / 72).to_pil().save(picture)
    document.close()
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(str(picture), 0, 0, *A4)
    if text_page:
        canvas.showPage()
        canvas.drawString(70, 700, "Die zweite Seite hat Text.")
    canvas.save()
    return path


def all_text(reading: Reading) -> str:
    return " ".join(p.text for section in reading.sections for p in section.paragraphs)


@pytest.fixture
def without_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_pdf_becomes_sections_with_pages(tmp_path: Path) -> None:
    reading = read_pdf(write_pdf(tmp_path / "a.pdf", title="Hundesteuersatzung"), LIMITS)
    assert reading.pages == 1
    assert all_text(reading) == SENTENCE
    assert reading.sections[0].paragraphs[0].page == 1
    assert dict(reading.hints) == {"title": "Hundesteuersatzung"}
    assert reading.warnings == ()


def test_a_title_that_a_program_made_up_is_no_hint(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", title="Microsoft Word - satzung_neu.doc")
    assert read_pdf(path, LIMITS).hints == ()


def test_page_labels_are_a_hint_where_they_differ_from_counting(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=3)
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(2, 2, style=PageLabelStyle.DECIMAL, start=1)
    writer.write(path)
    assert dict(read_pdf(path, LIMITS).hints) == {"page_labels": ["i", "ii", "1"]}


def test_an_empty_password_opens_the_pdf(tmp_path: Path) -> None:
    path = encrypt(write_pdf(tmp_path / "a.pdf"), password="")
    assert all_text(read_pdf(path, LIMITS)) == SENTENCE


def test_a_password_is_asked_to_be_removed(tmp_path: Path) -> None:
    path = encrypt(write_pdf(tmp_path / "a.pdf"), password="geheim")
    with pytest.raises(DocumentProtected, match="protected with a password"):
        read_pdf(path, LIMITS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\r\n<!DOCTYPE html><html><body>Anmeldung</body></html>", "a web page, not a PDF"),
        (b"PK\x03\x04rest", "an Office or ZIP file"),
        (b"\x89PNG\r\n\x1a\nrest", "a picture, not a PDF"),
        (b"%PDF-1.7\nnothing that follows", "damaged"),
        (b"Sehr geehrte Damen und Herren", "no PDF"),
    ],
)
def test_what_is_no_pdf_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentUnreadable, match=message):
        read_pdf(path, LIMITS)


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(DocumentUnreadable, match="cannot be opened"):
        read_pdf(tmp_path / "gone.pdf", LIMITS)


def test_blank_pages_are_empty(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.showPage()
    canvas.save()
    with pytest.raises(DocumentEmpty):
        read_pdf(tmp_path / "a.pdf", LIMITS)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (ReaderLimits(seconds=60, memory_mb=2000, pages=2, file_mb=20), "3 pages, and at most 2"),
        (ReaderLimits(seconds=0.01, memory_mb=2000, pages=9, file_mb=20), "longer than 0.01 sec"),
        (ReaderLimits(seconds=60, memory_mb=2000, pages=9, file_mb=0), "larger than 0 MiB"),
    ],
    ids=["pages", "seconds", "size"],
)
def test_a_file_over_a_limit_costs_one_clear_failure(
    tmp_path: Path, limits: ReaderLimits, message: str
) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=3)
    with pytest.raises(DocumentTooLarge, match=message):
        read_pdf(path, limits)


def test_five_kilobytes_that_explode_in_memory_are_stopped(tmp_path: Path) -> None:
    packer = zlib.compressobj(1, wbits=-15)
    mebibyte = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = zlib.compress(b"\x78\x01" + 300 * mebibyte + packer.flush())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
        % (len(stream), stream),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (i, o) for i, o in enumerate(objects, 1))
    path = tmp_path / "bomb.pdf"
    path.write_bytes(b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF")
    assert path.stat().st_size < 10_000
    with pytest.raises(DocumentTooLarge, match="300 MiB of memory"):
        read_pdf(path, ReaderLimits(seconds=30, memory_mb=300, pages=9, file_mb=20))


def test_a_scan_is_recognised(tmp_path: Path) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    reading = read_pdf(scan(tmp_path / "a.pdf"), LIMITS)
    assert "Die Steuer beträgt für den ersten Hund 108,00 Euro" in all_text(reading)
    assert reading.unreadable_pages == ()


@pytest.mark.usefixtures("without_tesseract")
def test_without_tesseract_the_readable_pages_are_read_and_the_rest_named(tmp_path: Path) -> None:
    reading = read_pdf(scan(tmp_path / "a.pdf", text_page=True), LIMITS)
    assert all_text(reading) == "Die zweite Seite hat Text."
    assert reading.unreadable_pages == (1,)
    assert reading.warnings == (
        "Page 1 has no text layer; install tesseract-ocr with the German language pack to read it.",
    )


@pytest.mark.usefixtures("without_tesseract")
def test_a_scan_without_tesseract_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(DocumentEmpty, match="install tesseract-ocr with the German language pack"):
        read_pdf(scan(tmp_path / "a.pdf"), LIMITS)


MESSY = {
    "made-leading-garbage.pdf": None,
    "made-trailing-garbage.pdf": None,
    "made-truncated-half.pdf": DocumentUnreadable,
    "made-html-named-pdf.pdf": DocumentUnreadable,
    "made-zero-bytes.pdf": DocumentUnreadable,
    "pdfjs-bug1782186.pdf": DocumentProtected,
    "pdfjs-encrypted-attachment.pdf": None,
    "pdfjs-REDHAT-1531897-0.pdf": DocumentUnreadable,
    "pdfjs-Pages-tree-refs.pdf": None,
    "pdfjs-operator_list_cycle.pdf": DocumentEmpty,
    "pdfjs-ContentStreamCycleType3insideType3.pdf": None,
    "pdfjs-hello_world_rotated.pdf": None,
}


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "error"), MESSY.items())
def test_odd_and_hostile_files_end_as_they_should(
    name: str, error: type[DocumentError] | None
) -> None:
    path = SHARED_DATA / "messy-pdfs" / "pdf" / name
    if not path.exists():
        pytest.skip("the measuring data are not here")
    if error is None:
        assert read_pdf(path, LIMITS).sections
    else:
        with pytest.raises(error):
            read_pdf(path, LIMITS)


@pytest.mark.shared_data
def test_the_fees_of_a_real_by_law_keep_what_they_are_for() -> None:
    path = SHARED_DATA / "linsengericht" / "pdf" / "verwaltungskostensatzung.pdf"
    if not path.exists():
        pytest.skip("the measuring data are not here")
    reading = read_pdf(path, LIMITS)
    fees = next(section for section in reading.sections if section.number == "§ 8")
    rows = [paragraph.text for paragraph in fees.paragraphs]
    assert (
        "Lfd.-Nr.: 4 | Gegenstand: Beglaubigung von Unterschriften, je Unterschrift | EUR: 10,00"
        in rows
    )
    assert any("je Seite DIN A 4 und kleiner: 1,00; je Seite DIN A 3: 1,50" in row for row in rows)
    assert [s.number for s in reading.sections if s.number] == [f"§ {n}" for n in range(1, 10)]
