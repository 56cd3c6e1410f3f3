"""The peers are asked the same as we are, and what is not there is left out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from encoders import WordEncoder
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.vector_stores.qdrant import QdrantVectorStore
from qdrant_client import QdrantClient
from sets import write_rows, write_set

from core.errors import ModelUnavailable
from core.settings import load_settings
from eval.dataset import Question
from eval.peers import (
    DEPTH,
    PEERS,
    Chunk,
    Peer,
    bm25_peer,
    dense_peer,
    llama_index_peer,
    open_peers,
    split_corpus,
)

CHUNKS = [
    Chunk("hund-a", "auental", "Die Hundesteuer beträgt 96 Euro im Jahr."),
    Chunk("hund-b", "bergtal", "Die Hundesteuer beträgt 96 Euro im Jahr, sagt der Rat."),
    Chunk("hund", "", "Hunde sind anzumelden, sonst wird die Hundesteuer geschätzt."),
    Chunk("ehe", "auental", "Die Eheschließung melden Sie beim Standesamt an."),
]
DOG = "Wie hoch ist die Hundesteuer im Jahr?"


class WordEmbedding(BaseEmbedding):
    """`WordEncoder` as llama-index takes it."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return WordEncoder().encode_question(query, "de").tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_query_embedding(text)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def asked(town: str | None, text: str = DOG) -> Question:
    return Question("q", text, "de", town, frozenset({"hund-a"}))


def word_llama_index() -> Peer:
    store = QdrantVectorStore("peer", client=QdrantClient(":memory:"))
    return llama_index_peer(WordEmbedding(), WordEmbedding(), store)


@pytest.fixture(params=["llama-index", "BM25", "dense"])
def peer(request: pytest.FixtureRequest) -> Peer:
    """Each of the peers; those that need a model know words only."""
    if request.param == "llama-index":
        return word_llama_index()
    return bm25_peer() if request.param == "BM25" else dense_peer(WordEncoder())


def test_a_peer_finds_what_shares_words_best_first(peer: Peer) -> None:
    ((first, *others),) = peer.search(CHUNKS, [asked(None)])
    assert first is CHUNKS[0]
    assert CHUNKS[1] in others


def test_a_peer_finds_what_holds_in_the_asked_town_or_in_all(peer: Peer) -> None:
    in_auental, in_bergtal = peer.search(CHUNKS, [asked("auental"), asked("bergtal")])
    assert [chunk.document_id for chunk in in_auental][:2] == ["hund-a", "hund"]
    assert {chunk.document_id for chunk in in_auental} <= {"hund-a", "hund", "ehe"}
    assert {chunk.document_id for chunk in in_bergtal} == {"hund-b", "hund"}


def test_a_peer_finds_no_more_than_is_looked_at(peer: Peer) -> None:
    chunks = [Chunk(str(n), "", f"Die Hundesteuer Nummer {n}") for n in range(DEPTH + 5)]
    (found,) = peer.search(chunks, [asked(None)])
    assert len(found) == DEPTH


def test_a_peer_scores_every_text_for_every_question(peer: Peer) -> None:
    texts = ["Die Hundesteuer im Jahr.", "Das Standesamt.", "Die Hundesteuer im Jahr."]
    of_dog, of_wedding = peer.score(texts, [DOG, "Wo ist das Standesamt?"])
    assert of_dog.shape == of_wedding.shape == (3,)
    assert of_dog[0] == pytest.approx(of_dog[2])
    assert of_dog[0] > of_dog[1]
    assert np.argmax(of_wedding) == 1


def test_bm25_knows_german_word_forms_and_finds_nothing_without_a_word() -> None:
    forms, nothing = bm25_peer().score(
        ["Hunde kosten.", "Katzen nicht."], ["Was kostet ein Hund?", "What is der ?"]
    )
    assert forms[0] > 0
    assert forms[1] == -np.inf
    assert list(nothing) == [-np.inf, -np.inf]
    assert list(bm25_peer().search(CHUNKS, [asked(None, "Where to swim?")])) == [[]]


def test_a_document_is_cut_with_its_title_before_each_piece(tmp_path: Path) -> None:
    row = {"_id": "lang", "title": "Satzung", "lang": "de", "text": "Ein Satz hat Worte. " * 600}
    write_rows(tmp_path / "corpus.jsonl", [row, {**row, "_id": "kurz", "text": "?", "city": "a"}])
    *pieces, last = split_corpus(tmp_path)
    assert len(pieces) > 1
    assert all(chunk.text.startswith("title: Satzung\n\nEin Satz") for chunk in pieces)
    assert {(chunk.document_id, chunk.town) for chunk in pieces} == {("lang", "")}
    assert last == Chunk("kurz", "a", "title: Satzung\n\n?")


def test_a_peer_that_is_not_installed_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.embeddings.huggingface", None)
    opened = [name for name, _ in open_peers(PEERS, None, load_settings())]
    assert opened == ["BM25"]
    said = capsys.readouterr().err
    assert said.splitlines() == [
        "llama-index is left out: llama_index.embeddings.huggingface is not installed."
    ]


def test_a_model_that_is_nowhere_is_named_and_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(_: object) -> None:
        raise ModelUnavailable

    monkeypatch.setattr("eval.peers.load_encoder", load)
    assert list(open_peers([], "no/such", load_settings())) == []
    assert capsys.readouterr().err == "no/such is left out: there is no such model.\n"


def test_the_bundled_folder_is_read_by_llama_index_and_as_a_model(
    model_folder: Path, tmp_path: Path
) -> None:
    pages = {"hund": "Die Hundesteuer beträgt 96 Euro.", "pass": "Ein Reisepass kostet 70 Euro."}
    chunks = split_corpus(write_set(tmp_path / "set", pages, []))
    opened = list(open_peers(["llama-index"], str(model_folder), load_settings()))
    assert [name for name, _ in opened] == ["llama-index", model_folder.name]
    for _, peer in opened:
        ((first, _),) = peer.search(chunks, [asked("auental", "How much is a passport?")])
        assert first.document_id == "pass"
        ((of_dog, of_pass),) = peer.score(list(pages.values()), ["How much is a passport?"])
        assert of_pass > of_dog
