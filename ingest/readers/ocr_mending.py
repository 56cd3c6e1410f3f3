"""Recognised text mended by evidence: § read as 8, $ or S, umlauts read without their dots.

What is doubtful stays as it was read: a number that may be a number is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from functools import cache

from ingest.readers.pdf_paragraphs import Piece
from ingest.readers.pdf_shapes import Page, Table

MOST_SKIPPED_SECTIONS = 2  # how far the next § may be ahead, where one was not recognised
HIGHEST_SECTION = 2385  # of the BGB; no German act has more §
LEAST_SEEN = 2  # times a word stands in the document with its dots, to lend them to one without
TIMES_MORE = 2  # often than without

_SECTION_LINE = re.compile(
    r"[„‚“”\"'»]?(?:(?P<sign>§) ?|(?P<sure>[8&S] |\$ ?)|[8&S])"
    r"(?P<number>\d{1,3})(?=[a-z]?(?:$| [{(]?[A-ZÄÖÜ]))"
)
_ANNOUNCES = re.compile(r"(?:[Ff]assung|Wortlaut)\W*:$")

_NUMBER = r"\d{1,4}(?:[a-z]\b| [a-f]\b)?"
_NUMBERS = rf"{_NUMBER}(?:(?:, ?| ?[-–] ?| (?:und|bis|oder|sowie|u\.) ){_NUMBER})*(?!\d|[.,]\d)"
_PLACE = r"(?:Abs(?:\.|atz|ätze)|Satz|Nr\.|Nummer|Ziff|Buchst|\(\d\)|ff\b)"
_ACT = (
    r"(?:de[rs]|dieser|dieses) (?:[\w-]+ ){0,3}[\w-]*(?:[Gg]esetz|[Ss]atzung|[Oo]rdnung|[Bb]uch)"
    r"|[A-ZÄÖÜ]\w*gesetzbuch|(?!EURO?\b|DM\b|PKW\b|LKW\b)[A-Z]\w{0,8}[A-Z]\b"
)
_UNIT = (
    r"(?:€|Euro|EUR|DM|Ct|Cent|%|v\. ?H|[ckm]?m\b|qm|m²|k?g\b|Uhr|Jahr|Monat|Tag|Woche|Stunde"
    r"|Minute|Person|Mitglied|Stück)"
)
_REFERS = r"(?:des|der|nach|gemäß|[Gg]em\.|entgegen|laut|siehe|vgl\.|[Aa]ufgrund|i\. ?S\. ?d\.) $"
_MAY_REFER = re.compile(
    rf"(?:^|[\s(])(?:{_REFERS}|(?:von|mit|in|und|oder|sowie|aus|den|die|im|bis|zu|durch|an) $)|\($"
)
_SURELY_REFERS = re.compile(rf"(?:^|[\s(]){_REFERS}")
_IN_NUMBERS = re.compile(
    r"(?:(?:§|\b(?:Abs|Nr|S|Art|Tel)\.|\bSatz|\bNummer) ?|\d[.,]? ?|[,–/-] ?)$"
)
_IN_SECTION_LIST = re.compile(r"§[^;:()]{0,40}(?:und|bis|oder|sowie|,|-) $")

_SIGN = re.compile(
    rf"(?<![\w§$])(?P<sign>88 |[8$]\$ ?|\$8 |[85S&] |\$ ?)(?=(?P<numbers>{_NUMBERS})(?P<rest>.*))"
)
_JOINED = re.compile(rf"(?<![\w.,§/-])8(?P<number>\d{{1,3}})(?=[a-z]? {_PLACE}(?P<rest>.*))")
_CITED = re.compile(rf",? ?(?:{_PLACE}|{_ACT}|erhält\b)")
_OPENS_LIST = re.compile(r"^(?:.*[;:] )?\d{1,2}\. $|^$")
_PAGE_SIGN = re.compile(r"(?<=GVB[lI]\. )\$\.(?= ?\d)|(?<=GVB[lI] )\$\.(?= ?\d)")
_GAZETTE = re.compile(r"\b(BGB|GVB|StAnz)I(?=\.| [IS|])")  # I for l

_DOTS = str.maketrans("äöüÄÖÜ", "aouAOU")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words of by-laws that are none without their dots.
_ONLY_WITH_DOTS = """
    für Für über Über Änderung Änderungen geändert Gebühr Gebühren Bürgermeister Bürgermeisterin
    Grundstück Grundstücke Grundstücks Eigentümer zulässig unzulässig fällig Fälligkeit jährlich
    beträgt während spätestens zuständig müssen können dürfen verfügt gültig Gültigkeit tatsächlich
    zusätzlich begründeten
"""
_LOST = {word.translate(_DOTS): word for word in _ONLY_WITH_DOTS.split()} | {
    "fiir": "für",
    "iiber": "über",
    "tiber": "über",
}
# Words with and without dots, both of which by-laws use.
_WITH_OR_WITHOUT = """
    wurde wurden hatte hatten konnte konnten musste mussten mochte mochten gewahrt fallen Fallen
    zahlen fordern drucken schon Garten Laden Boden Wagen Kasten Hafen Betrage Antrage Vertrage
    Satze Rate Stande Lande lasst fuhren Mutter Vater Bruder Burger
