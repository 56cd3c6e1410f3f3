"""The practice corner: exercises from the town's documents, and what was overlooked in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desks import Desk, open_desk
from encoders import WordEncoder
from lxml import html
from sqlalchemy import func, select

from core import tables
from core.schema import transaction

QUESTION = "Wie hoch ist die Steuer für den ersten Hund?"
AUENTAL = "990010001001"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk"), WordEncoder()) as desk:
        yield desk


def page(desk: Desk, path: str, **query: Any) -> Any:
    response = desk.client.get(path, params=query)
    assert response.status_code == 200, response.text
    return html.fromstring(response.text)


def words(found: Any) -> str:
    return " ".join(found.xpath("string(//main)").split())


def exercise(desk: Desk, seed: int, **query: Any) -> Any:
    return page(desk, "/practice/answer", q=QUESTION, town=AUENTAL, seed=seed, **query)


def test_an_exercise_quotes_the_towns_documents_and_hides_its_mistakes(desk: Desk) -> None:
    shown = exercise(desk, 7)
    labels = [" ".join(label.text_content().split()) for label in shown.xpath("//li//label")]
    assert 2 <= len(labels) <= 5
    assert any("Hundesteuersatzung" in label for label in labels)
    assert "Im Dokument steht" not in words(shown)
    assert words(exercise(desk, 7)) == words(shown)
    assert len({words(exercise(desk, seed)) for seed in range(5)}) > 1


def test_what_was_overlooked_is_shown_with_its_source(desk: Desk) -> None:
    none_marked = exercise(desk, 7, check=1)
    wrong = [
        number
        for number, item in enumerate(none_marked.xpath("//main//ol/li"))
        if "Fehler übersehen" in item.text_content()
    ]
    assert wrong
    assert words(none_marked).count("Im Dokument steht:") == len(wrong)
    assert f"0 von {len(wrong)} gefunden" in words(none_marked)

    found = exercise(desk, 7, check=1, mark=wrong)
    assert f"{len(wrong)} von {len(wrong)} gefunden 0 zu Unrecht" in words(found)
    assert "übersehen" not in words(found)
    right = next(n for n in range(9) if n not in wrong)
    assert "1 zu Unrecht markiert" in words(exercise(desk, 7, check=1, mark=[right]))
    source = found.xpath("//main//ol/li//a/@href")[wrong[0]]
    assert "§" in words(desk.follow(source))


def test_the_score_goes_with_the_learner_and_is_kept_nowhere(desk: Desk) -> None:
    def rows() -> int:
        with transaction(desk.store.registry.engine) as connection:
            return sum(
                connection.scalar(select(func.count()).select_from(table)) or 0
                for table in tables.metadata.sorted_tables
            )

    before = rows()
    checked = exercise(desk, 7, check=1)
    again = checked.xpath("//a[contains(., 'Dieselbe Frage')]/@href")[0]
    assert "exercises=1" in again
    assert "seed=8" in again
    following = desk.follow(again)
    sent = {field.name: field.value for field in following.xpath("//form[@method='get']//input")}
    assert sent["exercises"] == "1"
    assert "In dieser Sitzung: 1 Übung" in words(
        desk.follow(checked.xpath("//a[.='Alle Übungen']/@href")[0])
    )
    desk.answerer.usage.write(desk.store.registry.engine)
    assert rows() == before


def test_the_corner_offers_exercises_of_the_chosen_town(desk: Desk) -> None:
    shown = page(desk, "/practice", town=AUENTAL)
    addresses = shown.xpath("//main//ul/li/a/@href")
    assert len(addresses) >= 3
    assert not any("Katzenklappe" in address for address in addresses)  # Talheim's
    assert "Fehler" in words(desk.follow(addresses[0]))
    letter = desk.follow(shown.xpath("//a[contains(., 'Brief öffnen')]/@href")[0])
    assert "Hundesteuer" in words(letter) or "Abfall" in words(letter) or "Melde" in words(letter)
    solved = page(desk, "/practice/letter", town=AUENTAL, seed=3, check=1)
    assert "Hier kommt es auf Sie an" in words(solved)
    assert "Auskunft hätte es selbst erkannt" in words(solved)


def test_nothing_to_practise_with_is_said(desk: Desk) -> None:
    other = "wählen Sie eine andere Übung"
    for path, query, said in (
        ("answer", {"q": QUESTION, "town": "Atlantis"}, other),
        ("answer", {"q": " "}, other),
        ("letter", {"town": "123"}, "steht noch kein Dokument bereit"),
    ):
        response = desk.client.get(f"/practice/{path}", params=query)
        assert response.status_code == 404
        assert said in words(html.fromstring(response.text))


def test_the_corner_is_for_the_team_only(desk: Desk) -> None:
    response = desk.stranger().get("/practice", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in")
