"""The page of a source: the picture of a document's page, what is quoted marked, and its text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote as escape
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ingest.page_images import WIDTHS, PageImage, PageImages
from ingest.readers.limits import ReaderLimits
from service.api import Day
from service.border import rate_limit
from web.citizen import page as citizen_page
from web.citizen.page_text import CUT, visible
from web.citizen.source_view import (
    SHOWN_WIDTH,
    FoundPage,
    Wanted,
    draw_image,
    find_page,
    image_key,
    image_of,
)
from web.citizen.wordings import chosen_wording
from web.editor.rights import may_edit
from web.parts import Parts
from web.people.refusals import RoleMissing
from web.people.rights import Role

LONGEST_QUOTE = 300  # characters of a quote that an address holds

DocumentId = Annotated[str, Query(max_length=500)]
Quote = Annotated[str, Query(max_length=2 * LONGEST_QUOTE)]
Number = Annotated[int | None, Query(ge=1, le=100_000)]


def source_address(
    document_id: str,
    page: int | None,
    quote: str,
    as_of: date | None = None,
    language: str | None = None,
    version: int | None = None,
) -> str:
    """Where a document's page is shown with what is quoted marked, from the marked passage on.
    `version` is for those who work here."""
    values = {
        "document": document_id,
        "page": page,
        "quote": cut_quote(quote),
        "as_of": as_of,
        "version": version,
        "language": language,
    }
    return f"/source?{_query(values)}{'#passage' if quote else ''}"


def image_address(
    document_id: str,
    page: int,
    quote: str = "",
    as_of: date | None = None,
    width: int = SHOWN_WIDTH,
    version: int | None = None,
) -> str:
    """Where the picture of a page is, what is quoted marked; `width` is one of WIDTHS."""
    values = {"quote": cut_quote(quote), "as_of": as_of, "version": version, "width": width}
    return f"/documents/{escape(document_id)}/pages/{page}.png?{_query(values)}"


def source_routes(parts: Parts) -> APIRouter:
    """`/source` and the pictures of pages, for citizens and staff."""
    router = APIRouter(include_in_schema=False)
    limits = ReaderLimits.from_settings(parts.settings)
    images = PageImages(parts.settings.cache_dir / "pages", limits)
    view = citizen_page.Page(parts.settings, parts.answerer, source_address)

    chosen_version = _version_of_editors(parts)

    @router.api_route("/source", methods=["GET", "HEAD"], dependencies=[_limited(parts)])
    def show(
        document: DocumentId,
        page: Number = None,
        quote: Quote = "",
        as_of: Annotated[Day, Query()] = None,
        version: int | None = chosen_version,
        language: str = "",
        accept_language: Annotated[str, Header()] = "",
        sec_fetch_dest: Annotated[str, Header()] = "",
    ) -> HTMLResponse:
        wording = chosen_wording(language, accept_language)
        wanted = Wanted(document, page, quote, as_of, version)
        found = find_page(parts.store, wanted)
        html = render_source(
            view,
            wanted,
            found,
            image_of(images, found),
            wording,
            is_framed=sec_fetch_dest == "iframe",
        )
        return HTMLResponse(html, headers=dict(view.headers))

    @router.api_route(
        "/documents/{document_id:path}/pages/{number:int}.png",
        methods=["GET", "HEAD"],
        dependencies=[_limited(parts)],
    )
    def picture(
        document_id: str,
        number: int,
        quote: Quote = "",
        as_of: Annotated[Day, Query()] = None,
        version: int | None = chosen_version,
        width: int = SHOWN_WIDTH,
        if_none_match: Annotated[str, Header()] = "",
    ) -> Response:
        found = find_page(parts.store, Wanted(document_id, number, quote, as_of, version))
        # A newer version has the same address.
        headers = {"ETag": f'"{image_key(found, width)}"', "Cache-Control": "no-cache"}
        if headers["ETag"] in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(
            draw_image(images, found, width).png, headers=headers, media_type="image/png"
        )

    return router


def render_source(
    view: citizen_page.Page,
    wanted: Wanted,
    found: FoundPage,
    image: PageImage | None,
    wording: str,
    *,
    is_framed: bool = False,
) -> str:
    """The page of a source in a wording, with its picture where there is one."""
    document, number = found.document, found.number
    day, version = wanted.day, wanted.version

    def beside(page: int) -> str | None:
        """The address of another page of the document, where there is one."""
        if not 1 <= page <= found.count:
            return None
        return source_address(document.id, page, "", day, wording, version)

    def picture(width: int) -> str:
        return image_address(document.id, number, wanted.quote, day, width, version)

    def worded(other: str) -> str:
        """The address of this page in another wording."""
        return source_address(document.id, wanted.page, wanted.quote, day, other, version)

    return view.render(
        "source.html",
        wording,
        is_framed=is_framed,
        found=found,
        document=document,
        title=visible(document.title),
        label=visible(found.label),
        dates=citizen_page.dates(document, found.published, wording),
        is_quoted=bool(wanted.quote),
        image=image,
        pictures={width: picture(width) for width in WIDTHS},
        shown_width=SHOWN_WIDTH,
        worded=worded,
        previous=beside(number - 1),
        next=beside(number + 1),
        original=original_address(found, wanted),
    )


def original_address(found: FoundPage, wanted: Wanted) -> str | None:
    """Where the original is, at the page that is shown; None where its version stands no longer,
    as only those that stand are handed out."""
    if wanted.version is not None:
        return None
    day = f"?as_of={wanted.day}" if wanted.day else ""
    page = f"#page={found.number}" if found.version.page_count else ""
    return f"/documents/{escape(found.document.id)}/original{day}{page}"


def _version_of_editors(parts: Parts) -> Any:
    """A dependency: the number of a version, which only the document's editors may choose."""
    check_editor = parts.staff.needs(Role.EDITOR)

    def choose(request: Request, version: Number = None) -> int | None:
        if version is not None:
            visitor = check_editor(request)
            path, query = request.path_params, request.query_params
            document_id = path.get("document_id") or query.get("document", "")
            if not may_edit(visitor.person, parts.store.registry, document_id):
                raise RoleMissing(visitor, Role.EDITOR)
        return version

    return Depends(choose)


def _limited(parts: Parts) -> Any:
    """A dependency that lets each client make so many requests, and staff any number."""
    check = rate_limit(parts.settings.rate_limit)

    async def check_citizens(request: Request) -> None:
        if await run_in_threadpool(parts.staff.visitor, request) is None:
            await check(request)

    return Depends(check_citizens)


def _query(values: Mapping[str, object]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def cut_quote(quote: str) -> str:
    """The quote on one line, of a long one its beginning and its end in whole words: all between
    them is marked. The widget does the same (answer.js)."""
    quote = " ".join(quote.split())
    if len(quote) <= LONGEST_QUOTE:
        return quote
    half = (LONGEST_QUOTE - len(CUT)) // 2
    return quote[:half].rpartition(" ")[0] + CUT + quote[-half:].partition(" ")[2]
