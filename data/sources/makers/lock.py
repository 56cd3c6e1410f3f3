"""Encrypts a PDF with AES-256 and an empty password, as many offices' software does."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader, PdfWriter

DIGEST = "/SourceDigest"  # of the PDF before encryption, kept in its document information
OWNER_PASSWORD = "auental"  # noqa: S105 protects nothing: readers need the empty one only


def lock(content: bytes, path: Path) -> bytes:
    """The PDF encrypted; where `path` already holds it so, those bytes, as the key is random."""
    digest = hashlib.sha256(content).hexdigest()
    if path.exists() and _read_digest(path) == digest:
        return path.read_bytes()
    writer = PdfWriter(clone_from=BytesIO(content))
    writer.add_metadata({DIGEST: digest})
    writer.encrypt("", OWNER_PASSWORD, algorithm="AES-256")
    locked = BytesIO()
    writer.write(locked)
    return locked.getvalue()


def _read_digest(path: Path) -> str | None:
    information = PdfReader(path, password="").metadata
    return information.get(DIGEST) if information else None
