"""Words on PDF pages: odd characters made plain, line breaks mended, marks and amounts told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

FEWEST_LETTERS = 50  # to judge whether they make words
FEWEST_VOWELS = 0.22  # share of the letters; pages of real text have at least 0.3

# Bullets of symbol fonts (Wingdings, Symbol) arrive as private characters.
_BULLETS = dict.fromkeys(
    map(ord, "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0e0\uf02d\u25cf\u25aa\u25fe"), "•"
)
_SPACES = dict.fromkeys(
    map(
        ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
    ),
    " ",
)
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u0002\ufffe"), "-")
_NOTHING = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u0000"))
_PLAIN = {**_BULLETS, **_SPACES, **_HYPHENS, **_NOTHING}
# Ligatures and the shapes of Arabic letters; ², ½ and ª are left as they are.
_SHAPES = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]+")

_BROKEN_WORD = re.compile(r"[^\W\d_]{2,}[-\u00ad]$")
_ABBREVIATION = re.compile(r"\b[A-ZÄÖÜ]{2,}-$")
_CONJUNCTION = re.compile(r"(?:und|oder|bzw|sowie|beziehungsweise|u|o|als|and|or|bis)\b")

_MARK = re.compile(
    r"\(\d{1,3} ?[a-z]?\)|\d{1,2}(?:\.\d{1,2})+\.?(?= |$)|\d{1,2}[.)](?= |$)|[a-z]{1,2}\)|[A-Z]\)"
    r"|[a-h]\.(?= |$)|[IVX]{1,5}\.(?= |$)|[-–•*·▪](?= |$)"
)
# "1. Januar" and "20.00 Uhr" at the beginning of a line are no marks.
_NO_MARK = re.compile(
    r"\d{1,2}\. (?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Lebens|Klasse|Werktag|Kalender)"
    r"|\d{1,2}\.\d\d ?(?:Uhr|h\b|€|Euro|EUR|%)|\d{1,2}\.\d{1,2}\.(?:\d\d|$| )"
)
_PROVISION = re.compile(
    r"(?:§§? ?\d|Art(?:ikel|\.)? \d|(?:Anlage|Anhang)(?: \d| [A-Z]\b|$)|\d+\. Abschnitt"
    r"|Abschnitt [\dIVX])"
)
_FIGURE = r"(?:\d{1,3}(?:[. ]\d{3})*|\d+)(?:,(?:\d{1,2}|-{1,2}|–))?"
_UNIT = r"(?:€|Euro|EUR|EURO|DM|%|v\. ?H\.|Prozent|Cent|Ct\.?)"
_AMOUNT = re.compile(
    rf"(?:(?:je|bis|ab|ca\.|mind\.|max\.|mindestens|höchstens|[-+±]) ?)*"
    rf"(?:{_UNIT} ?{_FIGURE}|{_FIGURE} ?{_UNIT}"
    rf"|(?:\d{{1,3}}(?:\.\d{{3}})*|\d+),(?:\d\d|-{{1,2}}|–))"
    rf"(?: ?(?:[-–]|bis) ?{_FIGURE} ?{_UNIT}?)?"
    rf"(?: ?(?:/|je|pro|p\.) ?\S.{{0,24}})?\.?\*?|(?:gebühren|kosten)?frei|kostenlos|entfällt"
)
_LEADER = re.compile(r"\s*(?:\.{4,}|…{2,}|(?:\. ){4,}\.?|_{6,}|·{4,})\s*")


def plain(text: str) -> str:
    """The text with ligatures as letters, odd spaces as spaces, composed accents; soft hyphens
    only where they end it."""
    if text.isascii():
        return text.translate(_PLAIN)
    text = unicodedata.normalize("NFC", text.translate(_PLAIN))
    text = _SHAPES.sub(lambda shape: unicodedata.normalize("NFKC", shape[0]), text)
    return re.sub("\u00ad(?!$)", "", text)


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one paragraph as one line, words broken by hyphens mended."""
    joined = ""
    for line in lines:
        joined = _join(joined, line.strip()) if joined else line.strip()
    return re.sub(r"\s+", " ", joined.replace("\u00ad", ""))


def _join(start: str, rest: str) -> str:
    if not rest or not _BROKEN_WORD.search(start):
        glue = "" if re.search(r"[\w.]/$|\w-$", start) and not _CONJUNCTION.match(rest) else " "
        return f"{start}{glue}{rest}"
    if not rest[0].islower():  # a real hyphen: Nord-Süd
        return f"{start}{rest}"
    if _CONJUNCTION.match(rest):  # Melde- und Passwesen
        return f"{start} {rest}"
    if _ABBREVIATION.search(start):  # EU-weit
        return f"{start}{rest}"
    return f"{start[:-1]}{rest}"


def opens_item(text: str) -> bool:
    """Whether a line begins with a mark such as "(1)", "2.", "a)" or a bullet."""
    return _MARK.match(text) is not None and _NO_MARK.match(text) is None


def is_mark(text: str) -> bool:
    """Whether the text is nothing but a mark."""
    return _MARK.fullmatch(text) is not None or re.fullmatch(r"§ ?\d+[a-z]?", text) is not None


def opens_provision(text: str) -> bool:
    """Whether a line begins like the heading of a §, an article, an annex or a chapter."""
    return _PROVISION.match(text) is not None


def is_amount(text: str) -> bool:
    """Whether the text is nothing but a sum, a rate or "kostenlos"."""
    return _AMOUNT.fullmatch(text.strip()) is not None


def split_leader(text: str) -> tuple[str, str] | None:
    """What stands before and after a leader of dots, or None where there is none."""
    parts = [part for part in _LEADER.split(text) if part]
    return (parts[0], " ".join(parts[1:])) if len(parts) > 1 else None


def ends_sentence(text: str) -> bool:
    """Whether the text ends where a sentence or clause may end."""
    return text.endswith((".", ":", ";", "!", "?", "“", '."'))


def is_garbled(letters: str) -> bool:
    """Whether the letters of a page make no words: a font without a table of its characters."""
    if len(letters) < FEWEST_LETTERS:
        return False
    odd = sum(unicodedata.category(letter) in ("Co", "Cn", "Cc", "So") for letter in letters)
    if odd + letters.count("\ufffd") > 0.2 * len(letters):
        return True
    latin = [letter for letter in letters.casefold() if "a" <= letter <= "z"]
    vowels = sum(letter in "aeiou" for letter in latin)
    return len(latin) > 0.5 * len(letters) and vowels < FEWEST_VOWELS * len(latin)
