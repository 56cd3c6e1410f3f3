"""Accounts to try everything with, on one's own machine."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address

from core import audit, people
from core.database import open_registry
from core.errors import UsageError
from core.passwords import Passwords, random_password
from core.settings import Settings
from web.people.rights import Role

ACCOUNTS = {
    "theke": ("Thea Theke", Role.CLERK),
    "redaktion": ("Rita Redaktion", Role.EDITOR),
    "freigabe": ("Fred Freigabe", Role.APPROVER),
    "admin": ("Ada Admin", Role.ADMIN),
}


class DemoOutside(UsageError):
    """Demo accounts are for your own machine: serve on 127.0.0.1."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that was just made, with the password that is known only now."""

    name: str
    role: Role
    password: str


def make_demo_accounts(settings: Settings, host: str) -> list[DemoAccount]:
    """An account for each role; none where there is any account already.

    Raises DemoOutside where the site would be open to other machines."""
    if not _is_loopback(host):
        raise DemoOutside
    passwords = Passwords()
    with closing(open_registry(settings)) as registry:
        if people.list_people(registry.engine):
            return []
        made = [DemoAccount(name, role, random_password()) for name, (_, role) in ACCOUNTS.items()]
        for account in made:
            people.add_person(
                registry.engine,
                account.name,
                passwords.hash(account.password),
                [(account.role.value, people.EVERYWHERE)],
                ACCOUNTS[account.name][0],
            )
            audit.note(registry.engine, "make demo", "person_add", account.name, {})
    return made


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
