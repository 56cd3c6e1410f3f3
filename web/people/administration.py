"""What admins do with accounts, within their towns; every act is noted."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from core import people
from core.errors import UsageError
from core.passwords import Passwords, random_password
from core.people import Account, PersonUnknown
from web.people.refusals import RoleMissing
from web.people.rights import Person, Role, Visitor
from web.people.staff import Staff

LONGEST_TOWN = 200  # characters of a town's key


class RoleUnknown(UsageError):
    """There is no such role; there are clerk, editor, approver and admin."""


class Administration:
    """The accounts of a database, as a visitor may see and change them."""

    def __init__(self, engine: Engine, passwords: Passwords, staff: Staff) -> None:
        self._engine = engine
        self._passwords = passwords
        self._staff = staff

    def people(self, visitor: Visitor) -> list[Account]:
        """The accounts of a visitor's places, by name, with their roles there."""
        seen = (_seen_by(visitor.person, found) for found in people.list_people(self._engine))
        return [account for account in seen if account]

    def person(self, visitor: Visitor, person_id: str) -> Account:
        """An account of a visitor's places, with its roles there; raises PersonUnknown."""
        found = people.person_of_id(self._engine, person_id)
        seen = found and _seen_by(visitor.person, found)
        if seen is None:
            raise PersonUnknown
        return seen

    def may_change(self, visitor: Visitor, person_id: str) -> bool:
        """Whether a visitor may close an account and set its password: where it has roles for other
        towns too, its password would open these."""
        found = people.person_of_id(self._engine, person_id)
        return found is not None and _is_in_reach(visitor.person, found)

    def add(
        self,
        visitor: Visitor,
        name: str,
        shown_name: str,
        role: str,
        town: str,
        *,
        has_password: bool,
    ) -> tuple[Account, str]:
        """Adds a person with one role: their account and their first password, "" for none.

        Raises RoleUnknown, NameInvalid, PersonExists, RoleMissing."""
        held = _role(role), town[:LONGEST_TOWN]
        self._require_reach(visitor, town)
        password = random_password() if has_password else ""
        stored = self._passwords.hash(password) if password else ""
        account = people.add_person(self._engine, name, stored, [held], shown_name)
        self._staff.note(visitor, "person_add", account.name, place=town, role=role, town=town)
        return account, password

    def give(self, visitor: Visitor, person_id: str, role: str, town: str) -> None:
        """Gives a role for a town; raises RoleUnknown, PersonUnknown, RoleMissing."""
        self._require_reach(visitor, town)
        account = self.person(visitor, person_id)
        people.give_role(self._engine, account.id, _role(role), town[:LONGEST_TOWN])
        self._staff.note(visitor, "role_give", account.name, place=town, role=role, town=town)

    def take(self, visitor: Visitor, person_id: str, role: str, town: str) -> None:
        """Takes a role for a town away; raises LastAdmin, PersonUnknown, RoleMissing."""
        self._require_reach(visitor, town)
        account = self.person(visitor, person_id)
        people.take_role(self._engine, account.id, role, town)
        self._staff.note(visitor, "role_take", account.name, place=town, role=role, town=town)

    def reset_password(self, visitor: Visitor, person_id: str) -> tuple[Account, str]:
        """Sets a new password, which is known only now; raises PersonUnknown, RoleMissing."""
        account = self._of_ones_own(visitor, person_id)
        password = random_password()
        people.set_password(self._engine, account.id, self._passwords.hash(password))
        self._staff.note(visitor, "password_reset", account.name, place=account.place)
        return account, password

    def set_disabled(self, visitor: Visitor, person_id: str, *, is_disabled: bool) -> None:
        """Closes or opens an account; raises LastAdmin, PersonUnknown, RoleMissing."""
        account = self._of_ones_own(visitor, person_id)
        people.set_disabled(self._engine, account.id, is_disabled)
        act = "person_disable" if is_disabled else "person_enable"
        self._staff.note(visitor, act, account.name, place=account.place)

    def _of_ones_own(self, visitor: Visitor, person_id: str) -> Account:
        account = people.person_of_id(self._engine, person_id)
        if account is None:
            raise PersonUnknown
        if not _is_in_reach(visitor.person, account):
            raise RoleMissing(visitor, Role.ADMIN)
        return account

    def _require_reach(self, visitor: Visitor, town: str) -> None:
        if not visitor.person.may(Role.ADMIN, town):
            raise RoleMissing(visitor, Role.ADMIN)


def _is_in_reach(person: Person, account: Account) -> bool:
    return all(person.may(Role.ADMIN, town) for town in _towns(account))


def _seen_by(person: Person, account: Account) -> Account | None:
    """An account with the roles that it has where an admin is one; None where it has none there."""
    if not any(person.may(Role.ADMIN, town) for town in _towns(account)):
        return None
    roles = frozenset((role, town) for role, town in account.roles if person.may(Role.ADMIN, town))
    return replace(account, roles=roles)


def _towns(account: Account) -> set[str]:
    """The towns of an account; all of them where it has no role yet."""
    return {town for _, town in account.roles} or {""}


def _role(name: str) -> str:
    try:
        return Role(name).value
    except ValueError as error:
        raise RoleUnknown from error
