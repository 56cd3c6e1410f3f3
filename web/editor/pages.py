"""Renders the editor's pages of documents, what went wrong among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from core.errors import AuskunftError, DocumentUnknown, StageChanged, WriterBusy
from service.app import problem_of
from web.citizen.page import safe_address
from web.citizen.sources import source_address
from web.editor.german import error_sentence, warning_sentence
from web.editor.rights import may_edit
from web.editor.words import WORDS
from web.parts import Parts
from web.people.kept import KeptForm
from web.people.refusals import RoleMissing
from web.people.rights import Role, Visitor

AREA = "/editor"


class EditorPages:
    """The templates `editor/document…`, with their words."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def render(self, template: str, visitor: Visitor, status: int = 200, **values: Any) -> Response:
        """A page."""
        words = WORDS | {
            "error_sentence": error_sentence,
            "warning_sentence": warning_sentence,
            "source_of": _source_of,
            "safe_address": safe_address,
            "today": date.today().isoformat(),
        }
        return self._parts.pages.render(
            f"editor/{template}", visitor, status, AREA, **(words | values)
        )

    def attempt(
        self,
        visitor: Visitor,
        document_id: str,
        act: Callable[[], Response],
        sent: KeptForm | None = None,
    ) -> Response:
        """The response of an act on a document, or a page that says why it failed and how to go on:
        with what was `sent`, to be sent again, where another was writing. Raises RoleMissing where
        the document is another town's."""
        if not may_edit(visitor.person, self._parts.store.registry, document_id):
            raise RoleMissing(visitor, Role.EDITOR)
        try:
            return act()
        except AuskunftError as error:
            return self.render(
                "document_problem.html",
                visitor,
                problem_of(error).status,
                sentence=error_sentence(error),
                document_id="" if isinstance(error, DocumentUnknown) else document_id,
                again=stage_address(document_id) if isinstance(error, StageChanged) else "",
                sent=sent if isinstance(error, WriterBusy) else None,
            )


def _source_of(version: Mapping[str, Any]) -> str:
    """The address of the picture of a standing version's first page."""
    today = date.today().isoformat()
    first, last = version["valid_from"], version["valid_to"]
    day = first if first and first > today else last if last and last < today else None
    return source_address(version["id"], 1, "", day and date.fromisoformat(day))


def see(address: str) -> Response:
    """Sends the browser on to a page after a form."""
    return RedirectResponse(address, 303)


def document_address(document_id: str, done: str = "", stopped: Sequence[str] = ()) -> str:
    """The address of a document's page, after an act with how many approved answers it stopped."""
    values = {"id": document_id, "done": done, "stopped": len(stopped)}
    return "/editor/documents/show?" + urlencode({k: v for k, v in values.items() if v})


def stage_address(document_id: str) -> str:
    """The address of what is prepared for a document."""
    return "/editor/documents/stage?" + urlencode({"id": document_id})
