"""A language model's answer on the citizens' page: what it wrote, what the document says, and the
asker's own words for placeholders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes import ANSWERED, PUPPIES, RATE, ScriptedAnswerer
from fastapi.testclient import TestClient
from lxml import html

from core.settings import Settings
from core.types import Mode, Statement
from service.wording import Text, message
from web.site import create_site

NAMED = "[PERSON-1], her köpek için vergi 96,00 Euro'dur."
GENERATED = replace(
    ANSWERED,
    mode=Mode.GENERATED,
    language="tr",
    statements=(Statement(NAMED, "tr", (1,), is_quote=False), Statement(PUPPIES, "de", (2,))),
    personal=("PERSON",),
    question="Ich heiße [PERSON-1]. Was kostet ein Hund?",
)


def ask(answer: Any, folder: Path, question: str, **form: str) -> Any:
    settings = Settings(state_dir=folder, rate_limit="off", llm_base_url="http://127.0.0.1:1/v1")
    client = TestClient(create_site(settings, ScriptedAnswerer(answer)))
    return html.fromstring(client.post("/ask", data={"question": question, **form}).text)


def test_a_replaced_statement_is_a_quotation_in_its_own_language(tmp_path: Path) -> None:
    page = ask(GENERATED, tmp_path, "Köpek vergisi ne kadar?")

    (said,) = page.xpath("//div[@class='statements']/p")
    (quoted,) = page.xpath("//div[@class='statements']/blockquote")
    assert (said.get("lang"), quoted.get("lang"), quoted.get("dir")) == ("tr", "de", "ltr")
    assert PUPPIES in quoted.text_content()
    assert [link.get("href") for link in quoted.xpath(".//a")] == ["#source-2"]
    text = page.text_content()
    assert message(Text.MADE_BY_MODEL, "tr") in text
    assert RATE in page.xpath("//ol[@class='sources']")[0].text_content()


def test_placeholders_become_the_askers_words_only_on_the_page_that_answers_her(
    tmp_path: Path,
) -> None:
    page = ask(GENERATED, tmp_path, "Ich heiße Anna Petersen. Was kostet ein Hund?")
    said = page.xpath("//div[@class='statements']/p")[0].text_content()
    assert said.startswith("Anna Petersen, her köpek")
    assert message(Text.PERSONAL_DATA_SEEN, "tr") in page.text_content()

    other = ask(GENERATED, tmp_path, "Was kostet ein Hund?")
    assert other.xpath("//div[@class='statements']/p")[0].text_content().startswith("[PERSON-1]")


def test_a_name_that_is_markup_stays_text(tmp_path: Path) -> None:
    named = "Ich heiße Anna <script>alert(1)</script> Petersen. Was kostet ein Hund?"
    assert "alert(1)" not in ask(GENERATED, tmp_path, named).xpath("string(//script)")


def test_an_answer_of_the_model_can_be_had_in_simple_german(tmp_path: Path) -> None:
    german = replace(GENERATED, language="de", personal=(), question="")
    for answer, offered in (
        (german, True),
        (replace(german, mode=Mode.CURATED), False),
        (replace(german, language="tr"), False),
    ):
        page = ask(answer, tmp_path, "Was kostet ein Hund?")
        buttons = page.xpath("//section[@class='answer']//button[@name='switch']")
        assert [button.get("value") for button in buttons] == (["de-simple"] if offered else [])
