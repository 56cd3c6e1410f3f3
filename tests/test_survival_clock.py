"""The clock is set forwards and backwards, while a site answers and between two ingests."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from acts import Town, open_town
from fastapi.testclient import TestClient
from people import QUICK, add_person
from sites import site_of

from core.settings import load_settings
from web.people.sign_in import OF_ACCOUNT, SignIn, TooManyTries, WrongPassword

QUESTION = "Wie hoch ist die Steuer?"
YEAR = timedelta(days=365)
OURS = ("core", "ingest", "service", "web")
SetClock = Callable[[timedelta], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of this process so much later than it is, for whatever of ours asks."""
    true_time = time.time

    def set_to(later: timedelta) -> None:
        class Alike(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, cls.__mro__[1])

        class Date(date, metaclass=Alike):
            @classmethod
            def today(cls) -> date:  # type: ignore[override]
                return date.today() + later

        class Datetime(datetime, metaclass=Alike):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + later

        monkeypatch.setattr(time, "time", lambda: true_time() + later.total_seconds())
        for name, module in list(sys.modules.items()):
            for clock in (Date, Datetime):
                known = clock.__name__.lower()
                if name.split(".")[0] in OURS and isinstance(vars(module).get(known), type):
                    monkeypatch.setattr(module, known, clock)

    return set_to


@pytest.fixture
def town(place: Path) -> Iterator[Town]:
    with open_town(place) as town:
        yield town


def test_a_site_whose_clock_jumps_answers_as_of_the_day_it_shows(
    town: Town, set_clock: SetClock
) -> None:
    today = date.today()
    client = TestClient(site_of(town.store, town.settings))

    def answer() -> tuple[str, list[str]]:
        body = client.post("/api/v1/answers", json={"question": QUESTION}).json()
        return body["statements"][0]["text"], [change["from"] for change in body["changes"]]

    town.ingest(96, head=f"valid_from: {today - YEAR}")
    town.ingest(120, head=f"valid_from: {today + YEAR}")
    coming = [str(today + YEAR)]
    for later, amount, changes in (
        (timedelta(0), 96, coming),
        (YEAR, 120, []),
        (2 * YEAR, 120, []),
        (-timedelta(days=1), 96, coming),
        (timedelta(0), 96, coming),
    ):
        set_clock(later)
        assert answer() == (f"(1) Die Steuer beträgt {amount} Euro.", changes)


@pytest.mark.parametrize("later", [2 * YEAR, -2 * YEAR], ids=["forwards", "backwards"])
def test_versions_keep_their_order_where_the_clock_jumps_between_two_ingests(
    town: Town, set_clock: SetClock, later: timedelta
) -> None:
    registry = town.store.registry
    town.ingest(96)
    set_clock(later)
    town.ingest(120)
    assert ["120", "120"] == town.amounts() == town.registered()
    set_clock(timedelta(0))
    assert ["120", "120"] == town.amounts() == town.registered()
    town.ingest(144)
    assert ["144", "144"] == town.amounts() == town.registered()
    first, second, third = registry.history("hundesteuer")
    assert [version.number for version in (first, second, third)] == [1, 2, 3]
    assert first.published_at
    assert second.published_at
    assert abs(second.published_at - first.published_at - later) < timedelta(days=1)


def test_nobody_waits_until_it_is_as_late_again_where_the_clock_is_set_back(
    town: Town, set_clock: SetClock
) -> None:
    settings = load_settings(state_dir=town.settings.state_dir, rate_limit="1/minute")
    client = TestClient(site_of(town.store, settings))
    sign_in = SignIn(town.store.registry.engine, QUICK)
    password = add_person(town.store.registry.engine, "editor")
    set_clock(YEAR)
    assert [client.get("/ask").status_code for _ in range(2)] == [200, 429]
    for number in range(OF_ACCOUNT.amount):
        with pytest.raises(WrongPassword):
            sign_in.check("ada", "wrong", f"192.0.2.{number}")
    with pytest.raises(TooManyTries):
        sign_in.check("ada", password, "192.0.2.99")
    set_clock(timedelta(0))
    assert [client.get("/ask").status_code for _ in range(2)] == [200, 429]
    assert sign_in.check("ada", password, "192.0.2.99").name == "ada"
