"""How the front desk calls things in German: levels, kinds, days, endings, what went wrong."""

from __future__ import annotations

from datetime import date

from core.errors import AuskunftError
from core.types import Document, Kind, Level, Status
from service.wording import short_date

LEVELS = {
    Level.MUNICIPALITY: "Stadt oder Gemeinde",
    Level.ASSOCIATION: "Verband",
    Level.DISTRICT: "Landkreis",
    Level.STATE: "Land",
    Level.FEDERAL: "Bund",
}
KINDS = {
    Kind.STATUTE: "Satzung oder Gesetz",
    Kind.SERVICE: "Leistung",
    Kind.LEAFLET: "Merkblatt",
    Kind.FORM: "Formular",
    Kind.FAQ: "Häufige Fragen",
    Kind.NOTICE: "Bekanntmachung",
}
ENDINGS = {
    Status.ANSWERED: "Beantwortet",
    Status.NOT_IN_DOCUMENTS: "Steht nicht sicher in den Dokumenten",
    Status.OUT_OF_SCOPE: "Keine Frage an ein Amt",
    Status.OTHER_TOWN: "Anderer Ort",
    Status.NEEDS_TOWN: "Der Ort fehlt",
    Status.EMERGENCY: "Notfall",
    Status.REFUSED: "Abgewiesen",
}
_PROBLEMS = {
    "question_empty": "Bitte geben Sie ein paar Wörter ein.",
    "question_too_long": "Die Frage ist zu lang. Bitte kürzen Sie auf 1.000 Zeichen.",
    "town_unknown": "Diesen Ort gibt es hier nicht. Bitte wählen Sie einen aus der Liste.",
    "town_ambiguous": "Diesen Ort gibt es mehrmals. Bitte geben Sie seinen Schlüssel an.",
    "day_invalid": "Diesen Tag gibt es nicht. Bitte schreiben Sie ihn so: 2026-01-31.",
    "document_unknown": "Dieses Dokument gibt es nicht.",
    "document_withdrawn": "Dieses Dokument wurde zurückgezogen; es gilt nicht mehr.",
}
_NOT_NOW = "Die Suche geht gerade nicht. Bitte versuchen Sie es gleich noch einmal."


def problem_sentence(error: AuskunftError) -> str:
    """What a clerk reads about an error."""
    return _PROBLEMS.get(error.code, _NOT_NOW)


def short_day(day: date) -> str:
    """A day as it stands in a citation: "1.6.2025"."""
    return short_date(day, "de")


def place_of(document: Document) -> str:
    """Where a document applies: "Gemeinde Auental", "Bund", "überall"."""
    place = document.jurisdiction
    if place is None:
        return "überall"
    return LEVELS[place.level] if place.level is Level.FEDERAL else place.name


def days_of(document: Document, today: date) -> tuple[str, ...]:
    """Since when and until when a document holds, and as of when its text is."""
    days = []
    if document.valid_from:
        word = "gilt ab" if document.valid_from > today else "gilt seit"
        days.append(f"{word} {short_day(document.valid_from)}")
    if document.valid_to:
        word = "galt bis" if document.valid_to < today else "gilt bis"
        days.append(f"{word} {short_day(document.valid_to)}")
    if document.as_of:
        days.append(f"Stand {short_day(document.as_of)}")
    return tuple(days)


def validity_of(document: Document, day: date) -> str:
    """How a document stands on a day: "in Kraft", "künftig", "außer Kraft"."""
    if document.valid_from and document.valid_from > day:
        return "künftig"
    return "außer Kraft" if document.valid_to and document.valid_to < day else "in Kraft"
