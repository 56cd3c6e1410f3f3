"""`auskunft user …`: accounts from the command line, and demo accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from core import audit, people
from core.database import open_registry
from core.errors import AuskunftError
from core.passwords import Passwords
from core.sessions import find_session, start_session
from core.settings import load_settings
from web.cli import app
from web.people.demo import DemoOutside, make_demo_accounts

IDLE = timedelta(minutes=30)
GOOD = "vier grüne Äpfel\n"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("AUSKUNFT_STATE_DIR", str(tmp_path))
    registry = open_registry(load_settings())
    yield registry.engine
    registry.close()


def user(*arguments: str, typed: str = "") -> Any:
    """What a command prints as JSON; raises the error that it ends with."""
    result = CliRunner().invoke(app, ["user", *arguments, "--json"], input=typed)
    if isinstance(result.exception, AuskunftError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_account_is_added_changed_and_closed(engine: Engine) -> None:
    made = user("add", "Ada", "--role", "editor", "--town", "081175009002", typed=GOOD)
    assert (made["name"], made["has_password"]) == ("ada", True)
    assert made["roles"] == [{"role": "editor", "town": "081175009002"}]
    assert "password" not in made
    ada = people.require_person(engine, "ada")
    assert Passwords().fits(ada.password, GOOD.strip())

    set_now = user("roles", "ada", "--role", "clerk", "--role", "approver")
    assert [one["role"] for one in set_now["roles"]] == ["approver", "clerk", "editor"]
    assert len(user("roles", "ada", "--none")["roles"]) == 1
    assert user("roles", "ada") == user("list")["people"][0]

    session = start_session(engine, ada.id, IDLE)
    made_up = user("password", "ada", "--random")["password"]
    assert find_session(engine, session, IDLE) is None
    assert Passwords().fits(people.require_person(engine, "ada").password, made_up)
    assert user("disable", "ada")["is_disabled"]
    assert not user("enable", "ada")["is_disabled"]
    assert user("add", "bert@town.example", "--external")["has_password"] is False
    assert [line.act for line in reversed(audit.read(engine, subject="ada"))] == [
        "person_add",
        "role_give",
        "role_give",
        "role_take",
        "role_take",
        "password_reset",
        "person_disable",
        "person_enable",
    ]


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (("add", "ada lovelace"), GOOD, "A name has 2 to 100 letters"),
        (("add", "ada"), "kurz\n", "too short"),
        (("add", "ada"), "", "too short"),
        (
            ("add", "ada", "--role", "clerk", "--town", "Nirgendwo"),
            GOOD,
            "No town called Nirgendwo",
        ),
        (("password", "nobody"), GOOD, "There is no account nobody"),
        (("roles", "nobody", "--town", "08117"), "", "Say which roles"),
        (("roles", "nobody", "--none", "--role", "clerk"), "", "either --role or --none"),
    ],
)
def test_what_cannot_be_done_is_said(
    engine: Engine, arguments: tuple[str, ...], typed: str, sentence: str
) -> None:
    with pytest.raises(AuskunftError, match=sentence):
        user(*arguments, typed=typed)
    assert people.list_people(engine) == []


def test_demo_accounts_are_made_once_and_only_for_ones_own_machine(engine: Engine) -> None:
    settings = load_settings()
    for host in ("0.0.0.0", "::", "192.0.2.7", "town.example"):
        with pytest.raises(DemoOutside):
            make_demo_accounts(settings, host)
    assert people.list_people(engine) == []
    made = make_demo_accounts(settings, "127.0.0.1")
    assert [(account.name, account.role) for account in made] == [
        ("theke", "clerk"),
        ("redaktion", "editor"),
        ("freigabe", "approver"),
        ("admin", "admin"),
    ]
    assert len({account.password for account in made}) == 4
    stored = people.require_person(engine, "admin").password
    assert Passwords().fits(stored, made[-1].password)
    assert make_demo_accounts(settings, "localhost") == []
