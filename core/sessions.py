"""Who is signed in: of the secret in a browser's cookie only the digest is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, or_, select

from core import tables
from core.people import Account, accounts_of
from core.schema import transaction
from core.stored import utc

LONGEST = timedelta(hours=12)  # after which one signs in again in any case
REMEMBERED = timedelta(hours=12)  # after which nobody knows whose session it was that is over
SEEN_EVERY = timedelta(minutes=1)  # a request is written down at most this often


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, and the token that their forms send back."""

    account: Account
    form_token: str


def start_session(engine: Engine, person_id: str, idle: timedelta, before: str = "") -> str:
    """Signs a person in: the secret for their cookie. Ends the session of the secret `before`, so
    that none outlives a change of rights, and forgets those that are over."""
    session, now = tables.session, datetime.now(UTC)
    secret = secrets.token_urlsafe(32)
    is_over = or_(
        session.c.made_at <= now - LONGEST - REMEMBERED,
        session.c.seen_at <= now - max(idle, REMEMBERED) - SEEN_EVERY,
        session.c.digest == _digest(before),
    )
    row = {"digest": _digest(secret), "person_id": person_id, "form_token": secrets.token_urlsafe()}
    with transaction(engine) as connection:
        connection.execute(session.delete().where(is_over))
        connection.execute(session.insert().values(**row, made_at=now, seen_at=now))
    return secret


def find_session(
    engine: Engine,
    secret: str,
    idle: timedelta,
    longest: timedelta = LONGEST,
    *,
    is_seen: bool = True,
) -> Session | None:
    """The session of a cookie's secret, which goes on where it `is_seen`; None where there is none,
    it is over, or the account is closed."""
    session, person, role = tables.session, tables.person, tables.person_role
    moments = (session.c.form_token, session.c.made_at.label("signed_in_at"), session.c.seen_at)
    query = (
        select(person, role.c.role, role.c.town, *moments)
        .select_from(session.join(person).outerjoin(role))
        .where(session.c.digest == _digest(secret), person.c.is_disabled.is_(False))
    )
    with transaction(engine) as connection:
        rows = connection.execute(query).mappings().all()
    if not rows:
        return None
    now, seen_at = datetime.now(UTC), utc(rows[0]["seen_at"])
    # what was written last may be a minute old: nobody is signed out early for that
    if now - utc(rows[0]["signed_in_at"]) >= longest or now - seen_at >= idle + SEEN_EVERY:
        return None
    if is_seen and now - seen_at >= SEEN_EVERY:
        _see(engine, secret, now)
    (account,) = accounts_of(rows)
    return Session(account, rows[0]["form_token"])


def ended_session(engine: Engine, secret: str, idle: timedelta) -> Session | None:
    """The session of a cookie's secret where it is over by itself, for REMEMBERED at most, and its
    account is open: whoever it is, they have to sign in again."""
    if find_session(engine, secret, idle):
        return None
    return find_session(engine, secret, REMEMBERED, LONGEST + REMEMBERED, is_seen=False)


def end_session(engine: Engine, secret: str) -> None:
    """Signs out."""
    session = tables.session
    with transaction(engine) as connection:
        connection.execute(session.delete().where(session.c.digest == _digest(secret)))


def _see(engine: Engine, secret: str, now: datetime) -> None:
    session = tables.session
    is_it = session.c.digest == _digest(secret)
    with transaction(engine) as connection:
        connection.execute(session.update().where(is_it).values(seen_at=now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
