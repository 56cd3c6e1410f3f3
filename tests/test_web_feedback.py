"""What citizens say of an answer: from the form, from a script, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html

from core.database import open_registry
from core.feedback import (
    DESK,
    DayOfFeedback,
    Feedback,
    feedback_by_day,
    keep_feedback,
    read_feedback,
)
from core.index import IndexIdentity
from core.index_engines import open_index
from core.schema import transaction
from core.settings import load_settings
from core.store import Store
from core.tables import feedback as feedback_table
from core.types import Mode, Status
from core.usage import KEPT_DAYS
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.wording import Text, message
from web.parts import parts_of
from web.site import create_site

TAX = "---\nid: hundesteuer\ntitle: Hundesteuersatzung\n"
TAX += "jurisdiction: {level: municipality, name: Aichelberg, key: '081175009002'}\n---\n"
TAX += "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Hundesteuer beträgt 96 Euro.\n"
HELPED = Feedback(True, Status.ANSWERED, Mode.EXTRACTIVE, "de")
API = "/api/v1/feedback"
TODAY = date(2026, 3, 31)


def page_of(text: str) -> Any:
    return html.fromstring(text)


class Town:
    """A town with one by-law, and a citizen's browser."""

    def __init__(self, store: Store, client: TestClient) -> None:
        self.engine = store.registry.engine
        self.client = client

    def say(self, **changes: Any) -> Any:
        answer = {"status": "answered", "mode": "extractive", "language": "de", "documents": []}
        return self.client.post(API, json={"answer": answer, "helpful": True, **changes})

    def kept(self) -> list[Feedback]:
        return [one.feedback for one in read_feedback(self.engine)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    tmp_path = tmp_path_factory.mktemp("feedback")
    settings = load_settings(state_dir=tmp_path / "state", rate_limit="off")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    (tmp_path / "hundesteuer.md").write_text(TAX, "utf-8")
    assert ingest([tmp_path / "hundesteuer.md"], Publisher(store), settings).failures == []
    answerer = Answerer(store, settings)
    site = create_site(settings, answerer, parts_of(settings, store, answerer))
    yield Town(store, TestClient(site, headers={"Accept": "text/html", "Accept-Language": "de"}))
    index.close()
    registry.close()


@pytest.fixture
def town(served: Town) -> Town:
    """The town, of which nothing was said yet."""
    with transaction(served.engine) as connection:
        connection.execute(feedback_table.delete())
    return served


def test_the_form_below_an_answer_takes_a_yes_and_a_word(town: Town) -> None:
    page = page_of(town.client.post("/ask", data={"question": "Hundesteuer?"}).text)
    (form,) = page.xpath("//form[@class='feedback']")
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input")}

    response = town.client.post(
        form.get("action"), data={**sent, "helpful": "true", "word": "Genau das.\r\nDanke!"}
    )

    assert [step.status_code for step in response.history] == [303]  # a reload sends nothing anew
    said = page_of(response.text).xpath("//*[@role='status']")[0].text
    assert said == message(Text.FEEDBACK_THANKS, "de")
    (kept,) = town.kept()
    assert (kept.is_helpful, kept.word, kept.documents) == (
        True,
        "Genau das. Danke!",
        ("hundesteuer",),
    )
    assert (kept.status, kept.language, kept.origin) == (Status.ANSWERED, "de", "citizen")


def test_a_script_says_the_same_as_json(town: Town) -> None:
    answer = {"status": "answered", "mode": "extractive", "language": "tr"}

    response = town.say(
        answer={**answer, "documents": ["hundesteuer", "hundesteuer", "made-up"]},
        helpful=False,
        word="Eksik.",
        town="Aichelberg",
    )

    assert (response.status_code, response.content) == (204, b"")
    assert "x-word-dropped" not in response.headers
    (kept,) = town.kept()
    assert kept == Feedback(
        is_helpful=False,
        status=Status.ANSWERED,
        mode=Mode.EXTRACTIVE,
        language="tr",
        documents=("hundesteuer",),  # what is not there cannot be spoken of
        town="081175009002",
        word="Eksik.",
    )


@pytest.mark.parametrize("word", ["Ich heiße Ada.", "Ruft mich an: 0711 123456", "ada@example.org"])
def test_a_word_about_a_person_is_not_kept_and_that_is_told(word: str, town: Town) -> None:
    form = {"status": "answered", "mode": "extractive", "language": "de", "helpful": "false"}

    by_script = town.say(word=word)
    by_form = town.client.post("/ask/feedback?language=tr", data={**form, "word": word})

    assert by_script.headers["x-word-dropped"] == "1"
    assert message(Text.WORD_DROPPED, "tr") in by_form.text
    assert [kept.word for kept in town.kept()] == ["", ""]
    assert {kept.is_helpful for kept in town.kept()} == {
        True,
        False,
    }  # the vote counts all the same


@pytest.mark.parametrize(
    "changes",
    [
        {"word": "x" * 501},
        {"helpful": "perhaps"},
        {"answer": {"status": "made-up", "mode": "extractive", "language": "de"}},
        {
            "answer": {
                "status": "answered",
                "mode": "extractive",
                "language": "de",
                "documents": ["d"] * 21,
            }
        },
        {"town": "x" * 201},
    ],
)
def test_nothing_but_feedback_of_a_bounded_size_is_taken(
    changes: dict[str, object], town: Town
) -> None:
    assert town.say(**changes).status_code == 422
    assert town.kept() == []


def test_a_form_on_somebody_elses_page_is_not_taken(town: Town) -> None:
    form = {"status": "answered", "mode": "extractive", "language": "de", "helpful": "false"}
    foreign = {"Sec-Fetch-Site": "cross-site"}

    assert town.client.post("/ask/feedback", data=form, headers=foreign).status_code == 403
    assert town.kept() == []


def test_feedback_is_forgotten_after_a_time(town: Town) -> None:
    keep_feedback(town.engine, HELPED, TODAY - timedelta(days=KEPT_DAYS))
    assert len(town.kept()) == 1

    keep_feedback(town.engine, HELPED, TODAY)

    assert [one.day for one in read_feedback(town.engine)] == [TODAY]


def test_feedback_is_counted_by_day_and_read_by_what_it_says(town: Town) -> None:
    missed = Feedback(False, Status.NOT_IN_DOCUMENTS, Mode.EXTRACTIVE, "ar", word="?")
    marked = Feedback(False, Status.ANSWERED, Mode.CURATED, "de", origin=DESK)
    yesterday = TODAY - timedelta(days=1)
    for feedback, day in ((HELPED, yesterday), (missed, TODAY), (marked, TODAY), (HELPED, TODAY)):
        keep_feedback(town.engine, feedback, day)

    assert feedback_by_day(town.engine, yesterday) == [
        DayOfFeedback(yesterday, 1, 0),
        DayOfFeedback(TODAY, 1, 2),
    ]
    assert feedback_by_day(town.engine, TODAY + timedelta(days=1)) == []
    unhelpful = read_feedback(town.engine, is_helpful=False, has_word=True)
    assert [one.feedback for one in unhelpful] == [missed]
    assert [one.feedback for one in read_feedback(town.engine, origin=DESK)] == [marked]
    assert [one.day for one in read_feedback(town.engine, limit=4)][-1] == yesterday
