"""Renders the front desk: the whole page, and the parts of it that its script fetches."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.errors import AuskunftError
from core.index import Validity
from core.languages import SUPPORTED, direction, native_name
from core.settings import Settings
from ingest.page_images import PageImages
from ingest.readers.limits import ReaderLimits
from web.citizen.menus import site_town, town_menu
from web.citizen.page_text import visible
from web.desk.columns import Column, look_up
from web.desk.drafting import DESK_KINDS
from web.desk.inquiry import Inquiry
from web.desk.pane import Pane, open_page
from web.desk.words import ENDINGS, KINDS, LEVELS, problem_sentence
from web.parts import Parts
from web.people.rights import Visitor

ALL = "Alle Orte"
NO_SUCH_PAGE = "Diese Seite hat das Dokument nicht."


class DeskView:
    """The pages of the front desk, of what was looked up."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        # of its own, so that a clerk waits for no citizen's pictures
        limits = ReaderLimits.from_settings(parts.settings)
        self._images = PageImages(parts.settings.cache_dir / "pages", limits)
        self._fixed: dict[str, Any] = {
            "levels": LEVELS,
            "kinds": KINDS,
            "validities": Validity,
            "endings": ENDINGS,
            "languages": [(language, native_name(language)) for language in SUPPORTED],
            "direction": direction,
            "visible": visible,
            "has_model": parts.model is not None,
            "draft_kinds": DESK_KINDS,
        }

    def page(
        self, visitor: Visitor, asked: Inquiry, site: str, *, done: str, mark: str
    ) -> HTMLResponse:
        """The whole page with everything that was asked for, as it works without a script."""
        columns = self._look_up(asked, with_answer=True)
        first = columns[0].first if columns else None
        opened = asked if asked.document or first is None else first
        pane, problem = self._open(opened, site)
        return self._render(
            "desk/desk.html",
            visitor,
            asked,
            columns=columns,
            opened=opened,
            pane=pane,
            pane_problem=problem,
            towns=town_menu(self._parts.answerer.towns()),
            done=done,
            mark=mark,
        )

    def results(self, visitor: Visitor, asked: Inquiry, *, with_answer: bool) -> HTMLResponse:
        """The passages, and above them the answer where it is wanted."""
        columns = self._look_up(asked, with_answer=with_answer)
        return self._render("desk/results.html", visitor, asked, columns=columns, opened=asked)

    def pane(self, visitor: Visitor, asked: Inquiry, site: str) -> HTMLResponse:
        """What lies open."""
        pane, problem = self._open(asked, site)
        return self._render(
            "desk/pane.html", visitor, asked, opened=asked, pane=pane, pane_problem=problem
        )

    def _look_up(self, asked: Inquiry, *, with_answer: bool) -> tuple[Column, ...]:
        store, answerer = self._parts.store, self._parts.answerer
        return look_up(store, answerer, asked, self._contact, with_answer=with_answer)

    def _open(self, asked: Inquiry, site: str) -> tuple[Pane | None, str]:
        """What lies open, or what is wrong with it."""
        if not asked.document:
            return None, ""
        try:
            parts = self._parts
            return open_page(parts.store, parts.answerer, self._images, asked, site), ""
        except AuskunftError as error:
            return None, problem_sentence(error)
        except HTTPException:
            return None, NO_SUCH_PAGE

    def _render(
        self, template: str, visitor: Visitor, asked: Inquiry, **values: Any
    ) -> HTMLResponse:
        return self._parts.pages.render(
            template,
            visitor,
            area="/desk",
            asked=asked,
            home=self._home,
            **self._fixed,
            **values,
        )

    @property
    def _home(self) -> str:
        """What is searched where no place is chosen."""
        town = self._parts.settings.town
        return site_town(town, self._parts.answerer.towns()) or ALL if town else ALL

    @property
    def _contact(self) -> str:
        settings = self._parts.settings
        return "; ".join(filter(None, (settings.contact, settings.opening_hours)))


def site_of(request: Request, settings: Settings) -> str:
    """The address of the site, as links for others begin."""
    return (settings.public_url or str(request.base_url)).rstrip("/")
