"""Roles, and who a request comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.audit import shared_place


class Role(StrEnum):
    """What somebody may do; `covers` says which roles hold others."""

    CLERK = "clerk"  # the front desk
    EDITOR = "editor"  # documents, proposals for approved answers
    APPROVER = "approver"  # approves what another proposed
    ADMIN = "admin"  # people

    def covers(self, other: Role) -> bool:
        """Whether who has this role may do what the other may."""
        return other in _COVERED[self]


ROLE_NAMES = {
    Role.CLERK: "Auskunft",
    Role.EDITOR: "Redaktion",
    Role.APPROVER: "Freigabe",
    Role.ADMIN: "Administration",
}
_COVERED = {
    Role.CLERK: {Role.CLERK},
    Role.EDITOR: {Role.CLERK, Role.EDITOR},
    Role.APPROVER: {Role.CLERK, Role.EDITOR, Role.APPROVER},
    Role.ADMIN: set(Role),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. `roles`: each with the key of the town it is for, "" for all."""

    id: str
    name: str
    shown_name: str
    roles: frozenset[tuple[Role, str]]

    def may(self, role: Role, town: str | None = None) -> bool:
        """Whether they may act in a role: for a town's key, or anywhere at all where none is
        named."""
        return any(
            mine.covers(role) and (town is None or town.startswith(of)) for mine, of in self.roles
        )

    @property
    def place(self) -> str:
        """The key that all their roles are for, "" where there is none, or they are for all."""
        return shared_place(of for _, of in self.roles)

    def places(self, role: Role) -> frozenset[str]:
        """The keys of the places where they may act in a role, "" for all."""
        return frozenset(of for mine, of in self.roles if mine.covers(role))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from: a signed-in person, and what their forms must send back."""

    person: Person
    form_token: str
