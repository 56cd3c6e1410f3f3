"""The process that reads one PDF: its bytes come in, its blocks go out as JSON, within limits.

`pdf.py` starts it as `python -m ingest.readers.pdf_worker LIMITS`, the fields of WorkerLimits as
JSON. Every file pays for what is imported here, so pypdf and text recognition are imported where
they are needed.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from core.errors import (
    DocumentEmpty,
    DocumentError,
    DocumentProtected,
    DocumentTooLarge,
    DocumentUnreadable,
)
from core.types import Scan
from ingest.hidden_text import first_words, is_worth_a_warning
from ingest.readers.pdf_blocks import TextBlock, make_blocks
from ingest.readers.pdf_pages import read_hints, read_page
from ingest.readers.pdf_scans import Recognised, is_are, is_scan, name_pages, recognise
from ingest.readers.pdf_shapes import Page, Table

LARGEST_SCRATCH_FILE = 512 * 2**20  # bytes; pictures for tesseract are the only files written


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What the file may take: seconds to read its text, seconds to recognise its scans after
    that, memory (MiB), and pages."""

    seconds: float
    recognition_seconds: float
    memory_mb: int
    pages: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read: blocks and tables in reading order, and what could not be read."""

    blocks: Sequence[TextBlock | Table]
    pages: int
    unreadable_pages: Sequence[int]
    warnings: Sequence[str]
    hints: dict[str, object]
    scans: Sequence[Scan] = ()


def main(arguments: Sequence[str]) -> None:
    """Read the PDF on standard input; write the outcome or the error to standard output."""
    limits = WorkerLimits(**json.loads(arguments[0]))
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no part of the answer
    set_limits(limits)
    try:
        found: dict[str, object] = asdict(read_blocks(sys.stdin.buffer.read(), limits))
    except DocumentError as error:
        found = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        found = {"error": DocumentTooLarge.__name__, "message": _memory_message(limits)}
    except Exception as error:  # noqa: BLE001  # the border: a broken file may break anything
        reason = f"The PDF cannot be read ({type(error).__name__}); print it to a new PDF."
        found = {"error": DocumentUnreadable.__name__, "message": reason}
    with answer:
        json.dump(found, answer)


def read_blocks(content: bytes, limits: WorkerLimits) -> Outcome:
    """The blocks of a PDF; raises DocumentProtected, DocumentUnreadable, DocumentTooLarge or
    DocumentEmpty."""
    document = open_document(content)
    count = len(document)
    if count > limits.pages:
        raise DocumentTooLarge(
            f"The PDF has {count:,} pages, and at most {limits.pages:,} are read; "
            "split it, or raise AUSKUNFT_READER_PAGES."
        )
    read: dict[int, list[Page]] = {}
    damaged: list[int] = []
    scans: list[int] = []
    hidden: dict[int, str] = {}
    for index in range(count):
        try:
            read[index] = read_page(document, index)
            words = [word for page in read[index] for word in page.hidden]
            if is_worth_a_warning(words):
                hidden[index + 1] = " ".join(words)
            if is_scan(document, index, read[index]):
                scans.append(index)
        except pdfium.PdfiumError:
            damaged.append(index + 1)
    recognised = Recognised()
    if scans:
        _set_alarm(limits.recognition_seconds)
        recognised = recognise(document, scans, read, limits.seconds, limits.recognition_seconds)
    warnings = list(recognised.warnings)
    if hidden:
        verb = "has" if len(hidden) == 1 else "have"
        warnings.append(
            f"{name_pages(hidden)} {verb} text that people cannot see; it was left out: "
            f"{first_words(next(iter(hidden.values())))}"
        )
    if damaged:
        warnings.append(f"{name_pages(damaged)} {is_are(damaged)} damaged and could not be read.")
    unread = sorted([*recognised.unread, *damaged])
    blocks = make_blocks([page for index in sorted(read) for page in read[index]])
    if not blocks:
        raise DocumentEmpty(" ".join(["The PDF holds no text.", *warnings]))
    return Outcome(blocks, count, unread, warnings, read_hints(document), recognised.scans)


def open_document(content: bytes) -> pdfium.PdfDocument:
    """The document; one that pdfium refuses is mended by pypdf first. Raises DocumentProtected or
    DocumentUnreadable."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        try:
            document = pdfium.PdfDocument(_mend(content))
        except pdfium.PdfiumError:
            if error.err_code == raw.FPDF_ERR_PASSWORD:
                raise DocumentProtected from error
            raise DocumentUnreadable(
                "The file is damaged or is no PDF; open it in a PDF viewer and save it again."
            ) from error
    if len(document) == 0:
        raise DocumentUnreadable("The PDF has no pages; it is damaged or was not saved completely.")
    return document


def _mend(content: bytes) -> bytes:
    """The PDF written anew by pypdf, without encryption; nothing where it cannot be read."""
    from pypdf import PdfReader, PdfWriter

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return b""
        mended = io.BytesIO()
        PdfWriter(clone_from=reader).write(mended)
        return mended.getvalue()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # broken files break pypdf in every way there is
        return b""


def set_limits(limits: WorkerLimits) -> None:
    """Lets this process take no more than the limits; the kernel ends it where it does."""
    memory = limits.memory_mb * 2**20
    seconds = int(limits.seconds + limits.recognition_seconds) + 1
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_SCRATCH_FILE, LARGEST_SCRATCH_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set_alarm(limits.seconds)


def _set_alarm(seconds: float) -> None:
    """End this process when the time is up; the kernel does it even inside a library's loop."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _memory_message(limits: WorkerLimits) -> str:
    return (
        f"Reading the PDF took more than {limits.memory_mb:,} MiB of memory; "
        "print it to a new PDF, or raise AUSKUNFT_READER_MEMORY_MB."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
