"""Accounts: who works with Auskunft, in which roles, for which towns."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from core import tables
from core.audit import shared_place
from core.errors import UsageError
from core.schema import transaction
from core.stored import utc

ADMIN = "admin"
EVERYWHERE = ""  # the town of a role that is for all
LONGEST_NAME = 100  # characters
_NAME = re.compile(r"[\w.@+-]+")


class PersonUnknown(UsageError):
    """There is no account of this name; `auskunft user list` shows what there is."""


class PersonExists(UsageError):
    """There is an account of this name already."""


class NameInvalid(UsageError):
    """A name has 2 to 100 letters and digits, and . @ + - _ but no spaces."""


class LastAdmin(UsageError):
    """This is the last admin for all towns; make somebody else one first."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. `roles`: each with a town's key, "" for all towns; `subject`: what
    another service that signs them in calls them; `password`: its hash, "" for none."""

    id: str
    name: str
    shown_name: str
    password: str
    subject: str | None
    is_disabled: bool
    made_at: datetime
    roles: frozenset[tuple[str, str]]

    @property
    def place(self) -> str:
        """The key that all its roles are for, "" where there is none, or they are for all."""
        return shared_place(town for _, town in self.roles)


def normal_name(name: str) -> str:
    """The name as it is stored: nobody can have one that only looks different."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def require_name(name: str) -> str:
    """The name as it is stored; raises NameInvalid."""
    name = normal_name(name)
    if not 2 <= len(name) <= LONGEST_NAME or not _NAME.fullmatch(name):
        raise NameInvalid
    return name


def list_people(engine: Engine) -> list[Account]:
    """All accounts, by name."""
    with transaction(engine) as connection:
        found = _accounts(connection)
    return sorted(found, key=lambda account: account.name)


def find_person(engine: Engine, name: str) -> Account | None:
    """The account of a name, however it is written."""
    return _find(engine, tables.person.c.name == normal_name(name))


def person_of_id(engine: Engine, person_id: str) -> Account | None:
    """The account of an id."""
    return _find(engine, tables.person.c.id == person_id)


def require_person(engine: Engine, name: str) -> Account:
    """The account of a name; raises PersonUnknown."""
    found = find_person(engine, name)
    if found is None:
        raise PersonUnknown(f"There is no account {name}; `auskunft user list` shows all.")
    return found


def person_of_subject(engine: Engine, subject: str, verified_name: str | None) -> Account | None:
    """The account that another service's `subject` is linked to; else, and linked from now on, the
    account of a name that this service has verified, where that is not linked to another one."""
    found = _find(engine, tables.person.c.subject == subject)
    if found or verified_name is None:
        return found
    person = tables.person
    is_free = [person.c.name == normal_name(verified_name), person.c.subject.is_(None)]
    with transaction(engine) as connection:
        linked = connection.execute(person.update().where(*is_free).values(subject=subject))
    return _find(engine, person.c.subject == subject) if linked.rowcount else None


def add_person(
    engine: Engine,
    name: str,
    password: str,
    roles: Iterable[tuple[str, str]] = (),
    shown_name: str = "",
) -> Account:
    """Adds an account; `password` is a hash, "" where another service signs them in.

    Raises NameInvalid or PersonExists."""
    name = require_name(name)
    account = Account(
        id=secrets.token_hex(16),
        name=name,
        shown_name=" ".join(shown_name.split())[:LONGEST_NAME] or name,
        password=password,
        subject=None,
        is_disabled=False,
        made_at=datetime.now(UTC),
        roles=frozenset(roles),
    )
    row = {field: getattr(account, field) for field in tables.person.c.keys()}  # noqa: SIM118  columns, no dict
    try:
        with transaction(engine) as connection:
            connection.execute(tables.person.insert().values(**row))
            for role, town in sorted(account.roles):
                _insert_role(connection, account.id, role, town)
    except IntegrityError as error:
        raise PersonExists from error
    return account


