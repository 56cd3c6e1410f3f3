"""`/account`: one's own name, roles and password."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core import people
from core.errors import UsageError
from core.passwords import Passwords, require_good
from core.people import Account
from web.parts import Parts
from web.people.rights import ROLE_NAMES, Visitor
from web.people.shown import town_names
from web.people.sign_in import SignIn, TooManyTries, WrongPassword
from web.people.sign_in_page import keep_session
from web.people.sign_in_routes import begin_session, network_of

Typed = Annotated[str, Form()]


class PasswordsDiffer(UsageError):
    """The new password was not typed the same twice."""


def account_routes(parts: Parts, passwords: Passwords, sign_in: SignIn) -> APIRouter:
    """One's own account."""
    router = APIRouter(include_in_schema=False)
    engine = parts.store.registry.engine

    def page(visitor: Visitor, status: int = 200, **values: Any) -> Response:
        shown: dict[str, Any] = {"problem": "", "minutes": 0, "done": ""} | values
        account = people.person_of_id(engine, visitor.person.id)
        return parts.pages.render(
            "people/account.html",
            visitor,
            status,
            area="/account",
            has_password=bool(account and account.password),
            town_names=town_names(parts),
            role_names=ROLE_NAMES,
            **shown,
        )

    @router.get("/account")
    def show(
        visitor: Annotated[Visitor, Depends(parts.staff.needs(None))], done: str = ""
    ) -> Response:
        return page(visitor, done=done)

    @router.post("/account/password")
    def change(
        request: Request,
        visitor: Annotated[Visitor, Depends(parts.staff.needs_form(None))],
        current: Typed = "",
        password: Typed = "",
        again: Typed = "",
    ) -> Response:
        name = visitor.person.name
        try:
            account = sign_in.check(name, current, network_of(request))
            replace_password(parts, passwords, account, password, again)
        except TooManyTries as error:
            return page(visitor, 429, problem=error.code, minutes=error.minutes)
        except (WrongPassword, UsageError) as error:
            return page(visitor, 422, problem=error.code)
        parts.staff.note(visitor, "password_set", name, place=account.place)
        secret, _ = begin_session(request, parts, account)
        response = RedirectResponse("/account?done=password_set", 303)
        keep_session(response, secret)
        return response

    return router


def replace_password(
    parts: Parts, passwords: Passwords, account: Account, password: str, again: str
) -> None:
    """Sets a new password, which ends every session; raises a UsageError that says why not."""
    require_good(password, account.name)
    if password != again:
        raise PasswordsDiffer
    stored = passwords.hash(password)
    people.set_password(parts.store.registry.engine, account.id, stored)
