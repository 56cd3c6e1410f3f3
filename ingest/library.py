"""Folders of files become sources: what is there, and the metadata around it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import DocumentTypeUnknown, DocumentUnreadable, PathMissing
from core.types import Document, Reading
from ingest.dates import fit_dates
from ingest.hidden_text import leave_out_orders
from ingest.metadata import load_metadata, make_document
from ingest.readers.archive import read_zip
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.limits import ReaderLimits
from ingest.readers.markdown import read_markdown
from ingest.readers.pdf import read_pdf
from ingest.readers.xml import read_xml

READERS: dict[str, Callable[[Path, ReaderLimits], Reading]] = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".xml": read_xml,
    ".zip": read_zip,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}
READER_VERSION = "5"  # raise it when readers see more, and every document is read anew
DEFAULTS_NAME = "_defaults.yaml"
SIDECAR_SUFFIX = ".yaml"
# What stands beside the pages of a copied site, and is passed over in a folder that has such pages.
SITE_ASSETS = frozenset(
    (
        ".css",
        ".js",
        ".mjs",
        ".map",
        ".json",
        ".ico",
        ".svg",
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".avif",
        ".woff",
        ".woff2",
        ".ttf",
        ".eot",
    )
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may become a document, and the id it has unless metadata give one; or a folder
    that cannot be looked into, and why."""

    path: Path
    default_id: str
    problem: str = ""

    @property
    def sidecar(self) -> Path:
        """Where metadata of this file may stand beside it."""
        return self.path.with_name(self.path.name + SIDECAR_SUFFIX)


def find_sources(paths: Sequence[Path], *, may_be_empty: bool = False) -> list[Source]:
    """Every file below the paths, in a stable order, and every folder that cannot be looked into;
    hidden files, metadata and what a copied site has beside its pages are left out.

    Raises PathMissing for a path that is not there, or when there is no file (unless it may be).
    """
    found: dict[Path, Source] = {}
    for path in paths:
        root = path.resolve()
        if not root.exists():
            raise PathMissing(f"There is no file or folder {path}.")
        files, closed = ([root], []) if root.is_file() else _look_into(root)
        base = root.parent if root.is_file() else root
        if root.is_dir() and any(file.suffix.lower() in (".html", ".htm") for file in files):
            files = [file for file in files if file.suffix.lower() not in SITE_ASSETS]
        for file in files:
            below = file.relative_to(base)
            if not any(part.startswith(".") for part in below.parts) and not _is_metadata(file):
                found.setdefault(file, Source(file, below.with_suffix("").as_posix()))
        for error in closed:
            folder = Path(error.filename)
            below = folder.relative_to(base)
            if not any(part.startswith(".") for part in below.parts):
                problem = f"The folder cannot be looked into: {error.strerror}."
                found.setdefault(folder, Source(folder, below.as_posix(), problem))
    if not found and not may_be_empty:
        raise PathMissing(f"There is no document below {', '.join(str(p) for p in paths)}.")
    return list(found.values())


def digest_source(source: Source) -> str:
    """SHA-256 over everything that shapes a document: bytes, metadata around it, reader.

    Raises DocumentUnreadable where the file cannot be opened.
    """
    if source.problem:
        raise DocumentUnreadable(source.problem)
    reads_scans = source.path.suffix.lower() == ".pdf" and shutil.which("tesseract") is not None
    origin = [READER_VERSION, source.default_id, reads_scans]
    digest = hashlib.sha256(json.dumps(origin).encode())
    try:
        for path in [source.path, *_metadata_files(source)]:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        raise DocumentUnreadable(f"The file cannot be opened: {error.strerror}.") from error
    return digest.hexdigest()


def read_source(source: Source, limits: ReaderLimits) -> tuple[Document, Reading]:
    """Reads a file and the metadata around it: sidecar over the file's own over defaults over the
    dates in its text.

    Raises a DocumentError.
    """
    reader = READERS.get(source.path.suffix.lower())
    if reader is None:
        raise DocumentTypeUnknown
    try:
        source.default_id.encode()
    except UnicodeEncodeError as error:
        raise DocumentUnreadable("The file's name is not UTF-8; rename the file.") from error
    layers = [load_metadata(path) for path in _metadata_files(source)]
    own = layers.pop(0) if source.sidecar.is_file() else {}
    reading = leave_out_orders(reader(source.path, limits))
    layers = [own, dict(reading.hints), *layers]
    dates, warnings = fit_dates(make_document(source.default_id, layers), reading.sections)
    stated = {name for layer in layers for name in layer}  # a field left empty on purpose counts
    unstated = {name: day for name, day in dates.items() if name not in stated}
    document = make_document(source.default_id, [*layers, unstated])
    return document, replace(reading, warnings=(*reading.warnings, *warnings))


def _look_into(root: Path) -> tuple[list[Path], list[OSError]]:
    """The files below a folder in a stable order, and why folders cannot be looked into."""
    closed: list[OSError] = []
    walk = os.walk(root, onerror=closed.append)
    files = [Path(folder, name) for folder, _, names in walk for name in names]
    return sorted(file for file in files if _may_be_file(file)), closed


def _may_be_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # its folder may be listed and no more: reading it will tell
        return True


def _is_metadata(file: Path) -> bool:
    if file.name == DEFAULTS_NAME:
        return True
    return file.suffix == SIDECAR_SUFFIX and file.with_suffix("").suffix.lower() in READERS


def _metadata_files(source: Source) -> list[Path]:
    """The sidecar, then the defaults of the folder and the folders around it, nearest first."""
    candidates = [source.sidecar, *(folder / DEFAULTS_NAME for folder in source.path.parents)]
    return [path for path in candidates if path.is_file()]