"""


def mend_umlauts(pages: Sequence[Page]) -> list[Page]:
    """Recognised pages with the dots that words lost: those that German does not have without, and
    those that the document itself mostly writes with them."""
    seen = Counter(
        part for page in pages for word in page.words for part in _WORD.findall(word.text)
    )
    lost = dict(_LOST)
    for word, times in seen.items():
        plain = word.translate(_DOTS)
        is_usual = times >= LEAST_SEEN and times > TIMES_MORE * seen[plain]
        if plain != word and is_usual and plain not in _WITH_OR_WITHOUT.split():
            lost[plain] = word

    def mend(text: str) -> str:
        return _WORD.sub(lambda match: lost.get(match[0], match[0]), text)

    return [
        replace(page, words=tuple(replace(word, text=mend(word.text)) for word in page.words))
        if page.is_recognised
        else page
        for page in pages
    ]


def mend_pieces(found: Sequence[Piece | Table], recognised: Container[int]) -> list[Piece | Table]:
    """Paragraphs and tables with § where it was misread, in headings and in references, on pages
    whose numbers are among the recognised."""
    mended = _mend_section_lines(found)
    numbers = [
        int(sign["number"])
        for item in mended
        if isinstance(item, Piece) and (sign := _SECTION_LINE.match(item.text)) and sign["sign"]
    ]
    last = max(numbers, default=0)
    for place, item in enumerate(mended):
        if item.page not in recognised:
            continue
        if isinstance(item, Piece):
            mended[place] = replace(item, text=mend_signs(item.text, last))
        else:
            rows = tuple(tuple(mend_signs(cell, last) for cell in row) for row in item.rows)
            mended[place] = replace(item, rows=rows)
    return mended


def _mend_section_lines(found: Sequence[Piece | Table]) -> list[Piece | Table]:
    """§ where a line reads "83", or a centred one "8 3 Steuersatz", and § 3 is due, or § 1 after a
    table of contents, or an amendment announces it."""
    mended: list[Piece | Table] = []
    last = 0
    above = ""
    for item in found:
        if isinstance(item, Piece):
            sign = _SECTION_LINE.match(item.text)
            if item.is_recognised and sign:
                number = int(sign["number"])
                is_due = 0 < number - last <= MOST_SKIPPED_SECTIONS or number == 1
                is_alone = sign.end() == len(item.text)
                stands_out = is_alone or item.is_centred or sign["sign"]
                is_announced = is_alone and _ANNOUNCES.search(above)
                if (is_due and stands_out) or is_announced or (sign["sure"] and item.is_centred):
                    item = replace(item, text=f"§ {item.text[sign.start('number') :]}")
                    last = number if is_due else last
            above = item.text
        mended.append(item)
    return mended


def mend_signs(text: str, last_section: int = 0) -> str:
    """The text with § where it was misread in a reference: "8 5 Abs. 2", "des $ 6", "(88 7 bis 9)",
    and "84 Abs. 1" where the document ends with § `last_section` and so has no § 84."""

    def mend_sign(match: re.Match[str]) -> str:
        before, sign = text[: match.start()], match["sign"].strip()
        numbers, rest = match["numbers"], match["rest"]
        is_cited = _CITED.match(rest) is not None
        is_doubled = _IN_NUMBERS.search(before) is not None and not _OPENS_LIST.match(before)
        if is_doubled and not (is_cited and "$" in sign):
            return match[0]
        if re.match(f" ?{_UNIT}", rest) or before.rstrip(" -").endswith("US"):
            return match[0]
        is_double = len(sign) == 2
        if is_cited:
            is_section = sign != "&" or "Abs" in rest[:6]
        elif sign in ("8", "88"):
            is_small = all(len(number) < 3 for number in re.findall(r"\d+", numbers))
            in_brackets = before.endswith("(") and rest.startswith(")")
            is_list = is_double and re.fullmatch(_NUMBER, numbers) is None
            refers = (_MAY_REFER if is_list else _SURELY_REFERS).search(before)
            is_section = in_brackets or (is_small and refers is not None)
        else:
            is_section = "$" in sign and _MAY_REFER.search(before) is not None
        return ("§§ " if is_double else "§ ") if is_section else match[0]

    def mend_joined(match: re.Match[str]) -> str:
        before, number = text[: match.start()], int(match["number"])
        whole = int(f"8{match['number']}")
        is_impossible = whole > HIGHEST_SECTION
        is_own = 0 < number <= last_section < whole and not re.search(_ACT, match["rest"][:24])
        if _IN_SECTION_LIST.search(before) or before.endswith("§ "):
            return match[0]
        return f"§ {number}" if is_impossible or is_own else match[0]

    text = _PAGE_SIGN.sub("S.", _GAZETTE.sub(r"\1l", text))
    text = _SIGN.sub(mend_sign, text)
    return _JOINED.sub(mend_joined, text)


def count_readable(words: Iterable[str]) -> int:
    """The letters and figures in those words that look like words, numbers or marks."""
    return sum(len(word) for word in words if _is_readable(word.strip("„“”\"'()[].,;:!?-–/§€%&*")))


@cache  # a document says most of its words often
def _is_readable(word: str) -> bool:
    parts = re.split(r"[-/.,:]", word)
    return all(_is_readable_part(part) for part in parts if part)


def _is_readable_part(part: str) -> bool:
    if part.isdecimal():
        return True
    letters = [letter for letter in part if unicodedata.category(letter)[0] != "M"]
    if not all(map(str.isalpha, letters)) or re.search(r"(.)\1\1", part, re.IGNORECASE):
        return False
    is_cased = part.islower() or part.isupper() or part[1:].islower()
    has_vowel = not part.isascii() or len(part) < 4 or re.search("[aeiouy]", part, re.IGNORECASE)
    return bool((is_cased or not part.isascii()) and has_vowel)
