"""Renders the pages of those who work here, in German."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from web.people.rights import Role, Visitor

TEMPLATES = Path(__file__).parent / "templates"
KERN = Path(__file__).parent.parent / "node_modules" / "@kern-ux" / "native" / "dist"
AREAS = (
    ("/desk", "Auskunft", Role.CLERK),
    ("/prompts", "Prompts", Role.CLERK),
    ("/practice", "Üben", Role.CLERK),
    ("/editor", "Dokumente", Role.EDITOR),
    ("/editor/questions", "Fragen", Role.EDITOR),
    ("/editor/answers", "Freigegebene Antworten", Role.EDITOR),
    ("/editor/glossary", "Glossar", Role.EDITOR),
    ("/editor/feedback", "Rückmeldungen", Role.EDITOR),
    ("/editor/dashboard", "Übersicht", Role.EDITOR),
    ("/editor/audit", "Protokoll", Role.ADMIN),
    ("/people", "Personen", Role.ADMIN),
)
# What a page says after a form was sent: the handler redirects to `?done=CODE` and hands the code
# on to `render`.
DONE = {
    "marked_wrong": "Die Antwort ist als falsch gemeldet. Danke.",
    "mark_undone": "Die Meldung ist zurückgenommen.",
    "drafted": "Der Entwurf ist angelegt. Sein Text ist nur ein Vorschlag aus den Dokumenten: "
    "Prüfen oder ersetzen Sie ihn.",
    "faq_drafted": "Die Vorschläge des Sprachmodells sind als Entwürfe angelegt. "
    "Prüfen Sie jeden, bevor Sie ihn zur Freigabe geben.",
    "questions_dismissed": "Erledigt. Die Fragen sind gelöscht.",
    "cluster_gone": "Diese Fragen gibt es nicht mehr; jemand hat sie schon erledigt.",
    "answer_saved": "Der Entwurf ist gespeichert.",
    "answer_submitted": "Die Antwort wartet jetzt auf die Freigabe durch eine zweite Person.",
    "answer_approved": "Die Antwort ist freigegeben. Wer danach fragt, bekommt sie ab sofort.",
    "answer_returned": "Die Antwort ist zurückgegeben. Sie kann überarbeitet werden.",
    "answer_withdrawn": "Die Antwort ist zurückgezogen und wieder ein Entwurf.",
    "answer_deleted": "Der Entwurf ist gelöscht.",
    "answer_confirmed": "Die Antwort ist bestätigt und antwortet wieder.",
    "prompt_saved": "Der Prompt ist gespeichert.",
    "prompt_rated": "Ihre Bewertung ist gespeichert. Danke.",
    "prompt_deleted": "Der Prompt ist gelöscht.",
    "term_saved": "Der Begriff ist gespeichert. Übersetzungen benutzen ihn ab sofort.",
    "term_deleted": "Der Begriff ist gelöscht.",
    "password_set": "Ihr Passwort ist geändert. An allen anderen Geräten sind Sie abgemeldet.",
    "person_added": "Das Konto ist angelegt.",
    "role_given": "Die Rolle ist gegeben.",
    "role_taken": "Die Rolle ist entzogen.",
    "account_closed": "Das Konto ist gesperrt.",
    "account_opened": "Das Konto ist wieder offen.",
    "published": "Die neue Fassung ist veröffentlicht. Antworten beruhen ab sofort auf ihr.",
    "scheduled": "Die neue Fassung ist eingeplant. Bis dahin gilt die bisherige weiter.",
    "discarded": "Das Vorbereitete ist verworfen. Veröffentlicht ist nichts davon.",
    "rolled_back": "Die frühere Fassung gilt wieder.",
    "withdrawn": "Das Dokument ist zurückgezogen. Antworten beruhen nicht mehr auf ihm.",
}


class StaffPages:
    """The templates below `staff`, `desk` and `editor`."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "areas": AREAS,
            "Role": Role,
            "has_kern": (KERN / "kern.min.css").is_file(),
        }

    def render(
        self,
        template: str,
        visitor: Visitor | None,
        status: int = 200,
        area: str = "",
        done: str = "",
        **values: Any,
    ) -> HTMLResponse:
        """A page for a visitor, None where nobody is signed in; `area`: the address in AREAS that
        it is part of; `done`: a code in DONE, whose sentence stands above the page."""
        page = self._templates.get_template(template).render(
            visitor=visitor, area=area, done=DONE.get(done), **values
        )
        return HTMLResponse(page, status)
