"""HTML pages to sections: their main content as people see it.

The content is the page's own <main> or <article>, or what its id calls so, else its body without
what HTML or names call navigation, and without lists of links alone. Done by hand because
trafilatura also returns what a page hides from people, which is where instructions to machines
stand.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from lxml.html import HtmlElement

from core.errors import DocumentEmpty, DocumentUnreadable, MetadataInvalid
from core.types import Reading
from ingest.readers.faq import read_entries
from ingest.readers.html_blocks import is_hidden, parse_html, read_blocks, tidy
from ingest.readers.limits import ReaderLimits
from ingest.readers.source import decode_text, read_bytes, split_front_matter
from ingest.structure import split_sections

METADATA_NAMES = (
    *("id", "title", "short_title", "kind", "language", "jurisdiction", "url"),
    *("valid_from", "valid_to", "as_of"),
)

_META_NAME = re.compile(r"(?:auskunft:)?([a-z_]+)(?:[.:](level|name|key))?", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED_CONTENT = "|".join(
    f"//body//*[self::div or self::section or self::td][@id='{name}']"
    for name in ("content", "Content", "main", "main-content", "maincontent", "inhalt", "Inhalt")
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)


def read_html(path: Path, limits: ReaderLimits) -> Reading:
    """What people see in a page's main content. Front matter, <meta name="auskunft:kind"> (or
    plain "kind"; "auskunft:jurisdiction.key"), the page's title and language become hints.

    Nothing is fetched or run; what styles or attributes hide is left out. Raises
    DocumentUnreadable, DocumentEmpty, DocumentTooLarge or MetadataInvalid.
    """
    hints, markup = split_front_matter(_decode(read_bytes(path, limits)))
    markup = _XML_DECLARATION.sub("", markup)
    if not markup.strip():
        raise DocumentEmpty
    page = parse_html(markup)
    for name, value in _read_hints(page).items():
        hints.setdefault(name, value)
    blocks = read_blocks(_find_content(page))
    warnings: tuple[str, ...] = ()
    if hints.get("kind") == "faq":
        sections, warnings = read_entries(blocks)
    else:
        sections = split_sections(blocks)
    if not sections:
        raise DocumentEmpty
    return Reading(sections, warnings=warnings, hints=tuple(hints.items()))


def _decode(content: bytes) -> str:
    declared = _CHARSET.search(content[:2048])
    try:
        return decode_text(content)
    except DocumentUnreadable:
        if declared is None:
            raise
    try:
        return content.decode(declared[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError) as error:
        raise DocumentUnreadable("The text is not in the encoding that the page names.") from error


def _read_hints(page: HtmlElement) -> dict[str, object]:
    hints: dict[str, object] = {}
    jurisdiction: dict[str, str] = {}
    for meta in page.iter("meta"):
        match = _META_NAME.fullmatch(meta.get("name", ""))
        value = meta.get("content", "").strip()
        if not match or not value or match[1].lower() not in METADATA_NAMES:
            continue
        name = match[1].lower()
        if name == "jurisdiction":
            jurisdiction |= {match[2]: value} if match[2] else _read_mapping(value)
        elif not match[2]:
            hints[name] = value
    if jurisdiction:
        hints["jurisdiction"] = jurisdiction
    heading = next((text for h1 in page.iter("h1") if (text := tidy(h1.text_content()))), "")
    title = tidy(page.findtext(".//title") or "")
    if title and not (heading and heading in title):  # "Hundesteuer | Stadt Auental": the heading
        hints.setdefault("title", title)
    elif heading:
        hints.setdefault("title", heading)
    if language := (page.get("lang") or page.get("xml:lang") or ""):
        hints.setdefault("language", language.split("-")[0].lower())
    return hints


def _read_mapping(value: str) -> dict[str, str]:
    try:
        fields = yaml.load(value, Loader=yaml.BaseLoader)  # noqa: S506  # every value a text
    except yaml.YAMLError as error:
        raise MetadataInvalid("The page's jurisdiction cannot be read.") from error
    if not isinstance(fields, dict):
        raise MetadataInvalid("The page's jurisdiction needs level, name and key.")
    return {str(name): str(text) for name, text in fields.items()}


def _find_content(page: HtmlElement) -> HtmlElement:
    """The element that holds the page's main content."""
    for query in ("//main", "//*[@role='main']", "//article", _NAMED_CONTENT):
        found = [element for element in page.xpath(query) if not is_hidden(element)]
        if len(found) == 1:
            return found[0]
    body = page.find("body")
    return page if body is None else body
