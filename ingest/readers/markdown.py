"""Markdown and plain text files to sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.errors import DocumentEmpty
from core.types import Block, BlockKind, Reading
from ingest.readers.faq import read_entries
from ingest.readers.html_blocks import is_hidden, parse_html
from ingest.readers.limits import ReaderLimits
from ingest.readers.lines import join_lines, promote_headings
from ingest.readers.source import read_text, split_front_matter
from ingest.readers.tables import join_rows
from ingest.structure import split_sections

LONGEST_BOLD_HEADING = 120

# Each alternative ends at the text's end where its own end is missing, so that it is read once.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1>|\Z)|<[^<>]*>", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NAME = re.compile(r"</?([a-z][\w-]*)", re.IGNORECASE)
_ALONE = re.compile(
    r"area|base|br|col|embed|hr|img|input|link|meta|script|source|style|wbr", re.IGNORECASE
)
_BOLD_HEADING = re.compile(r"(?!\()[^|]*[^.;,|]")


def read_markdown(path: Path, limits: ReaderLimits) -> Reading:
    """What a Markdown file says; its front matter, or its first heading as title, become hints.

    Raises DocumentUnreadable, DocumentEmpty, DocumentTooLarge or MetadataInvalid.
    """
    hints, body = split_front_matter(read_text(path, limits))
    blocks = list(_read_blocks(body))
    if blocks and blocks[0].kind is BlockKind.HEADING and blocks[0].level == 1:
        hints.setdefault("title", blocks[0].text)
    warnings: tuple[str, ...] = ()
    if hints.get("kind") == "faq":
        sections, warnings = read_entries(blocks)
    elif any(block.kind is BlockKind.HEADING for block in blocks):
        sections = split_sections(blocks)
    else:
        sections = split_sections(promote_headings(blocks))
    if not sections:
        raise DocumentEmpty
    return Reading(sections, warnings=warnings, hints=tuple(hints.items()))


def _read_blocks(body: str) -> Iterator[Block]:
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "lheading"])
    tokens = parser.parse(body)
    veil = _Veil()
    marker = ""  # of the list item whose first paragraph is still to come
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "html_block":
            yield from (Block(line) for line in join_lines(veil.lift(token.content).split("\n")))
        elif veil.is_down:
            pass
        elif token.type == "heading_open":
            text = " ".join(_inline_text(tokens[position + 1]).split())
            yield from _some(Block(text, BlockKind.HEADING, level=int(token.tag[1])))
            position += 2
        elif token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            yield from _paragraph_blocks(token, marker)
            marker = ""
        elif token.type == "table_open":
            end = next(i for i in range(position, len(tokens)) if tokens[i].type == "table_close")
            yield from _table_blocks(tokens[position:end])
            position = end
        elif token.type == "fence":
            yield from (Block(line) for line in join_lines(token.content.split("\n")))
        position += 1


def _some(block: Block) -> Iterator[Block]:
    if block.text:
        yield block


def _paragraph_blocks(token: Token, marker: str) -> Iterator[Block]:
    lines = join_lines(_inline_text(token).split("\n"))
    is_heading = not marker and len(lines) == 1 and _is_bold(token.children or [])
    if is_heading and len(lines[0]) <= LONGEST_BOLD_HEADING and _BOLD_HEADING.fullmatch(lines[0]):
        yield Block(lines[0], BlockKind.HEADING)
        return
    for line in lines:
        yield Block(marker + line)
        marker = ""


def _is_bold(children: Sequence[Token]) -> bool:
    """Whether bold type covers the whole line."""
    depth = 0
    for child in children:
        depth += child.nesting if child.type.startswith("strong") else 0
        if child.type == "text" and child.content.strip() and depth == 0:
            return False
    return any(child.type == "strong_open" for child in children)


def _table_blocks(tokens: Sequence[Token]) -> list[Block]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline_text(token))
    return join_rows(rows[0], rows[1:])


def _inline_text(token: Token) -> str:
    """The words of a line without its markup and what that hides; line breaks inside stay."""
    parts: list[str] = []
    veil = _Veil()
    for child in token.children or []:
        if child.type == "html_inline":
            parts.append(veil.lift(child.content))
        elif veil.is_down:
            continue
        elif child.type in ("text", "code_inline"):
            parts.append(child.content.replace("**", ""))  # bold that CommonMark does not close
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)


class _Veil:
    """What HTML between Markdown hides from people, as its tags open and close."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []

    @property
    def is_down(self) -> bool:
        """Whether nothing is seen here."""
        return any(hides for _, hides in self._open)

    def lift(self, html: str) -> str:
        """What is seen of a piece of HTML, without its tags."""
        html = _BREAK.sub("\n", html)
        seen: list[str] = []
        start = 0
        for tag in [*_TAG.finditer(html), None]:
            if not self.is_down:
                seen.append(html[start : tag.start() if tag else len(html)])
            if tag:
                self._pass(tag[0])
                start = tag.end()
        return "".join(seen)

    def _pass(self, tag: str) -> None:
        named = _NAME.match(tag)
        name = named[1].lower() if named else ""
        if not name or _ALONE.fullmatch(name) or tag.endswith("/>"):
            return
        if not tag.startswith("</"):
            *_, element = parse_html(tag).iter()
            self._open.append((name, is_hidden(element)))
        elif name in (names := [name for name, _ in self._open]):
            del self._open[len(names) - 1 - names[::-1].index(name) :]
