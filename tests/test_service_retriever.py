"""Our search in a query of llama-index."""

from __future__ import annotations

from datetime import date

import pytest
from fakes import HIT, RATE, ScriptedAnswerer
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

from core.errors import TownUnknown
from service.retriever import PassageRetriever


def test_a_passage_is_a_node_with_its_place() -> None:
    (found,) = PassageRetriever(ScriptedAnswerer()).retrieve("Was kostet ein Hund?")

    assert (found.text, found.score, found.node_id) == (RATE, HIT.score, "p1")
    assert found.metadata["label"] == "§ 5 Abs. 1 Hundesteuersatzung, S. 3"
    assert found.metadata["document_id"] == "satzungen/hundesteuer"
    assert found.metadata["page"] == 3
    assert found.metadata["url"] == "https://www.aichelberg.example/hundesteuer.pdf"


def test_town_day_and_limit_reach_the_search() -> None:
    answerer = ScriptedAnswerer()
    PassageRetriever(answerer, "Aichelberg", date(2026, 1, 1), limit=3).retrieve("Hund")

    assert answerer.asked == [
        {"question": "Hund", "town": "Aichelberg", "as_of": date(2026, 1, 1), "limit": 3}
    ]


def test_a_query_engine_writes_from_what_was_found() -> None:
    model = MockLLM()  # it says what it is told
    written = get_response_synthesizer(llm=model, response_mode=ResponseMode.COMPACT)
    engine = RetrieverQueryEngine(PassageRetriever(ScriptedAnswerer()), written)

    response = engine.query("Was kostet ein Hund?")

    assert RATE in str(response)
    assert "label: § 5 Abs. 1 Hundesteuersatzung, S. 3" in str(response)
    assert [node.node_id for node in response.source_nodes] == ["p1"]


def test_an_error_of_the_search_is_not_hidden() -> None:
    with pytest.raises(TownUnknown):
        PassageRetriever(ScriptedAnswerer(TownUnknown())).retrieve("Hund")
