"""Looks up what the page of a source shows: the version, the page, the quote in it, its picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.exceptions import HTTPException

from core.errors import DocumentUnknown, DocumentWithdrawn, PageUndrawn, VersionUnknown
from core.labels import label
from core.store import Store
from core.timeline import cut, on_day
from core.types import Document, Paragraph, Section
from core.versions import Version
from ingest.page_images import WIDTHS, PageImage, PageImages, picture_key
from web.citizen.page_text import PageText, holds, in_parts, on_page, read_text

SHOWN_WIDTH = 960  # dots of the picture that the page is laid out with

Shown = list[tuple[Section, bool]]  # sections on a page, and whether each begins there


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks for: a page of a document and a quote on it, as in force on a day; or,
    for those who work here, a version by its number."""

    document_id: str
    page: int | None = None
    quote: str = ""
    day: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of a document. `number` of `count`, from 1: a page, or a part of a format without
    pages; `document` as it answers beside its other versions; `original`: its file, where that is
    a PDF; `scan_words`: those that were recognised on a scan, where something is to be marked."""

    version: Version
    document: Document
    number: int
    count: int
    text: PageText
    original: Path | None
    scan_words: str = ""

    @property
    def published(self) -> date | None:
        """When the version was published here."""
        return self.version.published_at and self.version.published_at.date()

    @property
    def label(self) -> str:
        """Where the quote stands, as citations say it; "" where there is none."""
        if not self.text.quote:
            return ""
        page = self.number if self.version.page_count else None
        return label(self.document, self.text.section, page, self.text.mark)


def find_page(store: Store, wanted: Wanted) -> FoundPage:
    """The page that is wanted; without a number the first one with the quote, else the first.

    Raises DocumentUnknown, DocumentWithdrawn, VersionUnknown, or HTTPException where the document
    has no such page.
    """
    version, document, sections = _find_version(store, wanted)
    parts = () if version.page_count else in_parts(sections)
    count = version.page_count or len(parts)

    def shown(number: int) -> Shown:
        return parts[number - 1] if parts else on_page(sections, number)

    number = wanted.page
    if number is None:
        numbers = range(1, count + 1) if wanted.quote else ()
        number = next((n for n in numbers if holds(shown(n), wanted.quote)), 1)
    if not 1 <= number <= count:
        raise HTTPException(404)
    text = read_text(shown(number), wanted.quote, version.document.language)
    path = store.originals / version.original
    is_pdf = version.page_count > 0 and path.suffix == ".pdf"
    words = _scan_words(store, version, number) if is_pdf and text.quote else ""
    return FoundPage(version, document, number, count, text, path if is_pdf else None, words)


def image_of(images: PageImages, found: FoundPage) -> PageImage | None:
    """The picture that a page is laid out with; None where there is none, or it cannot be made
    right now."""
    try:
        return draw_image(images, found, SHOWN_WIDTH) if found.original else None
    except PageUndrawn:
        return None


def draw_image(images: PageImages, found: FoundPage, width: int) -> PageImage:
    """The picture of a page with its quote marked. Raises PageUndrawn where it cannot be made right
    now, HTTPException where there is none."""
    if found.original is None or width not in WIDTHS:
        raise HTTPException(404)
    quote, words = found.text.quote, found.scan_words
    return images.picture(found.original, found.number, width, quote, words)


def image_key(found: FoundPage, width: int) -> str:
    """What changes where the picture does. Raises HTTPException where the page has none."""
    if found.original is None or width not in WIDTHS:
        raise HTTPException(404)
    return picture_key(found.original, found.number, width, found.text.quote, found.scan_words)


def _scan_words(store: Store, version: Version, page: int) -> str:
    """The words that were recognised on a page of a version, published or prepared."""
    document_id = version.document.id
    scans = store.registry.scans(document_id, version.number) or next(
        (
            staged.publication.scans
            for staged in store.registry.staged(document_id)
            if staged.publication.version.number == version.number
        ),
        (),
    )
    return next((scan.words for scan in scans if scan.page == page), "")


def _find_version(store: Store, wanted: Wanted) -> tuple[Version, Document, tuple[Section, ...]]:
    registry, document_id = store.registry, wanted.document_id
    standing = registry.standing(document_id)
    history = registry.history(document_id)
    if wanted.version is not None:
        version = next((v for v in history if v.number == wanted.version), None)
        if version is None:
            return _find_staged(store, wanted)
        document = version.document
    elif standing:
        documents = [version.document for version in standing]
        answering = list(zip(cut(documents), standing, strict=True))
        in_force = on_day(zip(documents, answering, strict=True), wanted.day or date.today())
        document, version = in_force or answering[-1]
    else:
        raise DocumentWithdrawn if history else DocumentUnknown
    sections = registry.sections(document_id, version.number)
    if sections is None:  # published before they were kept
        sections = tuple(
            Section((), "", "", tuple(Paragraph(line, page or None) for line in text.split("\n")))
            for page, text in registry.pages(document_id, version.number).items()
        )
    return version, document, sections


def _find_staged(store: Store, wanted: Wanted) -> tuple[Version, Document, tuple[Section, ...]]:
    """The version that is prepared, where it has the number that is wanted."""
    for staged in store.registry.staged(wanted.document_id):
        if staged.base + 1 == wanted.version:
            publication = staged.publication
            return publication.version, publication.version.document, publication.sections
    raise VersionUnknown
