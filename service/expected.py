"""What kind of thing a question asks for: sentences that hold one are likelier to answer."""

from __future__ import annotations

import re

# In our twelve languages; beginnings of words, as most of them inflect.
_ASKS_FOR = re.compile(
    r"\b(?:kosten|kostet|wie ?viel|wie hoch|wie teuer|preis|gebühr|gebuehr|tarif|beitrag"
    r"|how much|cost|fee|fees|price|rate|charge|pay"
    r"|ne kadar|kaç|kac|ücret|ucret|fiyat|bedel"
    r"|скільки|вартіст|коштує|ціна|сколько|стоит|стоимост|цена|плат|skilky|skolko"
    r"|كم|سعر|رسوم|تكلف|چقدر|چند|هزینه|قیمت"
    r"|combien|coût|cout|prix|frais|ile|koszt|cena|opłat|oplat"
    r"|cuánto|cuanto|cuesta|precio|tasa|quanto|costa|prezzo|tariff"
    r"|cât|cat costa|costă|preț|pret|taxă)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d[\d.]*(?:,\d\d|,-)?\s?(?:€|Euro|EUR\b)|(?:€|Euro|EUR)\b[^.;]*\d|\d+,\d\d\b"
)


def asks_for_amount(question: str) -> bool:
    """Whether a question asks what something costs, in any of our languages."""
    return _ASKS_FOR.search(question) is not None


def holds_amount(sentence: str) -> bool:
    """Whether a sentence names an amount of money."""
    return _AMOUNT.search(sentence) is not None
