"""What happens meanwhile: databases go, readers and editors come at once."""

from __future__ import annotations

import re
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from acts import one_prepared, open_town
from children import CHILDREN, make_child

from core.errors import (
    DocumentUnknown,
    IndexBusy,
    RegistryUnreachable,
    StageOutdated,
    WriterBusy,
)
from core.types import Answer
from service.answerer import Answerer
from web.editing import EditorDesk

QUESTION = "Wie hoch ist die Steuer? Wie hoch ist die Gebühr?"  # two looks at the index


def test_readers_never_see_an_error_a_mixed_state_or_a_stale_amount(place: Path) -> None:
    with open_town(place) as town:
        town.ingest(0)
        published = 0  # the newest amount whose publishing has returned
        is_over = threading.Event()
        asked: list[int] = []
        wrong: list[object] = []

        def read(answerer: Answerer) -> None:
            while not is_over.wait(1 / 25):  # two of them ask 50 questions a second
                least = published
                try:
                    answer = answerer.answer(QUESTION, as_of=date.today())
                    found = {int(amount) for amount in amounts_of(answer)}
                    assert len(answer.citations) >= 2, answer
                    assert len(found) == 1, answer
                    assert found.pop() >= least, (least, answer)
                except Exception as error:  # noqa: BLE001 whatever it is, it is wrong
                    wrong.append(error)
                    return
                asked.append(least)

        answerer = Answerer(town.store, town.settings)
        answerer.answer(QUESTION)  # what the first one loads
        readers = [threading.Thread(target=read, args=(answerer,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for amount in range(1, 201):
            town.ingest(amount)
            published = amount
        is_over.set()
        for reader in readers:
            reader.join()
        assert wrong == []
        assert len(set(asked)) > 50  # they did ask in between
        assert town.amounts() == ["200", "200"]


def amounts_of(answer: Answer) -> set[str]:
    """Every amount of what an answer quotes."""
    return {a for c in answer.citations for a in re.findall(r"(\d+) Euro", c.quote)}


def test_of_two_editors_at_once_one_publishes_and_the_other_is_told(place: Path) -> None:
    with open_town(place) as town:
        one_prepared(town)
    outcomes = CHILDREN.Queue()
    start = CHILDREN.Barrier(2)
    editors = [make_child(publish_at_once, place, start, outcomes) for _ in range(2)]
    for editor in editors:
        editor.start()
    told = sorted(outcomes.get() for _ in editors)
    for editor in editors:
        editor.join()
    assert told.count("published") == 1
    assert set(told) <= {"published", *(error.__name__ for error in TOLD)}
    with open_town(place) as town:
        assert town.amounts() == town.registered() == ["120", "120"]
        assert len(town.store.registry.history("hundesteuer")) == 2


TOLD = (WriterBusy, IndexBusy, StageOutdated, DocumentUnknown)


def publish_at_once(folder: Path, start: Any, outcomes: Any) -> None:
    """In a child: an editor who publishes when the other one does."""
    start.wait()
    try:
        with open_town(folder) as town:
            EditorDesk(town.store, town.settings).publish(["hundesteuer"], by="Ada")
        outcomes.put("published")
    except TOLD as error:
        outcomes.put(type(error).__name__)


def test_of_two_editors_of_one_site_one_publishes_and_the_other_is_told(place: Path) -> None:
    with open_town(place) as town:
        one_prepared(town)
        desk = EditorDesk(town.store, town.settings)
        start = threading.Barrier(2)
        told: list[str] = []

        def publish_when_ready() -> None:
            start.wait()
            try:
                desk.publish(["hundesteuer"], by="Ada")
                told.append("published")
            except TOLD as error:
                told.append(type(error).__name__)

        editors = [threading.Thread(target=publish_when_ready) for _ in range(2)]
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        assert told.count("published") == 1
        assert len(told) == 2
        assert len(town.store.registry.history("hundesteuer")) == 2


def test_a_database_that_is_gone_is_named_and_answers_when_it_is_back(place: Path) -> None:
    away = place / "away"
    with open_town(place) as town:
        town.ingest(96)
        answerer = Answerer(town.store, town.settings)
        assert amounts_of(answerer.answer(QUESTION)) == {"96"}

        move_database(place / "state", away)
        with pytest.raises(RegistryUnreachable):
            answerer.answer(QUESTION)
        with pytest.raises(RegistryUnreachable):
            town.ingest(120)

        move_database(away, place / "state")
        assert amounts_of(answerer.answer(QUESTION)) == {"96"}
        town.ingest(120)
        assert amounts_of(answerer.answer(QUESTION)) == {"120"}


def move_database(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for file in source.glob("registry.sqlite*"):
        file.rename(target / file.name)
