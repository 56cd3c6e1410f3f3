"""Headings of German rules: which block opens a §, an article, an annex or a chapter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from core.types import Block, BlockKind

LONGEST_HEADING = 160


class Rank(IntEnum):
    """What a heading opens, outermost first; a lower rank holds the higher ones."""

    ANNEX = 1
    PART = 2
    CHAPTER = 3
    DIVISION = 4
    SUBDIVISION = 5
    OUTER = 6  # words only, around §: "I. Allgemeine Bestimmungen"
    ARTICLE = 7
    SECTION = 8
    INNER = 9  # words only, inside a § or on a page without §


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was understood: "§ 5 Steuersatz" has number "§ 5" and title "Steuersatz"."""

    text: str
    rank: Rank
    level: int = 0  # as the format says it, 0 where it does not
    number: str = ""
    title: str = ""
    page: int | None = None

    @property
    def is_structural(self) -> bool:
        """Whether words such as § or Abschnitt say what it opens."""
        return self.rank not in (Rank.OUTER, Rank.INNER)

    @property
    def is_provision(self) -> bool:
        """Whether it is cited by its number: §, article or annex."""
        return bool(self.number)

    def encloses(self, inner: Heading) -> bool:
        """Whether the inner heading, met later, stands inside this one. Words such as Abschnitt
        say it best, then the format's levels, then numbers: "I." holds "1.", "1." holds "1.1"."""
        if self.is_structural and inner.is_structural:
            return self.rank < inner.rank
        if self.level and inner.level and self.level != inner.level:
            return self.level < inner.level
        if self.rank is inner.rank is Rank.INNER:
            if self.level and not inner.level:  # a line in bold below a heading of the format
                return True
            return 0 < _outline_depth(self.text) < _outline_depth(inner.text)
        is_beside = self.level and self.rank in (Rank.ARTICLE, Rank.SECTION)
        return self.rank < inner.rank and not (is_beside and inner.level)


_CHAPTER_RANKS = {
    "Buch": Rank.PART,
    "Teil": Rank.PART,
    "Kapitel": Rank.CHAPTER,
    "Abschnitt": Rank.DIVISION,
    "Unterabschnitt": Rank.SUBDIVISION,
    "Titel": Rank.SUBDIVISION,
}
_CHAPTERS = "|".join([*_CHAPTER_RANKS, *map(str.upper, _CHAPTER_RANKS)])
_ORDINAL = r"\d+\.|[IVX]+\.|(?:Erst|Zweit|Dritt|Viert|Fünft|Sechst|Siebt|Acht|Neunt|Zehnt)e[rs]?"
_SECTION = re.compile(r"§\s*(?P<number>\d+(?:\s?[a-z]\b)?)(?P<rest>.*)")
_ARTICLE = re.compile(r"(?:Art\.?|Artikel|ARTIKEL)\s*(?P<number>\d+[a-z]?\b|[IVX]+\b)(?P<rest>.*)")
_ANNEX = re.compile(
    r"(?P<word>Anlage|ANLAGE|Anhang|ANHANG)\b(?:\s*(?:Nr\.)?\s*(?P<number>\d+\s?[a-z]?|[A-Z]|[IVX]+)\b)?(?P<rest>.*)"
)
_CHAPTER = re.compile(
    rf"(?:(?P<ordinal>{_ORDINAL})\s+)?(?P<word>{_CHAPTERS})\b"
    r"(?:\s+(?P<number>\d+[a-z]?|[IVX]+|[A-Z])\b)?(?P<rest>.*)"
)
# What follows a § in running text and never opens its title: "§ 5 Abs. 2", "§ 4 GemO".
_REFERENCE = re.compile(
    r"(?:Abs(?:\.|atz|ätze)|Satz|S\.|Nr\.|Nrn\.|Nummer|Ziff|Buchst|Alt\.|Halbs|Hs\.|Unterabs|Var\."
    r"|[A-ZÄÖÜ]\w*[A-ZÄÖÜ]\w*(?:\s\w+)?$|\w+(?:gesetz|gesetzbuch)(?:es)?(?: \(\w+\))?$"
    r"|\w+ordnung \([A-ZÄÖÜ]\w*[A-ZÄÖÜ]\w*\)$)"
)
# What a § that is spoken about goes on with; any other word may open a title, even a small one.
_SPOKEN_ABOUT = re.compile(
    r"(?:wird|werden|erhält|erhalten|gilt|gelten|ist|sind|entfällt|bleibt|lautet|bis|und|oder|der|des)\b"
)
# What stands below the last § of a by-law without being part of it.
_CLOSING = re.compile(
    r"(?:Hinweise?|Ausfertigung\w*|Ausgefertigt|Bekanntmachung\w*|\w*[Vv]ermerk)\b"
)
_TITLE_START = re.compile(r"[A-ZÄÖÜ„\"'(\d]")
_SENTENCE_END = re.compile(r"[.;,:!?]$")
_ABBREVIATED_END = re.compile(r"\b(?:u\. ?[aAä]|etc|usw|o\. ?[äÄ]|[uo]\.[äÄ])\.$")
_ROMAN = re.compile(r"(?:[IVX]+|[A-H])\.?\s+[A-ZÄÖÜ]")
_OUTLINE = (re.compile(r"[A-H]\.\s"), re.compile(r"[IVX]+\.\s"), re.compile(r"(\d+\.)*\d+\.?\s"))


