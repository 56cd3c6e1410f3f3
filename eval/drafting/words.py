"""What drafts consist of, and how sentences of by-laws and leaflets write sums, times and items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eval.drafting.clauses import tidy
from eval.questions import QuestionKind

SHORTEST, LONGEST = 25, 280  # characters of a sentence that is asked about

COUNT = (
    r"(?:\d+|eine[mnrs]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|vierzehn|fünfzehn"
    r"|zwanzig|fünfundzwanzig|dreißig)"
)
_UNIT = (
    r"(?:(?:Kalender|Werk|Arbeits)?[Tt]age?n?|Wochen?|Monate?[ns]?|(?:Kalender)?[Jj]ahre?[ns]?"
    r"|Stunden?|Minuten?)"
)
MONEY = r"(?:€ ?)?\d[\d.]*(?:,(?:\d\d|-+|–))? ?(?:€|Euro|EUR)(?!\w)"
PERCENT = r"\d+(?:,\d+)? ?(?:%|v\. ?H\.|vom Hundert|Prozent)"
DURATION = rf"{COUNT}(?: bis {COUNT})? (?:volle[nr]? )?{_UNIT}(?!\w)"
MEASURE = r"\d+(?:,\d+)? ?(?:m²|m³|qm|cm|m|Metern?|Zentimetern?|Quadratmetern?|Litern?)(?!\w)"
DATE = (
    r"\d{1,2}\. ?(?:(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November"
    r"|Dezember)(?: \d{4})?|\d{1,2}\.(?:\d{4})?)(?!\w)"
)
_TIME = r"\d{1,2}(?:[.:]\d\d)?"
CLOCKS = rf"{_TIME}(?: Uhr)? ?(?:bis|und|–|-) ?{_TIME} ?Uhr"
CLOCK = rf"{_TIME} ?Uhr"
# An item of a list; "(2)" opens an Absatz.
ITEM = re.compile(r"(?:[-–—•] ?)?(?:\d{1,2}\)|\d{1,2}\.|[a-z]{1,2}\)|[-–•])\s")

# What cannot be asked without the words around it, or is no sentence at all.
_UNASKABLE = re.compile(
    r"§|\bAbs(?:atz|\.|ätze)|\bSatz \d|\bNr\.|\bNummer\b|\bZiff|\bBuchst|\bAnlage\b|\bArtikel|Art\."
    r"|dieser|diese[mns]?\b|\bsolche|genannte|folgende|vorstehend|nachstehend|obige|jeweilige"
    r"|entsprechend|\b[Hh]ier\w*|\b(?:[Dd](?:a|ar|es)(?:von|aus|zu|bei|für|über|halb|her)|dort)\b"
    r"|\b(?:insoweit|wiederum|jedoch|allerdings|unbefugt|außerdem|[Ee]benso)\b|und zwar|begründeten"
    r"|unter anderem|unverzüglich, spätestens|, (?:Der|Die|Das) [A-Z]|Satzung|Verordnung\b|in Kraft"
    r"|[|{}\\<>_=~^�$…]|[?:]$|\.\.|\bI\b|\d\d\.\d\d\.\d{4}"
)
_GARBLED = re.compile(r"[{}\\<>_=~^�$…?]|\.\.|\b\d[A-Za-z]{2,}|(?:^| )[^\w\s€|–-]{2,} ")
# Words that text recognition has robbed of their dots.
_MISREAD = re.compile(
    r"\b(?:fur|uber|betragt|konnen|mussen|durfen|burger\w*|gebuhr\w*|wahrend|jahrlich\w*|taglich\w*"
    r"|zusatzlich\w*|grundsatzlich\w*|zustandig\w*|ubrig\w*|\w*grabstatten?)\b",
    re.IGNORECASE,
)
# What the town says to its own offices.
_OFFICIAL = re.compile(
    r"Gemeinderat|Gemeindevorstand|Bürgermeister|Ausschuss|Vorsitzende|[Kk]ommandant|Verband\b"
    r"|Verwaltungsrat|Betriebsleit|Mitglied|Feuerwehr|Magistrat|Gremi|Schriftführer|[Bb]eirat"
    r"|Wahlberechtigt|Rechnungsprüf|Haushalts(?:plan|satzung|jahr)|ehrenamtlich"
)
_MARK = re.compile(
    r"(?:[-–—•*] ?)?(?:\(\d+[a-z]?\)|\d{1,2}(?:\.\d{1,2})*[.)]|\d{1,2}\.\d{1,2}"
    r"|[a-z]{1,2}(?:\.\d+)?\))?\s*"
)
_LAW = re.compile(r" ?\((?:[^()]*(?:§|Abs\.|Art\.|Nr\.|Anlage)[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question with what answers it. `quotes` stand verbatim in its passage, `numbers` in
    them."""

    kind: QuestionKind
    question: str
    reference: str
    numbers: tuple[str, ...]
    quotes: tuple[str, ...]


# What a pattern has found in a sentence: the question's kind, the question, the numbers.
Found = tuple[QuestionKind, str, tuple[str, ...]]


def is_askable(text: str) -> bool:
    """Whether a sentence stands on its own, is cleanly read, and speaks to citizens."""
    return (
        SHORTEST <= len(text) <= LONGEST
        and text[0].isupper()
        and not _UNASKABLE.search(text)
        and is_clean(text)
    )


def is_clean(text: str) -> bool:
    """Whether a text has no traces of a bad scan, and is no order of the town to itself."""
    return not any(wrong.search(text) for wrong in (_GARBLED, _MISREAD, _OFFICIAL))


def without_mark(text: str) -> str:
    """A sentence without its number or bullet: "(2) Die Gebühr …", "a) für zwei Stellen"."""
    return _MARK.sub("", text, count=1)


def plain_words(text: str) -> str:
    """A text in one line, without references to laws in brackets."""
    return tidy(_LAW.sub("", text))


def cut(text: str, found: re.Match[str]) -> str:
    """A text without what a pattern has found in it."""
    return tidy(f"{text[: found.start()]} {text[found.end() :]}")
