"""The text of a page as it is shown: headings and paragraphs, what is quoted marked, nothing that
hides or turns letters around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.entries import entry_language, plain_path
from core.types import BlockKind, Paragraph, Section
from ingest.page_marks import Span, find_quote

LONG_TEXT = 6000  # characters, after which a format without pages is shown in parts
CUT = " … "  # stands for the middle of a long quote

# Characters that are not seen: controls, those that turn the direction of what follows, that join
# or divide words unseen, and tags, which hide whole sentences. Those that Persian and Arabic
# writing needs stay: the joiners, and marks of direction for one place.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; `opens`: the first that are marked."""

    text: str
    is_marked: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A paragraph or a table's row."""

    pieces: tuple[Piece, ...]
    is_row: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """What a page has of one section; `heading` is "" where the section began before."""

    heading: str
    language: str
    paragraphs: tuple[ShownParagraph, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page: `quote` is what is marked as it stands there, "" where nothing is;
    `section` and `mark` say which § and Absatz it is in."""

    sections: tuple[ShownSection, ...]
    quote: str = ""
    section: str = ""
    mark: str = ""


def on_page(sections: Sequence[Section], page: int) -> list[tuple[Section, bool]]:
    """What stands on a page of a format with pages, and whether each section begins there."""
    found = []
    for section in sections:
        paragraphs = tuple(p for p in section.paragraphs if p.page == page)
        if paragraphs:
            begins = paragraphs[0] is section.paragraphs[0]
            found.append((replace(section, paragraphs=paragraphs), begins))
    return found


def in_parts(sections: Sequence[Section]) -> list[list[tuple[Section, bool]]]:
    """The sections of a format without pages, in parts of about LONG_TEXT characters."""
    parts: list[list[tuple[Section, bool]]] = [[]]
    length = 0
    for section in sections:
        begins = True
        paragraphs: list[Paragraph] = []
        for paragraph in section.paragraphs:
            if length > LONG_TEXT:
                if paragraphs:
                    parts[-1].append((replace(section, paragraphs=tuple(paragraphs)), begins))
                    begins, paragraphs = False, []
                parts.append([])
                length = 0
            paragraphs.append(paragraph)
            length += len(paragraph.text)
        if paragraphs:
            parts[-1].append((replace(section, paragraphs=tuple(paragraphs)), begins))
    return parts


def holds(sections: Sequence[tuple[Section, bool]], quote: str) -> bool:
    """Whether the whole of a quote stands in these sections."""
    return bool(find_quote(_text(sections), quote, is_whole=True))


def read_text(sections: Sequence[tuple[Section, bool]], quote: str, language: str) -> PageText:
    """The text of sections, each with whether it begins here, and the quote marked in it."""
    text = _text(sections)
    spans = _find(text, quote)
    shown: list[ShownSection] = []
    place, section_of_quote, mark = 0, "", ""
    is_opened = False
    for section, begins in sections:
        own: list[ShownParagraph] = []
        for paragraph in section.paragraphs:
            if paragraph.kind is BlockKind.SOURCE:
                continue
            pieces = tuple(_pieces(paragraph.text, place, spans))
            if not is_opened and any(piece.is_marked for piece in pieces):
                is_opened = True
                first = next(n for n, piece in enumerate(pieces) if piece.is_marked)
                opening = replace(pieces[first], opens=True)
                pieces = (*pieces[:first], opening, *pieces[first + 1 :])
                section_of_quote, mark = section.number or section.heading, paragraph.mark
            own.append(ShownParagraph(pieces, paragraph.kind is BlockKind.ROW))
            place += len(paragraph.text) + 1
        heading = plain_path(section.path)[-1] if section.path and begins else ""
        spoken = entry_language(section.path) or language
        shown.append(ShownSection(visible(heading), spoken, tuple(own)))
    found = "\n".join(text[start:end] for start, end in spans)
    return PageText(tuple(shown), found, visible(section_of_quote), mark)


def visible(text: str) -> str:
    """The text without characters that hide something or turn it around."""
    return _UNSEEN.sub("", text)


def _text(sections: Sequence[tuple[Section, bool]]) -> str:
    """The text that is shown, a line for each paragraph."""
    return "\n".join(
        paragraph.text
        for section, _ in sections
        for paragraph in section.paragraphs
        if paragraph.kind is not BlockKind.SOURCE
    )


def _find(text: str, quote: str) -> list[Span]:
    """Where a quote stands, with the middle that was left out of it."""
    if CUT in quote and (whole := find_quote(text, quote, is_whole=True)):
        return [(whole[0][0], whole[-1][1])]
    return find_quote(text, quote)


def _pieces(text: str, place: int, spans: Sequence[Span]) -> Iterator[Piece]:
    """A paragraph that begins at a place of the whole text, divided where marks begin and end."""
    at = 0
    for start, end in spans:
        first, last = max(start - place, at), min(end - place, len(text))
        if first >= last:
            continue
        if first > at:
            yield Piece(visible(text[at:first]))
        yield Piece(visible(text[first:last]), is_marked=True)
        at = last
    if at < len(text):
        yield Piece(visible(text[at:]))
