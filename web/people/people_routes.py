"""`/people`: accounts and roles, for admins."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from core.errors import UsageError
from core.people import PersonUnknown
from web.parts import Parts
from web.people.administration import Administration
from web.people.rights import ROLE_NAMES, Role, Visitor
from web.people.shown import town_names

Typed = Annotated[str, Form()]


def administration_routes(parts: Parts, administration: Administration) -> APIRouter:
    """The list of accounts, and a page for each."""
    router = APIRouter(include_in_schema=False)
    Admin = Annotated[Visitor, Depends(parts.staff.needs(Role.ADMIN))]  # noqa: N806  a type
    AdminsForm = Annotated[Visitor, Depends(parts.staff.needs_form(Role.ADMIN))]  # noqa: N806

    def render(template: str, visitor: Visitor, status: int = 200, **values: Any) -> Response:
        names = town_names(parts)
        mine = {key: name for key, name in names.items() if visitor.person.may(Role.ADMIN, key)}
        return parts.pages.render(
            f"people/{template}",
            visitor,
            status,
            area="/people",
            town_names=names,
            own_towns=mine,
            role_names=ROLE_NAMES,
            has_provider=bool(parts.settings.oidc_issuer),
            **values,
        )

    def list_page(visitor: Visitor, problem: str = "", done: str = "", **typed: object) -> Response:
        shown = {"name": "", "shown_name": "", "role": Role.CLERK, "town": "", "external": ""}
        people = administration.people(visitor)
        status = 422 if problem else 200
        return render(
            "people.html",
            visitor,
            status,
            people=people,
            problem=problem,
            done=done,
            typed=shown | typed,
        )

    def person_page(
        visitor: Visitor, person_id: str, problem: str = "", done: str = ""
    ) -> Response:
        try:
            account = administration.person(visitor, person_id)
        except PersonUnknown as error:
            return render("unknown.html", visitor, 404, problem=error.code)
        may_change = administration.may_change(visitor, person_id)
        return render(
            "person.html",
            visitor,
            422 if problem else 200,
            account=account,
            may_change=may_change,
            problem=problem,
            done=done,
        )

    @router.get("/people")
    def show_all(visitor: Admin, done: str = "") -> Response:
        return list_page(visitor, done=done)

    @router.post("/people")
    def add(
        visitor: AdminsForm,
        name: Typed = "",
        shown_name: Typed = "",
        role: Typed = "",
        town: Typed = "",
        external: Typed = "",
    ) -> Response:
        try:
            account, password = administration.add(
                visitor, name, shown_name, role, town, has_password=not external
            )
        except UsageError as error:
            typed = {"name": name, "shown_name": shown_name, "role": role, "town": town}
            return list_page(visitor, error.code, **typed, external=external)
        if not password:
            return RedirectResponse(f"/people/{quote(account.id)}?done=person_added", 303)
        # no redirect: the password is stored nowhere, so it is shown now or never
        return render("password.html", visitor, account=account, password=password)

    @router.get("/people/{person_id}")
    def show(visitor: Admin, person_id: str, done: str = "") -> Response:
        return person_page(visitor, person_id, done=done)

    @router.post("/people/{person_id}/roles")
    def change_roles(
        visitor: AdminsForm,
        person_id: str,
        role: Typed = "",
        town: Typed = "",
        act: Typed = "give",
    ) -> Response:
        change = administration.take if act == "take" else administration.give
        try:
            change(visitor, person_id, role, town)
        except UsageError as error:
            return person_page(visitor, person_id, error.code)
        done = "role_taken" if act == "take" else "role_given"
        is_seen = any(one.id == person_id for one in administration.people(visitor))
        address = f"/people/{quote(person_id)}" if is_seen else "/people"
        return RedirectResponse(f"{address}?done={done}", 303)

    @router.post("/people/{person_id}/password")
    def reset_password(visitor: AdminsForm, person_id: str) -> Response:
        try:
            account, password = administration.reset_password(visitor, person_id)
        except UsageError as error:
            return person_page(visitor, person_id, error.code)
        return render("password.html", visitor, account=account, password=password)

    @router.post("/people/{person_id}/state")
    def change_state(visitor: AdminsForm, person_id: str, act: Typed = "") -> Response:
        is_disabled = act == "disable"
        try:
            administration.set_disabled(visitor, person_id, is_disabled=is_disabled)
        except UsageError as error:
            return person_page(visitor, person_id, error.code)
        done = "account_closed" if is_disabled else "account_opened"
        return RedirectResponse(f"/people/{quote(person_id)}?done={done}", 303)

    return router
