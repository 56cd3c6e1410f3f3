"""Versions of documents: as published, as prepared, and how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.types import Document, Scan, Section


class EndedAs(StrEnum):
    """How a version came to stand no longer."""

    REPLACED = "replaced"  # by the next one
    TAKEN_BACK = "taken_back"  # by an earlier one
    WITHDRAWN = "withdrawn"  # by a person
    GONE = "gone"  # its file was no longer there


@dataclass(frozen=True, slots=True)
class End:
    """How, when, by whom and why a version ended."""

    as_: EndedAs
    by: str = ""
    reason: str = ""
    at: datetime | None = None  # given by the registry


GONE = End(EndedAs.GONE)


@dataclass(frozen=True, slots=True)
class Version:
    """A text of a document as it was published. `source` is the path it came from, `original` the
    file name in the folder of originals, `digest` covers the file's bytes and metadata."""

    document: Document
    digest: str
    source: str
    original: str
    page_count: int
    passage_count: int
    unreadable_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    published_by: str = ""
    reason: str = ""
    is_scheduled: bool = False  # a person gave it its days
    number: int = 0  # given by the registry, from 1
    gen_from: int = 0  # likewise, the generation it was published in
    published_at: datetime | None = None  # likewise
    end: End | None = None  # likewise; None while it stands


@dataclass(frozen=True, slots=True)
class Publication:
    """A version to commit, with the stored text of its pages (page 0: a format without pages) and
    what the reader made of it. `ended` are the numbers of the document's versions that it ends."""

    version: Version
    pages: dict[int, str]
    sections: tuple[Section, ...] = ()
    scans: tuple[Scan, ...] = ()
    ended: tuple[int, ...] = ()
    ended_as: EndedAs = EndedAs.REPLACED
    was_staged: bool = False  # it is then no longer prepared


@dataclass(frozen=True, slots=True)
class Staged:
    """A version that is prepared and not yet shown to citizens. `base`: the number of the
    document's newest version when it was prepared, 0 for none; `base_stood`: whether it stood."""

    publication: Publication
    base: int
    at: datetime
    base_stood: bool
