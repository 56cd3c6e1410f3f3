"""How an XZuFi file says things: its elements by name, codes, languages and days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

LANGUAGE = "de"

_UNITS = {
    unit.casefold(): (one, many)
    for one, many, *names in (
        ("Minute", "Minuten", "minute", "minutes"),
        ("Stunde", "Stunden", "hour", "hours"),
        ("Tag", "Tage", "day", "days"),
        ("Werktag", "Werktage"),
        ("Arbeitstag", "Arbeitstage"),
        ("Woche", "Wochen", "week", "weeks"),
        ("Monat", "Monate", "month", "months"),
        ("Quartal", "Quartale"),
        ("Halbjahr", "Halbjahre"),
        ("Jahr", "Jahre", "year", "years"),
    )
    for unit in (one, many, *names)
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def all_inside(element: etree._Element, name: str) -> list[etree._Element]:
    """Every element of a name below this one."""
    return [inner for inner in element.iterdescendants() if local_name(inner) == name]


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The element's own children of a name."""
    return (child for child in element if local_name(child) == name)


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """The first element on a way of names, None where it ends."""
    for name in names:
        found = next(children(element, name), None)
        if found is None:
            return None
        element = found
    return element


def text_of(element: etree._Element) -> str:
    """The words of an element; of a code, its name where it has one."""
    named = next((text_of(e) for e in element if local_name(e) == "name"), "")
    return named or " ".join("".join(map(str, element.itertext())).split())


def value_of(element: etree._Element, name: str) -> str:
    """The words of the first child of a name."""
    return next((text_of(child) for child in children(element, name)), "")


def module_code(module: etree._Element) -> str:
    """The code of a text module."""
    element = first(module, "leikaTextmodul")
    code = None if element is None else first(element, "code")
    found = element if code is None else code
    return "" if found is None else " ".join((found.text or "").split())


def module_list(module: etree._Element) -> str:
    """The name of the list that the code of a text module is of, "" where none is given."""
    element = first(module, "leikaTextmodul")
    return "" if element is None else str(element.get("listURI", ""))


def module_name(module: etree._Element) -> str:
    """The name of a text module: beside its code, or in its place."""
    element = first(module, "leikaTextmodul")
    if element is None:
        return ""
    named = value_of(element, "name") or element.get("name", "")
    return named or ("" if module_code(module)[:1].isdigit() else module_code(module))


def plain(name: str) -> str:
    """A name in small letters alone, to be compared."""
    spelled = name.casefold().translate(_UMLAUTS)
    return re.sub(r"[\W_]", "", spelled)


def position(module: etree._Element) -> int:
    """Where the file wants a module shown."""
    number = value_of(module, "positionDarstellung")
    return int(number) if number.isdecimal() else 10**6


def is_german(element: etree._Element) -> bool:
    """Whether a text is German, or does not say."""
    language = element.get("languageCode") or LANGUAGE
    return language.split("-")[0].lower() == LANGUAGE


def languages(service: etree._Element) -> set[str]:
    """The languages that texts of a service are in."""
    codes = (element.get("languageCode") or "" for element in service.iter())
    return {code.split("-")[0].lower() for code in codes if code}


def day_of(moment: etree._Element | None) -> str:
    """The day of a moment, "" where there is none."""
    match = re.match(r"\d{4}-\d{2}-\d{2}", text_of(moment)) if moment is not None else None
    return match[0] if match else ""


def duration_of(element: etree._Element) -> str:
    """The words of a `dauer` with its `einheit`, and of `dauerBis` with `einheitBis`: "2 bis 4
    Wochen"; "" where there is none, or a unit is no word."""
    first_number, last_number = value_of(element, "dauer"), value_of(element, "dauerBis")
    units = value_of(element, "einheit"), value_of(element, "einheitBis")
    if not first_number or units[0].casefold() not in _UNITS:
        return ""
    if not last_number:
        return _counted(first_number, units[0])
    if units[1].casefold() in ("", units[0].casefold()):
        return f"{first_number} bis {_counted(last_number, units[0])}"
    if units[1].casefold() not in _UNITS:
        return ""
    return f"{_counted(first_number, units[0])} bis {_counted(last_number, units[1])}"


def _counted(number: str, unit: str) -> str:
    one, many = _UNITS[unit.casefold()]
    return f"{number} {one if number == '1' else many}"
