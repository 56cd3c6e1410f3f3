"""The audit log: the page `/editor/audit`, and all of it as a table to download."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Engine
from starlette.responses import Response, StreamingResponse

from core.audit import Act, read, shared_place
from service.wording import short_date
from web.editor.insight_words import ACTS, DETAILS, DRAFTS
from web.parts import Parts
from web.people.rights import ROLE_NAMES, Role, Visitor

AREA = "/editor/audit"
PAGE = 100
HEAD = ("Zeit (UTC)", "Person", "Was", "Woran", "Einzelheiten")
Word = Annotated[str, Query(max_length=200)]
Before = Annotated[str, Query(max_length=32)]
_FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would run


def audit_routes(parts: Parts) -> APIRouter:
    """`/editor/audit` and `/editor/audit.csv`."""
    router = APIRouter(include_in_schema=False)
    engine = parts.store.registry.engine
    Admin = Annotated[Visitor, Depends(parts.staff.needs(Role.ADMIN))]  # noqa: N806  a type

    @router.get(AREA)
    def show(visitor: Admin, by: Word = "", act: Word = "", before: Before = "") -> Response:
        places = visitor.person.places(Role.ADMIN)
        lines = read(engine, PAGE + 1, before, by=by, act=act, places=places)
        further = {"by": by, "act": act, "before": lines[PAGE - 1].id} if lines[PAGE:] else None
        return parts.pages.render(
            "editor/audit.html",
            visitor,
            area=AREA,
            lines=[(line, cells(line)) for line in lines[:PAGE]],
            by=by,
            act=act,
            head=HEAD,
            acts=ACTS,
            is_everywhere="" in places,
            further=further and f"{AREA}?{urlencode(further)}",
            download=f"{AREA}.csv?{urlencode({'by': by, 'act': act})}",
        )

    @router.get(f"{AREA}.csv")
    def download(visitor: Admin, by: Word = "", act: Word = "") -> Response:
        places = visitor.person.places(Role.ADMIN)
        only = {"only_by": by, "only_act": act}
        parts.staff.note(visitor, "download_audit", "", place=shared_place(places), **only)
        return StreamingResponse(
            write_csv(every_line(engine, by, act, places)),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="protokoll.csv"'},
        )

    return router


def every_line(engine: Engine, by: str, act: str, places: Collection[str]) -> Iterator[Act]:
    """The whole log of some places, the newest line first, read a part at a time."""
    before = ""
    while lines := read(engine, 1000, before, by=by, act=act, places=places):
        yield from lines
        before = lines[-1].id


def write_csv(lines: Iterable[Act]) -> Iterator[str]:
    """The log as CSV that a German spreadsheet opens; nothing in it runs as a formula."""
    yield "\ufeff" + _row(HEAD)
    for line in lines:
        yield _row([line.at.strftime("%Y-%m-%d %H:%M:%S"), *cells(line)])


def cells(line: Act) -> tuple[str, str, str, str]:
    """A line as people read it, without its time: who, what, to what, and the details as a
    sentence: "Fassung: 2, Grund: …"."""
    said = [
        f"{DETAILS.get(name, name)}: {text}"
        for name, value in line.detail.items()
        if (text := _said(name, value))
    ]
    act, subject = ACTS.get(line.act, line.act), DRAFTS.get(line.subject, line.subject)
    return line.by or "unbekannt", act, subject, ", ".join(said)


def _said(name: str, value: object) -> str:
    """A detail in German; "" where nothing was said."""
    match name, value:
        case _, bool():
            return "ja" if value else "nein"
        case "roles", list():  # each with its town
            return "; ".join(
                " ".join(_said("role", part) for part in held).strip() for held in value
            )
        case _, list():
            return "; ".join(map(str, value))
        case "day", str():
            return short_date(date.fromisoformat(value), "de")
        case (("role" | "kind" | "only_act"), str()):
            roles = {role.value: told for role, told in ROLE_NAMES.items()}
            return (roles | DRAFTS | ACTS).get(value, value)
        case _:
            return str(value)


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(text, delimiter=";").writerow(safe)
    return text.getvalue()
