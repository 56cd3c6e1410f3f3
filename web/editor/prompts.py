"""The prompt collection of the team: the pages `/prompts…`."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from core.folding import fold
from core.staff_prompts import (
    STARS,
    PromptChanged,
    PromptUnknown,
    StaffPrompt,
    delete_prompt,
    rate_prompt,
    read_prompt,
    read_prompts,
    save_prompt,
)
from service.personal import find_personal
from web.editor.pages import see
from web.editor.towns import town_name, town_options, usual_town, with_own
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

AREA = "/prompts"
LONGEST = {"title": 150, "purpose": 500, "text": 8000}  # characters
Done = Annotated[str, Query(max_length=50)]
SentId = Annotated[str, Form(max_length=32)]
Number = Annotated[int, Form(ge=0)]


def prompt_routes(parts: Parts) -> APIRouter:
    """`/prompts`, the form of one, and what is done with it."""
    router = APIRouter(include_in_schema=False)
    engine = parts.store.registry.engine
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.CLERK))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.CLERK))]  # noqa: N806

    def form(
        visitor: Visitor,
        prompt: StaffPrompt,
        errors: Mapping[str, str] | None = None,
        other: StaffPrompt | None = None,
        *,
        is_warned: bool = False,
    ) -> Response:
        options = town_options(parts, visitor.person, Role.CLERK)
        return parts.pages.render(
            "editor/prompt.html",
            visitor,
            409 if other else 422 if errors or is_warned else 200,
            AREA,
            prompt=prompt,
            errors=errors or {},
            longest=LONGEST,
            other=other,
            personal=find_private(prompt),
            is_warned=is_warned,
            towns=with_own(options, prompt.town) if prompt.id else options,
        )

    def read(visitor: Visitor, prompt_id: str) -> StaffPrompt:
        try:
            prompt = read_prompt(engine, prompt_id)
        except PromptUnknown as error:
            raise HTTPException(404) from error
        if not may_read(visitor.person, prompt):
            raise HTTPException(404)  # whether a colleague keeps it is nobody's business
        return prompt

    def read_own(visitor: Visitor, prompt_id: str) -> StaffPrompt:
        prompt = read(visitor, prompt_id)
        if not may_change(visitor.person, prompt):
            raise HTTPException(403)
        return prompt

    @router.get(AREA)
    def show(
        visitor: Reader, q: Annotated[str, Query(max_length=200)] = "", done: Done = ""
    ) -> Response:
        person = visitor.person
        found = [prompt for prompt in read_prompts(engine) if may_read(person, prompt)]
        options = town_options(parts, person, Role.CLERK)
        return parts.pages.render(
            "editor/prompts.html",
            visitor,
            area=AREA,
            done=done,
            q=q,
            count=len(found),
            prompts=find_words(found, q),
            own={prompt.id for prompt in found if may_change(person, prompt)},
            stars=STARS,
            town_name=lambda key: town_name(options, key),
        )

    @router.get(f"{AREA}/edit")
    def edit(visitor: Reader, id: Annotated[str, Query(max_length=32)] = "") -> Response:  # noqa: A002  outside
        if id:
            return form(visitor, read_own(visitor, id))
        town = usual_town(town_options(parts, visitor.person, Role.CLERK))
        return form(visitor, StaffPrompt(town=town))

    @router.post(f"{AREA}/edit")
    def save(
        visitor: Writer,
        title: Annotated[str, Form(max_length=2000)] = "",
        purpose: Annotated[str, Form(max_length=5000)] = "",
        text: Annotated[str, Form(max_length=80_000)] = "",
        town: Annotated[str, Form(max_length=200)] = "",
        is_shared: Annotated[bool, Form()] = False,
        act: Annotated[str, Form(max_length=20)] = "save",
        id: SentId = "",  # noqa: A002  the field's name outside
        edition: Number = 0,
    ) -> Response:
        standing = read_own(visitor, id) if id else StaffPrompt()
        prompt = StaffPrompt(
            id=id,
            edition=edition,
            town=town,
            title=" ".join(title.split()),
            purpose=" ".join(purpose.split()),
            text=text.replace("\r\n", "\n").strip(),
            is_shared=is_shared,
            made_by=standing.made_by,
        )
        if town != standing.town and not visitor.person.may(Role.CLERK, town):
            raise HTTPException(403)
        if not id and not visitor.person.may(Role.CLERK, town):
            raise HTTPException(403)
        if errors := find_errors(prompt):
            return form(visitor, prompt, errors)
        if act != "save_anyway" and find_private(prompt):
            return form(visitor, prompt, is_warned=True)
        try:
            saved = save_prompt(engine, prompt, visitor.person.name)
        except PromptChanged:
            return form(visitor, prompt, other=read_own(visitor, id))
        parts.staff.note(visitor, "save_prompt", saved.id, place=town, shared=is_shared)
        return see(f"{AREA}?done=prompt_saved")

    @router.post(f"{AREA}/rate")
    def rate(visitor: Writer, id: SentId, stars: Annotated[int, Form(ge=1, le=5)]) -> Response:  # noqa: A002  outside
        prompt = read(visitor, id)
        rate_prompt(engine, prompt.id, visitor.person.name, stars)
        parts.staff.note(visitor, "rate_prompt", id, place=prompt.town, stars=stars)
        return see(f"{AREA}?done=prompt_rated#p-{id}")

    @router.post(f"{AREA}/delete")
    def delete(visitor: Writer, id: SentId, edition: Number) -> Response:  # noqa: A002  outside
        prompt = read_own(visitor, id)
        if prompt.edition != edition:
            return form(visitor, prompt, other=prompt)
        delete_prompt(engine, prompt)
        parts.staff.note(visitor, "delete_prompt", id, place=prompt.town)
        return see(f"{AREA}?done=prompt_deleted")

    return router


def may_read(person: Person, prompt: StaffPrompt) -> bool:
    """Whether they see a prompt: their own, and what is shared with a place that they work for, for
    a part of it or for what it lies in."""
    if prompt.made_by == person.name:
        return True
    is_near = person.may(Role.CLERK, prompt.town) or any(
        place.startswith(prompt.town) for _, place in person.roles
    )
    return prompt.is_shared and is_near


def may_change(person: Person, prompt: StaffPrompt) -> bool:
    """Whether they may change or delete it: its author, and who approves where it is shared."""
    is_released = prompt.is_shared and person.may(Role.APPROVER, prompt.town)
    return prompt.made_by == person.name or is_released


def find_words(prompts: Iterable[StaffPrompt], words: str) -> list[StaffPrompt]:
    """The prompts that hold every one of the words, however they are written; all for none."""
    wanted = fold(words).split()
    return [
        prompt
        for prompt in prompts
        if all(word in fold(f"{prompt.title} {prompt.purpose} {prompt.text}") for word in wanted)
    ]


def find_errors(prompt: StaffPrompt) -> dict[str, str]:
    """What is wrong with a prompt: field → "missing" or "long"."""
    errors = {}
    for name, longest in LONGEST.items():
        value = getattr(prompt, name)
        if not value and name != "purpose":
            errors[name] = "missing"
        elif len(value) > longest:
            errors[name] = "long"
    return errors


def find_private(prompt: StaffPrompt) -> list[tuple[str, str]]:
    """The personal data in a prompt: what it is (a PersonalKind's value), and its words."""
    found = {
        (span.kind.value, text[span.start : span.end]): None
        for text in (prompt.title, prompt.purpose, prompt.text)
        for span in find_personal(text)
    }
    return list(found)