def read_heading(block: Block) -> Heading | None:
    """The heading that a block is, or None for text. A plain heading has rank INNER."""
    if block.kind is BlockKind.ROW:
        return None
    if structural := _read_structural(block):
        return structural
    if block.kind is BlockKind.TEXT:
        return None
    rank = Rank.OUTER if _CLOSING.match(block.text) else Rank.INNER
    return Heading(block.text, rank, block.level, title=block.text, page=block.page)


def may_be_title(block: Block) -> bool:
    """Whether a block can be the second line of a heading: "Steuersatz" below "§ 5"."""
    return (
        block.kind is not BlockKind.ROW
        and len(block.text) <= LONGEST_HEADING
        and _TITLE_START.match(block.text) is not None
        and not re.match(r"\(?\d+[a-z]?[.)]", block.text)
        and not _ends_as_sentence(block.text)
        and _read_structural(block) is None
    )


def may_be_chapter(block: Block) -> bool:
    """Whether a line of text reads like "I. Allgemeine Bestimmungen"."""
    return (
        len(block.text) <= LONGEST_HEADING
        and _ROMAN.match(block.text) is not None
        and not _ends_as_sentence(block.text)
    )


def _read_structural(block: Block) -> Heading | None:
    text = block.text
    if len(text) > LONGEST_HEADING and block.kind is not BlockKind.HEADING:
        return None
    if match := _SECTION.fullmatch(text):
        return _provision(block, f"§ {_tight(match['number'])}", Rank.SECTION, match["rest"])
    if match := _ARTICLE.fullmatch(text):
        return _provision(block, f"Art. {match['number']}", Rank.ARTICLE, match["rest"])
    if match := _ANNEX.fullmatch(text):
        rest = match["rest"]
        if not match["number"] and not re.match(r"\s*$|\s*[-–—:(]|\s+zu[rm]?\b", rest):
            return None
        number = f"{match['word'].capitalize()} {_tight(match['number'] or '')}".rstrip()
        return _provision(block, number, Rank.ANNEX, rest)
    if (match := _CHAPTER.fullmatch(text)) and (match["ordinal"] or match["number"]):
        if _title(block, match["rest"]) is None:
            return None
        return Heading(
            text,
            _CHAPTER_RANKS[match["word"].capitalize()],
            block.level,
            title=text,
            page=block.page,
        )
    return None


def _provision(block: Block, number: str, rank: Rank, rest: str) -> Heading | None:
    title = _title(block, rest)
    if title is None:
        return None
    return Heading(f"{number} {title}".rstrip(), rank, block.level, number, title, block.page)


def _title(block: Block, rest: str) -> str | None:
    """The words behind the number; None where they show that the block is running text."""
    title = rest.lstrip(" .:-–—\u2003\t").strip()
    if not title:
        return ""
    is_annex_reference = re.match(r"zu[rm]?\b", title)
    if _REFERENCE.match(title) or _SPOKEN_ABOUT.match(title):
        return None
    if block.kind is BlockKind.HEADING or is_annex_reference:
        return title
    return title if _TITLE_START.match(title) and not _ends_as_sentence(title) else None


def _outline_depth(text: str) -> int:
    """How deep the number in front of a heading lies: "A." 1, "I." 2, "1." 3, "1.1" 4; else 0."""
    for depth, pattern in enumerate(_OUTLINE, 1):
        if match := pattern.match(text):
            return depth + match[0].rstrip(". ").count(".")
    return 0


def _ends_as_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None and _ABBREVIATED_END.search(text) is None


def _tight(number: str) -> str:
    return "".join(number.split())
