"""Word files (.docx): read in a process of their own, within limits, so that no file can harm the
rest."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from core.errors import DocumentEmpty, DocumentError, DocumentTooLarge, DocumentUnreadable
from core.languages import detect_language
from core.types import Block, BlockKind, Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.lines import promote_headings
from ingest.readers.source import read_bytes
from ingest.structure import split_sections

PROJECT_ROOT = Path(__file__).parents[2]
START_SECONDS = 10.0  # for the process to start, on top of the time for the file

_ERRORS: dict[str, type[DocumentError]] = {
    error.__name__: error for error in (DocumentEmpty, DocumentTooLarge, DocumentUnreadable)
}


def read_docx(path: Path, limits: ReaderLimits) -> Reading:
    """The sections of a Word file: headings, lists and § with the numbers that Word shows, tables
    as rows, footnotes below what they belong to. Tracked changes are read as accepted, with a
    warning; hidden text, comments, headers and footers are left out.

    Hints are its `title`, and its `language` where the text agrees with the properties. Raises
    DocumentUnreadable, DocumentEmpty or DocumentTooLarge.
    """
    found = _run_worker(read_bytes(path, limits), limits)
    if "error" in found:
        raise _ERRORS[found["error"]](found["message"])
    blocks = [Block(text, BlockKind(kind), level=level) for text, kind, level in found["blocks"]]
    if not any(block.kind is BlockKind.HEADING for block in blocks):
        blocks = promote_headings(blocks)
    sections = split_sections(blocks)
    if not sections:
        raise DocumentEmpty
    hints: dict[str, object] = found["hints"]
    declared = found["declared"]
    if declared and detect_language(" ".join(block.text for block in blocks)) == declared:
        hints["language"] = declared
    return Reading(sections, warnings=tuple(found["warnings"]), hints=tuple(hints.items()))


def _run_worker(content: bytes, limits: ReaderLimits) -> dict[str, Any]:
    """The worker's answer; raises DocumentTooLarge or DocumentUnreadable where it was ended."""
    numbers = [f"{limits.seconds:g}", str(limits.memory_mb), str(limits.file_mb)]
    with tempfile.TemporaryDirectory(prefix="auskunft-") as scratch:
        try:
            worker = subprocess.run(  # noqa: S603  # our own module
                [sys.executable, "-P", "-m", "ingest.readers.docx_worker", *numbers],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=scratch,
                env={
                    "PYTHONPATH": str(PROJECT_ROOT),
                    "LANG": "C.UTF-8",
                    "OPENBLAS_NUM_THREADS": "1",
                },
                timeout=START_SECONDS + limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_slow(limits) from None
    if worker.returncode == 0:
        found: dict[str, Any] = json.loads(worker.stdout)
        return found
    if -worker.returncode == signal.SIGALRM:
        raise _too_slow(limits)
    if -worker.returncode in (signal.SIGKILL, signal.SIGABRT):
        raise DocumentTooLarge(
            f"Reading the file took more than {limits.memory_mb:,} MiB of memory; "
            "split it, or raise AUSKUNFT_READER_MEMORY_MB."
        )
    raise DocumentUnreadable("The .docx is damaged; open it in Word and save it anew.")


def _too_slow(limits: ReaderLimits) -> DocumentTooLarge:
    return DocumentTooLarge(
        f"Reading the file took longer than {limits.seconds:g} seconds; "
        "split it, or raise AUSKUNFT_READER_SECONDS."
    )
