"""Drafts by patterns: what the items of lists, the rows of tables and headings answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from core.types import Passage
from eval.drafting.clauses import FINITE, lower_first, tidy, upper_first
from eval.drafting.tables import draft_row
from eval.drafting.words import ITEM, MONEY, PERCENT, Draft, is_clean, plain_words, without_mark
from eval.questions import QuestionKind

LISTED = 8  # items of a list that a draft rests on, at most

_FEES = {
    "gebühren": ("ist", "die", "gebühr"),
    "entgelte": ("ist", "das", "entgelt"),
    "kosten": ("sind", "die", "kosten"),
    "zuschlag": ("ist", "der", "zuschlag"),
    "zuschläge": ("ist", "der", "zuschlag"),
    "beiträge": ("ist", "der", "beitrag"),
    "beträge": ("ist", "der", "betrag"),
}
_FORBIDDEN = re.compile(
    r"(?P<where>.*?)\b(?:ist|sind)(?: es)?(?P<more>.*?) ?(?:insbesondere |vor allem )?"
    r"(?:verboten|untersagt|unzulässig|nicht (?:gestattet|erlaubt|zulässig))"
    r"(?:,? insbesondere)?[,:]?"
)
_INFINITIVE = re.compile(r".*(?:\bzu [a-zäöüß]+[er]n|\b[a-zäöüß]{2,}zu[a-zäöüß]+[er]n)")
_PAPERS = re.compile(r"Unterlagen|mitbringen|Bringen Sie|bringen Sie|benötigte Dokumente")
_CONTACT = re.compile(
    r"Kontakt|Ansprechpartner|Auskunft|Zuständige Stelle|Zuständigkeit|Wohin muss|Wo finde"
)
_KINDS = (
    (re.compile(r"\b[Ww]ann\b|[Ww]ie lange|[Ff]rist"), QuestionKind.DEADLINE),
    (re.compile(r"kostet|[Gg]ebühr|[Ww]ie viel|[Ww]ie hoch"), QuestionKind.AMOUNT),
    (re.compile(r"^Wie |^Was muss|^Welche Unterlagen|^Was brauche"), QuestionKind.PROCEDURE),
)


def draft_lists(passage: Passage) -> Iterator[Draft]:
    """The drafts of a passage's heading, rows and lists. A list is read with the words that
    introduce it in the same Absatz."""
    lines = [passage.quote(sentence) for sentence in passage.sentences]
    marks = [sentence.mark for sentence in passage.sentences]
    for draft in (_heading(passage, lines), _papers(passage, lines), _contact(passage, lines)):
        if draft:
            yield draft
    for number, line in enumerate(lines):
        before = [lines[above] for above in range(number) if marks[above] == marks[number]]
        for draft in (draft_row(line, before, number), _priced_item(line, before)):
            if draft:
                yield draft
                break
        if draft := _forbidden_item(line, before):
            yield draft


def _heading(passage: Passage, lines: Sequence[str]) -> Draft | None:
    """A heading that asks is a question; the first sentences below it answer."""
    heading = passage.heading
    if not heading.endswith("?") or len(heading.split()) < 3:
        return None
    said = list(takewhile(lambda line: line.endswith((".", "!")), lines))[:3]
    quotes = tuple(line for line in said if len(line) > 20)
    if not quotes or ITEM.match(lines[0]):
        return None
    kinds = (kind for pattern, kind in _KINDS if pattern.search(heading))
    return Draft(next(kinds, QuestionKind.FACT), heading, " ".join(said), (), quotes)


def _papers(passage: Passage, lines: Sequence[str]) -> Draft | None:
    """What is to be brought: a list below a heading or words that say so."""
    starts = [number for number, line in enumerate(lines) if ITEM.match(line)]
    if not starts:
        return None
    lead = lines[starts[0] - 1] if starts[0] else ""
    if not _PAPERS.search(lead if lead.endswith(":") else passage.heading):
        return None
    items = list(takewhile(ITEM.match, lines[starts[0] :]))
    if not 2 <= len(items) <= LISTED or "§" in lead or not all(map(is_clean, items)):
        return None
    listed = "; ".join(plain_words(without_mark(item)).rstrip(".,;") for item in items)
    question = "Welche Unterlagen brauche ich?"
    return Draft(
        QuestionKind.PROCEDURE, question, f"{listed}.", (), tuple(map(without_mark, items))
    )


def _contact(passage: Passage, lines: Sequence[str]) -> Draft | None:
    """Whom to turn to: an office with its telephone below a heading that says so."""
    if not _CONTACT.search(passage.heading):
        return None
    quotes = tuple(line for line in lines[:2] if not ITEM.match(line) and " | " not in line)
    said = " ".join(quotes)
    number = re.search(r"(?:Telefon|Tel\.):? (?P<number>\+?[\d][\d /-]{5,}\d)", said)
    if number is None or not is_clean(said):
        return None
    question = "An wen kann ich mich wenden?"
    return Draft(QuestionKind.FACT, question, said, (number["number"],), quotes)


def _priced_item(line: str, before: Sequence[str]) -> Draft | None:
    """An item or row with a label and its price, "a) für zwei Grabstellen: 2.520,00 €", read with
    the words that introduce its list."""
    found = re.fullmatch(
        rf"(?P<label>[^|€]+?)(?P<colon>:)?(?: auf)? (?P<sum>{MONEY}|{PERCENT})[.,;]?",
        without_mark(line),
    )
    if found is None or not is_clean(line) or not (found["colon"] or ITEM.match(line)):
        return None
    label = plain_words(found["label"]).rstrip(",:")
    if not 5 <= len(label) <= 130 or re.search(
        r"§|\bAbs(?:\.|atz)|[.?!;] |\b(?:von|in|mit)$|-$|\b[a-z]\)", label
    ):
        return None
    is_sentence = re.search(rf"\b(?:{FINITE}|erhoben)\b", label)
    lead, told = (f"{label}:", "") if is_sentence else (_lead(before), label)
    if lead is None or not (question := _question_of(told, found["sum"], lead)):
        return None
    said = lead.rstrip(":")
    joined = f"{said} {told}" if told[:1].islower() else ": ".join(filter(None, (said, told)))
    reference = f"{joined}: {found['sum'].rstrip('.')}."
    return Draft(QuestionKind.AMOUNT, question, reference, (found["sum"],), (without_mark(line),))


def _question_of(label: str, price: str, lead: str) -> str | None:
    """The question for the price of a label below a lead; either may be ""."""
    is_phrase = re.match(r"(?:für|bei|je|pro|als|ab|bis)\b", label)
    told = f" – {label}" if label else ""
    if re.fullmatch(PERCENT, price):
        is_rate = "ebes" in lead and is_phrase
        return f"Wie hoch ist der Hebesatz {label}?" if is_rate else None
    if found := re.fullmatch(
        r"(?P<what>(?:Die|Der|Das) .+?) (?P<verb>beträgt|betragen)(?P<more>[^:]*):?", lead
    ):
        be = "ist" if found["verb"] == "beträgt" else "sind"
        told = f" {label}" if is_phrase else told
        return f"Wie hoch {be} {lower_first(found['what'])}{found['more']}{told}?"
    if found := re.fullmatch(
        r"(?P<front>(?:Für|Bei) .+?) (?:wird|werden)(?: (?:je|pro) \w+)?(?: einmalig)?"
        r"(?: folgende[r]? (?P<fee>[A-ZÄÖÜ]\w+))?(?: (?:je|pro) \w+)? (?:erhoben|berechnet):?",
        lead,
    ):
        fee = found["fee"] or "Gebühren"
        plural = next((name for name in _FEES if fee.casefold().endswith(name)), None)
        if plural is None:
            return None
        be, article, ending = _FEES[plural]
        noun = upper_first(fee[: len(fee) - len(plural)] + ending)
        return f"Wie hoch {be} {article} {noun} {lower_first(found['front'])}{told}?"
    if lead or not label[:1].isupper() or len(label) < 9:
        return None
    return f"{label}: Was kostet das?"


def _lead(before: Sequence[str]) -> str | None:
    """The words that introduce the list an item stands in, "" where it has none, None where it
    cannot be told: below an item without a price, or words that point elsewhere."""
    for line in reversed(before):
        if re.search(rf"(?:{MONEY}|{PERCENT})[.,;]?$", line):
            if not ITEM.match(line) and line.endswith(".") and not re.search(r": \d", line):
                return ""
            continue
        if line.endswith((".", "!")):
            return ""
        lead = plain_words(without_mark(line))
        if ITEM.match(line) and not line.endswith(":"):
            return None
        points_elsewhere = re.search(r"§|\bAbs(?:\.|atz)", lead)
        return lead if is_clean(lead) and not points_elsewhere and len(lead) < 170 else None
    return ""


def _forbidden_item(line: str, before: Sequence[str]) -> Draft | None:
    """An item below "Auf dem Friedhof ist nicht gestattet:"."""
    if not ITEM.match(line) or not is_clean(line):
        return None
    lead = next((text for text in reversed(before) if not ITEM.match(text)), "")
    found = _FORBIDDEN.fullmatch(plain_words(without_mark(lead)))
    what = re.split(r"[,;.]", plain_words(without_mark(line)))[0]
    if (
        found is None
        or not 8 <= len(what) <= 110
        or "§" in lead + what
        or re.search(r":|^(?:sie|es|ihn) ", what)
    ):
        return None
    where = tidy(f"{found['where']} {found['more']}")
    where = "" if where in ("Es", "es") else lower_first(where)
    if len(where) > 90 or re.search(r"dies|folgend|entsprechend|stehend", where):
        return None
    reference = tidy(f"Nicht erlaubt {where}: {what}.")
    if _INFINITIVE.fullmatch(what):
        question = f"Ist es {where} erlaubt, {what}?"
    elif re.match(r"(?:der|die|das) [A-ZÄÖÜ]", what):
        question = f"Ist {what} {where} erlaubt?"
    else:
        return None
    return Draft(QuestionKind.FACT, tidy(question), reference, (), (without_mark(line),))
