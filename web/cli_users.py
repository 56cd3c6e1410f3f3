"""The commands `auskunft user …`: accounts of those who work with Auskunft."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import UsageError
from core.settings import Settings, load_settings
from web.cli_options import AsJson, print_json, user_name
from web.people.rights import Role

if TYPE_CHECKING:
    from core.people import Account
    from core.registry import Registry

user = typer.Typer(
    help="Accounts of those who work with Auskunft.", no_args_is_help=True, add_completion=False
)

Name = Annotated[str, typer.Argument(help="The account's name, such as an e-mail address.")]
Roles = Annotated[list[Role] | None, typer.Option("--role", help="A role; may be repeated.")]
Town = Annotated[
    str, typer.Option("--town", help="The roles are for this town (name or key); default: all.")
]
Random = Annotated[bool, typer.Option("--random", help="Make up a password and print it, once.")]


@user.command()
def add(
    name: Name,
    role: Roles = None,
    town: Town = "",
    shown_name: Annotated[str, typer.Option("--shown-name", help="As pages show it.")] = "",
    random: Random = False,
    external: Annotated[
        bool, typer.Option("--external", help="No password: signs in with OpenID Connect.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Add an account; the password is asked for, or read from stdin."""
    from core import people
    from core.passwords import Passwords

    with _registry() as registry:
        key = _town_key(registry, town)
        if people.find_person(registry.engine, name):
            raise people.PersonExists
        people.require_name(name)
        password = "" if external else _new_password(name, random)
        stored = Passwords().hash(password) if password else ""
        roles = [(one.value, key) for one in role or []]
        account = people.add_person(registry.engine, name, stored, roles, shown_name)
        _note(registry, "person_add", account, roles=sorted(roles))
        _report(registry, account, as_json, password if random else "")


@user.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List the accounts and their roles."""
    from core import people

    with _registry() as registry:
        rows = [_json(account) for account in people.list_people(registry.engine)]
    if as_json:
        print_json({"people": rows})
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("name", "shown as", "roles", "state")
    for row in rows:
        held = ", ".join(_spelt(one) for one in row["roles"]) or "none"
        state = "disabled" if row["is_disabled"] else "open"
        table.add_row(*map(Text, (row["name"], row["shown_name"], held, state)))
    Console(highlight=False, soft_wrap=True).print(table)


@user.command()
def roles(
    name: Name,
    role: Roles = None,
    town: Town = "",
    none: Annotated[bool, typer.Option("--none", help="Take all roles for the town away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the roles of an account, or set those it has for one town (or, without --town, for
    all)."""
    from core import people

    if role and none:
        raise UsageError("Give either --role or --none.")
    if town and not (role or none):
        raise UsageError("Say which roles it has there: --role ROLE, or --none.")
    with _registry() as registry:
        account = people.require_person(registry.engine, name)
        if role or none:
            key = _town_key(registry, town)
            wanted = {one.value for one in role or []}
            held = {one for one, where in account.roles if where == key}
            for one in sorted(wanted - held):
                people.give_role(registry.engine, account.id, one, key)
                _note(registry, "role_give", account, role=one, town=key)
            for one in sorted(held - wanted):
                people.take_role(registry.engine, account.id, one, key)
                _note(registry, "role_take", account, role=one, town=key)
        _report(registry, account, as_json)


@user.command()
def password(name: Name, random: Random = False, as_json: AsJson = False) -> None:
    """Set a new password; the person is signed out everywhere."""
    from core import people
    from core.passwords import Passwords

    with _registry() as registry:
        account = people.require_person(registry.engine, name)
        new = _new_password(account.name, random)
        people.set_password(registry.engine, account.id, Passwords().hash(new))
        _note(registry, "password_reset", account)
        _report(registry, account, as_json, new if random else "")


@user.command()
def disable(name: Name, as_json: AsJson = False) -> None:
    """Close an account: the person is signed out at once and cannot sign in."""
    _set_disabled(name, True, as_json)


@user.command()
def enable(name: Name, as_json: AsJson = False) -> None:
    """Open a closed account again."""
    _set_disabled(name, False, as_json)


def _set_disabled(name: str, is_disabled: bool, as_json: bool) -> None:
    from core import people

    with _registry() as registry:
        account = people.require_person(registry.engine, name)
        people.set_disabled(registry.engine, account.id, is_disabled)
        _note(registry, "person_disable" if is_disabled else "person_enable", account)
        _report(registry, account, as_json)


def demo_rows(settings: Settings, host: str) -> list[dict[str, str]]:
    """The demo accounts that were made for a site on this host: name, role, password."""
    from web.people.demo import make_demo_accounts

    return [asdict(account) for account in make_demo_accounts(settings, host)]


def print_demo_accounts(url: str, rows: list[dict[str, str]]) -> None:
    """Prints the demo accounts, or how to come by a password where there are accounts already."""
    if not rows:
        print(
            f"Accounts for {url}/sign-in are there already (`auskunft user list`). "
            "A new password: `auskunft user password NAME --random`."
        )
        return
    print(f"Accounts for {url}/sign-in; the passwords are shown only now:")
    for row in rows:
        print(f"  {row['name']:<10} {row['password']}  ({row['role']})")


@contextmanager
def _registry() -> Iterator[Registry]:
    """The database, without the index, so that it works while the site runs."""
    from core.database import open_registry  # SQLAlchemy takes a third of a second to import

    with closing(open_registry(load_settings())) as registry:
        yield registry


def _new_password(name: str, is_random: bool) -> str:
    """Made up, typed twice on a terminal, or a line of stdin; raises a UsageError."""
    from core.passwords import random_password, require_good

    if is_random:
        return random_password()
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, err=True)
        if typed != typer.prompt("The same again", hide_input=True, err=True):
            raise UsageError("The password was not typed the same twice.")
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    require_good(typed, name)
    return typed


def _town_key(registry: Registry, town: str) -> str:
    """The key of a town's name or key, "" for all; raises TownUnknown or TownAmbiguous."""
    if not town:
        return ""
    from service.towns import Gazetteer

    places = [version.document.jurisdiction for version in registry.standing()]
    found = Gazetteer(place for place in places if place).resolve(town)
    return found.key or found.name


def _note(registry: Registry, act: str, account: Account, **detail: object) -> None:
    from core import audit

    audit.note(registry.engine, user_name(), act, account.name, detail, account.place)


def _report(registry: Registry, account: Account, as_json: bool, password: str = "") -> None:
    """Prints an account as it is now, and a password that was made up."""
    from core import people

    found = _json(people.require_person(registry.engine, account.name))
    if as_json:
        print_json(found | ({"password": password} if password else {}))
        return
    held = ", ".join(_spelt(one) for one in found["roles"]) or "no role"
    state = " The account is closed." if found["is_disabled"] else ""
    print(f"{found['name']}: {held}.{state}")
    if password:
        print(f"Password, shown only now: {password}")


def _json(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "shown_name": account.shown_name,
        "roles": [{"role": role, "town": town or None} for role, town in sorted(account.roles)],
        "has_password": bool(account.password),
        "is_linked": account.subject is not None,
        "is_disabled": account.is_disabled,
        "made_at": account.made_at.isoformat(timespec="seconds"),
    }


def _spelt(held: dict[str, Any]) -> str:
    return f"{held['role']} for {held['town']}" if held["town"] else held["role"]
