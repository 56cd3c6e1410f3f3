"""Numbers that belong to one person: accounts, tax, insurance and identity papers, by their check
digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%'’-]*[\w+-]@[\w-]+(?:\.[\w-]+)+")
_MAIL_IN_WORDS = re.compile(
    r"(?<![\w.+-])[\w.+-]+ ?[(\[{] ?(?:at|ät|arroba) ?[)\]}] ?[\w-]+"
    r"(?:(?:\.| ?[(\[{] ?(?:dot|punkt) ?[)\]}] ?)[\w-]+)+",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_MISTYPED_ACCOUNT = re.compile(r"[A-Za-z]{2}\d{2}(?:[ -]?\d{4}){3,}(?:[ -]?\d{1,3})?")
_SHORTEST_ACCOUNT = 15  # Norway's
_ELEVEN_DIGITS = re.compile(r"(?<![\w.,/-])[1-9](?:[ ./-]?\d){10}(?![\w]|[.,/-]\d)")
_TAX_FILE = re.compile(
    r"(?i:steuernummer|steuer-?nr|st\.?-?nr|tax number|vergi numara\w*)\W{0,4}(?:(?:ist|lautet"
    r"|is)\W+)?"
    r"(\d{2,3} ?/ ?\d{3,4} ?/ ?\d{4,5}|\d{10,13})(?!\d)"
)
_INSURANCE = re.compile(
    r"(?<![\w])(\d{2}) ?(\d{2}) ?([01]\d) ?(\d{2}) ?([A-Za-z]) ?(\d{2}) ?(\d)(?![\w])"
)
_PAPER = re.compile(
    r"(?<![\w.,/-])([CFGHJKLMNPRTVWXYcfghjklmnprtvwxy][0-9A-Za-z]{8})(\d)[dD]?(?!\w)"
)
_PAPER_ANNOUNCED = re.compile(
    r"(?i:ausweis|reisepass|pass(?:port)?\b|kimlik|pasaport|паспорт|посвідчення|удостоверени|هوية"
    r"|جواز|شناسنامه|گذرنامه"
    r"|passeport|carte d.identité|dowod|dowód|paszport|pasaporte|dni\b|carta d.identità|passaporto"
    r"|buletin|pașaport|\bid card)(?:[^\W\d]|[ :#.-]){0,30}?"
    r"\b([CFGHJKLMNPRTVWXYcfghjklmnprtvwxy](?=[0-9A-Za-z]*\d)[0-9CFGHJKLMNPRTVWXYZcfghjklmnprtvwxyz]{8})\b"
)
_NINE_SIGNS = re.compile(r"\b[A-Za-z](?=[0-9A-Za-z]*\d)[0-9A-Za-z]{8}\b")
_WEIGHTS = (7, 3, 1)  # of the digits of a paper: ICAO Doc 9303, part 3
# Of the digits of an insurance number: VKVV § 2, the letter as two digits.
_INSURANCE_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def find_mails(text: str) -> Iterator[Span]:
    """E-mail addresses, with "(at)" too."""
    if "@" in text:
        yield from (match.span() for match in _MAIL.finditer(text))
    if any(bracket in text for bracket in "([{"):
        yield from (match.span() for match in _MAIL_IN_WORDS.finditer(text))


def find_accounts(text: str) -> Iterator[tuple[Span, bool]]:
    """What has the form of an IBAN, and whether it is a valid one."""
    for match in _ACCOUNT.finditer(text):
        if end := _account_end(text, match.start(), match.end()):
            yield (match.start(), end), True
        elif mistyped := _MISTYPED_ACCOUNT.match(text, match.start()):
            yield mistyped.span(), False


def _account_end(text: str, start: int, last: int) -> int:
    """Where the IBAN that begins at a place ends, 0 for none: words that follow may look like
    more of it."""
    from stdnum import iban

    end = last
    while end - start >= _SHORTEST_ACCOUNT:
        is_border = end == len(text) or not text[end].isalnum()
        if is_border and text[end - 1].isalnum() and iban.is_valid(text[start:end]):
            return end
        end -= 1
    return 0


def find_tax_numbers(text: str) -> Iterator[Span]:
    """Tax identification numbers (Steuer-ID), and tax numbers that are called so."""
    for match in _ELEVEN_DIGITS.finditer(text):
        from stdnum.de import idnr

        if idnr.is_valid(_digits(match[0])):
            yield match.span()
    yield from (match.span(1) for match in _TAX_FILE.finditer(text))


def find_insurance_numbers(text: str) -> Iterator[Span]:
    """Numbers of the German pension insurance."""
    for match in _INSURANCE.finditer(text):
        letter = f"{ord(match[5].upper()) - ord('A') + 1:02}"
        digits = "".join((*match.groups()[:4], letter, match[6]))
        products = (int(d) * weight for d, weight in zip(digits, _INSURANCE_WEIGHTS, strict=True))
        check = sum(product // 10 + product % 10 for product in products) % 10
        if 1 <= int(match[3]) <= 12 and check == int(match[7]):
            yield match.span()


def find_papers(text: str) -> Iterator[Span]:
    """Numbers of identity cards and passports: with their check digit, or called so."""
    for match in _PAPER.finditer(text):
        number = match[1].upper()
        has_digits = sum(map(str.isdigit, number)) >= 2
        check = sum(int(sign, 36) * _WEIGHTS[i % 3] for i, sign in enumerate(number)) % 10
        if has_digits and check == int(match[2]):
            yield match.span()
    if _NINE_SIGNS.search(text):
        yield from (match.span(1) for match in _PAPER_ANNOUNCED.finditer(text))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