def give_role(engine: Engine, person_id: str, role: str, town: str) -> None:
    """Lets a person act in a role for a town, "" for all."""
    with transaction(engine) as connection:
        if not connection.execute(_role(person_id, role, town)).first():
            _insert_role(connection, person_id, role, town)


def take_role(engine: Engine, person_id: str, role: str, town: str) -> None:
    """Takes a role away; raises LastAdmin."""
    place = tables.person_role.c
    is_it = [place.person_id == person_id, place.role == role, place.town == town]
    with transaction(engine) as connection, _keeping_an_admin(connection):
        connection.execute(tables.person_role.delete().where(*is_it))


def set_password(engine: Engine, person_id: str, password: str) -> None:
    """Stores a password's hash and signs the person out everywhere."""
    with transaction(engine) as connection:
        _update(connection, person_id, password=password)
        _end_sessions(connection, person_id)


def renew_hash(engine: Engine, person_id: str, before: str, password: str) -> None:
    """Stores another hash of the same password; nothing where it was changed meanwhile."""
    person = tables.person
    is_same = [person.c.id == person_id, person.c.password == before]
    with transaction(engine) as connection:
        connection.execute(person.update().where(*is_same).values(password=password))


def set_disabled(engine: Engine, person_id: str, is_disabled: bool) -> None:
    """Closes an account, signing the person out everywhere, or opens it again; raises LastAdmin."""
    with transaction(engine) as connection, _keeping_an_admin(connection):
        _update(connection, person_id, is_disabled=is_disabled)
        if is_disabled:
            _end_sessions(connection, person_id)


def _find(engine: Engine, is_it: ColumnElement[bool]) -> Account | None:
    with transaction(engine) as connection:
        return next(iter(_accounts(connection, is_it)), None)


def _accounts(connection: Connection, *is_it: ColumnElement[bool]) -> list[Account]:
    person, role = tables.person, tables.person_role
    joined = select(person, role.c.role, role.c.town).outerjoin(role).where(*is_it)
    return accounts_of(connection.execute(joined).mappings())


def accounts_of(rows: Iterable[Any]) -> list[Account]:
    """The accounts of rows that join a person with each of their roles."""
    people: dict[str, Any] = {}
    roles: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        people[row["id"]] = row
        held = roles.setdefault(row["id"], set())
        if row["role"] is not None:
            held.add((row["role"], row["town"]))
    return [
        Account(
            id=row["id"],
            name=row["name"],
            shown_name=row["shown_name"],
            password=row["password"],
            subject=row["subject"],
            is_disabled=row["is_disabled"],
            made_at=utc(row["made_at"]),
            roles=frozenset(roles[person_id]),
        )
        for person_id, row in people.items()
    ]


def _role(person_id: str, role: str, town: str) -> Any:
    table = tables.person_role
    return select(table).where(
        table.c.person_id == person_id, table.c.role == role, table.c.town == town
    )


def _insert_role(connection: Connection, person_id: str, role: str, town: str) -> None:
    row = {"person_id": person_id, "role": role, "town": town}
    connection.execute(tables.person_role.insert().values(**row))


def _update(connection: Connection, person_id: str, **values: object) -> None:
    person = tables.person
    connection.execute(person.update().where(person.c.id == person_id).values(**values))


def _end_sessions(connection: Connection, person_id: str) -> None:
    session = tables.session
    connection.execute(session.delete().where(session.c.person_id == person_id))


def _has_admin(connection: Connection) -> bool:
    person, role = tables.person, tables.person_role
    is_admin = [role.c.role == ADMIN, role.c.town == EVERYWHERE, person.c.is_disabled.is_(False)]
    return connection.execute(select(person.c.id).join(role).where(*is_admin)).first() is not None


@contextmanager
def _keeping_an_admin(connection: Connection) -> Iterator[None]:
    had_admin = _has_admin(connection)
    yield
    if had_admin and not _has_admin(connection):
        raise LastAdmin
