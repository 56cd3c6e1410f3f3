"""Number words become digits, and the tables of how numbers, units and months are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import chain

from core.languages import SUPPORTED
from service.signs import fold_signs

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BETWEEN = re.compile(r"[ -]|\s(?:y|e|si|و)\s|\sو")  # "treinta y cinco", "خمسة وعشرون"
_PER = re.compile(r"\bp(?:er|or|our) $")
_ARABIC_PREFIX = re.compile(r"^[وبلفك](?:ال)?")


@cache
def table(name: str) -> dict[str, str]:
    """A table of `facts.toml`, its words folded."""
    text = (resources.files(__package__) / "facts.toml").read_text("utf-8")
    table: dict[str, str] = tomllib.loads(text)[name]
    return {key: fold_signs(words) for key, words in table.items()}


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit, at its place: the name of the group that matches is the unit's."""
    units = (f"(?P<{name}>{words})" for name, words in table("units").items())
    return re.compile(f"(?:{'|'.join(units)})")


def spell_out(folded: str, language: str) -> str:
    """A folded text with its number words, in its language or German, as digits."""
    folded = _with_ones(_number_joint().sub(r"\1 ", folded), language)
    out: list[str] = []
    place = 0
    for start, end, value in _numbers(folded, language):
        out += [folded[place:start], str(value)]
        place = end
    return "".join([*out, folded[place:]])


@cache
def _number_joint() -> re.Pattern[str]:
    """Between number and unit of a German word: "dreimonatige"."""
    numbers = "|".join(word for word, (value, _) in _words("de").items() if value < 100)
    units = "tagig|wochig|monatig|jahrig|stundig"
    return re.compile(rf"\b((?:{numbers}))(?=(?:{units}))")


def _with_ones(folded: str, language: str) -> str:
    """A folded text in which "half a year" is six months, and "within a month" within one."""
    for number, pattern in _halves():
        folded = pattern.sub(number, folded)
    alone = _alone(language)
    return alone.sub(lambda match: f"{match[0]}1 ", folded) if alone else folded


@cache
def _alone(language: str) -> re.Pattern[str] | None:
    """What stands before a unit of time that no number counts, nor the name of a month tells."""
    words = table("alone").get(language)
    months = "|".join(pattern.pattern for _, pattern in month_pattern(language))
    return re.compile(rf"{words}(?!\w+ (?:{months}))") if words else None


@cache
def _halves() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (number, re.compile(rf"\b(?:{words})(?!\w)")) for number, words in table("halves").items()
    ]


def _numbers(folded: str, language: str) -> Iterator[tuple[int, int, int]]:
    """The number words: where they start and end, and what they mean together."""
    run: tuple[int, int, int, int] | None = None  # start, end, sum, last part
    for match in _WORD.finditer(folded):
        value = _value(folded, match, language)
        if value is None:
            continue
        if run and _BETWEEN.fullmatch(folded[run[1] : match.start()] or " "):
            joined = _join(run[2], run[3], value)
            if joined:
                run = (run[0], match.end(), *joined)
                continue
        if run:
            yield run[:3]
        run = (match.start(), match.end(), value, value)
    if run:
        yield run[:3]


def _join(total: int, last: int, value: int) -> tuple[int, int] | None:
    """Sum and last part with one more word, "two" "hundred" "sixteen"; None where it is another
    number."""
    if value >= 100 and last < value:
        return total - last + last * value, last * value
    size = next((size for size in (1000, 100, 10) if last % size == 0), 1)
    if value < size:
        return total + value, value
    if 0 < last < 10 and 20 <= value < 100 and value % 10 == 0:  # Arabic: "five and twenty"
        return total + value, value
    return None


