"""The process that draws one page of a PDF: its bytes come in, a line of JSON and a PNG go out.

`page_images.py` starts it as `python -m ingest.page_worker JOB`, the fields of Job as JSON, in a
folder where the words of a scan stand in a file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from core.errors import DocumentError
from ingest.page_words import mark_quote, place_words, read_placed
from ingest.readers.pdf_worker import WorkerLimits, open_document, set_limits
from ingest.readers.scan_words import Box

TALLEST = 4  # times its width that a picture may be high; of a longer page it shows all, smaller
MARKER = (255, 233, 110)  # what a text marker leaves of white paper
FRAME = (178, 69, 0)
DRAWN_WIDTH = 1440  # of the picture that the frame's strength is told for
FRAME_DOTS = 4


@dataclass(frozen=True, slots=True)
class Job:
    """The page, counted from 1, how wide in dots, what to mark in it, the file of its words where
    it is a scan ("" where not), and what it may take."""

    page: int
    width: int
    quote: str
    words: str
    seconds: float
    memory_mb: int


def main(arguments: Sequence[str]) -> None:
    """Draw a page of the PDF on standard input; write to standard output what was drawn."""
    job = Job(**json.loads(arguments[0]))
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no part of the answer
    set_limits(WorkerLimits(job.seconds, 0, job.memory_mb, job.page))
    try:
        words = Path(job.words).read_text("utf-8") if job.words else ""
        picture, mark_top = draw(sys.stdin.buffer.read(), job, words)
    except (DocumentError, pdfium.PdfiumError, MemoryError, IndexError) as error:
        sys.exit(type(error).__name__)
    with answer:
        head = {"width": picture.width, "height": picture.height, "mark_top": mark_top}
        answer.write(json.dumps(head).encode() + b"\n")
        picture.save(answer, "PNG")


def draw(content: bytes, job: Job, words: str) -> tuple[Image.Image, int | None]:
    """The picture of a page, and how many dots below its upper edge what is marked begins, None
    where nothing is. `words`: those that were recognised on a scan, "" for none.

    Raises DocumentUnreadable, DocumentProtected, PdfiumError or IndexError.
    """
    document = open_document(content)
    if document.get_formtype():
        document.init_forms()  # else the fields of a form are left out
    page = document[job.page - 1]
    width, height = page.get_size()
    scale = min(job.width / max(width, 1), TALLEST * job.width / max(height, 1))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    strips: list[Box] = []
    if job.quote:
        strips = mark_quote(read_placed(page, picture.size), job.quote)
        strips = strips or mark_quote(place_words(words, picture.size), job.quote)
    for strip in strips:
        _mark(picture, strip)
    tops = (max(0, min(round(top), picture.height)) for _, top, _, _ in strips)
    return picture, min(tops, default=None)


def _mark(picture: Image.Image, strip: Box) -> None:
    """Marks a strip as with a text marker, so that black stays black, and frames it for those who
    do not see the colour."""
    line = max(2, round(FRAME_DOTS * picture.width / DRAWN_WIDTH))
    left, top, right, bottom = strip
    box = (
        max(0, round(left) - line),
        max(0, round(top)),
        min(picture.width, round(right) + line),
        min(picture.height, round(bottom)),
    )
    if box[0] >= box[2] or box[1] >= box[3]:  # the page is cut narrower than its text
        return
    part = picture.crop(box)
    picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, MARKER)), box)
    ImageDraw.Draw(picture).rectangle((box[0], box[3] - line, box[2] - 1, box[3] - 1), fill=FRAME)


if __name__ == "__main__":
    main(sys.argv[1:])
