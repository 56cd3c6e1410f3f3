"""An editor's working day over HTTP: look, compare, publish, take back, withdraw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from pydantic import SecretStr

from core import audit
from core.database import open_registry
from core.errors import DocumentUnknown
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.editing import EditorDesk
from web.jobs import create_jobs
from web.office import IngestJob, LocalOffice
from web.parts import parts_of
from web.remote_office import RemoteOffice
from web.site import create_site

ROUTE = "/api/v1/documents"
KEY = {"Authorization": "Bearer open-sesame"}
TAX = "---\nid: hundesteuer\ntitle: Hundesteuersatzung\n---\n# Hundesteuersatzung\n\n"
TAX += "## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n\n"
TAX += "## § 6 Befreiung\n\n(1) Blindenhunde sind befreit.\n"


class Desk:
    """A town with one by-law, and an editor at a distance."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store, self.settings, self.file = store, settings, folder / "hundesteuer.md"
        answerer = Answerer(store, settings)
        site = create_site(settings, answerer, parts_of(settings, store, answerer))
        self.client = TestClient(site)

    def ingest(self, amount: int, *, is_staged: bool = False) -> None:
        self.file.write_text(TAX.format(amount=amount), "utf-8")
        report = ingest([self.file], Publisher(self.store), self.settings, is_staged=is_staged)
        assert report.failures == []

    def get(self, path: str = "", **query: object) -> Any:
        response = self.client.get(ROUTE + path, params=query, headers=KEY)  # type: ignore[arg-type]
        assert response.status_code == 200, response.text
        return response.json()

    def post(self, path: str, **body: object) -> Any:
        response = self.client.post(ROUTE + path, json=body, headers=KEY)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = load_settings(
        state_dir=tmp_path / "state", editor_key=SecretStr("open-sesame"), rate_limit="off"
    )
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Desk(
        Store(encoder, index, registry, settings.state_dir / "originals"), settings, tmp_path
    )
    index.close()
    registry.close()


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guessed"}])
def test_nobody_without_the_key_gets_in(desk: Desk, headers: dict[str, str]) -> None:
    response = desk.client.get(ROUTE, headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["message"] == "This needs the editors' key."


def test_without_a_key_in_the_settings_nobody_gets_in_at_all(desk: Desk) -> None:
    settings = desk.settings.model_copy(update={"editor_key": None})
    answerer = Answerer(desk.store, settings)
    site = create_site(settings, answerer, parts_of(settings, desk.store, answerer))
    for headers in (KEY, {"Authorization": "Bearer "}, {}):
        assert TestClient(site).get(ROUTE, headers=headers).status_code == 401


def test_an_editor_sees_what_changed_and_publishes_it(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120, is_staged=True)
    overview = desk.get()
    assert [d["version"] for d in overview["documents"]] == [1]
    assert [d["version"] for d in overview["prepared"]] == [2]

    difference = desk.get("/diff", id="hundesteuer")
    assert [(v["before"], v["after"]) for v in difference["values"]] == [("96 Euro", "120 Euro")]

    assert desk.post("/publish", ids=["hundesteuer"], by="Ada")["published"] == ["hundesteuer"]
    history = desk.get("/versions", id="hundesteuer")
    first, second = history["versions"]
    assert (first["stands"], first["ended"]["as"], first["ended"]["by"]) == (
        False,
        "replaced",
        "Ada",
    )
    assert (second["stands"], second["published_by"], history["prepared"]) == (True, "Ada", None)
    after = desk.get("/diff", id="hundesteuer", a=2, b=1)
    assert [(v["before"], v["after"]) for v in after["values"]] == [("120 Euro", "96 Euro")]


def test_an_editor_takes_back_and_withdraws(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120)
    back = desk.post("/rollback", id="hundesteuer", version=1, by="Ada", reason="Too early")
    assert (back["version"], back["reason"]) == (3, "Too early")
    assert "96 Euro" in str(desk.client.get("/api/v1/search", params={"q": "Steuer"}).json())
    desk.post("/withdraw", id="hundesteuer", by="Ada")
    assert desk.client.get("/api/v1/search", params={"q": "Steuer"}).json() == {"passages": []}
    assert desk.get("/versions", id="hundesteuer")["versions"][-1]["ended"]["as"] == "withdrawn"


def test_what_is_done_without_signing_in_is_in_the_audit_log(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120, is_staged=True)
    desk.post("/publish", by="Ada")
    desk.ingest(130, is_staged=True)
    desk.post("/discard")
    desk.post("/rollback", id="hundesteuer", version=1, by="Ada", reason="Too early")
    LocalOffice(desk.store, desk.settings).edit("withdraw", document_id="hundesteuer")
    lines = audit.read(desk.store.registry.engine)
    back = {"via": "API", "version": "1", "reason": "Too early"}
    assert [(line.by, line.act, line.subject, line.detail) for line in lines] == [
        ("Kommandozeile", "withdraw", "hundesteuer", {"via": "Kommandozeile"}),
        ("Ada", "rollback", "hundesteuer", back),
        ("API", "discard", "hundesteuer", {"via": "API"}),
        ("Ada", "publish", "hundesteuer", {"via": "API"}),
    ]


def test_an_ingest_by_command_is_in_the_audit_log(desk: Desk) -> None:
    desk.file.write_text(TAX.format(amount=96), "utf-8")
    office = LocalOffice(desk.store, desk.settings)
    for is_staged in (False, True):
        desk.file.write_text(TAX.format(amount=96 + is_staged), "utf-8")
        job = IngestJob([desk.file], is_staged=is_staged, by="ada", reason="Jahreswechsel")
        office.ingest(job, lambda *_: None)
    office.edit("publish", ids=["hundesteuer"])
    lines = audit.read(desk.store.registry.engine)
    detail = {"via": "Kommandozeile", "reason": "Jahreswechsel"}
    assert [(line.by, line.act, line.subject, line.detail) for line in lines[1:]] == [
        ("ada", "ingest_stage", str(desk.file), detail | {"updated": 1}),
        ("ada", "ingest", str(desk.file), detail | {"added": 1}),
    ]
    assert lines[0].act == "publish"


def test_an_editor_discards_what_was_prepared(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120, is_staged=True)
    assert desk.post("/discard")["discarded"] == ["hundesteuer"]
    assert desk.get()["prepared"] == []


@pytest.mark.parametrize(
    ("method", "path", "arguments", "status", "sentence"),
    [
        ("get", "/versions", {"id": "katze"}, 404, "No document katze"),
        ("get", "/diff", {"id": "katze"}, 404, "No document katze"),
        ("get", "/diff", {"id": "hundesteuer", "a": 7}, 404, "it has 1 to 1"),
        ("post", "/rollback", {"id": "hundesteuer", "version": 9}, 404, "it has 1 to 1"),
        ("post", "/publish", {}, 404, "Nothing is prepared"),
        ("post", "/publish", {"ids": ["hundesteuer"]}, 404, "Nothing is prepared"),
        ("post", "/withdraw", {"id": "katze"}, 404, "No document katze"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(
    desk: Desk, method: str, path: str, arguments: dict[str, Any], status: int, sentence: str
) -> None:
    desk.ingest(96)
    options = {"params": arguments} if method == "get" else {"json": arguments}
    response = desk.client.request(method, ROUTE + path, headers=KEY, **options)  # type: ignore[arg-type]
    assert (response.status_code, sentence in response.json()["error"]["message"]) == (status, True)
    assert desk.get()["generation"] == 1


def test_publishing_what_was_overtaken_is_refused(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120, is_staged=True)
    desk.ingest(108)
    response = desk.client.post(f"{ROUTE}/publish", json={}, headers=KEY)
    assert response.status_code == 409
    assert "prepare it again, or discard it" in response.json()["error"]["message"]


def test_the_preview_shows_what_changed_and_what_other_documents_still_say(desk: Desk) -> None:
    desk.ingest(96)
    leaflet = desk.file.with_name("merkblatt.md")
    leaflet.write_text("# Merkblatt Hund\n\n(1) Die Steuer beträgt 96 Euro.\n", "utf-8")
    ingest([leaflet], Publisher(desk.store), desk.settings)
    desk.ingest(120, is_staged=True)

    (document,) = desk.get("/preview")["documents"]

    assert [(v["before"], v["after"]) for v in document["diff"]["values"]] == [
        ("96 Euro", "120 Euro")
    ]
    assert [(c["document_id"], c["old"], c["new"]) for c in document["conflicts"]] == [
        ("merkblatt", "96 Euro", "120 Euro")
    ]
    assert desk.get()["prepared"]  # looking changes nothing


def test_a_preview_tells_how_far_it_is_here_and_from_the_running_site(desk: Desk) -> None:
    desk.ingest(96)
    faq = desk.file.with_name("faq.md")
    faq.write_text("---\nkind: faq\n---\n## Was kostet ein Hund?\n\n96 Euro.\n", "utf-8")
    ingest([faq], Publisher(desk.store), desk.settings)
    desk.ingest(120, is_staged=True)
    jobs = create_jobs(desk.settings, desk.store, Answerer(desk.store, desk.settings))
    for office in (
        LocalOffice(desk.store, desk.settings),
        RemoteOffice(TestClient(jobs)),  # type: ignore[arg-type]  # as good as httpx's own
    ):
        told: list[tuple[int, int, str]] = []
        found = office.preview(lambda *step, told=told: told.append(step))  # type: ignore[misc]
        assert [d["id"] for d in found["documents"]] == ["hundesteuer"]
        assert told == [(1, 1, "Was kostet ein Hund?")]
    desk.post("/discard")
    with pytest.raises(DocumentUnknown, match="Nothing is prepared"):
        RemoteOffice(TestClient(jobs)).preview(print)  # type: ignore[arg-type]  # likewise


def test_a_preview_asks_the_evaluation_set_of_the_settings(desk: Desk, tmp_path: Path) -> None:
    desk.ingest(96)
    desk.ingest(120, is_staged=True)
    questions = tmp_path / "fragen.jsonl"
    asked = {"de": "Wie hoch ist die Steuer?", "en": "How high is the tax?"}
    questions.write_text(json.dumps({"question": asked, "numbers": ["96"]}), "utf-8")
    settings = desk.settings.model_copy(update={"evaluation_set": questions})
    found = EditorDesk(desk.store, settings).preview()
    assert found["questions_asked"] == 1
    (answer,) = found["answers"]
    assert (answer["question"], answer["why"]) == ("Wie hoch ist die Steuer?", "evaluation")
    assert answer["lost"] == ["96"]


def test_a_preview_warns_of_what_looks_like_a_mistake(desk: Desk) -> None:
    desk.ingest(96)
    desk.file.write_text(TAX.format(amount=120).split("## § 6")[0], "utf-8")
    ingest([desk.file], Publisher(desk.store), desk.settings, is_staged=True)
    (document,) = desk.get("/preview")["documents"]
    assert any("has 1 section" in warning for warning in document["warnings"])


def test_a_link_to_a_withdrawn_document_says_so(desk: Desk) -> None:
    desk.ingest(96)
    link = "/documents/hundesteuer/original"
    assert desk.client.get(link).status_code == 200
    desk.post("/withdraw", id="hundesteuer")
    response = desk.client.get(link, headers={"Accept": "text/html", "Accept-Language": "tr"})
    assert response.status_code == 410
    assert "Bu belge geri çekilmiştir" in response.text
    assert desk.client.get("/documents/katze/original").status_code == 404


def test_a_document_prepared_for_the_first_time_has_nothing_to_be_compared_with(desk: Desk) -> None:
    desk.ingest(96, is_staged=True)
    response = desk.client.get(f"{ROUTE}/diff", params={"id": "hundesteuer"}, headers=KEY)
    assert response.status_code == 404
    assert "prepared for the first time" in response.text