def _value(folded: str, match: re.Match[str], language: str) -> int | None:
    word = match[0]
    if word in ("cent", "ciento", "cento") and _PER.search(folded, 0, match.start()):
        return None  # "pour cent" is a unit
    for words in (_words(language), _words("de")):
        entry = words.get(word) or words.get(word.split("'")[-1])  # "d'un"
        if entry is None and language == "ar":
            entry = words.get(_ARABIC_PREFIX.sub("", word))
        if entry:
            value, is_certain = entry
            behind = folded[match.end() :].lstrip(" -")
            following = _WORD.match(behind)
            is_counted = unit_pattern().match(behind) or (
                following and words.get(following[0], (0, False))[1]
            )
            return value if is_certain or is_counted else None
    return None


@cache
def _words(language: str) -> dict[str, tuple[int, bool]]:
    """The number words of a language: what each means, and whether it means nothing else."""
    words = {
        word.removeprefix("!"): (int(number), not word.startswith("!"))
        for line in table("numbers").get(language, "").strip().splitlines()
        for number, *forms in [line.split()]
        for word in forms
    }
    return words | dict(_german_compounds(words)) if language == "de" else words


def _german_compounds(words: dict[str, tuple[int, bool]]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """Numbers up to 999 that German writes as one word: "zweihundertsechzehn"."""
    ones = {value: word for word, (value, _) in words.items() if "mal" not in word and value < 20}
    ones = {
        1: "ein",
        **{value: fold_signs(word) for value, word in ones.items()},
        2: "zwei",
        3: "drei",
    }
    tens = {value: word for word, (value, _) in words.items() if 20 <= value < 100}
    below = dict(ones) | tens
    for ten, one in ((ten, one) for ten in tens for one in range(1, 10)):
        below[ten + one] = f"{ones[one]}und{tens[ten]}"
    for value, word in below.items():
        if value > 20:
            yield word, (value, True)
    for hundred in range(1, 10):
        head = ("" if hundred == 1 else ones[hundred]) + "hundert"
        for value, word in chain([(0, "")], below.items()):
            yield head + word, (hundred * 100 + value, True)


@cache
def ordinal_patterns(language: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The ordinals' numbers, and their words in a language."""
    entries = (entry.split(" ", 1) for entry in alternatives(table("ordinals").get(language, "")))
    return tuple((int(e[0]), re.compile(rf"\b(?:{e[1]})\b")) for e in entries if len(e) == 2)


@cache
def month_pattern(language: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The months' numbers, and their names in a language or German."""
    names: dict[int, list[str]] = {}
    for key in dict.fromkeys((language, "de")):
        if key in SUPPORTED:
            for number, words in enumerate(alternatives(table("months")[key]), 1):
                names.setdefault(number, []).append(words)
    return tuple((n, re.compile(rf"\b(?:{'|'.join(words)})\b")) for n, words in names.items())


@cache
def weekday_pattern(language: str) -> re.Pattern[str]:
    """A day of the week in a language or German: the names of its groups begin with the day's."""
    days = (
        f"(?P<{day}{number}>{words})"
        for number, key in enumerate(dict.fromkeys((language, "de")))
        if key in SUPPORTED
        for day, words in zip(WEEKDAYS, alternatives(table("weekdays")[key]), strict=True)
    )
    return re.compile(rf"\b(?:{'|'.join(days)})(?!\w)")


@cache
def short_weekdays(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """Where the days of the week stand in short, "Mo-Fr" or "Sa 9:00", and one of them."""
    words = table("short_weekdays").get(language)
    if not words:
        return None
    one = rf"\b(?:{words})(?!\w)\.?"
    days = zip(WEEKDAYS, alternatives(words), strict=True)
    return (
        re.compile(
            rf"{one}(?:\s?(?:[-,/&+]|bis|und|to|and|e|y|et|au|a|i|do|по|и|і|та|la)\s?{one})+|{one}:?\s(?=\d\d?[:.]\d\d)"
        ),
        re.compile("|".join(rf"\b(?P<{day}>{short})(?!\w)" for day, short in days)),
    )


def alternatives(text: str) -> list[str]:
    """The parts between those "|" that stand in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
