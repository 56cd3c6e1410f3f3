"""Blocks to sections: §, Artikel, Anlage, chapters, headings and Absätze of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.types import Block, BlockKind, Paragraph, Section
from ingest.contents import drop_contents
from ingest.headings import (
    LONGEST_HEADING,
    Heading,
    Rank,
    may_be_chapter,
    may_be_title,
    read_heading,
)

MISREAD_GAP = 3  # § in a row that may be missing before one that text recognition misread

_MARK = re.compile(r"\(\s?(\d+\s?[a-z]?)\s?\)")
_LONE_MARK = re.compile(r"\(\s?\d+\s?[a-z]?\s?\)")
_JOINED = re.compile(r"(§\s*\d+.{0,120}?)\s+(\(\s?1\s?\)\s.+)")  # a heading and its first Absatz
_MISREAD_SIGN = re.compile(r"[$8&S]\s?(\d+)(?=[a-z]?\s+[A-ZÄÖÜ])")  # § as text recognition reads it
_AMENDS = re.compile(
    r"(?:erhält|erhalten|wird|werden)\b[^.;]{0,90}\b(?:Fassung|Wortlaut|geändert|gefasst|neugefasst"
    r"|eingefügt|angefügt|ergänzt|ersetzt)\b[^.;]{0,30}$"
)
_REPEALED = re.compile(r"\b(weggefallen|entfallen|entfällt|aufgehoben|gestrichen|unbesetzt)\b")
_TELLS = re.compile(r"\d|[.:;!]$")  # a line with a number or a stop says something
_PROVISIONS = re.compile(r"§+\s*(\d+\s?[a-z]?)\b")
# The number of a Satz, set high before it: "¹Die Steuer", or "1Die Steuer" with the height lost.
_FIRST_SATZ = re.compile(r"^((?:\([^)]{1,4}\)\s*)?)[1¹](?=[A-ZÄÖÜ][a-zäöüß])")
_LATER_SATZ = re.compile(r"(?<=[.:;!?] )(?:\d{1,2}|[¹²³⁴⁵⁶⁷⁸⁹]+)(?=[A-ZÄÖÜ][a-zäöüß])")


def split_sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of a document in reading order.

    Text before the first heading becomes a section without path. Headings without text of their
    own lend their name to the sections inside. Text below a heading inside a § or an annex keeps
    its number. Tables of contents are left out; what an amending act quotes stays inside it.
    """
    outline = _Outline()
    for heading, block in _find_headings(drop_contents(list(_separate(blocks)))):
        if heading is None or outline.quotes(heading):
            outline.add_text(block)
        else:
            outline.open(heading)
    return outline.finish()


@dataclass(slots=True)
class _Outline:
    """What is open while the blocks of a document go by."""

    sections: list[Section] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    is_bare: bool = False  # whether the last heading has no text yet
    last_section: int = 0
    amended: list[str] | None = None  # the § that the open provision rewrites, None if it does not

    def add_text(self, block: Block) -> None:
        if _AMENDS.search(block.text):
            self.amended = [*(self.amended or []), *_numbers(block.text)]
        mark = self.paragraphs[-1].mark if self.paragraphs else ""
        kind = BlockKind.ROW if block.kind is BlockKind.ROW else BlockKind.TEXT
        text = _drop_satz_numbers(block.text)
        if own := _MARK.match(text):
            mark = "".join(own[1].split())
        self.paragraphs.append(Paragraph(text, block.page, mark, kind))
        self.is_bare = False

    def quotes(self, heading: Heading) -> bool:
        """Whether a § is the new wording of another act's § rather than one of this act."""
        if self.amended is None or heading.rank is not Rank.SECTION:
            return False
        if any(outer.rank is Rank.ARTICLE for outer in self.headings):
            return True
        number = heading.number.removeprefix("§ ")
        if number in self.amended:
            self.amended.remove(number)
            return True
        return number != str(self.last_section + 1)

    def open(self, heading: Heading) -> None:
        self._close(heading)
        if heading.is_structural:
            self.amended = None
        if _AMENDS.search(heading.title):
            self.amended = _numbers(heading.title)
        if heading.rank is Rank.SECTION and (digits := re.search(r"\d+", heading.number)):
            self.last_section = int(digits[0])
        while self.headings and not self.headings[-1].encloses(heading):
            self.headings.pop()
        self.headings.append(heading)
        self.is_bare = True

    def finish(self) -> tuple[Section, ...]:
        self._close(None)
        return tuple(self.sections)

    def _close(self, following: Heading | None) -> None:
        heading = self.headings[-1] if self.headings else None
        if heading and self.is_bare and not (following and heading.encloses(following)):
            self._keep_bare(heading)
        if self.paragraphs:
            path = tuple(heading.text for heading in self.headings)
            number = next((h.number for h in reversed(self.headings) if h.number), "")
            title = heading.title if heading else ""
            self.sections.append(Section(path, number, title, tuple(self.paragraphs)))
            self.paragraphs = []

    def _keep_bare(self, heading: Heading) -> None:
        """A heading with nothing below it: a § says all it says in its title, and a line that only
        looked like a heading belongs to the text before it."""
        if heading.is_provision:
            if heading.title and not _REPEALED.search(heading.title):
                self.paragraphs = [Paragraph(heading.title, heading.page)]
        elif not heading.level or _TELLS.search(heading.text):
            line = Paragraph(heading.text, heading.page)
            if self.sections:
                last = self.sections[-1]
                line = replace(line, mark=last.paragraphs[-1].mark)
                self.sections[-1] = replace(last, paragraphs=(*last.paragraphs, line))
            else:
                self.sections.append(Section((), "", "", (line,)))


