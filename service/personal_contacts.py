"""Telephone numbers and dates of birth, told from office numbers, file numbers and other dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.personal_words import is_of_an_office

Span = tuple[int, int]

_FEWEST_DIGITS, _FEWEST_ANNOUNCED, _MOST_DIGITS = 8, 6, 15
_DATE = (
    r"(?<!\w)(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:\d{4}|\d{2})"
    r"|\d{1,2}(?:\.|st|nd|rd|th|er|º|°)? ?(?:of |de |d')?[^\W\d_]{3,12}\.? ?(?:de |del )?\d{4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})(?![\w-])"
)
_NUMBER = re.compile(
    r"(?<![\w.,/:§-])(?:(?:\+|00 ?)[1-9]\d{0,2}(?: ?\(0\))?|\(?0[1-9]\d{0,4}\)?)"
    r"(?: ?[ /.-] ?\(?\d{1,8}+\)?|\d{1,10}+){0,6}(?![\w€%]|[.,:/-]\d)"
)
_ANNOUNCED = re.compile(
    r"(?i:\b(?:tel(?:efon)?(?:nummer|nr)?|handy(?:nummer|nr)?|mobil(?:nummer)?|rufnummer|festnetz"
    r"|fax"
    r"|phone(?: number)?|mobile(?: number)?|cell|whatsapp|telefonum|telefon numaram"
    r"|cep(?: telefonum)?"
    r"|тел(?:ефону?)?|номер телефон[ау]|мобільний|мобильный|téléphone|portable|numéro de téléphone"
    r"|numer telefonu|komórka|teléfono|móvil|telefono|cellulare|număr(?:ul)? de telefon)\b"
    r"|هاتف\w*|جوال\w*|تلفن\w*|موبایل\w*)"
    r"[ .:]{0,3}(?:(?:ist|lautet|is|est|es|è|to|este|von mir"
    r"|هو)[ :]+)?(\d(?: ?[/-]? ?\d){5,14})(?![\w-])"
)
_OTHER_NUMBER = re.compile(
    r"(?:aktenzeichen|az\.?|kunden\w*|rechnung\w*|kassenzeichen|buchungszeichen|bescheid\w*"
    r"|vorgang\w*"
    r"|antrags?\w*|konto\w*|mitglieds\w*|zähler\w*|vertrags?\w*|gebühren\w*|haushaltsstelle|iban"
    r"|bic"
    r"|file|case|invoice|reference|customer|bestell\w*)(?:[- ]?(?:nummer|nr\.?|number"
    r"|no\.?))?\W{0,3}"
    r"(?:(?:ist|lautet|mit|is)\W+)?$",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{1,2}\.\d\d ?- ?\d{1,2}\.\d\d|\d{5} ?- ?\d{5}"
)
_SERVICE = re.compile(r"(?:\+49|0049|0) ?\(?(?:0\))?[ /-]?(?:800|180|900|137|138|700)")
_BIRTH = re.compile(
    r"(?:(?i:\b(?:geb\.|geboren(?:e[rn]?)?|geburtsdatum|geburtstag|born|date of birth|birth ?date"
    r"|birthday"
    r"|dob|doğum(?: tarihi\w*| günü\w*)?|doğdum|дата народження|народжен\w*|народи\w+|дата рождения"
    r"|рожд\w+|родил\w+|née?|date de naissance|ur\.|urodz\w+|data urodzenia|nací|nacid[oa]"
    r"|fecha de nacimiento|nat[oa] (?:il|a)|data di nascita|născut\w*|data nașterii)"
    r"|مواليد|تاريخ (?:ميلادي|الميلاد|ميلاد)|ولدت|متولد|تاریخ تولد\w*)"
    rf"[^\d\n,;?!.]{{0,25}}\(?|(?<!\w)\* ?)({_DATE})"
)
_BIRTH_AFTER = re.compile(
    rf"({_DATE})(?i: ?(?:geboren|geb\.|doğumlu\w*|tarihinde doğdum|года рождения|року народження"
    rf"|г\. ?р\."
    r"|р\. ?н\.|به دنیا)|\w* geboren)"
)
_ANY_DATE = re.compile(_DATE)


def find_phones(text: str) -> Iterator[Span]:
    """Telephone numbers, but none that an office or a hotline has."""
    for match in _ANNOUNCED.finditer(text):
        if _count_digits(match[1]) >= _FEWEST_ANNOUNCED and not is_of_an_office(
            text, match.start()
        ):
            yield match.span(1)
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        number = match[0].rstrip(" (./-")
        if number.startswith("(") and ")" in number[-1:]:  # brackets around all of it
            start, number = start + 1, number[1:-1]
        end = start + len(number)
        if _is_phone(number) and not (
            _OTHER_NUMBER.search(text, max(0, start - 40), start) or is_of_an_office(text, start)
        ):
            yield start, end


def _is_phone(number: str) -> bool:
    from phonenumbers import NumberParseException, is_possible_number, parse

    if not _FEWEST_DIGITS <= _count_digits(number) <= _MOST_DIGITS + 2:
        return False
    if _NO_NUMBER.fullmatch(number) or _SERVICE.match(number):
        return False
    groups = re.split(r"[ /.()-]+", number.strip("()+"))
    is_torn = any(len(group) == 1 for group in groups[1:-1] if group != "0")
    has_dots = re.fullmatch(r"[+\d /()-]+", number) is None or number.count("-") > 1
    if is_torn and has_dots:  # 0262.0-3-0328 is a file's
        return False
    try:
        return bool(is_possible_number(parse(number, "DE")))
    except NumberParseException:
        return False


def find_births(text: str) -> Iterator[Span]:
    """Dates that are said to be a person's birth."""
    if not _ANY_DATE.search(text):
        return
    for pattern in (_BIRTH, _BIRTH_AFTER):
        yield from (match.span(1) for match in pattern.finditer(text))


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))
