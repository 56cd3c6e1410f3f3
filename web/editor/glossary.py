"""The glossary of a town: the pages `/editor/glossary…`."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.glossary import (
    Term,
    TermChanged,
    TermExists,
    TermUnknown,
    delete_term,
    read_term,
    read_terms,
    save_term,
)
from core.languages import SUPPORTED, direction
from web.editor.insight_words import LANGUAGES
from web.editor.pages import see
from web.editor.towns import town_name, town_options, usual_town, with_own
from web.parts import Parts
from web.people.rights import Role, Visitor

AREA = "/editor/glossary"
LONGEST = 150  # characters of a term, and of its words in a language


async def posted_term(request: Request) -> Term:
    """A dependency that reads the form; what is too long is cut above the limit, so that the check
    that follows can say so."""
    form = await request.form(max_fields=30, max_part_size=2**16)

    def text(name: str) -> str:
        return " ".join(str(form.get(name, "")).split())[: LONGEST + 50]

    edition = text("edition")
    wordings = {code: text(f"wording_{code}") for code in SUPPORTED}
    return Term(
        id=text("id")[:32],
        edition=int(edition) if edition.isdecimal() and len(edition) < 10 else 0,
        town=text("town"),
        german=text("german"),
        wordings={code: words for code, words in wordings.items() if words},
    )


def glossary_routes(parts: Parts) -> APIRouter:
    """`/editor/glossary`, the form of a term, and what is done with it."""
    router = APIRouter(include_in_schema=False)
    engine = parts.store.registry.engine
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806

    def form(
        visitor: Visitor,
        term: Term,
        errors: Mapping[str, str] | None = None,
        other: Term | None = None,
    ) -> Response:
        options = town_options(parts, visitor.person)
        return parts.pages.render(
            "editor/glossary_term.html",
            visitor,
            409 if other else 422 if errors else 200,
            AREA,
            term=term,
            errors=errors or {},
            longest=LONGEST,
            other=other,
            towns=with_own(options, term.town) if term.id else options,
            languages=[(code, LANGUAGES[code], direction(code)) for code in SUPPORTED],
        )

    def read(visitor: Visitor, term_id: str) -> Term:
        try:
            term = read_term(engine, term_id)
        except TermUnknown as error:
            raise HTTPException(404) from error
        if not visitor.person.may(Role.EDITOR, term.town):
            raise HTTPException(403)
        return term

    @router.get(AREA)
    def show(visitor: Reader, done: Annotated[str, Query(max_length=50)] = "") -> Response:
        options = town_options(parts, visitor.person)
        person = visitor.person
        return parts.pages.render(
            "editor/glossary.html",
            visitor,
            area=AREA,
            done=done,
            terms=[term for term in read_terms(engine) if person.may(Role.EDITOR, term.town)],
            languages=len(SUPPORTED),
            town_name=lambda key: town_name(options, key),
        )

    @router.get(f"{AREA}/edit")
    def edit(visitor: Reader, id: Annotated[str, Query(max_length=32)] = "") -> Response:  # noqa: A002  outside
        if id:
            return form(visitor, read(visitor, id))
        return form(visitor, Term(town=usual_town(town_options(parts, visitor.person))))

    @router.post(f"{AREA}/edit")
    def save(visitor: Writer, term: Annotated[Term, Depends(posted_term)]) -> Response:
        if term.id:
            read(visitor, term.id)
        if not visitor.person.may(Role.EDITOR, term.town):
            raise HTTPException(403)
        if errors := find_errors(term):
            return form(visitor, term, errors)
        try:
            saved = save_term(engine, term, visitor.person.name)
        except TermExists:
            return form(visitor, term, {"german": "exists"})
        except TermChanged:
            return form(visitor, term, other=read(visitor, term.id))
        parts.staff.note(visitor, "save_term", saved.german, place=saved.town)
        return see(f"{AREA}?done=term_saved")

    @router.post(f"{AREA}/delete")
    def delete(
        visitor: Writer,
        id: Annotated[str, Form(max_length=32)],  # noqa: A002  the field's name outside
        edition: Annotated[int, Form(ge=0)],
    ) -> Response:
        term = read(visitor, id)
        if term.edition != edition:
            return form(visitor, term, other=term)
        delete_term(engine, term)
        parts.staff.note(visitor, "delete_term", term.german, place=term.town)
        return see(f"{AREA}?done=term_deleted")

    return router


def find_errors(term: Term) -> dict[str, str]:
    """What is wrong with a term: field → "missing" or "long"."""
    fields = {"german": term.german} | {f"wording_{c}": w for c, w in term.wordings.items()}
    errors = {name: "long" for name, words in fields.items() if len(words) > LONGEST}
    if not term.german:
        errors["german"] = "missing"
    elif not term.wordings:
        errors["wording_en"] = "missing"
    return errors
