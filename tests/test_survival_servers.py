"""The servers that a site stands on go away while it answers, and come back."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from acts import Town
from databases import Cluster
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in
from qdrant_client import QdrantClient
from sites import site_of

from core.database import open_registry
from core.errors import AuskunftError, IndexUnreachable
from core.index import IndexIdentity, IndexQuery
from core.server import ServerIndex
from core.settings import load_settings
from core.store import Store
from core.types import SparseVector
from service.wording import Text, message

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")

QUESTION = "Wie hoch ist die Steuer?"
STAFF_PAGES = ("/editor/documents/show?document_id=hundesteuer", "/editor/documents/versions")


class Qdrant:
    """A client whose server can be away: then nobody listens at its address."""

    def __init__(self) -> None:
        self._here: Any = QdrantClient(":memory:")
        self._nowhere = nowhere("127.0.0.1", 1)
        self._is_away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._nowhere if self._is_away else self._here, name)

    @contextmanager
    def away(self, instead: Any = None) -> Iterator[None]:
        """Takes the server away until left; `instead`: a client of what stands in its place."""
        self._nowhere, before = instead or self._nowhere, self._nowhere
        self._is_away = True
        yield
        self._is_away, self._nowhere = False, before


def nowhere(host: str, port: int, timeout: int | None = None) -> Any:
    return QdrantClient(url=f"http://{host}:{port}", timeout=timeout, check_compatibility=False)


@pytest.mark.parametrize(
    ("gone", "setting"), [("qdrant", "AUSKUNFT_QDRANT_URL"), ("database", "AUSKUNFT_DATABASE_URL")]
)
def test_a_site_says_which_server_is_gone_and_answers_when_it_is_back(
    gone: str, setting: str, postgresql: Cluster, tmp_path: Path
) -> None:
    qdrant = Qdrant()
    away: AbstractContextManager[None] = (qdrant if gone == "qdrant" else postgresql).away()
    settings = load_settings(
        state_dir=tmp_path / "state",
        cache_dir=tmp_path / "cache",
        rate_limit="off",
        database_url=postgresql.create_database(),
    )
    encoder, registry = WordEncoder(), open_registry(settings)
    index: Any = ServerIndex(qdrant, IndexIdentity(encoder.model_id, encoder.dimensions))  # type: ignore[arg-type]
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    town = Town(tmp_path, store, settings)
    town.ingest(96)
    client = TestClient(
        site_of(store, settings), base_url="https://testserver"
    )  # raises tracebacks
    signed_in(client, registry.engine, "editor")

    def amounts() -> list[str]:
        answer = client.post("/api/v1/answers", json={"question": QUESTION})
        assert answer.status_code == 200, answer.text
        return [statement["text"] for statement in answer.json()["statements"]]

    assert amounts() == ["(1) Die Steuer beträgt 96 Euro."]
    with away:
        for response in (
            client.post("/api/v1/answers", json={"question": QUESTION}),
            client.post(
                "/api/v1/answers",
                json={"question": QUESTION},
                headers={"accept": "text/event-stream"},
            ),
            client.get("/api/v1/search", params={"q": QUESTION}),
            client.get("/readyz"),
        ):
            assert response.status_code == 503
            assert setting in response.json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        page = client.post("/ask", data={"question": QUESTION}, headers={"accept": "text/html"})
        assert page.status_code == 503
        read = html.fromstring(page.text)
        assert read.xpath("//*[@role='alert']")[0].text == message(Text.NOT_READY, "de")
        assert read.xpath("//input[@id='question']/@value") == [QUESTION]
        with pytest.raises(AuskunftError, match=setting):
            town.ingest(120)
    assert client.get("/readyz").status_code == 200
    assert amounts() == ["(1) Die Steuer beträgt 96 Euro."]
    town.ingest(120)
    assert amounts() == ["(1) Die Steuer beträgt 120 Euro."]
    registry.close()


def test_a_question_waits_no_longer_for_a_server_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.server._QUERY_SECONDS", 1)
    qdrant = Qdrant()
    index = ServerIndex(cast(Any, qdrant), IndexIdentity("words", 2))
    query = IndexQuery(np.ones(2, np.float32), SparseVector((), ()), 1, date(2026, 1, 1))
    assert index.query(query) == []
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,  # takes calls and says nothing
        qdrant.away(nowhere(*silent.getsockname(), timeout=60)),
    ):
        started = time.monotonic()
        with pytest.raises(IndexUnreachable):
            index.query(query)
        assert time.monotonic() - started < 30
