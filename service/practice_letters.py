"""Exercises in spotting personal data: letters about a town's documents, every person made up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Any

from stdnum import iban

from service.personal import find_personal

_SLOT = re.compile(r"\{(\w+)\}")
_FIRST = [
    "Aylin",
    "Bernd",
    "Carla",
    "Dmytro",
    "Elif",
    "Franz",
    "Gudrun",
    "Hamid",
    "Ioana",
    "Jonas",
    "Katarzyna",
    "Luca",
]
_LAST = [
    "Beispiel",
    "Mustermann",
    "Musterfrau",
    "Übungsmann",
    "Probst",
    "Testmeier",
    "Vorlage",
    "Exempel",
]
_STREETS = ["Ahornweg", "Birkenallee", "Gartenstraße", "Lindenweg", "Mühlgasse", "Schulstraße"]
_BANK = "99999999"  # codes of banks begin with 1 to 8: nobody has this account


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a letter. `why`: what makes it personal where no name or number does;
    `is_recognised`: whether Auskunft itself would have taken it out."""

    text: str
    is_personal: bool
    why: str
    is_recognised: bool


def make_letter(subjects: Sequence[str], seed: int) -> tuple[Piece, ...]:
    """A letter about one of the subjects, the titles of documents; the same for the same seed."""
    # an exercise is no secret, and is to be the same again
    random = Random(f"letter {seed}")  # noqa: S311
    letter = random.choice(_letters())
    known = {"subject": random.choice(subjects)} | {
        name: make(random) for name, make in _MADE_UP.items()
    }
    reasons = iter(letter["why"])
    pieces = []
    for text in letter["pieces"]:
        slots = set(_SLOT.findall(text))
        written = _SLOT.sub(lambda slot: known[slot[1]], text.removeprefix("!"))
        is_hinting = text.startswith("!")
        is_personal = is_hinting or not slots <= _HARMLESS
        why = next(reasons) if is_hinting else ""
        pieces.append(Piece(written, is_personal, why, bool(find_personal(written))))
    return tuple(pieces)


@cache
def _letters() -> list[dict[str, Any]]:
    text = (resources.files(__package__) / "practice.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["letter"]
    return found


def _name(random: Random) -> str:
    return f"{random.choice(_FIRST)} {random.choice(_LAST)}"


def _street(random: Random) -> str:
    return f"{random.choice(_STREETS)} {random.randint(1, 89)}, 99001 Musterstadt"


def _day(random: Random, first: date, days: int) -> str:
    return (first + timedelta(random.randrange(days))).strftime("%d.%m.%Y")


def _iban(random: Random) -> str:
    """An IBAN whose check digits are right."""
    account = f"{_BANK}{random.randrange(10**7):010}"
    digits: str = iban.calc_check_digits(f"DE00{account}")
    written: str = iban.format(f"DE{digits}{account}")
    return written


def _card(random: Random) -> str:
    """An identity card's number with its check digit (weights 7, 3, 1; ICAO Doc 9303)."""
    number = f"L{random.choice('CFGHJKLMN')}{random.randrange(10**7):07}"
    values = (int(sign, 36) for sign in number)
    check = sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10
    return f"{number}{check}"


_MADE_UP: dict[str, Callable[[Random], str]] = {
    "name": _name,
    "street": _street,
    "birth": lambda random: _day(random, date(1950, 1, 1), 18_000),
    "day": lambda random: _day(random, date(2026, 1, 1), 200),
    "iban": _iban,
    # numbers that the Bundesnetzagentur keeps for films: nobody has them
    "phone": lambda random: f"030 23125 {random.randrange(1000):03}",
    "mail": lambda random: f"{random.choice(_FIRST).lower()}{random.randint(1, 99)}@mail.example",
    "card": _card,
}
_HARMLESS = {"subject", "day"}
