"""HTML pages to sections: their main content as people see it.

The content is the page's own <main> or <article>, else its body without what HTML or class names
call navigation. Done by hand because trafilatura also returns what a page hides from people, which
is where instructions to machines stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from lxml import html
from lxml.html import HtmlElement

from core.errors import DocumentEmpty, DocumentUnreadable, MetadataInvalid
from core.types import Block, BlockKind, Reading
from ingest.readers.faq import read_entries
from ingest.readers.limits import ReaderLimits
from ingest.readers.lines import join_lines
from ingest.readers.source import decode_text, read_bytes, split_front_matter
from ingest.readers.tables import join_rows
from ingest.structure import split_sections

METADATA_NAMES = (
    *("id", "title", "short_title", "kind", "language", "jurisdiction", "url"),
    *("valid_from", "valid_to", "as_of"),
)
LONGEST_BOLD_HEADING = 120
LONGEST_TERM = 80

_META_NAME = re.compile(r"(?:auskunft:)?([a-z_]+)(?:[.:](level|name|key))?", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_NOT_TEXT = """script style noscript template nav iframe object embed svg canvas audio video select
    button input textarea dialog head"""
_DROPPED = frozenset(_NOT_TEXT.split())
_FRAME = frozenset({"header", "footer", "aside"})  # dropped outside the main content
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|navigation|navbar|menu|cookie\w*|skip-?links?|social\w*|share|sharing"
    r"|pagination|sidebar|site-?header|site-?footer|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:[^.\d]|$)|opacity:0(?:\.0+)?(?:;|$)"
    r"|text-indent:-\d{3}|(?:left|top):-\d{3}|clip:rect\(0"
)
_WHITE = r"(?:white|#fff(?:fff)?|rgba?\(255,255,255[^)]*\))"
_WHITE_TEXT = re.compile(rf"(?:^|;)color:{_WHITE}")
_COLOURED_GROUND = re.compile(rf"background(?:-color)?:(?!{_WHITE}|transparent|none|inherit)")
_OWN_LINES = """p div section article main header footer aside figure figcaption blockquote pre
    address ul ol li dl dt dd details summary fieldset legend form table caption center hr body
    label"""
_BLOCKS = frozenset(_OWN_LINES.split())


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
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = html.document_fromstring(markup, parser=parser)
    except (ValueError, html.etree.LxmlError) as error:
        raise DocumentUnreadable("The file holds no HTML.") from error
    for name, value in _read_hints(page).items():
        hints.setdefault(name, value)
    blocks = _Blocks().read(_find_content(page))
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
    heading = next((text for h1 in page.iter("h1") if (text := _tidy(h1.text_content()))), "")
    title = _tidy(page.findtext(".//title") or "")
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
    for query in ("//main", "//*[@role='main']", "//article"):
        found = [element for element in page.xpath(query) if not _is_hidden(element)]
        if len(found) == 1:
            return found[0]
    body = page.find("body")
    return page if body is None else body


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = "".join((element.get("style") or "").lower().split())
    if _HIDDEN_STYLE.search(style):
        return True
    return bool(_WHITE_TEXT.search(style)) and not _COLOURED_GROUND.search(style)


class _Blocks:
    """Collects what an element shows as blocks in reading order."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.numbers: list[int | None] = []  # the next item of each open list, None for bullets
        self.marker = ""  # of the list item whose text is still to come
        self.is_bold = True  # whether all words so far are

    def read(self, content: HtmlElement) -> list[Block]:
        """The blocks of the content element."""
        drops_frame = content.tag == "body" or content.tag == "html"
        self._walk(content, drops_frame, bold=False)
        self._flush()
        return self.blocks

    def _walk(self, element: HtmlElement, drops_frame: bool, bold: bool) -> None:
        self._say(element.text, bold)
        for child in element:
            if isinstance(child.tag, str) and not self._is_dropped(child, drops_frame):
                self._visit(child, drops_frame, bold)
            self._say(child.tail, bold)

    def _visit(self, child: HtmlElement, drops_frame: bool, bold: bool) -> None:
        if re.fullmatch(r"h[1-6]", child.tag):
            self._flush()
            self._heading(child, int(child.tag[1]))
        elif child.tag == "summary":
            self._flush()
            self._heading(child, 0)
        elif child.tag == "table":
            self._flush()
            self.blocks.extend(_read_table(child))
        elif child.tag == "dl":
            self._flush()
            self._definitions(child)
        elif child.tag == "br":
            self.words.append("\n")
        elif child.tag in _BLOCKS:
            self._flush()
            if child.tag in ("ol", "ul"):
                start = child.get("start", "1")
                number = int(start) if start.isdecimal() else 1
                self.numbers.append(number if child.tag == "ol" else None)
            if child.tag == "li":
                self.marker = self._next_marker()
            self._walk(child, drops_frame, bold)
            self._flush()
            if child.tag in ("ol", "ul"):
                self.numbers.pop()
        else:
            self._walk(child, drops_frame, bold or child.tag in ("b", "strong"))

    def _is_dropped(self, element: HtmlElement, drops_frame: bool) -> bool:
        if element.tag in _DROPPED or (drops_frame and element.tag in _FRAME):
            return True
        names = f"{element.get('class', '')} {element.get('id', '')}"
        is_navigation = element.get("role") in ("navigation", "banner", "contentinfo", "search")
        return is_navigation or bool(_NAVIGATION.search(names)) or _is_hidden(element)

    def _say(self, text: str | None, bold: bool) -> None:
        if text:
            self.words.append(re.sub(r"\s+", " ", text))
            self.is_bold = self.is_bold and (bold or not text.strip())

    def _flush(self) -> None:
        lines = join_lines("".join(self.words).split("\n"))
        is_heading = self.is_bold and not self.marker and len(lines) == 1
        if is_heading and len(lines[0]) <= LONGEST_BOLD_HEADING and lines[0][-1] not in ".;,(":
            self.blocks.append(Block(lines[0], BlockKind.HEADING))
            lines = []
        for line in lines:
            self.blocks.append(Block(self.marker + line))
            self.marker = ""
        self.words, self.is_bold = [], True

    def _next_marker(self) -> str:
        number = self.numbers[-1] if self.numbers else None
        if number is None:
            return "- "
        self.numbers[-1] = number + 1
        return f"{number}. "

    def _heading(self, element: HtmlElement, level: int) -> None:
        if text := _tidy(_visible_text(element)):
            self.blocks.append(Block(text, BlockKind.HEADING, level=level))

    def _definitions(self, element: HtmlElement) -> None:
        """A term and what is said of it as one row, "Gebühr: 20 Euro"."""
        term = ""
        for child in element.iter("dt", "dd"):
            if _is_hidden(child):
                continue
            if child.tag == "dt":
                term = _tidy(_visible_text(child)).rstrip(":")
                continue
            said = _Blocks().read(child)
            if term and len(term) <= LONGEST_TERM and len(said) == 1:
                said = [Block(f"{term}: {said[0].text}", BlockKind.ROW)]
            elif term:
                said = [Block(f"{term}:"), *said]
            self.blocks.extend(said)
            term = ""


def _read_table(table: HtmlElement) -> Iterator[Block]:
    caption = table.find("caption")
    if caption is not None and (text := _tidy(_visible_text(caption))):
        yield Block(text)
    rows = [row for row in table.iter("tr") if not _is_hidden(row)]
    header: list[str] = []
    body: list[list[str]] = []
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
        texts = [text for cell in cells for text in _spread(cell)]
        is_header = not body and not header and len(rows) > 1 and all(c.tag == "th" for c in cells)
        if is_header and len(cells) > 1:
            header = texts
        else:
            body.append(texts)
    yield from join_rows(header, body)


def _spread(cell: HtmlElement) -> list[str]:
    """A cell's text, and an empty one for every further column it spans."""
    span = cell.get("colspan", "1")
    further = min(int(span), 50) - 1 if span.isdecimal() else 0
    return [_visible_text(cell), *[""] * further]


def _visible_text(element: HtmlElement) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED and not _is_hidden(child):
            gap = " " if child.tag == "br" or child.tag in _BLOCKS else ""
            parts.extend((gap, _visible_text(child), gap))
        parts.append(child.tail or "")
    return "".join(parts)


def _tidy(text: str) -> str:
    return " ".join(text.split())
