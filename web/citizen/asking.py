"""One turn of a citizen's conversation: what was sent with the form, and what comes of it. The page
carries the conversation; nothing of it is kept here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.errors import AuskunftError
from core.types import Answer, Status
from service.answerer import MAX_QUESTION_LENGTH
from service.api import Answerer
from service.app import Problem, problem_of
from service.questions import language_of, leans, wanted_wording
from service.wording import WORDINGS


@dataclass(frozen=True, slots=True)
class Form:
    """What a citizen has typed and chosen, and what the page carries along; "" where nothing.
    `wording`: the one that the page is in; `asked`: what it answers, and `before`: what that was
    asked after."""

    question: str = ""
    town: str = ""
    wording: str = "de"
    asked: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page shows: the form as it goes on, and an answer or what went wrong, if any."""

    form: Form
    answer: Answer | None = None
    problem: Problem | None = None


def take_turn(answerer: Answerer, sent: Form, wording: str = "") -> Turn:
    """The answer to what was sent; where a `wording` is chosen, the same answer in that one, and
    nothing that was typed is lost."""
    if wording not in WORDINGS:
        asked, before = sent.question, context_of(sent.asked, sent.before)
        form = replace(sent, asked=asked, before=before)
        return _ask(answerer, form, wanted_wording(asked, before, sent.wording))
    form = replace(sent, wording=wording)
    return _ask(answerer, form, wording) if form.asked else Turn(form)


def open_form(answerer: Answerer, town: str, wording: str) -> Turn:
    """The empty form, with a town chosen by its name or key, "" for none."""
    if not town:
        return Turn(Form(wording=wording))
    try:
        _, value = answerer.find_town(town)
    except AuskunftError as error:
        return Turn(Form(town=town, wording=wording), problem=problem_of(error))
    return Turn(Form(town=value, wording=wording))


def context_of(asked: str, before: str) -> str:
    """What the next question may lean on: the last one, with the one before where it leaned on
    that itself."""
    whole = f"{before} {asked}"
    is_leaning = before and leans(asked, language_of(asked, before))
    return whole if is_leaning and len(whole) <= MAX_QUESTION_LENGTH else asked


def _ask(answerer: Answerer, form: Form, wording: str | None) -> Turn:
    try:
        answer = answerer.answer(
            form.asked, context=form.before or None, town=form.town or None, language=wording
        )
    except AuskunftError as error:
        return Turn(replace(form, asked="", before=""), problem=problem_of(error))
    is_done = answer.status is Status.ANSWERED and form.question == form.asked
    shown_in = answer.language if answer.language in WORDINGS else form.wording
    return Turn(replace(form, question="" if is_done else form.question, wording=shown_in), answer)
