"""An element of HTML to blocks: its headings, paragraphs, list items and table rows as people see
them. What styles or attributes hide from people is left out, and so is what is no text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

from core.errors import DocumentUnreadable
from core.types import Block, BlockKind
from ingest.readers.lines import join_lines
from ingest.readers.tables import join_rows

LONGEST_BOLD_HEADING = 120
LONGEST_TERM = 80
FEWEST_LINKS = 3  # of a list that leads around the site
LINKED_SHARE = 0.9  # of the words of such a list

_NOT_TEXT = """script style noscript template nav iframe object embed svg canvas audio video select
    button input textarea dialog head"""
_DROPPED = frozenset(_NOT_TEXT.split())
_FRAME = frozenset({"header", "footer", "aside"})  # dropped outside the main content
_NAVIGATION = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|navigation|navbar|menu|cookie\w*|skip-?links?|social\w*|share|sharing"
    r"|pagination|sidebar|site-?header|site-?footer|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FRAME_NAME = re.compile(
    r"(?:^|\s)(?:[a-z]*nav|[a-z]*menue?|[a-z]*navi(?:gation)?|header|footer|kopf|fuss)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:[^.\d]|$)|opacity:0(?:\.0+)?(?:;|$)"
    r"|text-indent:-\d{3}|(?:left|top):-\d{3}|clip:rect\(0"
)
_FILE = re.compile(r"\.(?:pdf|docx?|odt|xlsx?|zip)\b|^(?:mailto|tel):", re.IGNORECASE)
_WHITE = r"(?:white|#fff(?:fff)?|rgba?\(255,255,255[^)]*\))"
_WHITE_TEXT = re.compile(rf"(?:^|;)color:{_WHITE}")
_COLOURED_GROUND = re.compile(rf"background(?:-color)?:(?!{_WHITE}|transparent|none|inherit)")
_OWN_LINES = """p div section article main header footer aside figure figcaption blockquote pre
    address ul ol li dl dt dd details summary fieldset legend form table caption center hr body
    label"""
_BLOCKS = frozenset(_OWN_LINES.split())


def parse_html(markup: str) -> HtmlElement:
    """The page that the markup holds; nothing is fetched. Raises DocumentUnreadable."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(markup, parser=parser)
    except (ValueError, html.etree.LxmlError) as error:
        raise DocumentUnreadable("The file holds no HTML.") from error


def read_blocks(element: HtmlElement) -> list[Block]:
    """What an element shows, in reading order; of a whole body, without the frame around its
    content (header, footer, navigation)."""
    return _Blocks().read(element)


def is_hidden(element: HtmlElement) -> bool:
    """Whether attributes or styles of its own hide an element from people."""
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
        if is_navigation or _NAVIGATION.search(names) or is_hidden(element):
            return True
        return (
            drops_frame
            and (_FRAME_NAME.search(names) is not None or _leads_elsewhere(element))
            and element.find(".//h1") is None
        )

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
        if text := tidy(_visible_text(element)):
            self.blocks.append(Block(text, BlockKind.HEADING, level=level))

    def _definitions(self, element: HtmlElement) -> None:
        """A term and what is said of it as one row, "Gebühr: 20 Euro"."""
        term = ""
        for child in element.iter("dt", "dd"):
            if is_hidden(child):
                continue
            if child.tag == "dt":
                term = tidy(_visible_text(child)).rstrip(":")
                continue
            said = _Blocks().read(child)
            if term and len(term) <= LONGEST_TERM and len(said) == 1:
                said = [Block(f"{term}: {said[0].text}", BlockKind.ROW)]
            elif term:
                said = [Block(f"{term}:"), *said]
            self.blocks.extend(said)
            term = ""


def _leads_elsewhere(element: HtmlElement) -> bool:
    """Whether a list, box or table holds links to other pages of the site and nothing else."""
    if element.tag not in ("ul", "ol", "div", "table", "p"):
        return False
    links = [link for link in element.iter("a") if link.get("href")]
    if len(links) < FEWEST_LINKS or any(_FILE.search(link.get("href", "")) for link in links):
        return False
    linked = sum(len(tidy(link.text_content())) for link in links)
    return linked >= LINKED_SHARE * len(tidy(element.text_content()))


def _read_table(table: HtmlElement) -> Iterator[Block]:
    caption = table.find("caption")
    if caption is not None and (text := tidy(_visible_text(caption))):
        yield Block(text)
    rows = [row for row in table.iter("tr") if not is_hidden(row)]
    header: list[str] = []
    body: list[list[str]] = []
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th") and not is_hidden(cell)]
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
        if isinstance(child.tag, str) and child.tag not in _DROPPED and not is_hidden(child):
            gap = " " if child.tag == "br" or child.tag in _BLOCKS else ""
            parts.extend((gap, _visible_text(child), gap))
        parts.append(child.tail or "")
    return "".join(parts)


def tidy(text: str) -> str:
    """The text with single spaces for all white space."""
    return " ".join(text.split())
