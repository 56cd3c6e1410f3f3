"""An upload as it is sent: read within its limits, refused where it makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.errors import UsageError
from core.types import Document, Kind
from service.border import LARGER_BODIES
from web.citizen.page import safe_address
from web.editor.files import Upload

MAX_FILES = 200
MAX_BYTES = LARGER_BODIES["POST", "/editor/uploads"]
LONGEST = 2000  # characters of a field
DAYS = ("valid_from", "valid_to", "as_of")
OF_ONE_FILE = ("title", "short_title", "id", "url")
OF_DOCUMENT = (*OF_ONE_FILE, "kind", *DAYS)
OF_PLACE = ("place", "level", "name", "key")
MANY = f"Das sind zu viele Dateien. Laden Sie höchstens {MAX_FILES} auf einmal hoch."
LARGE = (
    f"Das ist zu viel auf einmal. Zusammen dürfen die Dateien {MAX_BYTES // 2**20} MB groß sein."
)


class UploadRefused(UsageError):
    """Der Upload wurde nicht angenommen."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """The files of an upload, and what was typed beside them."""

    files: tuple[Upload, ...]
    typed: dict[str, str]

    def said(self) -> dict[str, str]:
        """The metadata that were typed, the place apart."""
        return {name: self.typed[name] for name in OF_DOCUMENT if self.typed.get(name)}


async def read_sent(request: Request) -> Sent:
    """What a form sends; raises UploadRefused where it is too much, before it is read if its
    length is told."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MAX_BYTES:
        raise UploadRefused(LARGE, 413)
    try:
        form = await request.form(max_files=5 * MAX_FILES, max_fields=50)
    except HTTPException as error:
        if error.status_code == 413:
            raise UploadRefused(LARGE, 413) from error
        raise UploadRefused(MANY) from error
    files = tuple(
        Upload(value.filename, value.size or 0, value.file)
        for value in form.getlist("files")
        if isinstance(value, UploadFile) and value.filename
    )
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    return Sent(files, typed)


def require_sense(sent: Sent) -> None:
    """Raises UploadRefused with what is wrong with an upload as a whole."""
    if problem := _problem(sent):
        raise UploadRefused(problem)


def said_of(document: Document) -> dict[str, str]:
    """What the form shows of a document that an upload is to replace. Its dates are left out: they
    are those of the text that is replaced."""
    place = document.jurisdiction
    return {
        "id": document.id,
        "title": document.title,
        "short_title": document.short_title if document.short_title != document.title else "",
        "kind": document.kind.value,
        "url": document.url or "",
        "place": place.scope if place else "",
    }


def _problem(sent: Sent) -> str:
    typed = sent.typed
    if not sent.files:
        return "Wählen Sie mindestens eine Datei."
    if len(sent.files) > MAX_FILES:
        return MANY
    if any(len(value) > LONGEST for value in typed.values()):
        return f"Ein Feld ist zu lang. Es darf höchstens {LONGEST} Zeichen haben."
    if len(sent.files) > 1 and any(typed.get(name) for name in OF_ONE_FILE):
        return (
            "Titel, Kurztitel, Kennung und Adresse gelten für eine Datei. "
            "Laden Sie die Dateien einzeln hoch."
        )
    if typed.get("kind") and typed["kind"] not in set(Kind):
        return "Diese Art von Dokument gibt es nicht."
    if not all(_is_day(typed[name]) for name in DAYS if typed.get(name)):
        return "Ein Datum stimmt nicht. Schreiben Sie es so: 2026-01-31."
    if typed.get("valid_from") and typed.get("valid_to", "9999") < typed["valid_from"]:
        return "„Gilt bis“ liegt vor „Gilt ab“."
    if typed.get("url") and safe_address(typed["url"]) is None:
        return "Die Adresse im Netz muss mit https:// oder http:// beginnen."
    return ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-01-31")
