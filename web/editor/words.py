"""The words of the editor's pages for what the core names in English; dates and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from core.types import Kind, Level

KINDS = {
    Kind.STATUTE: "Satzung oder Gesetz",
    Kind.SERVICE: "Leistung",
    Kind.LEAFLET: "Merkblatt",
    Kind.FORM: "Formular",
    Kind.FAQ: "Freigegebene Antworten",
    Kind.NOTICE: "Bekanntmachung",
}
LEVELS = {
    Level.FEDERAL: "Bund",
    Level.STATE: "Land",
    Level.DISTRICT: "Kreis",
    Level.ASSOCIATION: "Verband",
    Level.MUNICIPALITY: "Gemeinde",
}
STATES = {
    "in_force": "gilt",
    "coming": "kommt noch",
    "repealed": "gilt nicht mehr",
    "prepared": "vorbereitet",
    "withdrawn": "zurückgezogen",
}
FILTERS = {
    "": "alle",
    "prepared": "vorbereitet",
    "in_force": "gilt",
    "coming": "kommt noch",
    "old": "älter als ein Jahr",
    "repealed": "gilt nicht mehr",
    "withdrawn": "zurückgezogen",
}
ORDERS = {"title": "Titel", "age": "Alter", "uses": "Nutzung", "changed": "zuletzt geändert"}
ENDS = {
    "replaced": "ersetzt",
    "taken_back": "zurückgenommen",
    "withdrawn": "zurückgezogen",
    "gone": "Datei entfernt",
}
SECTIONS = {
    "changed": "geändert",
    "added": "neu",
    "removed": "entfallen",
    "moved": "verschoben, Wortlaut gleich",
}
STATUSES = {
    "answered": "beantwortet",
    "not_in_documents": "steht nicht in den Dokumenten",
    "out_of_scope": "gehört nicht hierher",
    "other_town": "anderer Ort",
    "needs_town": "Ort fehlt",
    "emergency": "Notfall",
    "refused": "abgelehnt",
}
WHYS = {
    "approved": "freigegebene Antwort",
    "evaluation": "Prüffrage",
    "often_asked": "oft gefragt",
}


def day(value: date | str | None) -> str:
    """A date as "1.6.2025"; "" for none."""
    if not value:
        return ""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day}.{found.month}.{found.year}"


def moment(value: datetime | str | None) -> str:
    """A time as "1.6.2025, 14:05 Uhr", by the server's clock; "" for none."""
    if not value:
        return ""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = found.astimezone()
    return f"{day(local.date())}, {local:%H:%M} Uhr"


def age(days: int | None) -> str:
    """How old a text is, in whole years or months; "" where it is not known."""
    if days is None:
        return ""
    if days < 60:
        return "1 Tag" if days == 1 else f"{days} Tage"
    if days < 730:
        return f"{days // 30} Monate"
    return f"{days // 365} Jahre"


def place_name(level: str, name: str) -> str:
    """A place with its level, where its name does not say it: "Gemeinde Auental", "Landkreis …"."""
    word = LEVELS[Level(level)]
    return name if word.casefold() in name.casefold() else f"{word} {name}"


def name_of(path: str) -> str:
    """The name of the file that a version came from."""
    return PurePath(path).name


def replaced_name(version: Mapping[str, Any]) -> str:
    """The name of the file in a folder that a version of another format stands in for; "" where it
    is of that file's."""
    source = PurePath(version["source"])
    return "" if source.suffix.lower() == version["format"] else source.name


WORDS: dict[str, Any] = {
    "kinds": KINDS,
    "levels": LEVELS,
    "states": STATES,
    "filters": FILTERS,
    "orders": ORDERS,
    "ends": ENDS,
    "sections_are": SECTIONS,
    "statuses": STATUSES,
    "whys": WHYS,
    "day": day,
    "moment": moment,
    "age": age,
    "place_name": place_name,
    "name_of": name_of,
    "replaced_name": replaced_name,
}
