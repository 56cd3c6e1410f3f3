"""People for tests: accounts, and clients and browsers that are signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from core import people
from core.passwords import Passwords, random_password
from core.sessions import find_session, start_session

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

IDLE = timedelta(minutes=30)
QUICK = Passwords(PasswordHasher.from_parameters(CHEAPEST))


def add_person(engine: Engine, role: str, name: str = "ada", town: str = "") -> str:
    """Adds a person with a role for a town, for all by default; returns the password."""
    password = random_password()
    shown_name = name.capitalize()
    people.add_person(engine, name, QUICK.hash(password), [(role, town)], shown_name)
    return password


def start(engine: Engine, role: str, name: str = "ada", town: str = "") -> tuple[str, str]:
    """Signs in a person, who is added where they are new; returns the cookie's secret and the
    form token."""
    if people.find_person(engine, name) is None:
        add_person(engine, role, name, town)
    secret = start_session(engine, people.require_person(engine, name).id, IDLE)
    session = find_session(engine, secret, IDLE)
    assert session is not None
    return secret, session.form_token


def signed_in(
    client: TestClient, engine: Engine, role: str, name: str = "ada", town: str = ""
) -> str:
    """Signs a client in, whose base_url is https://testserver; returns the form token."""
    secret, form_token = start(engine, role, name, town)
    client.cookies.set("__Host-session", secret)
    return form_token


def sign_in_browser(
    context: BrowserContext,
    address: str,
    engine: Engine,
    role: str,
    name: str = "ada",
    town: str = "",
) -> str:
    """Signs a browser's context in at an address; returns the form token."""
    secret, form_token = start(engine, role, name, town)
    # a __Host- cookie is set on an https address; browsers send it to 127.0.0.1 all the same
    cookie = {"name": "__Host-session", "value": secret, "secure": True, "httpOnly": True}
    context.add_cookies([{**cookie, "url": address.replace("http://", "https://", 1)}])  # type: ignore[list-item]
    return form_token
