"""The server of the Model Context Protocol, as the protocol's own client sees it over stdio."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from encoders import WordEncoder
from mcp import Client, StdioServerParameters, stdio_client

from core.database import open_registry
from core.errors import SettingInvalid
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest
from web.cli_mcp import mcp
from web.mcp_server import create_server
from web.office import LocalOffice

RULES = """---
id: hundesteuer
title: Hundesteuersatzung
kind: statute
valid_from: 2024-01-01
jurisdiction: {level: municipality, name: Auental, key: "990010001001"}
---
# Hundesteuersatzung

## § 5 Steuersatz

(1) Die Hundesteuer für den ersten Hund ist 108,00 Euro.

## § 6 Fristen

(1) Die Hundesteuer ist zum 1. Juli fällig.
"""
SERVER = """
import sys
sys.path.insert(0, sys.argv[1])
from test_web_mcp_server import serve
serve(sys.argv[2])
"""
QUESTION = {"query": "Hundesteuer für den ersten Hund"}


def serve(folder: str) -> None:
    """What `auskunft mcp` does, with a quick encoder: the server over the stored passages."""
    from contextlib import nullcontext

    settings = load_settings(state_dir=Path(folder) / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    ingest([Path(folder) / "rules.md"], Publisher(store), settings)
    create_server(lambda: nullcontext(LocalOffice(store, settings))).run("stdio")


def test_a_program_searches_and_reads_over_stdio(tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text(RULES, "utf-8")
    arguments = ["-c", SERVER, str(Path(__file__).parent), str(tmp_path)]
    root = str(Path(__file__).parent.parent)
    parameters = StdioServerParameters(
        command=sys.executable, args=arguments, env={"PYTHONPATH": root}
    )
    told: dict[str, Any] = {}

    async def talk() -> None:
        async with Client(stdio_client(parameters)) as client:
            told["tools"] = (await client.list_tools()).tools
            told["found"] = await client.call_tool("search", {**QUESTION, "town": "Auental"})
            place = {"document_id": "hundesteuer", "section": "§ 6"}
            told["read"] = await client.call_tool("get_passage", place)
            told["before"] = await client.call_tool("get_passage", {**place, "as_of": "2023-12-31"})
            told["nowhere"] = await client.call_tool("search", {**QUESTION, "town": "Atlantis"})
            told["many"] = await client.call_tool("search", {**QUESTION, "limit": 51})

    anyio.run(talk)

    assert {tool.name for tool in told["tools"]} == {"search", "get_passage"}
    assert all(tool.annotations.read_only_hint for tool in told["tools"])
    passages = told["found"].structured_content["passages"]
    assert passages[0]["text"] == "(1) Die Hundesteuer für den ersten Hund ist 108,00 Euro."
    assert passages[0]["label"] == "§ 5 Abs. 1 Hundesteuersatzung"
    (read,) = told["read"].structured_content["passages"]
    assert read["text"] == "(1) Die Hundesteuer ist zum 1. Juli fällig."
    assert read["valid_from"] == "2024-01-01"
    for name, sentence in (("before", "no such section"), ("nowhere", "Atlantis is in the index")):
        assert told[name].is_error
        assert sentence in told[name].content[0].text
    assert told["many"].is_error


def test_without_the_extra_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.delitem(sys.modules, "web.mcp_server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(SettingInvalid, match=r"pip install 'auskunft\[mcp\]'"):
        mcp()
