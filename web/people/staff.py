"""Lets in who may come in: the dependencies of every staff route."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from core import audit
from core.people import Account
from core.sessions import ended_session, find_session
from core.settings import Settings
from web.people.kept import keep_form, sent_token
from web.people.origin import Origin, origin_of
from web.people.refusals import FormForeign, FormOutdated, RoleMissing, SignedOut
from web.people.rights import Person, Role, Visitor
from web.people.sign_in_page import SESSION

if TYPE_CHECKING:
    from sqlalchemy import Engine


class Staff:
    """Who is signed in, and what they do, in the registry's database."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self.idle = timedelta(minutes=settings.session_minutes)

    def visitor(self, request: Request) -> Visitor | None:
        """Who a request comes from; None where nobody is signed in."""
        secret = request.cookies.get(SESSION)
        return self.visitor_of(secret) if secret else None

    def visitor_of(self, secret: str) -> Visitor | None:
        """Who has this secret in their cookie; None where their session is over."""
        session = find_session(self._engine, secret, self.idle)
        return Visitor(person_of(session.account), session.form_token) if session else None

    def former(self, request: Request) -> Visitor | None:
        """Who a request comes from whose session is over by itself: they may not do anything, but
        what they send can wait for them."""
        secret = request.cookies.get(SESSION)
        ended = ended_session(self._engine, secret, self.idle) if secret else None
        return Visitor(person_of(ended.account), ended.form_token) if ended else None

    def needs(self, role: Role | None) -> Callable[[Request], Visitor]:
        """A dependency for pages: the visitor, who has the role where one is named; raises
        SignedOut or RoleMissing."""

        def check(request: Request) -> Visitor:
            visitor = self.visitor(request)
            if visitor is None:
                raise SignedOut
            return _require_role(visitor, role)

        return check

    def needs_form(
        self, role: Role | None, *, are_files_wanted: bool = False
    ) -> Callable[[Request], Any]:
        """The same for forms that are sent, which also must come from our own pages: by
        Sec-Fetch-Site, Origin, and the visitor's `form_token` (a form field of this name, or the
        header X-Form-Token). Raises FormForeign too, or FormOutdated; what was typed is kept, and
        files stay open where the route still wants them."""

        keep = partial(keep_form, are_files_wanted=are_files_wanted)

        async def check(request: Request) -> Visitor:
            origin = origin_of(request, self._settings.public_url)
            if origin is Origin.FOREIGN:
                raise FormForeign
            visitor = await run_in_threadpool(self.visitor, request)
            if visitor is None:
                raise SignedOut(await keep(request))
            _require_role(visitor, role)
            token = await sent_token(request)
            if secrets.compare_digest(token.encode(), visitor.form_token.encode()):
                return visitor
            # signed in anew in another tab, perhaps: certainly nothing that another site sent
            kept = await keep(request) if token and origin is Origin.OURS else None
            raise FormOutdated(visitor, kept) if kept else FormForeign

        return check

    def note(
        self, visitor: Visitor, act: str, subject: str, *, place: str, **detail: object
    ) -> None:
        """Writes an act into the audit log; `place`: the key of what it is about, "" for all."""
        audit.note(self._engine, visitor.person.name, act, subject, detail, place)


def person_of(account: Account) -> Person:
    """The person of an account; roles that this version does not know count for nothing."""
    known = {role.value for role in Role}
    roles = frozenset((Role(role), town) for role, town in account.roles if role in known)
    return Person(account.id, account.name, account.shown_name, roles)


def _require_role(visitor: Visitor, role: Role | None) -> Visitor:
    if role and not visitor.person.may(role):
        raise RoleMissing(visitor, role)
    return visitor
