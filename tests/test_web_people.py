"""Who gets in, and who does not: signing in, sessions, forms, roles, accounts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Annotated, Any

import httpx2
import pytest
from browsers import served
from encoders import WordEncoder
from fastapi import APIRouter, Depends, Form, Request
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from oidc_provider import CLIENT, SECRET, TownProvider
from people import IDLE, QUICK, add_person, signed_in
from pydantic import SecretStr

from core import audit, people, tables
from core.database import open_registry
from core.errors import SettingInvalid
from core.index import IndexIdentity
from core.index_engines import open_index
from core.passwords import Passwords
from core.sessions import find_session
from core.settings import load_settings
from core.store import Store
from service.answerer import Answerer
from service.app import create_app
from web.parts import Parts, parts_of
from web.people.origin import own_path
from web.people.refusals import show_refusals
from web.people.rights import Person, Role, Visitor
from web.people.routes import people_routes
from web.people.sign_in_page import BEFORE, SESSION

LONG = "Ein langer Text mit Umlauten: äöüß\r\n„Zitat“ & <b>fett</b>\r\n"
CROSS_SITE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


class Office:
    """A town hall with accounts, and one form that editors send."""

    def __init__(self, store: Store, passwords: Passwords = QUICK, **changes: Any) -> None:
        self.engine = store.registry.engine
        state_dir = store.originals.parent
        settings = load_settings(state_dir=state_dir, rate_limit="off", **changes)
        answerer = Answerer(store, settings)
        parts = parts_of(settings, store, answerer)
        self.app = create_app(settings, answerer)
        self.app.include_router(people_routes(parts, passwords))
        self.app.include_router(sample_routes(parts))
        show_refusals(self.app, parts)

    def browser(self) -> TestClient:
        """A browser that follows no redirect by itself."""
        return TestClient(self.app, base_url="https://testserver", follow_redirects=False)

    def sign_in(self, browser: TestClient, name: str, password: str, **fields: str) -> Any:
        """Fills in the form at /sign-in."""
        token = form_token(browser.get("/sign-in").text)
        form = {"name": name, "password": password, "form_token": token} | fields
        return browser.post("/sign-in", data=form)

    def acts(self) -> list[tuple[str, str, str]]:
        """The log, the oldest line first."""
        return [(a.by, a.act, a.subject) for a in reversed(audit.read(self.engine))]


def sample_routes(parts: Parts) -> APIRouter:
    """A page and a form as other areas have them."""
    router = APIRouter()

    @router.get("/notes")
    def show(visitor: Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]) -> str:
        return visitor.person.shown_name

    @router.post("/notes")
    def write(
        visitor: Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))],
        text: Annotated[str, Form()],
    ) -> dict[str, str]:
        parts.staff.note(visitor, "write", "note", place="", length=len(text))
        return {"text": text}

    @router.post("/letters/{name}")
    async def send(
        request: Request,
        _: Annotated[Visitor, Depends(parts.staff.needs_form(Role.CLERK))],
    ) -> list[str]:
        return [str(value) for name, value in (await request.form()).multi_items() if name == "to"]

    return router


@pytest.fixture(scope="module")
def whole_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    settings = load_settings(state_dir=tmp_path_factory.mktemp("state"))
    encoder, registry = WordEncoder(), open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Store(encoder, index, registry, settings.state_dir / "originals")
    index.close()
    registry.close()


@pytest.fixture
def store(whole_store: Store) -> Store:
    """A store without people."""
    with whole_store.registry.engine.begin() as connection:
        for table in (tables.audit, tables.session, tables.person_role, tables.person):
            connection.execute(table.delete())
    return whole_store


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


@pytest.fixture
def browser(office: Office) -> TestClient:
    return office.browser()


def form_token(page: str) -> str:
    return str(re.findall(r'name="form_token" value="([^"]+)"', page)[0])


def hidden(page: str, name: str) -> str:
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def send_as_browsers_do(browser: TestClient, page: str, password: str) -> Any:
    """Fills in a sign-in page that keeps a form; it is sent as multipart/form-data."""
    fields = {
        "name": "ada",
        "password": password,
        "form_token": form_token(page),
        "kept": hidden(page, "kept"),
    }
    return browser.post("/sign-in", files={name: (None, value) for name, value in fields.items()})


def alert(page: str) -> str:
    return unescape(" ".join(re.findall(r'role="alert">\s*<p>(.*?)</p>', page, re.DOTALL)))


def test_who_signs_in_reaches_the_page_they_wanted(office: Office, browser: TestClient) -> None:
    password = add_person(office.engine, "editor")
    sent = browser.get("/notes?sort=age&q=f%C3%BCr")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/sign-in?next=%2Fnotes%3Fsort%3Dage%26q%3Df%25C3%25BCr",
    )
    wanted = hidden(browser.get(sent.headers["location"]).text, "next")
    entered = office.sign_in(browser, "ADA", password, next=wanted)
    assert (entered.status_code, entered.headers["location"]) == (303, "/notes?sort=age&q=f%C3%BCr")
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION}=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
    assert "Domain" not in cookie
    assert browser.get("/notes").json() == "Ada"
    assert browser.get("/sign-in?next=/notes").headers["location"] == "/notes"
    assert office.acts() == [("ada", "sign_in", "ada")]


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil",
        "/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_to_another_site(office: Office, browser: TestClient, address: str) -> None:
    assert own_path(address) == ""
    password = add_person(office.engine, "clerk")
    entered = office.sign_in(browser, "ada", password, next=address)
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")


def test_nobody_learns_whether_a_name_exists(office: Office, browser: TestClient) -> None:
    password = add_person(office.engine, "clerk")
    add_person(office.engine, "clerk", "bert")
    people.set_disabled(office.engine, people.require_person(office.engine, "bert").id, True)
    pages = [
        office.sign_in(browser, "ada", "a wrong password"),
        office.sign_in(browser, "nobody", "a wrong password"),
        office.sign_in(browser, "bert", password),
        office.sign_in(browser, "x" * 5000, "y" * 5000),
        office.sign_in(browser, "", ""),
    ]
    assert {page.status_code for page in pages} == {401}
    assert len({alert(page.text) for page in pages}) == 1
    assert "Name oder Passwort stimmen nicht." in alert(pages[0].text)
    assert SESSION not in browser.cookies
    failed = [("ada", "sign_in_failed", "ada"), ("", "sign_in_failed", "")]
    failed += [("bert", "sign_in_failed", "bert"), *[("", "sign_in_failed", "")] * 2]
    assert office.acts() == failed  # what was typed for a name that nobody has may be a password
    assert "wrong password" not in repr(audit.read(office.engine))


def test_after_many_wrong_tries_one_has_to_wait(office: Office, browser: TestClient) -> None:
    password = add_person(office.engine, "clerk")
    assert office.sign_in(browser, "ada", password).status_code == 303
    browser.cookies.clear()
    for _ in range(20):
        assert office.sign_in(browser, "ada", "a wrong password").status_code == 401
    refused = office.sign_in(browser, "ada", password)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert "Bitte warten Sie 15 Minuten" in alert(refused.text)
    elsewhere = TestClient(
        office.app,
        base_url="https://testserver",
        follow_redirects=False,
        client=("198.51.100.7", 1),
    )
    assert office.sign_in(elsewhere, "ada", password).status_code == 303


def test_a_session_that_somebody_else_chose_is_never_taken(
    office: Office, browser: TestClient
) -> None:
    password = add_person(office.engine, "clerk")
    browser.cookies.set(SESSION, "chosen-by-an-attacker")
    entered = office.sign_in(browser, "ada", password)
    secret = entered.cookies[SESSION]
    assert secret != "chosen-by-an-attacker"
    assert find_session(office.engine, "chosen-by-an-attacker", IDLE) is None
    browser.cookies.clear()
    browser.cookies.set(SESSION, secret)
    again = office.sign_in(office.browser(), "ada", password)  # a second device stays beside it
    assert find_session(office.engine, secret, IDLE)
    tampered = office.browser()
    tampered.cookies.set(SESSION, again.cookies[SESSION][:-1] + "!")
    assert tampered.get("/account").status_code == 303


def test_who_signs_out_is_out(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "clerk")
    secret = browser.cookies[SESSION]
    assert browser.post("/sign-out", data={"form_token": "guessed"}).status_code == 403
    assert browser.get("/account").status_code == 200
    left = browser.post("/sign-out", data={"form_token": token})
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert find_session(office.engine, secret, IDLE) is None


def test_the_sign_in_form_cannot_be_sent_by_another_site(
    office: Office, browser: TestClient
) -> None:
    password = add_person(office.engine, "clerk")
    form = {"name": "ada", "password": password}
    assert browser.post("/sign-in", data=form, headers=CROSS_SITE).status_code == 403
    bare = browser.post("/sign-in", data=form)
    assert bare.status_code == 403
    assert "Cookie" in alert(bare.text)
    assert browser.cookies[BEFORE] not in ("", "guessed")
    assert browser.post("/sign-in", data={**form, "form_token": "guessed"}).status_code == 403
    assert SESSION not in browser.cookies


@pytest.mark.parametrize(
    "headers",
    [
        CROSS_SITE,
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://testserver.evil.example"},
    ],
)
def test_a_form_of_another_site_is_refused(
    office: Office, browser: TestClient, headers: dict[str, str]
) -> None:
    token = signed_in(browser, office.engine, "editor")
    form = {"text": "a", "form_token": token}
    assert browser.post("/notes", data=form, headers=headers).status_code == 403
    own = ({"Origin": "https://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"})
    assert {browser.post("/notes", data=form, headers=one).status_code for one in own} == {200}


@pytest.mark.parametrize("token", [None, "", "guessed", "ä"])
def test_a_form_without_its_token_is_refused(
    office: Office, browser: TestClient, token: str | None
) -> None:
    signed_in(browser, office.engine, "editor")
    form = {"text": "a"} | ({} if token is None else {"form_token": token})
    refused = browser.post("/notes", data=form)
    assert refused.status_code == 403
    assert "nicht angenommen" in alert(refused.text)
    assert office.acts() == []


def test_behind_a_proxy_the_public_address_counts(store: Store) -> None:
    office = Office(store, public_url="https://ask.town.example")
    browser = office.browser()
    form = {"text": "a", "form_token": signed_in(browser, office.engine, "editor")}
    headers = {"Origin": "https://ask.town.example"}
    assert browser.post("/notes", data=form, headers=headers).status_code == 200


def test_what_was_typed_outlives_the_session(office: Office, browser: TestClient) -> None:
    password = add_person(office.engine, "editor")
    typed = {"text": LONG * 200, "form_token": "of a session that ended"}
    ended = browser.post("/notes?from=desk", data=typed)
    assert ended.status_code == 401
    assert "Ihre Eingaben sind noch da" in ended.text
    wrong = send_as_browsers_do(browser, ended.text, "a wrong password")
    assert wrong.status_code == 401
    entered = send_as_browsers_do(browser, wrong.text, password)
    assert entered.status_code == 200
    acts = [act for _, act, _ in office.acts()]
    assert acts == ["sign_in_failed", "sign_in"]  # nothing was sent without a click
    assert 'action="/notes?from=desk"' in entered.text
    again = {"text": hidden(entered.text, "text"), "form_token": form_token(entered.text)}
    assert browser.post("/notes?from=desk", data=again).json() == {"text": LONG * 200}


def test_a_kept_form_holds_no_password(browser: TestClient) -> None:
    secrets = {"current": "old secret words", "password": "new secret words"}
    ended = browser.post("/account/password", data={**secrets, "again": "new secret words"})
    assert ended.status_code == 401
    assert "secret words" not in ended.text


def test_a_form_that_is_too_large_to_keep_is_not_kept_in_part(
    office: Office, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.people.kept.LONGEST", 1000)
    ended = browser.post("/notes", data={"text": "a" * 1000})
    assert ended.status_code == 401
    assert "lässt sich hier nicht aufheben" in ended.text
    assert "aaa" not in ended.text
    assert office.acts() == []


def test_a_form_with_files_and_repeated_fields_is_kept_but_for_the_files(
    office: Office, browser: TestClient
) -> None:
    password = add_person(office.engine, "clerk")
    ended = browser.post(
        "/letters/m%C3%BCller", data={"to": ["a", "b"]}, files={"file": ("a.pdf", b"%PDF")}
    )
    assert "Dateien kann die Auskunft nicht aufheben" in ended.text
    fields = {"form_token": form_token(ended.text), "kept": hidden(ended.text, "kept")}
    entered = browser.post("/sign-in", data={"name": "ada", "password": password, **fields})
    assert 'action="/letters/m%C3%BCller" enctype="multipart/form-data"' in entered.text
    assert re.findall(r'name="to" value="(.)"', entered.text) == ["a", "b"]
    token = form_token(entered.text)
    sent = browser.post("/letters/m%C3%BCller", data={"to": ["a", "b"], "form_token": token})
    assert sent.json() == ["a", "b"]


@pytest.mark.parametrize(
    "kept",
    [
        '{"path":"//evil.example","fields":[],"has_files":false}',
        '{"path":"https://evil.example","fields":[["a","b"]],"has_files":false}',
        '{"path":"javascript:alert(1)","fields":[],"has_files":false}',
        '{"path":"/notes","fields":"abc","has_files":false}',
        "[" * 9000,
        "no json",
    ],
)
def test_a_kept_form_never_goes_to_another_site(
    office: Office, browser: TestClient, kept: str
) -> None:
    password = add_person(office.engine, "editor")
    entered = office.sign_in(browser, "ada", password, kept=kept)
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")


def test_a_form_from_before_signing_in_anew_can_still_be_sent(
    office: Office, browser: TestClient
) -> None:
    old = signed_in(browser, office.engine, "editor")
    new = signed_in(browser, office.engine, "editor")
    form = {"text": "typed long ago", "form_token": old}
    asked = browser.post("/notes", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert asked.status_code == 409
    assert (hidden(asked.text, "text"), form_token(asked.text)) == ("typed long ago", new)
    assert browser.post("/notes", data=form).status_code == 403  # nobody knows where it comes from


def test_what_was_typed_is_there_after_signing_in_in_another_tab(
    office: Office, browser: TestClient
) -> None:
    ended = browser.post("/notes", data={"text": "typed"})
    fields = {"form_token": form_token(ended.text), "kept": hidden(ended.text, "kept")}
    waiting = browser.post("/sign-in/continue", data=fields)
    assert (waiting.status_code, hidden(waiting.text, "kept")) == (401, fields["kept"])
    signed_in(browser, office.engine, "editor")
    assert hidden(browser.post("/sign-in/continue", data=fields).text, "text") == "typed"
    assert (
        browser.post("/sign-in/continue", data={**fields, "form_token": "guessed"}).status_code
        == 403
    )


def test_a_script_is_told_in_json(office: Office, browser: TestClient) -> None:
    for headers in ({"X-Form-Token": "old"}, {"Accept": "application/json"}):
        ended = browser.post("/notes", data={"text": "a"}, headers=headers)
        assert ended.status_code == 401
        assert ended.json()["error"]["code"] == "signed_out"
    assert browser.get("/notes", headers={"Sec-Fetch-Dest": "empty"}).status_code == 401
    token = signed_in(browser, office.engine, "editor")
    sent = browser.post("/notes", data={"text": "a"}, headers={"X-Form-Token": token})
    assert sent.json() == {"text": "a"}
    refused = browser.post("/notes", data={"text": "a"}, headers={"X-Form-Token": "old"})
    assert refused.json()["error"]["code"] == "form_foreign"


def test_a_missing_role_is_named(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "clerk")
    for page in (browser.get("/notes"), browser.post("/notes", data={"form_token": token})):
        assert page.status_code == 403
        assert "<strong>Redaktion</strong>" in page.text
        assert "Administration" in page.text
    assert browser.get("/people").status_code == 403


def test_a_role_is_for_the_towns_below_its_key() -> None:
    ada = Person("1", "ada", "Ada", frozenset({(Role.EDITOR, "08117")}))
    assert ada.may(Role.CLERK, "081175009002")
    assert ada.may(Role.EDITOR)
    assert not ada.may(Role.EDITOR, "081185009002")
    assert not ada.may(Role.APPROVER, "081175009002")
    assert not ada.may(Role.EDITOR, "")


def test_a_closed_account_is_out_at_once(office: Office, browser: TestClient) -> None:
    signed_in(browser, office.engine, "editor")
    ada = people.require_person(office.engine, "ada")
    with office.engine.begin() as connection:  # even where its sessions were left
        closed = tables.person.update().values(is_disabled=True)
        connection.execute(closed)
    assert browser.get("/notes").status_code == 303
    assert ada.id


def test_a_role_that_is_taken_is_gone_with_the_next_request(
    office: Office, browser: TestClient
) -> None:
    signed_in(browser, office.engine, "editor")
    ada = people.require_person(office.engine, "ada")
    assert browser.get("/notes").status_code == 200
    people.take_role(office.engine, ada.id, "editor", "")
    assert browser.get("/notes").status_code == 403


def test_one_changes_ones_password_and_is_signed_out_elsewhere(
    office: Office, browser: TestClient
) -> None:
    password = add_person(office.engine, "clerk")
    office.sign_in(browser, "ada", password)
    other = office.browser()
    office.sign_in(other, "ada", password)
    token = form_token(browser.get("/account").text)
    good = {"current": password, "password": "vier grüne Äpfel", "again": "vier grüne Äpfel"}
    for wrong, words in (
        ({"current": "wrong password"}, "bisheriges Passwort stimmt nicht"),
        ({"password": "kurz", "again": "kurz"}, "mindestens 12 Zeichen"),
        ({"again": "vier rote Äpfel"}, "verschieden"),
    ):
        page = browser.post("/account/password", data={**good, **wrong, "form_token": token})
        assert page.status_code == 422
        assert words in alert(page.text)
    done = browser.post("/account/password", data={**good, "form_token": token})
    assert done.status_code == 303
    page = browser.get(done.headers["location"])
    assert "Ihr Passwort ist geändert" in page.text
    assert other.get("/account").status_code == 303
    assert office.sign_in(office.browser(), "ada", password).status_code == 401
    assert office.sign_in(office.browser(), "ada", "vier grüne Äpfel").status_code == 303
    assert ("ada", "password_set", "ada") in office.acts()


def test_an_admin_adds_a_person_who_signs_in(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "admin")
    form = {"name": "Bert@town.example", "role": "editor", "town": "08117", "form_token": token}
    made = browser.post("/people", data=form)
    password = re.findall(r'class="secret">([^<]+)<', made.text)[0]
    bert = people.require_person(office.engine, "bert@town.example")
    assert bert.roles == {("editor", "08117")}
    assert office.sign_in(office.browser(), "bert@town.example", password).status_code == 303
    page = browser.get(f"/people/{bert.id}")
    assert password not in page.text
    twice = browser.post("/people", data={**form, "shown_name": "<i>Bert</i>"})
    assert (twice.status_code, "gibt es schon" in alert(twice.text)) == (422, True)
    assert 'value="&lt;i&gt;Bert&lt;/i&gt;"' in twice.text

    page = browser.post(f"/people/{bert.id}/password", data={"form_token": token})
    again = re.findall(r'class="secret">([^<]+)<', page.text)[0]
    assert again != password
    for act, is_disabled in (("disable", True), ("enable", False)):
        form = {"act": act, "form_token": token}
        assert browser.post(f"/people/{bert.id}/state", data=form).status_code == 303
        assert people.require_person(office.engine, bert.name).is_disabled == is_disabled
    for act, count in (("give", 2), ("take", 1)):
        form = {"act": act, "role": "clerk", "town": "", "form_token": token}
        assert browser.post(f"/people/{bert.id}/roles", data=form).status_code == 303
        assert len(people.require_person(office.engine, bert.name).roles) == count
    assert [act for by, act, _ in office.acts() if by == "ada"] == [
        "person_add",
        "password_reset",
        "person_disable",
        "person_enable",
        "role_give",
        "role_take",
    ]


def test_what_an_admin_cannot_do_is_said(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "admin")
    ada = people.require_person(office.engine, "ada")
    for path, form, words in (
        ("state", {"act": "disable"}, "letzte Person"),
        ("roles", {"act": "take", "role": "admin", "town": ""}, "letzte Person"),
        ("roles", {"act": "give", "role": "emperor", "town": ""}, "Rolle gibt es nicht"),
    ):
        page = browser.post(f"/people/{ada.id}/{path}", data={**form, "form_token": token})
        assert page.status_code == 422
        assert words in alert(page.text)
    assert browser.get("/people/nobody").status_code == 404
    form = {"name": "no name", "role": "clerk", "town": "", "form_token": token}
    assert "keine Leerzeichen" in alert(browser.post("/people", data=form).text)


def test_an_admin_of_a_town_stays_within_it(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "admin", town="08117")
    add_person(office.engine, "admin", "chef")
    add_person(office.engine, "clerk", "bert", town="081175009002")
    chef = people.require_person(office.engine, "chef")
    bert = people.require_person(office.engine, "bert")
    for path, form in (
        (f"/people/{chef.id}/password", {}),
        (f"/people/{chef.id}/state", {"act": "disable"}),
        (f"/people/{chef.id}/roles", {"act": "take", "role": "admin", "town": ""}),
        (f"/people/{bert.id}/roles", {"act": "give", "role": "admin", "town": ""}),
        (f"/people/{bert.id}/roles", {"act": "give", "role": "clerk", "town": "09"}),
        ("/people", {"name": "eve", "role": "clerk", "town": ""}),
    ):
        assert browser.post(path, data={**form, "form_token": token}).status_code == 403, path
    assert people.require_person(office.engine, "chef") == chef
    assert people.find_person(office.engine, "eve") is None
    assert f'action="/people/{chef.id}/password"' not in browser.get(f"/people/{chef.id}").text
    done = browser.post(f"/people/{bert.id}/password", data={"form_token": token})
    assert done.status_code == 200


def test_an_admin_of_a_place_sees_its_accounts_only(office: Office, browser: TestClient) -> None:
    token = signed_in(browser, office.engine, "admin", town="08117")
    add_person(office.engine, "clerk", "bert", town="081175009002")
    add_person(office.engine, "clerk", "cleo", town="09162")
    add_person(office.engine, "admin", "chef")
    add_person(office.engine, "editor", "dora", town="081175009002")
    dora = people.require_person(office.engine, "dora")
    people.give_role(office.engine, dora.id, "clerk", "09162")
    listed = re.findall(r'href="/people/\w+">(\w+)', browser.get("/people").text)
    assert listed == ["Ada", "Bert", "Dora"]
    page = browser.get(f"/people/{dora.id}").text
    assert "081175009002" in page
    assert "09162" not in page  # what she does elsewhere
    assert "Passwort setzen" not in page
    for name in ("cleo", "chef"):
        theirs = people.require_person(office.engine, name).id
        assert browser.get(f"/people/{theirs}").status_code == 404
        give = {"act": "give", "role": "clerk", "town": "08117", "form_token": token}
        assert browser.post(f"/people/{theirs}/roles", data=give).status_code == 404
    take = {"act": "take", "role": "editor", "town": "081175009002", "form_token": token}
    gone = browser.post(f"/people/{dora.id}/roles", data=take)
    assert gone.headers["location"] == "/people?done=role_taken"
    assert "Die Rolle ist entzogen." in browser.get(gone.headers["location"]).text


@pytest.fixture
def provider() -> TownProvider:
    return TownProvider({"sub": "42", "email": "Ada@town.example", "email_verified": True})


@contextmanager
def with_provider(store: Store, provider: TownProvider) -> Iterator[Office]:
    with served(provider.app()) as provider.issuer:
        yield Office(
            store,
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT,
            oidc_client_secret=SecretStr(SECRET),
            public_url="https://testserver",
        )


def go_there_and_back(browser: TestClient, wanted: str = "") -> Any:
    """Signs in with the provider: the page that one comes back to."""
    sent = browser.get("/sign-in/provider", params={"next": wanted})
    assert sent.status_code == 303, sent.text
    back = httpx2.get(sent.headers["location"], follow_redirects=False).headers["location"]
    assert back.startswith("https://testserver/sign-in/provider/back?")
    return browser.get(back)


def test_a_provider_signs_in_who_has_an_account(store: Store, provider: TownProvider) -> None:
    with with_provider(store, provider) as office:
        browser = office.browser()
        assert "Mit dem Dienstkonto anmelden" in browser.get("/sign-in").text
        unknown = go_there_and_back(browser)
        assert (unknown.status_code, SESSION in browser.cookies) == (403, False)
        assert "noch kein Konto" in unknown.text

        add_person(office.engine, "editor", "ada@town.example")
        entered = go_there_and_back(browser, "/notes?q=%C3%A4")
        assert (entered.status_code, entered.headers["location"]) == (303, "/notes?q=%C3%A4")
        assert browser.get("/notes").status_code == 200

        provider.claims = {"sub": "42"}  # linked by now: the address may change
        assert go_there_and_back(office.browser()).status_code == 303
        provider.claims = {"sub": "43", "email": "ada@town.example", "email_verified": True}
        assert go_there_and_back(office.browser()).status_code == 403
        people.set_disabled(
            office.engine, people.require_person(office.engine, "ada@town.example").id, True
        )
        provider.claims = {"sub": "42"}
        assert go_there_and_back(office.browser()).status_code == 403


def test_a_token_that_is_not_for_this_sign_in_is_refused(
    store: Store, provider: TownProvider
) -> None:
    with with_provider(store, provider) as office:
        add_person(office.engine, "editor", "ada@town.example")
        for changes in (
            {"nonce": "another"},
            {"aud": "another client"},
            {"iss": "https://evil.example"},
            {"exp": 1},
            {"sub": ""},
            {"email_verified": False},
            {"email_verified": "true"},
        ):
            provider.changes = changes
            browser = office.browser()
            assert go_there_and_back(browser).status_code == 403, changes
            assert SESSION not in browser.cookies
        provider.changes = {}
        assert go_there_and_back(browser).status_code == 303


def test_a_provider_that_fails_is_no_way_in(store: Store, provider: TownProvider) -> None:
    with with_provider(store, provider) as office:
        add_person(office.engine, "editor", "ada@town.example")
        provider.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
        assert go_there_and_back(office.browser()).status_code == 403
        provider.signing_key = None

        browser = office.browser()
        sent = browser.get("/sign-in/provider")
        back = httpx2.get(sent.headers["location"], follow_redirects=False).headers["location"]
        assert office.browser().get(back).status_code == 400  # somebody else's link
        assert browser.get(back.replace("state=", "state=x")).status_code == 400
        sent = browser.get("/sign-in/provider")
        assert browser.get(back).status_code == 400  # of an attempt before
        cancelled = re.sub("code=[^&]*", "error=access_denied", back)
        assert office.browser().get(cancelled).status_code == 400

        provider.issuer += "/elsewhere"
        assert browser.get("/sign-in/provider").status_code == 503
    assert office.browser().get("/sign-in/provider").status_code == 503  # it is gone


@pytest.mark.parametrize("issuer", ["http://id.town.example", "id.town.example", "ftp://a"])
def test_a_provider_is_asked_over_https_only(store: Store, issuer: str) -> None:
    with pytest.raises(SettingInvalid):
        Office(store, oidc_issuer=issuer, oidc_client_id=CLIENT)


def test_a_weaker_hash_is_renewed_at_sign_in(store: Store) -> None:
    office = Office(store, Passwords())
    password = add_person(office.engine, "clerk")
    before = people.require_person(office.engine, "ada").password
    assert office.sign_in(office.browser(), "ada", password).status_code == 303
    after = people.require_person(office.engine, "ada").password
    assert after != before
    assert QUICK.fits(after, password)


def test_a_session_outlives_its_idle_time_in_no_browser(store: Store) -> None:
    office = Office(store, session_minutes=1)
    browser = office.browser()
    signed_in(browser, office.engine, "clerk")
    assert browser.get("/account").status_code == 200
    with office.engine.begin() as connection:
        row = connection.execute(tables.session.select()).one()
        earlier = row.seen_at - timedelta(minutes=2)
        connection.execute(tables.session.update().values(seen_at=earlier))
    assert browser.get("/account").status_code == 303
