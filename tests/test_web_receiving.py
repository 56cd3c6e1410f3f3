"""A program sends documents over HTTP: new, once more, changed, prepared, wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from pydantic import SecretStr

from core import audit
from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from web.parts import parts_of
from web.site import create_site

KEY = {"Authorization": "Bearer open-sesame"}
PAGE = "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n"
METADATA = "title: Satzung über die Hundesteuer\nkind: statute\nvalid_from: 2024-01-01\n"
MARKDOWN = {"Content-Type": "text/markdown; charset=utf-8"}


class Town:
    """A site, and a program that has the editors' key."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.settings = load_settings(
            state_dir=folder / "state",
            editor_key=SecretStr("open-sesame"),
            rate_limit="off",
            reader_file_mb=1,
        )
        answerer = Answerer(store, self.settings)
        parts = parts_of(self.settings, store, answerer)
        self.client = TestClient(create_site(self.settings, answerer, parts))

    def put(self, document_id: str, status: int = 200, **request: Any) -> Any:
        headers = {**KEY, **request.pop("headers", {})}
        address = f"/api/v1/documents/{document_id}"
        response = self.client.put(address, headers=headers, **request)
        assert response.status_code == status, response.text
        return response.json()

    def send(self, amount: int, status: int = 200, **request: Any) -> Any:
        headers = {**MARKDOWN, **request.pop("headers", {})}
        content = PAGE.format(amount=amount).encode()
        return self.put("hund/steuer", status, content=content, headers=headers, **request)

    def found(self, as_of: str | None = None) -> str:
        """What citizens find."""
        options = {"q": "Steuer Euro"} | ({"as_of": as_of} if as_of else {})
        passages = self.client.get("/api/v1/search", params=options).json()["passages"]
        return " ".join(passage["text"] for passage in passages)

    def uploads(self) -> list[Path]:
        return [p for p in (self.folder / "state/uploads").rglob("*.*") if p.is_file()]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Town(Store(encoder, index, registry, tmp_path / "state/originals"), tmp_path)
    index.close()
    registry.close()


def test_a_document_is_added_left_alone_and_updated(town: Town) -> None:
    added = town.send(96)
    assert added["documents"] | {"standing": 1} == added["documents"]
    assert (added["documents"]["added"], added["version"], added["prepared"]) == (1, 1, None)
    assert "96 Euro" in town.found()
    assert town.send(96)["documents"]["unchanged"] == 1
    changed = town.send(120, params={"by": "Sitzungsdienst", "reason": "Beschluss 12"})
    assert (changed["documents"]["updated"], changed["version"]) == (1, 2)
    assert "120 Euro" in town.found()
    assert "96 Euro" not in town.found()
    lines = [(line.by, line.act, line.subject) for line in audit.read(town.store.registry.engine)]
    assert lines == [
        ("Sitzungsdienst", "publish", "hund/steuer"),
        ("API", "publish", "hund/steuer"),
    ]
    assert len(town.uploads()) == 2  # the file that the first version is known by, and its metadata


def test_metadata_beside_a_file_win_and_stay_for_the_next_one(town: Town) -> None:
    files = {"file": ("steuer.md", PAGE.format(amount=96)), "metadata": (None, METADATA)}
    town.put("steuer", files=files)
    (first,) = town.store.registry.standing("steuer")
    assert first.document.title == "Satzung über die Hundesteuer"
    assert first.document.valid_from == date(2024, 1, 1)
    town.put("steuer", content=PAGE.format(amount=120), headers=MARKDOWN)
    (second,) = town.store.registry.standing("steuer")
    assert (second.number, second.document.kind) == (2, "statute")
    assert second.document.valid_from is None  # the day was that of the text before


def test_what_is_only_prepared_is_shown_beside_what_stands(town: Town) -> None:
    town.send(96)
    found = town.send(120, params={"stage": "true"})
    assert (found["version"], found["prepared"]["version"]) == (1, 2)
    (value,) = found["prepared"]["diff"]["values"]
    assert (value["before"], value["after"]) == ("96 Euro", "120 Euro")
    assert "96 Euro" in town.found()
    town.client.post("/api/v1/documents/publish", json={}, headers=KEY)
    assert "120 Euro" in town.found()


def test_a_program_replaces_only_the_version_that_it_knows(town: Town) -> None:
    assert town.send(96, headers={"If-Match": '"0"'})["version"] == 1
    assert town.send(108, headers={"If-Match": '"1"'})["version"] == 2
    refused = town.send(120, 412, headers={"If-Match": '"1"'})
    assert "newest version of hund/steuer is 2, not 1" in refused["error"]["message"]
    assert "the number of a version" in str(town.send(120, 422, headers={"If-Match": "abc"}))
    assert "108 Euro" in town.found()


def test_what_a_person_withdrew_does_not_come_back_by_itself(town: Town) -> None:
    town.send(96)
    town.client.post("/api/v1/documents/withdraw", json={"id": "hund/steuer"}, headers=KEY)
    assert "was withdrawn and stays so" in town.send(96, 410)["error"]["message"]
    assert town.found() == ""
    assert town.send(120)["version"] == 2


def test_what_a_person_took_back_or_discarded_does_not_come_back_by_itself(town: Town) -> None:
    town.send(96)
    town.send(120)
    act = {"id": "hund/steuer", "version": 1}
    town.client.post("/api/v1/documents/rollback", json=act, headers=KEY)
    found = town.send(120, 409)["error"]
    assert found["code"] == "text_decided"
    assert "was taken back and stays so" in found["message"]
    assert town.send(96)["documents"]["unchanged"] == 1
    town.send(130, params={"stage": "true"})
    town.client.post("/api/v1/documents/discard", json={}, headers=KEY)
    assert "was discarded and stays so" in town.send(130, 409)["error"]["message"]
    assert "96 Euro" in town.found()
    assert town.send(120, params={"stage": "true"})["prepared"]["version"] == 4
    assert town.send(140)["version"] == 4
    assert town.send(120)["version"] == 5  # it said something else meanwhile


