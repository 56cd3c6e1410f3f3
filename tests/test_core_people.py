"""Accounts, passwords, sessions and the audit log, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people import IDLE, QUICK, start
from pydantic import SecretStr
from sqlalchemy import Engine, select

from core import audit, people, tables
from core.database import open_registry
from core.passwords import (
    PasswordIsName,
    Passwords,
    PasswordTooLong,
    PasswordTooPlain,
    PasswordTooShort,
    random_password,
    require_good,
)
from core.people import LastAdmin, NameInvalid, PersonExists
from core.sessions import (
    LONGEST,
    REMEMBERED,
    end_session,
    ended_session,
    find_session,
    start_session,
)
from core.settings import load_settings


@pytest.fixture
def engine(tmp_path: Path, database_url: str | None) -> Iterator[Engine]:
    url = SecretStr(database_url) if database_url else None
    registry = open_registry(load_settings(state_dir=tmp_path, database_url=url))
    yield registry.engine
    registry.close()


def test_a_person_is_found_however_their_name_is_written(engine: Engine) -> None:
    roles = [("clerk", ""), ("editor", "081175009002")]
    ada = people.add_person(engine, " Ada@Town.example ", "hash", roles, "  Ada   Lovelace ")
    assert (ada.name, ada.shown_name) == ("ada@town.example", "Ada Lovelace")
    assert people.find_person(engine, "ADA@town.example") == ada
    assert people.person_of_id(engine, ada.id) == ada
    assert people.list_people(engine) == [ada]
    assert ada.roles == frozenset(roles)


@pytest.mark.parametrize("name", ["", "a", "ada lovelace", "ada\tb", "<b>ada</b>", "a" * 101])
def test_a_name_that_could_confuse_is_no_name(engine: Engine, name: str) -> None:
    with pytest.raises(NameInvalid):
        people.add_person(engine, name, "")
    assert people.list_people(engine) == []


def test_a_name_is_given_only_once(engine: Engine) -> None:
    people.add_person(engine, "ada", "")
    with pytest.raises(PersonExists):
        people.add_person(engine, "ＡＤＡ", "", [("clerk", "")])
    assert len(people.list_people(engine)) == 1


def test_the_last_admin_for_all_towns_stays(engine: Engine) -> None:
    ada = people.add_person(engine, "ada", "", [("admin", "")])
    bert = people.add_person(engine, "bert", "", [("admin", "08117")])
    with pytest.raises(LastAdmin):
        people.take_role(engine, ada.id, "admin", "")
    with pytest.raises(LastAdmin):
        people.set_disabled(engine, ada.id, True)
    assert people.require_person(engine, "ada") == ada
    people.give_role(engine, bert.id, "admin", "")
    people.give_role(engine, bert.id, "admin", "")
    people.set_disabled(engine, ada.id, True)
    assert people.require_person(engine, "ada").is_disabled


def test_only_the_digest_of_a_session_is_stored(engine: Engine) -> None:
    secret, _ = start(engine, "clerk")
    with engine.connect() as connection:
        rows = connection.execute(select(tables.session)).all()
    assert len(rows) == 1
    assert secret not in str(rows)


def test_a_session_ends_when_idle_and_after_a_day_of_work(engine: Engine) -> None:
    secret, _ = start(engine, "clerk")
    _age(engine, seen=IDLE - timedelta(minutes=1))
    assert find_session(engine, secret, IDLE)
    _age(engine, seen=timedelta(0), made=LONGEST - timedelta(minutes=1))
    assert find_session(engine, secret, IDLE)
    _age(engine, seen=timedelta(0), made=LONGEST)
    assert find_session(engine, secret, IDLE) is None
    _age(engine, seen=IDLE + timedelta(minutes=1))
    assert find_session(engine, secret, IDLE) is None


def test_a_request_is_written_down_once_a_minute(engine: Engine) -> None:
    secret, _ = start(engine, "clerk")
    for idle_for, is_written in ((timedelta(seconds=30), False), (timedelta(minutes=5), True)):
        before = _age(engine, seen=idle_for)
        find_session(engine, secret, IDLE)
        with engine.connect() as connection:
            seen = connection.scalar(select(tables.session.c.seen_at))
        assert seen is not None
        assert (seen.replace(tzinfo=UTC) != before.replace(tzinfo=UTC)) == is_written


def test_a_new_password_and_a_closed_account_end_every_session(engine: Engine) -> None:
    secret, _ = start(engine, "clerk")
    other, _ = start(engine, "clerk")
    ada = people.require_person(engine, "ada")
    people.set_password(engine, ada.id, "another")
    assert find_session(engine, secret, IDLE) is None
    assert find_session(engine, other, IDLE) is None
    secret, _ = start(engine, "clerk")
    people.set_disabled(engine, ada.id, True)
    people.set_disabled(engine, ada.id, False)
    assert find_session(engine, secret, IDLE) is None


def test_signing_in_anew_ends_the_session_before_and_forgets_old_ones(engine: Engine) -> None:
    first, _ = start(engine, "clerk")
    ada = people.require_person(engine, "ada")
    second = start_session(engine, ada.id, IDLE, before=first)
    assert find_session(engine, first, IDLE) is None
    assert find_session(engine, second, IDLE)
    _age(engine, made=LONGEST)
    assert find_session(engine, second, IDLE) is None
    ended = ended_session(engine, second, IDLE)  # by whom files may still be waited for
    assert ended is not None
    assert ended.account == ada
    _age(engine, made=LONGEST + REMEMBERED)
    assert ended_session(engine, second, IDLE) is None
    third = start_session(engine, ada.id, IDLE)
    assert ended_session(engine, third, IDLE) is None  # it goes on
    with engine.connect() as connection:
        assert len(connection.execute(select(tables.session)).all()) == 1
    end_session(engine, third)
    assert find_session(engine, third, IDLE) is None


def test_a_verified_name_is_linked_once_and_to_one_subject_only(engine: Engine) -> None:
    ada = people.add_person(engine, "ada@town.example", "")
    assert people.person_of_subject(engine, "issuer 1", None) is None
    assert people.person_of_subject(engine, "issuer 1", "nobody@town.example") is None
    linked = people.person_of_subject(engine, "issuer 1", "Ada@town.example")
    assert linked is not None
    assert linked.id == ada.id
    assert people.person_of_subject(engine, "issuer 2", "ada@town.example") is None
    assert people.person_of_subject(engine, "issuer 1", None) == linked


def test_a_password_is_checked_against_its_hash() -> None:
    stored = QUICK.hash("correct horse battery")
    assert QUICK.fits(stored, "correct horse battery")
    assert not QUICK.fits(stored, "Correct horse battery")
    assert not QUICK.fits("", "correct horse battery")
    assert not QUICK.fits("no hash at all", "correct horse battery")
    assert not QUICK.fits(stored, "x" * 10_000)
    assert Passwords().is_outdated(stored)
    assert not QUICK.is_outdated(stored)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("elf-Zeichen", PasswordTooShort),
        ("x" * 201, PasswordTooLong),
        ("Ada.Lovelace1815", PasswordIsName),
        ("abababababababab", PasswordTooPlain),
    ],
)
def test_a_bad_password_is_refused_with_a_reason(password: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        require_good(password, "ada.lovelace")
    require_good("ada mag grüne Äpfel", "ada")
    require_good(random_password(), "ada")


def test_the_log_is_read_from_the_newest_line_on(engine: Engine) -> None:
    for number in range(5):
        audit.note(engine, "ada" if number % 2 else "bert", "publish", "tax", {"version": number})
    newest = audit.read(engine, limit=2)
    assert [line.detail["version"] for line in newest] == [4, 3]
    older = audit.read(engine, before=newest[-1].id)
    assert [line.detail["version"] for line in older] == [2, 1, 0]
    assert [line.detail["version"] for line in audit.read(engine, by="ada")] == [3, 1]
    assert audit.read(engine, act="withdraw") == []
    audit.note(engine, "ada", "withdraw", "tax", {}, "08117")
    for places, count in ((["08"], 1), (["08117"], 1), (["081175009002"], 0), (["0_"], 0)):
        assert len(audit.read(engine, places=places)) == count
    assert audit.read(engine, places=[]) == []
    assert len(audit.read(engine, places=["", "99"])) == 6
    assert audit.shared_place(["08117", "08118"]) == "0811"
    assert abs(newest[0].at - datetime.now(UTC)) < timedelta(minutes=1)


def _age(
    engine: Engine, *, seen: timedelta = timedelta(0), made: timedelta = timedelta(0)
) -> datetime:
    """Has all sessions be made and last seen so long ago; returns the latter."""
    now = datetime.now(UTC)
    values = {"seen_at": now - seen, "made_at": now - made}
    with engine.begin() as connection:
        connection.execute(tables.session.update().values(**values))
    return now - seen
