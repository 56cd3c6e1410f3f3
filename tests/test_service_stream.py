"""An answer as it streams: whoever asks hears something at once, however many ask."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsers import served
from fakes import ScriptedAnswerer

from core.errors import AuskunftError, IndexUnreachable
from core.settings import Settings
from service.app import create_app
from service.parts import Part

ASKERS = 60  # more than there are threads
HEADERS = {"Accept": "text/event-stream"}
HUND = {"question": "Hund?"}


class Patient(ScriptedAnswerer):
    """Computes nothing until it may, and then may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()
        self.fails: AuskunftError | None = None

    def _tell(self, question: str, **options: Any) -> Generator[Part, None, None]:
        self.may_answer.wait(60)
        if self.fails:
            raise self.fails
        yield from super()._tell(question, **options)


@pytest.fixture
def patient() -> Patient:
    return Patient()


@pytest.fixture
def address(patient: Patient, tmp_path: Path) -> Iterator[str]:
    settings = Settings(state_dir=tmp_path, rate_limit="off")
    with served(create_app(settings, patient)) as url:
        yield url
        patient.may_answer.set()


def test_however_many_ask_all_hear_something_before_anything_is_computed(
    patient: Patient, address: str
) -> None:
    async def ask_all() -> list[str]:
        heard = 0

        async def ask(client: httpx.AsyncClient) -> str:
            nonlocal heard
            async with client.stream("POST", "/api/v1/answers", json=HUND, headers=HEADERS) as sent:
                lines: AsyncIterator[str] = sent.aiter_lines()
                assert await anext(lines) == ": one moment"
                heard += 1
                if heard == ASKERS:  # nobody has an answer yet, and the site is there for others
                    assert (await client.get("/readyz")).is_success
                    assert patient.asked == []
                    patient.may_answer.set()
                return "\n".join([line async for line in lines])

        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:
            return await asyncio.gather(*(ask(client) for _ in range(ASKERS)))

    streams = asyncio.run(ask_all())
    assert len(patient.asked) == ASKERS
    assert all("event: done" in stream for stream in streams)


def test_what_fails_after_the_stream_began_ends_it_with_one_sentence(
    patient: Patient, address: str
) -> None:
    patient.fails = IndexUnreachable()
    patient.may_answer.set()
    told = httpx.post(f"{address}/api/v1/answers", json=HUND, headers=HEADERS).text
    assert told.startswith(": one moment\n\nevent: error\n")
    assert '"code":"index_unreachable"' in told
    assert "done" not in told


@pytest.mark.parametrize("headers", [HEADERS, {}], ids=["stream", "JSON"])
def test_what_is_known_before_has_its_status(
    headers: dict[str, str], patient: Patient, address: str
) -> None:
    patient.written = IndexUnreachable()
    refused = httpx.post(f"{address}/api/v1/answers", json=HUND, headers=headers)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "index_unreachable"