def _separate(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks cut and joined where a reader could not know better: "§ 5 Steuersatz (1) Die …" is a
    heading and a text, "(2)" alone belongs to the next block, "8 6" after § 5 is § 6."""
    mark = ""
    expected = 1
    for block in blocks:
        text = " ".join(f"{mark} {block.text}".split())
        mark = ""
        if not text:
            continue
        if _LONE_MARK.fullmatch(text):
            mark = text
            continue
        if block.kind is not BlockKind.ROW:
            text = _mend_sign(text, expected)
        joined = _JOINED.fullmatch(text) if block.kind is BlockKind.TEXT else None
        pieces = [replace(block, text=text)]
        if joined and read_heading(replace(block, text=joined[1])):
            pieces = [replace(block, text=joined[1]), replace(block, text=joined[2])]
        for piece in pieces:
            heading = read_heading(piece)
            if heading and heading.rank is Rank.SECTION:
                expected = int(re.sub(r"\D", "", heading.number)) + 1
            yield piece
    if mark:
        yield Block(mark)


def _mend_sign(text: str, expected: int) -> str:
    """A short line such as "8 6 Höhe" as "§ 6 Höhe", where § 6 is about to come."""
    sign = _MISREAD_SIGN.match(text)
    if sign and len(text) <= LONGEST_HEADING and 0 <= int(sign[1]) - expected <= MISREAD_GAP:
        return f"§ {text[sign.start(1) :]}"
    return text


def _find_headings(blocks: Sequence[Block]) -> Iterator[tuple[Heading | None, Block]]:
    """Every block with the heading that it is, two lines of one heading joined."""
    position = 0
    while position < len(blocks):
        block = blocks[position]
        heading = read_heading(block)
        position += 1
        if heading is None and may_be_chapter(block) and _leads_to_provision(blocks, position):
            heading = Heading(block.text, Rank.OUTER, title=block.text, page=block.page)
        elif heading and heading.rank is Rank.INNER and _leads_to_provision(blocks, position):
            heading = replace(heading, rank=Rank.OUTER)
        elif heading and heading.is_structural and _lacks_title(heading) and position < len(blocks):
            follower = blocks[position]
            if may_be_title(follower) and (
                heading.is_provision
                or follower.kind is BlockKind.HEADING
                or _leads_to_provision(blocks, position + 1)
            ):
                heading = _with_title(heading, follower.text)
                block = replace(block, text=heading.text)
                position += 1
        yield heading, block


def _leads_to_provision(blocks: Sequence[Block], position: int) -> bool:
    """Whether only headings stand between here and the next § or article."""
    for block in blocks[position : position + 6]:
        heading = read_heading(block)
        if heading is None and not may_be_chapter(block):
            return False
        if heading and heading.rank in (Rank.SECTION, Rank.ARTICLE):
            return True
    return False


def _lacks_title(heading: Heading) -> bool:
    if heading.is_provision:
        return not heading.title or heading.title.startswith("zu ")
    return len(heading.text.split()) <= 2  # "Abschnitt 1", "I. Abschnitt"


def _with_title(heading: Heading, title: str) -> Heading:
    text = f"{heading.text} {title}"
    own = f"{heading.title} {title}".strip() if heading.is_provision else text
    return replace(heading, text=text, title=own)


def _numbers(text: str) -> list[str]:
    return ["".join(number.split()) for number in _PROVISIONS.findall(text)]


def _drop_satz_numbers(text: str) -> str:
    """The text without the numbers of its sentences, where it clearly has them."""
    cleaned, found = _FIRST_SATZ.subn(r"\1", text)
    return _LATER_SATZ.sub("", cleaned) if found else text
