"""The audit log: the page `/editor/audit`, and all of it as a table to download."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Engine
from starlette.responses import Response, StreamingResponse

from core.audit import Act, read, shared_place
from web.editor.insight_words import ACTS
from web.parts import Parts
from web.people.rights import Role, Visitor

AREA = "/editor/audit"
PAGE = 100
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
            lines=[(line, told(line)) for line in lines[:PAGE]],
            by=by,
            act=act,
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
    yield "\ufeff" + _row(["Zeit (UTC)", "Person", "Was", "Woran", "Einzelheiten"])
    for line in lines:
        detail = json.dumps(line.detail, ensure_ascii=False) if line.detail else ""
        when = line.at.strftime("%Y-%m-%d %H:%M:%S")
        yield _row([when, line.by, line.act, line.subject, detail])


def told(line: Act) -> str:
    """The details of a line as a sentence: "edition: 2, question: …"."""
    return ", ".join(f"{name}: {value}" for name, value in line.detail.items() if value != "")


def _row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(text, delimiter=";").writerow(safe)
    return text.getvalue()
