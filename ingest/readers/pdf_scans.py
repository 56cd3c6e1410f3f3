"""Scanned pages of a PDF: which are some, and the better of two readings of each.

A scan may have a text layer that another program recognised. Where that looks poor, tesseract reads
the picture, the text with more readable letters is taken, and the other is kept beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from core.types import Scan
from ingest.readers.ocr_mending import count_readable
from ingest.readers.pdf_blocks import make_blocks
from ingest.readers.pdf_pages import has_picture, picture_share, render
from ingest.readers.pdf_shapes import Page, Table
from ingest.readers.pdf_text import is_garbled

FEW_LETTERS = 200  # a page with a picture and fewer letters may be a scan with a stamp on it
SCAN_SHARE = 0.5  # of the page, that a picture covers on a scan
LEAST_READABLE = 0.8  # share of the letters on a scan that an earlier recognition left readable
LOW_CONFIDENCE = 70  # percent; pages of clean print have 90 and more
FEW_WORDS = 5  # with fewer, a page is the back of another, and what was read is its dust


@dataclass(frozen=True, slots=True)
class Recognised:
    """The pages that stay without text, counted from 1; why, and what is doubtful, in words; and
    how each scan was read."""

    unread: Sequence[int] = ()
    warnings: Sequence[str] = ()
    scans: Sequence[Scan] = ()


def is_scan(document: pdfium.PdfDocument, index: int, pages: Sequence[Page]) -> bool:
    """Whether the page's text is missing, garbled, no more than a stamp on a scan, or what another
    program poorly recognised on one."""
    letters = "".join(word.text for page in pages for word in page.words)
    if not letters or is_garbled(letters):
        return has_picture(document, index)
    is_poor = _readable(pages) < LEAST_READABLE * len(letters)
    return (len(letters) < FEW_LETTERS or is_poor) and picture_share(document, index) > SCAN_SHARE


def recognise(
    document: pdfium.PdfDocument,
    scans: Sequence[int],
    read: dict[int, list[Page]],
    page_seconds: float,
    all_seconds: float,
) -> Recognised:
    """Puts recognised text in the place of what was read of scans, where it is better. Takes the
    seconds given for a page, and nine tenths of those for all."""
    from concurrent.futures import ThreadPoolExecutor

    from ingest.readers import ocr

    unread: list[int] = []
    found: list[Scan] = []
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
                f"{name_pages(unread)} {verb} no text layer; install {missing} to read {pronoun}."
            )
        return Recognised(unread, warnings)
    deadline = time.monotonic() + 0.9 * all_seconds
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        for batch in _batches(scans, workers):
            seconds = min(page_seconds, deadline - time.monotonic())
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
                    continue
                is_better = _readable([page]) > _readable(read[index]) or not read[index]
                other = read[index] if is_better else [page]
                places = page.places if is_better else ""
                found.append(
                    Scan(index + 1, round(page.confidence), is_better, _plain(other), places)
                )
                if is_better:
                    if _letters(read[index]) >= FEW_LETTERS:  # more than a stamp
                        replaced.append(index + 1)
                    if page.confidence < LOW_CONFIDENCE and len(page.words) >= FEW_WORDS:
                        doubtful[index + 1] = page.confidence
                    read[index] = [page]
    if unread:
        warnings.append(
            f"{name_pages(unread)} {is_are(unread)} scanned and took too long to read; "
            "raise AUSKUNFT_READER_SECONDS."
        )
    if replaced:
        verb = "has" if len(replaced) == 1 else "have"
        warnings.append(
            f"{name_pages(replaced)} {verb} a text layer that reads worse than the picture; "
            "the picture was recognised instead."
        )
    if doubtful:
        shares = ", ".join(f"{confidence:.0f} %" for _, confidence in sorted(doubtful.items()))
        warnings.append(
            f"{name_pages(doubtful)} {is_are(list(doubtful))} recognised with low confidence "
            f"({shares}); compare with the original."
        )
    return Recognised(unread, warnings, found)


def _plain(pages: Sequence[Page]) -> str:
    """The text of pages, a paragraph or row a line."""
    return "\n".join(
        "\n".join(" ".join(row) for row in block.rows) if isinstance(block, Table) else block.text
        for block in make_blocks(pages)
    )


def _letters(pages: Sequence[Page]) -> int:
    return sum(len(word.text) for page in pages for word in page.words)


def _readable(pages: Sequence[Page]) -> int:
    return count_readable(word.text for page in pages for word in page.words)


def _batches(indices: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (indices[start : start + size] for start in range(0, len(indices), size))


def name_pages(numbers: Iterable[int]) -> str:
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


def is_are(numbers: Sequence[int]) -> str:
    """The verb for so many pages."""
    return "is" if len(numbers) == 1 else "are"
