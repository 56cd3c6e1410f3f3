"""PDF files: read in a process of their own, within limits, so that no file can harm the rest."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from core.errors import (
    DocumentEmpty,
    DocumentError,
    DocumentProtected,
    DocumentTooLarge,
    DocumentUnreadable,
)
from core.types import Block, BlockKind, Reading, Scan
from ingest.readers.limits import ReaderLimits
from ingest.readers.tables import join_rows
from ingest.structure import split_sections

PROJECT_ROOT = Path(__file__).parents[2]
START_SECONDS = 10.0  # for the process to start, on top of the time for the file
RECOGNITION_FACTOR = 10  # recognising scans may take that many times the time of reading text

_ERRORS: dict[str, type[DocumentError]] = {
    error.__name__: error
    for error in (DocumentEmpty, DocumentProtected, DocumentTooLarge, DocumentUnreadable)
}
# What files named .pdf are instead, by their first bytes in small letters.
_MISTAKEN = {
    b"<!doctype html": "a web page, not a PDF; save the original PDF and try again",
    b"<html": "a web page, not a PDF; save the original PDF and try again",
    b"<?xml": "an XML file, not a PDF; save the original PDF and try again",
    b"pk\x03\x04": "an Office or ZIP file, not a PDF; export it as PDF and try again",
    b"\xd0\xcf\x11\xe0": "an old Office file, not a PDF; export it as PDF and try again",
    b"{\\rtf": "a text document, not a PDF; export it as PDF and try again",
    b"\x89png": "a picture, not a PDF; save it as PDF and try again",
    b"\xff\xd8\xff": "a picture, not a PDF; save it as PDF and try again",
}


def read_pdf(path: Path, limits: ReaderLimits) -> Reading:
    """The sections of a PDF, its pages counted, those that could not be read named in a warning.

    Hints are its `title`, where it has one, and its `page_labels`, where they are not 1, 2, 3…
    Raises DocumentUnreadable, DocumentProtected, DocumentTooLarge or DocumentEmpty.
    """
    _check(path, limits)
    found = _run_worker(path, limits)
    if "error" in found:
        raise _ERRORS[found["error"]](found["message"])
    blocks = [block for item in found["blocks"] for block in _to_blocks(item)]
    return Reading(
        sections=split_sections(blocks),
        pages=found["pages"],
        unreadable_pages=tuple(found["unreadable_pages"]),
        warnings=tuple(found["warnings"]),
        hints=tuple(found["hints"].items()),
        scans=tuple(Scan(**scan) for scan in found["scans"]),
    )


def _check(path: Path, limits: ReaderLimits) -> None:
    """Refuse what is too large, empty, or plainly something else."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise DocumentUnreadable(f"The file cannot be opened: {error.strerror}.") from error
    if size == 0:
        raise DocumentUnreadable("The file is empty (0 bytes); copy or download it again.")
    if size > limits.file_mb * 2**20:
        raise DocumentTooLarge(
            f"The file is larger than {limits.file_mb} MiB; "
            "make it smaller, or raise AUSKUNFT_READER_FILE_MB."
        )
    if b"%PDF-" not in head:
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        for sign, kind in _MISTAKEN.items():
            if start.startswith(sign):
                raise DocumentUnreadable(f"The file is {kind}.")


def _run_worker(path: Path, limits: ReaderLimits) -> dict[str, Any]:
    """The worker's answer; raises DocumentTooLarge or DocumentUnreadable where it was ended."""
    recognition_seconds = RECOGNITION_FACTOR * limits.seconds
    worker_limits = {
        "seconds": limits.seconds,
        "recognition_seconds": recognition_seconds,
        "memory_mb": limits.memory_mb,
        "pages": limits.pages,
    }
    command = [sys.executable, "-P", "-m", "ingest.readers.pdf_worker", json.dumps(worker_limits)]
    with (
        tempfile.TemporaryDirectory(prefix="auskunft-") as scratch,
        path.open("rb") as content,
        started(command, content, scratch) as worker,
    ):
        try:
            allowed = START_SECONDS + limits.seconds + recognition_seconds
            answer, _ = worker.communicate(timeout=allowed)
        except subprocess.TimeoutExpired:
            raise _too_slow(limits) from None
    if worker.returncode == 0:
        found: dict[str, Any] = json.loads(answer)
        return found
    if -worker.returncode in (signal.SIGALRM, signal.SIGXCPU):
        raise _too_slow(limits)
    if -worker.returncode in (signal.SIGKILL, signal.SIGTRAP, signal.SIGABRT):
        # The kernel kills where memory runs out, and so does pdfium itself.
        raise DocumentTooLarge(
            f"Reading the PDF took more than {limits.memory_mb:,} MiB of memory; "
            "print it to a new PDF, or raise AUSKUNFT_READER_MEMORY_MB."
        )
    raise DocumentUnreadable(
        "The PDF is damaged in a way that ends every attempt to read it; print it to a new PDF."
    )


@contextlib.contextmanager
def started(
    command: list[str], content: IO[bytes], scratch: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The worker, with nothing of our environment but the way to tesseract; ended with all that
    it started."""
    tesseract = shutil.which("tesseract")
    environment = {
        "PATH": str(Path(tesseract).parent) if tesseract else "",
        "PYTHONPATH": str(PROJECT_ROOT),
        "LANG": "C.UTF-8",
        "HOME": scratch,
        "TMPDIR": scratch,
        "OMP_THREAD_LIMIT": "1",  # one page a core is faster than one page on all cores
        "OPENBLAS_NUM_THREADS": "1",
    }
    worker = subprocess.Popen(  # noqa: S603  # our own module
        command,
        stdin=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=scratch,
        env=environment,
        start_new_session=True,
    )
    try:
        yield worker
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()


def _too_slow(limits: ReaderLimits) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"Reading the PDF took longer than {limits.seconds:g} seconds; "
        "print it to a new PDF, or raise AUSKUNFT_READER_SECONDS."
    )


def _to_blocks(item: Mapping[str, Any]) -> list[Block]:
    if "rows" in item:
        rows = join_rows(item["header"], item["rows"])
        return [replace(row, page=item["page"]) for row in rows]
    return [Block(item["text"], BlockKind(item["kind"]), item["page"], item["level"])]