def test_what_lost_half_its_text_is_published_by_a_person_only(town: Town) -> None:
    town.send(96)
    short = {"content": "# Hundesteuersatzung\n\nEs gibt sie.", "headers": MARKDOWN}
    found = town.put("hund/steuer", 422, **short)["error"]
    assert found["code"] == "version_doubtful"
    assert "of the text of the version before" in found["message"]
    assert "prepare it (stage=true) and publish it" in found["message"]
    assert "96 Euro" in town.found()
    assert town.put("hund/steuer", **short, params={"stage": "true"})["prepared"]["version"] == 2


def test_a_document_that_came_from_a_folder_keeps_its_file(town: Town) -> None:
    (town.folder / "hund").mkdir()
    file = town.folder / "hund/steuer.md"
    file.write_text(PAGE.format(amount=96), "utf-8")
    ingest([town.folder / "hund"], Publisher(town.store), town.settings)
    town.put("steuer", content=PAGE.format(amount=120), headers=MARKDOWN)
    report = ingest([town.folder / "hund"], Publisher(town.store), town.settings, prune=True)
    assert str(report) == "1 unchanged"
    assert "120 Euro" in town.found()
    assert town.uploads() == []


@pytest.mark.parametrize(
    ("status", "code", "words", "request_"),
    [
        (422, "document_type_unknown", "Say what kind of file", {"content": b"x"}),
        (
            422,
            "document_type_unknown",
            "This kind of file is not read",
            {"content": b"x", "params": {"name": "liste.xlsx"}},
        ),
        (413, "document_too_large", "more than 1 MiB", {"content": b"x" * (2**20 + 1)}),
        (413, "document_too_large", "1 MiB", {"files": {"file": ("a.md", b"x" * (2**20 + 1))}}),
        (422, "document_empty", "is empty", {"content": b""}),
        (422, "document_empty", "holds no text", {"content": b"\n"}),
        (422, "document_empty", "has no file", {"files": {"metadata": (None, "title: A")}}),
        (
            422,
            "metadata_invalid",
            "is not valid YAML",
            {"files": {"file": ("a.md", b"A."), "metadata": (None, "title: [")}},
        ),
        (
            422,
            "metadata_invalid",
            "valid_from is not a date",
            {"files": {"file": ("a.md", b"A."), "metadata": (None, "valid_from: gestern")}},
        ),
        (422, "document_unreadable", "", {"content": b"%PDF-1.4", "params": {"name": "a.pdf"}}),
    ],
)
def test_bad_input_is_one_sentence_and_loses_nothing(
    status: int, code: str, words: str, request_: dict[str, Any], town: Town
) -> None:
    town.send(96)
    kept = town.uploads()
    is_named = "files" in request_ or "params" in request_ or "kind of file" in words
    found = town.put("hund/steuer", status, headers={} if is_named else MARKDOWN, **request_)
    assert found["error"]["code"] == code
    assert words in found["error"]["message"]
    assert "96 Euro" in town.found()
    assert town.uploads() == kept


def test_a_protected_pdf_is_named(town: Town, tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("geheim", algorithm="AES-256")
    writer.write(tmp_path / "zu.pdf")
    found = town.put(
        "zu", 422, content=(tmp_path / "zu.pdf").read_bytes(), params={"name": "zu.pdf"}
    )
    assert found["error"]["code"] == "document_protected"


@pytest.mark.parametrize("document_id", ["", "%20", "null", "x" * 501])
def test_an_id_that_cannot_be_one_is_refused(document_id: str, town: Town) -> None:
    body = {"content": PAGE.format(amount=96), "headers": MARKDOWN}
    assert town.put(document_id, 422, **body)["error"]["code"] == "metadata_invalid"
    assert town.uploads() == []


def test_without_the_key_nothing_is_received(town: Town) -> None:
    response = town.client.put("/api/v1/documents/a", content=b"x" * 2**21, headers=MARKDOWN)
    assert response.status_code == 401


def test_programs_are_told_how_to_send(town: Town) -> None:
    described = town.client.get("/openapi.json").json()["paths"]
    put = described["/api/v1/documents/{document_id}"]["put"]
    assert {"application/pdf", "multipart/form-data"} <= put["requestBody"]["content"].keys()
    names = {parameter["name"] for parameter in put["parameters"]}
    assert names == {"document_id", "name", "stage", "by", "reason", "if-match"}


def test_what_is_prepared_is_scheduled_and_waits_for_its_day(town: Town) -> None:
    town.send(96)
    town.send(120, params={"stage": "true"})
    day = date.today() + timedelta(days=40)
    past = {"on": (date.today() - timedelta(days=1)).isoformat()}
    refused = town.client.post("/api/v1/documents/publish", json=past, headers=KEY)
    assert (refused.status_code, "is past" in refused.text) == (422, True)

    body = {"on": day.isoformat(), "by": "Ada"}
    assert town.client.post("/api/v1/documents/publish", json=body, headers=KEY).is_success
    waiting = town.client.get("/api/v1/documents/staged", headers=KEY).json()
    assert waiting["prepared"] == []
    assert [(row["id"], row["valid_from"]) for row in waiting["coming"]] == [
        ("hund/steuer", day.isoformat())
    ]
    assert "96 Euro" in town.found()
    assert "120 Euro" in town.found(as_of=day.isoformat())
    line = audit.read(town.store.registry.engine, limit=1)[0]
    assert (line.by, line.act, line.detail["day"]) == ("Ada", "schedule", day.isoformat())
