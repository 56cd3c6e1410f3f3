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
import time
from collections.abc import Iterable, Iterator, Sequence
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
from ingest.readers.ocr_mending import count_readable
from ingest.readers.pdf_blocks import TextBlock, make_blocks
from ingest.readers.pdf_pages import has_picture, picture_share, read_hints, read_page, render
from ingest.readers.pdf_shapes import Page, Table
from ingest.readers.pdf_text import is_garbled

LARGEST_SCRATCH_FILE = 512 * 2**20  # bytes; pictures for tesseract are the only files written
FEW_LETTERS = 200  # a page with a picture and fewer letters may be a scan with a stamp on it
SCAN_SHARE = 0.5  # of the page, that a picture covers on a scan
LEAST_READABLE = 0.8  # share of the letters on a scan that an earlier recognition left readable
LOW_CONFIDENCE = 70  # percent; pages of clean print have 90 and more
FEW_WORDS = 5  # with fewer, a page is the back of another, and what was read is its dust


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


def main(arguments: Sequence[str]) -> None:
    """Read the PDF on standard input; write the outcome or the error to standard output."""
    limits = WorkerLimits(**json.loads(arguments[0]))
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no part of the answer
    _set_limits(limits)
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
    document = _open(content)
    count = len(document)
    if count > limits.pages:
        raise DocumentTooLarge(
            f"The PDF has {count:,} pages, and at most {limits.pages:,} are read; "
            "split it, or raise AUSKUNFT_READER_PAGES."
        )
    read: dict[int, list[Page]] = {}
    damaged: list[int] = []
    scans: list[int] = []
    for index in range(count):
        try:
            read[index] = read_page(document, index)
            if _is_scan(document, index, read[index]):
                scans.append(index)
        except pdfium.PdfiumError:
            damaged.append(index + 1)
    unread, warnings = _recognise(document, scans, read, limits)
    if damaged:
        warnings.append(f"{_name_pages(damaged)} {_is_are(damaged)} damaged and could not be read.")
    unread = sorted([*unread, *damaged])
    blocks = make_blocks([page for index in sorted(read) for page in read[index]])
    if not blocks:
        raise DocumentEmpty(" ".join(["The PDF holds no text.", *warnings]))
    return Outcome(blocks, count, unread, warnings, read_hints(document))


def _open(content: bytes) -> pdfium.PdfDocument:
    """The document; one that pdfium refuses is mended by pypdf first."""
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


def _is_scan(document: pdfium.PdfDocument, index: int, pages: Sequence[Page]) -> bool:
    """Whether the page's text is missing, garbled, no more than a stamp on a scan, or what another
    program poorly recognised on one."""
    letters = "".join(word.text for page in pages for word in page.words)
    if not letters or is_garbled(letters):
        return has_picture(document, index)
    is_poor = _readable(pages) < LEAST_READABLE * len(letters)
    return (len(letters) < FEW_LETTERS or is_poor) and picture_share(document, index) > SCAN_SHARE


def _recognise(
    document: pdfium.PdfDocument,
    scans: Sequence[int],
    read: dict[int, list[Page]],
    limits: WorkerLimits,
) -> tuple[list[int], list[str]]:
    """Put recognised text in the place of scans; returns the pages that stay without, counted
    from 1, and why, in words."""
    if not scans:
        return [], []
    from concurrent.futures import ThreadPoolExecutor

    from ingest.readers import ocr

    unread: list[int] = []
    replaced: list[int] = []
    doubtful: dict[int, float] = {}
    warnings: list[str] = []
    if missing := ocr.missing():
        for index in scans:
            if is_garbled("".join(word.text for page in read[index] for word in page.words)):
                read[index] = []
            if not read[index]:
                unread.append(index + 1)
        if unread:
            verb = "has" if len(unread) == 1 else "have"
            pronoun = "it" if len(unread) == 1 else "them"
            warnings.append(
                f"{_name_pages(unread)} {verb} no text layer; install {missing} to read {pronoun}."
            )
        return unread, warnings
    _set_alarm(limits.recognition_seconds)
    deadline = time.monotonic() + 0.9 * limits.recognition_seconds
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        for batch in _batches(scans, workers):
            seconds = min(limits.seconds, deadline - time.monotonic())
            if seconds <= 0:
                unread.extend(index + 1 for index in batch)
                continue
            # pdfium draws in one thread only; tesseract runs in processes of its own.
            pictures = [render(document, index, ocr.DOTS_PER_INCH) for index in batch]
            pages = pool.map(
                ocr.recognise, pictures, (i + 1 for i in batch), [seconds] * len(batch)
            )
            for index, page in zip(batch, pages, strict=True):
                if page is None:
                    unread.append(index + 1)
                elif _readable([page]) > _readable(read[index]) or not read[index]:
                    if _letters(read[index]) >= FEW_LETTERS:  # more than a stamp
                        replaced.append(index + 1)
                    if page.confidence < LOW_CONFIDENCE and len(page.words) >= FEW_WORDS:
                        doubtful[index + 1] = page.confidence
                    read[index] = [page]
    if unread:
        warnings.append(
            f"{_name_pages(unread)} {_is_are(unread)} scanned and took too long to read; "
            "raise AUSKUNFT_READER_SECONDS."
        )
    if replaced:
        verb = "has" if len(replaced) == 1 else "have"
        warnings.append(
            f"{_name_pages(replaced)} {verb} a text layer that reads worse than the picture; "
            "the picture was recognised instead."
        )
    if doubtful:
        shares = ", ".join(f"{confidence:.0f} %" for _, confidence in sorted(doubtful.items()))
        warnings.append(
            f"{_name_pages(doubtful)} {_is_are(list(doubtful))} recognised with low confidence "
            f"({shares}); compare with the original."
        )
    return unread, warnings


def _letters(pages: Sequence[Page]) -> int:
    return sum(len(word.text) for page in pages for word in page.words)


def _readable(pages: Sequence[Page]) -> int:
    return count_readable(word.text for page in pages for word in page.words)


def _batches(indices: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (indices[start : start + size] for start in range(0, len(indices), size))


def _name_pages(numbers: Iterable[int]) -> str:
    """ "Page 3", "Pages 3 and 7", "Pages 1 to 5 and 9"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    names = [
        f"{span[0]} to {span[-1]}" if len(span) > 2 else " and ".join(map(str, span))
        for span in spans
    ]
    is_one = len(spans) == 1 and len(spans[0]) == 1
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"Page{'' if is_one else 's'} {listed}"


def _is_are(numbers: Sequence[int]) -> str:
    return "is" if len(numbers) == 1 else "are"


def _set_limits(limits: WorkerLimits) -> None:
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
