"""Uploaded files on the way to the reader: kept in the state folder, with what is said of them."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import yaml

from core.registry import Registry
from core.stored import document_to_json
from core.types import Document
from ingest.library import DEFAULTS_NAME, SIDECAR_SUFFIX

LONGEST_NAME = 120
SPEAK_FOR_THEMSELVES = frozenset({".md", ".html", ".htm", ".xml", ".zip"})  # with own metadata
_INHERITED = ("id", "title", "short_title", "kind", "language", "jurisdiction", "url", "links")
_UNSAFE = re.compile(r"[^\w .()+,§&-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: its name, size in bytes, and content."""

    name: str
    size: int
    content: IO[bytes]


def store_files(
    folder: Path, uploads: Sequence[Upload], fields: Mapping[str, Any], registry: Registry
) -> list[Path]:
    """Keeps files below a folder, each in one of its own, beside what the form says of them and
    what they take over from the document that stands under their name; returns where."""
    stored = []
    for number, upload in enumerate(uploads, start=1):
        place = folder / str(number)
        place.mkdir(parents=True)
        path = place / safe_name(upload.name)
        with path.open("wb") as target:
            shutil.copyfileobj(upload.content, target)
        _describe(path, fields, registry)
        stored.append(path)
    return stored


def safe_name(name: str) -> str:
    """A file's name without the way to it, fit for any file system; its ending in small letters."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = last.rpartition(".")
    if not dot:
        stem, ending = last, ""
    stem = _UNSAFE.sub("-", stem).strip(" .-").encode()[:LONGEST_NAME].decode(errors="ignore")
    ending = re.sub(r"[^a-z0-9]", "", ending.lower())[:10]
    stem = stem.strip() or "dokument"
    return f"{stem}.{ending}" if ending else stem


def forget_file(path: Path) -> None:
    """Removes a file that did not become a version, with its folder, and that of the upload where
    nothing is left of it."""
    shutil.rmtree(path.parent, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.parent.parent.rmdir()


def _describe(path: Path, fields: Mapping[str, Any], registry: Registry) -> None:
    """Writes the metadata: what the form says wins over the file's own; what stands under the id
    fills the gaps, dates apart, as they are those of the text that is replaced."""
    history = registry.history(str(fields.get("id") or path.stem))
    inherited = _inherited(history[-1].document) if history else {}
    said = {name: value for name, value in fields.items() if value}
    if path.suffix in SPEAK_FOR_THEMSELVES:
        _write(path.with_name(DEFAULTS_NAME), inherited)
    else:  # a PDF's own title is rarely meant
        said = inherited | said
    _write(path.with_name(path.name + SIDECAR_SUFFIX), said)


def _inherited(document: Document) -> dict[str, Any]:
    fields = json.loads(json.dumps(document_to_json(document)))
    if place := fields["jurisdiction"]:
        fields["jurisdiction"] = {name: value for name, value in place.items() if value}
    return {name: fields[name] for name in _INHERITED if fields[name]}


def _write(path: Path, fields: Mapping[str, Any]) -> None:
    if fields:
        text = yaml.safe_dump(dict(fields), allow_unicode=True, sort_keys=False)
        path.write_text(text, "utf-8")
