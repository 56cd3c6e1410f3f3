"""What kind of thing a question asks for, in our twelve languages, and what a sentence holds."""

from __future__ import annotations

import re
from functools import lru_cache

# Beginnings of words, as most languages inflect.
_KINDS = {
    "amount": (
        r"\b(?:kost|wie ?viel|wie hoch|wie teuer|preis|gebühr|gebuehr|tarif|beitrag|zahl|verlang"
        r"|aufpreis|zuschlag|aufschlag|was nimmt|was nehmen|bu(?:ß|ss)geld|geldbu(?:ß|ss)e"
        r"|a fine\b|fined\b|fines\b|penalt|surcharge|ceza|штраф|غرامة|جریمه|amende|grzywn|multa"
        r"|sanzion|recargo|amend[aă]\b|amenz"
        r"|how much|cost|fee|price|rate|charge|pay"
        r"|ne kadar|kaç|kac|ücret|ucret|fiyat|bedel"
        r"|скільки|вартіст|коштує|ціна|сколько|стоит|стоимост|цена|плат|skilky|skolko"
        r"|كم|سعر|رسوم|تكلف|بكم|چقدر|چند|هزینه|قیمت"
        r"|combien|coût|cout|prix|frais|tarif|ile (?:koszt|wynos|płac|plac|zapł|zapl|trzeba|bierz)"
        r"|koszt|cena|opłat|oplat|cuánto|cuanto|cuest|precio|tasa|quanto|costa|prezzo|tariff"
        r"|cât cost|cat cost|costă|preț|pret\b|tax[aă]\b)",
        r"\d[\d.]*(?:,(?:\d\d|-+|–)|\.-+)?\s?(?:€|Euro|EUR\b)|(?:€|Euro|EUR)\b[^.;]*\d"
        r"|\d+,\d\d\b|\d,-{1,2}",
    ),
    "levy": (
        r"steuer|abgabe|hebesatz|prozent|\btax|percent|vergi|yüzde|подат|налог|відсот|процент|ضريب"
        r"|مالیات|عوارض|impôt|taxe|podat|impuesto|tassa|imposta|impozit",
        r"\d\s?(?:€|Euro|EUR\b|%|v\.\s?H\.|vom Hundert|Prozent)",
    ),
    "time": (
        r"\b(?:wann|bis wie|ab wie|uhrzeit|uhr|öffnungszeit|oeffnungszeit|frist|termin|datum"
        r"|wie lang|when|what time|how long|deadline|opening|hours|until"
        r"|ne zaman|saat|kaçta|ne kadar sür"
        r"|коли|як довго|термін|когда|до скольки|часы|срок|сколько врем|متى|ساعات|ساعة|موعد|مدة"
        r"|کی\b|چه زمان|ساعت|مهلت|quand|heure|horaire|délai|jusqu|kiedy|godzin|termin|jak długo"
        r"|cuándo|cuando|horario|hora\b|plazo|quando|orari|scadenza|che ora|când|cand|program\b"
        r"|orar|termen)",
        r"\d{1,2}[.:]\d\d\s?(?:Uhr|h\b|[-–])|\d\s?Uhr|\d{1,2}\.\s?(?:\d{1,2}\.|Jan|Feb|Mär|Apr|Mai"
        r"|Jun|Jul|Aug|Sep|Okt|Nov|Dez)|\b(?:Tage?n?|Wochen?|Monate?n?|Jahre?n?|Stunden?)\b",
    ),
    "place": (
        r"\b(?:wo|wohin|an wen|wer hilft|adresse|kontakt|telefon|nummer|e-?mail|anrufen|erreich"
        r"|where|address|contact|phone|call|whom|nerede|nereye|adres|telefon|iletişim|kime"
        r"|де\b|куди|адрес|до кого|звернут|телефон|где|куда|к кому|обратит|أين|عنوان|هاتف|اتصال"
        r"|بمن|کجا|آدرس|تلفن|تماس|où|adresse|contact|téléphone|gdzie|dokąd|kontakt|dónde|donde"
        r"|dirección|teléfono|dove|indirizzo|telefono|unde|adres[aă]|contact)",
        r"\+?\d[\d /-]{6,}|@|www\.|http|\d{5} [A-ZÄÖÜ]|[Ss]tr(?:aße|\.)\s?\d|[a-zß]platz \d",
    ),
}
KINDS = len(_KINDS)
FIGURES = 3  # of them, the first: what is told in figures
_ASKED = tuple(re.compile(asked, re.IGNORECASE) for asked, _ in _KINDS.values())
_HELD = tuple(re.compile(held) for _, held in _KINDS.values())
# Around a law's rules, dated as these are not: "Auental, den 20. November 2024".
_FORMAL = re.compile(
    r"[^\d,]{2,40}, (?:den|am) [\d.]+ ?\w+\.? \d{4}$"
    r"|(?:Stand: |Ausgefertigt|Aufgrund .*(?:beschlossen|erlassen|erlässt))"
    r"|.*\b(?:in|außer) Kraft\b"
)
_FORCE = re.compile(
    r"\b(?:gilt|gelten|gültig|gueltig|kraft\b|seit wann|in force|valid|appl(?:y|ies)\b|since when"
    r"|geçerli|gecerli|yürürl|чинн|діє\b|действ|вступ|نافذ|يسري|ساري|اجرا|معتبر|vigueur"
    r"|depuis quand|s.applique|obowiązuj|vigent|vigor|in vigore|se aplic|si applic)",
    re.IGNORECASE,
)


def kinds_asked(question: str) -> list[bool]:
    """For each of the KINDS of things (amount, levy, time, place), whether a question asks for
    one."""
    return [asked.search(question) is not None for asked in _ASKED]


def asks_of_force(question: str) -> bool:
    """Whether a question may ask since when or how long something is in force."""
    return _FORCE.search(question) is not None


def is_formal(sentence: str) -> bool:
    """Whether a German sentence tells of a law's making or its force rather than a rule."""
    return _FORMAL.match(sentence) is not None


@lru_cache(maxsize=10_000)
def kinds_held(sentence: str) -> tuple[bool, ...]:
    """For each of the KINDS of things, whether a German sentence holds one."""
    return tuple(held.search(sentence) is not None for held in _HELD)
