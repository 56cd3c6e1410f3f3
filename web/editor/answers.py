"""Approved answers in the making: the pages `/editor/answers…`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from core.errors import AuskunftError, ProposalChanged
from core.proposals import Proposal, save_proposal
from service.app import problem_of
from web.editor.answer_desk import AnswerDesk, sentence_of
from web.editor.insight_words import STATES
from web.editor.pages import see
from web.editor.proposal_form import PostedProposal, posted_proposal
from web.parts import Parts
from web.people.rights import Role, Visitor

AREA = "/editor/answers"
Done = Annotated[str, Query(max_length=50)]
Id = Annotated[str, Query(max_length=32)]


def answer_routes(parts: Parts) -> APIRouter:
    """`/editor/answers`, the form of one, and what is done with it."""
    router = APIRouter(include_in_schema=False)
    desk = AnswerDesk(parts)
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806

    def page(
        visitor: Visitor,
        proposal: Proposal,
        *,
        words: str = "",
        done: str = "",
        error: AuskunftError | None = None,
    ) -> Response:
        view = desk.view(visitor.person, proposal, words, isinstance(error, ProposalChanged))
        status = problem_of(error).status if error else 200
        problem = sentence_of(error) if error else ""
        return parts.pages.render(
            "editor/answer.html", visitor, status, AREA, done, view=view, problem=problem
        )

    def list_page(visitor: Visitor, done: str, error: AuskunftError | None = None) -> Response:
        return parts.pages.render(
            "editor/answers.html",
            visitor,
            problem_of(error).status if error else 200,
            AREA,
            done,
            proposals=desk.proposals(visitor.person),
            entries=desk.entries(visitor.person),
            titles=desk.titles(),
            problem=sentence_of(error) if error else "",
            states=STATES,
        )

    @router.get(AREA)
    def show(visitor: Reader, done: Done = "") -> Response:
        return list_page(visitor, done)

    @router.post(f"{AREA}/confirm")
    def confirm(visitor: Writer, entry: Annotated[str, Form(max_length=800)]) -> Response:
        try:
            desk.confirm(visitor, entry)
        except AuskunftError as error:
            return list_page(visitor, "", error)
        return see(f"{AREA}?done=answer_confirmed")

    @router.get(f"{AREA}/edit")
    def edit(visitor: Reader, id: Id = "", done: Done = "") -> Response:  # noqa: A002  outside
        return page(visitor, desk.read(visitor.person, id), done=done)

    @router.post(f"{AREA}/edit")
    def save(
        visitor: Writer, posted: Annotated[PostedProposal, Depends(posted_proposal)]
    ) -> Response:
        desk.require_right(visitor.person, posted.proposal)
        if posted.act == "search":
            return page(visitor, posted.proposal, words=posted.words)
        try:
            if posted.act == "submit":
                saved = desk.submit(visitor, posted.proposal)
                return see(f"{AREA}/edit?id={saved.id}&done=answer_submitted")
            saved = save_proposal(parts.store.registry.engine, posted.proposal, visitor.person.name)
        except AuskunftError as error:
            return page(visitor, posted.proposal, words=posted.words, error=error)
        place, edition = saved.town, saved.edition
        parts.staff.note(visitor, "save_answer", saved.id, place=place, edition=edition)
        return see(f"{AREA}/edit?id={saved.id}&done=answer_saved")

    @router.post(f"{AREA}/move")
    def move(
        visitor: Writer,
        id: Annotated[str, Form(max_length=32)],  # noqa: A002  the field's name outside
        edition: Annotated[int, Form(ge=0)],
        act: Annotated[str, Form(max_length=20)],
    ) -> Response:
        try:
            desk.move(visitor, id, edition, act)
        except AuskunftError as error:
            return page(visitor, desk.read(visitor.person, id), error=error)
        return see(f"{AREA}?done=answer_{act}")

    return router
