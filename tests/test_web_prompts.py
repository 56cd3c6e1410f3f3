"""The team keeps prompts and words: who sees what, who changes what, and what is warned about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from desks import Desk, open_desk
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in
from scripted_model import FakeModel

from core import audit, tables
from core.database import open_registry
from core.glossary import Term, TermExists, glossary, read_terms, save_term
from core.schema import transaction
from core.settings import load_settings
from core.staff_prompts import StaffPrompt, rate_prompt, read_prompts, save_prompt
from core.types import Mode
from service.answerer import Answerer

ORIGIN = {"origin": "https://testserver", "sec-fetch-site": "same-origin"}
PROMPT = {"title": "Satzung kürzen", "purpose": "Für Aushänge", "text": "Kürze auf fünf Punkte."}
AUENTAL, TALHEIM = "990010001001", "990010001002"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk"), WordEncoder()) as desk:
        yield desk


@pytest.fixture
def desk(shared: Desk) -> Desk:
    with transaction(shared.store.registry.engine) as connection:
        for table in (tables.prompt_rating, tables.staff_prompt, tables.glossary_term):
            connection.execute(table.delete())
    return shared


class Colleague:
    """Somebody of the team in a browser."""

    def __init__(self, desk: Desk, role: str, name: str, town: str = "") -> None:
        self.client = TestClient(desk.client.app, base_url="https://testserver")
        self.token = signed_in(self.client, desk.store.registry.engine, role, name, town)

    def see(self, path: str, **query: str) -> str:
        response = self.client.get(path, params=query)
        assert response.status_code == 200, response.text
        return str(html.fromstring(response.text).xpath("string(//main)"))

    def send(self, path: str, **fields: Any) -> int:
        response = self.client.post(
            path,
            data={"form_token": self.token, **fields},
            headers=ORIGIN,
            follow_redirects=False,
        )
        self.said = response.text
        return response.status_code


def test_a_shared_prompt_is_seen_by_colleagues_of_its_town_only(desk: Desk) -> None:
    clara = Colleague(desk, "clerk", "clara-a", AUENTAL)
    berta = Colleague(desk, "clerk", "berta-a", AUENTAL)
    tina = Colleague(desk, "editor", "tina-t", TALHEIM)
    assert clara.send("/prompts/edit", **PROMPT, town=AUENTAL) == 303
    assert "Satzung kürzen" in clara.see("/prompts")
    assert "Satzung kürzen" not in berta.see("/prompts")

    (kept,) = read_prompts(desk.store.registry.engine)
    shared = {**PROMPT, "town": AUENTAL, "is_shared": "1", "id": kept.id, "edition": "1"}
    assert clara.send("/prompts/edit", **shared) == 303
    assert "Satzung kürzen" in berta.see("/prompts")
    assert "Satzung kürzen" not in tina.see("/prompts")
    assert tina.send("/prompts/rate", id=kept.id, stars="1") == 404
    assert "Kürze auf" in berta.see("/prompts", q="AUSHÄNGE punkte")
    assert "Kürze auf" not in berta.see("/prompts", q="Aushänge Friedhof")


def test_only_the_author_or_an_approver_changes_a_prompt(desk: Desk) -> None:
    engine = desk.store.registry.engine
    clara = Colleague(desk, "clerk", "clara-a", AUENTAL)
    editor = Colleague(desk, "editor", "edda-a", AUENTAL)
    approver = Colleague(desk, "approver", "paul-a", AUENTAL)
    clara.send("/prompts/edit", **PROMPT, town=AUENTAL, is_shared="1")
    (kept,) = read_prompts(engine)
    change = {**PROMPT, "title": "Neu", "town": AUENTAL, "is_shared": "1", "id": kept.id}

    assert editor.send("/prompts/edit", **change, edition="1") == 403
    assert editor.send("/prompts/delete", id=kept.id, edition="1") == 403
    assert approver.send("/prompts/edit", **change, edition="1") == 303
    # the author still has the first edition open
    assert clara.send("/prompts/edit", **change | {"text": "Meins"}, edition="1") == 409
    assert "Inzwischen hat jemand" in clara.said
    assert "Meins" in clara.said
    (now,) = read_prompts(engine)
    assert (now.title, now.made_by, now.changed_by) == ("Neu", "clara-a", "paul-a")
    assert approver.send("/prompts/delete", id=kept.id, edition="2") == 303
    assert read_prompts(engine) == []
    acts = [line.act for line in audit.read(engine, subject=kept.id)]
    assert acts == ["delete_prompt", "save_prompt", "save_prompt"]


def test_everybody_rates_a_prompt_once(desk: Desk) -> None:
    engine = desk.store.registry.engine
    clara, berta = (Colleague(desk, "clerk", name) for name in ("clara-x", "berta-x"))
    clara.send("/prompts/edit", **PROMPT, is_shared="1")
    (kept,) = read_prompts(engine)
    for colleague, stars in ((clara, "2"), (berta, "4"), (clara, "5")):
        assert colleague.send("/prompts/rate", id=kept.id, stars=stars) == 303
    (rated,) = read_prompts(engine)
    assert rated.ratings == (("berta-x", 4), ("clara-x", 5))
    assert "4,5 von 5 Sternen (2 Bewertungen)" in " ".join(clara.see("/prompts").split())
    assert clara.send("/prompts/rate", id=kept.id, stars="6") == 422


def test_personal_data_in_a_prompt_is_warned_about_before_it_is_kept(desk: Desk) -> None:
    clara = Colleague(desk, "clerk", "clara-x")
    private = {**PROMPT, "text": "Schreibe an Frau Erika Mustermann, Tel. 0170 1234567."}
    assert clara.send("/prompts/edit", **private) == 422
    said = html.fromstring(clara.said).xpath("string(//*[@role='alert'])")
    assert "Erika Mustermann" in said
    assert "Telefonnummer" in said
    assert read_prompts(desk.store.registry.engine) == []
    assert clara.send("/prompts/edit", **private, act="save_anyway") == 303
    assert len(read_prompts(desk.store.registry.engine)) == 1


def test_a_prompt_without_text_or_for_a_foreign_town_is_refused(desk: Desk) -> None:
    clara = Colleague(desk, "clerk", "clara-a", AUENTAL)
    assert clara.send("/prompts/edit", **PROMPT | {"text": " "}, town=AUENTAL) == 422
    assert "Bitte füllen Sie dieses Feld aus." in clara.said
    assert clara.send("/prompts/edit", **PROMPT | {"text": "x" * 8001}, town=AUENTAL) == 422
    assert "höchstens 8000 Zeichen" in clara.said
    assert clara.send("/prompts/edit", **PROMPT, town=TALHEIM) == 403
    assert clara.send("/prompts/edit", **PROMPT, town="") == 403
    assert clara.client.get("/prompts/edit", params={"id": "gone"}).status_code == 404


def test_an_editor_writes_the_words_of_a_town(desk: Desk) -> None:
    engine = desk.store.registry.engine
    edda = Colleague(desk, "editor", "edda-a", AUENTAL)
    words = {"german": "Bürgerbüro", "wording_en": "citizens' office", "wording_ar": "مكتب"}
    assert edda.send("/editor/glossary/edit", **words, town=AUENTAL) == 303
    assert "Bürgerbüro" in edda.see("/editor/glossary")
    (term,) = read_terms(engine)
    assert term.wordings == {"en": "citizens' office", "ar": "مكتب"}

    assert edda.send("/editor/glossary/edit", **words, town=AUENTAL) == 422
    assert "gibt es für diesen Ort schon" in edda.said
    assert edda.send("/editor/glossary/edit", german="Kita", town=AUENTAL) == 422
    assert edda.send("/editor/glossary/edit", **words, town=TALHEIM) == 403
    assert Colleague(desk, "editor", "tina-t", TALHEIM).client.get(
        "/editor/glossary/edit", params={"id": term.id}
    ).status_code == 403  # fmt: skip
    assert Colleague(desk, "clerk", "clara-a", AUENTAL).send("/editor/glossary/edit") == 403

    changed = {**words, "wording_en": "citizen centre", "id": term.id, "town": AUENTAL}
    assert edda.send("/editor/glossary/edit", **changed, edition="1") == 303
    assert edda.send("/editor/glossary/edit", **changed, edition="1") == 409
    assert glossary(engine, AUENTAL, "en") == {"Bürgerbüro": "citizen centre"}
    assert edda.send("/editor/glossary/delete", id=term.id, edition="2") == 303
    assert glossary(engine, AUENTAL, "en") == {}


def test_the_nearest_towns_words_hold(desk: Desk) -> None:
    engine = desk.store.registry.engine
    for town, word in (("", "office"), ("99001", "district office"), (AUENTAL, "town office")):
        save_term(engine, Term(town=town, german="Amt", wordings={"en": word}), "edda")
    save_term(engine, Term(town="Seedorf", german="Hafen", wordings={"en": "port"}), "edda")
    assert glossary(engine, AUENTAL, "en") == {"Amt": "town office"}
    assert glossary(engine, TALHEIM, "en") == {"Amt": "district office"}
    assert glossary(engine, "", "en") == {"Amt": "office"}
    assert glossary(engine, "Seedorf", "en") == {"Amt": "office", "Hafen": "port"}
    assert glossary(engine, AUENTAL, "tr") == {}
    with pytest.raises(TermExists):
        save_term(engine, Term(town="", german="Amt", wordings={"tr": "daire"}), "edda")


def test_a_rebuilt_index_keeps_what_the_team_wrote(tmp_path: Path) -> None:
    registry = open_registry(load_settings(state_dir=tmp_path))
    prompt = save_prompt(registry.engine, StaffPrompt(title="A", text="B"), "ada")
    rate_prompt(registry.engine, prompt.id, "ada", 3)
    save_term(registry.engine, Term(german="Amt", wordings={"en": "office"}), "ada")
    registry.forget()
    (kept,) = read_prompts(registry.engine)
    assert kept.ratings == (("ada", 3),)
    assert glossary(registry.engine, "", "en") == {"Amt": "office"}
    registry.close()


def test_a_language_model_is_given_the_words_of_the_asked_town(desk: Desk) -> None:
    engine = desk.store.registry.engine
    save_term(engine, Term(town=AUENTAL, german="Steuer", wordings={"en": "levy"}), "edda")
    save_term(engine, Term(town=TALHEIM, german="Hund", wordings={"en": "hound"}), "tina")
    model = FakeModel(["nothing that could be read"])
    answerer = Answerer(desk.store, desk.settings, model, partial(glossary, engine))
    question = "Wie hoch ist die Steuer für den ersten Hund?"
    answer = answerer.answer(question, town=AUENTAL, language="en")
    assert answer.mode is Mode.EXTRACTIVE
    assert any('"Steuer": "levy"' in task.data for task in model.tasks)
    assert not any("hound" in task.data for task in model.tasks)
