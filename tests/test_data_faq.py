"""The sample town's FAQ says the same in every language."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

FAQ = Path(__file__).parent.parent / "data" / "documents" / "faq.md"
LANGUAGES = ("de", "en", "tr", "uk", "ru", "ar", "fr", "pl", "es", "it", "ro", "fa")

ENTRY = re.compile(r"^## (?P<question>.+) \{#(?P<slug>[a-z0-9-]+)\}$", re.MULTILINE)
SOURCES = re.compile(r"^Quelle: .+$", re.MULTILINE)
TRANSLATION = re.compile(r"^### (?P<language>[a-z]{2}): (?P<question>.+)$", re.MULTILINE)
GROUPED = r"\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{2})?(?!\d)"  # 1.150,00  1,150.00  1 150,00
PLAIN = r"\d+(?:[.,]\d{2}(?!\d))?"  # 1150,00  6.50  2027
NUMBER = re.compile(f"{GROUPED}|{PLAIN}")


@dataclass(frozen=True)
class Wording:
    """One entry in one language."""

    language: str
    question: str
    answer: str


def read_entries() -> dict[str, list[Wording]]:
    """Slug → wordings in the order of the file; German comes first."""
    _, *parts = ENTRY.split(SOURCES.sub("", FAQ.read_text(encoding="utf-8")))
    entries: dict[str, list[Wording]] = {}
    for question, slug, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        german, *rest = TRANSLATION.split(body)
        entries[slug] = [Wording("de", question, german.strip())] + [
            Wording(language, title, answer.strip())
            for language, title, answer in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
        ]
    return entries


def numbers(text: str) -> Counter[Decimal]:
    """How often each number stands in a text, however its language writes it; zeros are left out,
    because one language writes 8:00 and another 8 h."""
    found = Counter(_value(match.group()) for match in NUMBER.finditer(text))
    del found[Decimal(0)]
    return found


def _value(number: str) -> Decimal:
    cents = re.search(r"[.,](\d{2})$", number)
    whole = number[: cents.start()] if cents else number
    return Decimal(re.sub(r"\D", "", whole)) + Decimal(cents[1] if cents else 0) / 100


ENTRIES = read_entries()
each_entry = pytest.mark.parametrize("slug", ENTRIES)


@pytest.mark.parametrize(
    "written", ["1.150,00", "1,150.00", "1 150,00", "1\u00a0150,00", "1150,00", "1150"]
)
def test_an_amount_is_the_same_in_every_number_format(written: str) -> None:
    assert numbers(f"€{written} (20)") == {Decimal(1150): 1, Decimal(20): 1}


def test_there_are_25_entries() -> None:
    assert len(ENTRIES) == 25


def test_every_entry_has_a_slug_of_its_own() -> None:
    headings = re.findall(r"^## .*", FAQ.read_text(encoding="utf-8"), re.MULTILINE)
    slugs = [match["slug"] for heading in headings if (match := ENTRY.match(heading))]
    assert len(slugs) == len(headings)
    assert len(set(slugs)) == len(slugs)


@each_entry
def test_an_entry_has_the_twelve_languages_in_order(slug: str) -> None:
    assert tuple(wording.language for wording in ENTRIES[slug]) == LANGUAGES


@each_entry
def test_no_answer_is_empty_or_left_in_another_language(slug: str) -> None:
    answers = [wording.answer for wording in ENTRIES[slug]]
    assert all(answers)
    assert len(set(answers)) == len(answers)


@each_entry
def test_every_number_of_the_german_answer_stands_in_each_translation(slug: str) -> None:
    german, *translations = ENTRIES[slug]
    expected = numbers(german.answer)
    assert {wording.language: numbers(wording.answer) for wording in translations} == dict.fromkeys(
        LANGUAGES[1:], expected
    )
