"""Other ways to find passages and sentences: plain llama-index, BM25, any sentence-transformers
model; all read the same chunks, made by llama-index with its own settings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.encoder import Encoder, PassageInput, load_encoder
from core.errors import ModelUnavailable
from core.languages import detect_language
from core.model import PASSAGE_PROMPT, QUESTION_PROMPT, provide_bundled_model
from core.settings import Settings
from core.types import Vector
from eval.dataset import Question, follow, read_rows

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.vector_stores.types import BasePydanticVectorStore

DEPTH = 30  # chunks found for a question, as several may be of one document
BLOCK = 32  # texts encoded at a time

Score = Callable[[Sequence[str], Sequence[str]], Iterator[Vector]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document as it is embedded, its title before it; `town` is "" where the document
    is of none."""

    document_id: str
    town: str
    text: str


@dataclass(frozen=True, slots=True)
class Peer:
    """`search` gives for each question the best chunks that hold in its town, best first. `score`
    takes texts and questions and gives for each question how near every text is, shape (texts,);
    -inf says that they have nothing in common."""

    search: Callable[[Sequence[Chunk], Sequence[Question]], Iterator[list[Chunk]]]
    score: Score


def open_peers(
    names: Iterable[str], model: str | None, settings: Settings
) -> Iterator[tuple[str, Peer]]:
    """The peers of these names (of `PEERS`), and that with the model of a name or path, one after
    the other; what is not there is named on stderr and left out."""
    wanted: dict[str, Callable[[Settings], Peer]] = {name: PEERS[name] for name in names}
    if model is not None:
        wanted[_model_name(model)] = partial(_open_model, model)
    for name, open_one in wanted.items():
        try:
            peer = open_one(settings)
        except ImportError as error:
            print(f"{name} is left out: {error.name} is not installed.", file=sys.stderr)
        except ModelUnavailable:
            print(f"{name} is left out: there is no such model.", file=sys.stderr)
        else:
            yield name, peer


def split_corpus(folder: Path) -> list[Chunk]:
    """The documents of a set in chunks."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import MetadataMode

    hidden = ["document_id", "town"]  # from what is embedded
    documents = [
        Document(
            text=row["text"],
            metadata={
                "title": row["title"],
                "document_id": row["_id"],
                "town": row.get("city") or "",
            },
            excluded_embed_metadata_keys=hidden,
            excluded_llm_metadata_keys=hidden,
        )
        for row in read_rows(folder / "corpus.jsonl")
    ]
    return [
        Chunk(
            node.metadata["document_id"],
            node.metadata["town"],
            node.get_content(MetadataMode.EMBED),
        )
        for node in SentenceSplitter().get_nodes_from_documents(documents)
    ]


def llama_index_peer(
    reading: BaseEmbedding, asking: BaseEmbedding, store: BasePydanticVectorStore
) -> Peer:
    """llama-index: what embeds passages, what embeds questions (as its texts), and an empty store,
    which a search fills."""
    return Peer(
        partial(_search_llama_index, reading, asking, store),
        partial(_score_embedded, reading, asking),
    )


def dense_peer(encoder: Encoder) -> Peer:
    """The cosine of every chunk, encoded whole, and nothing else."""
    return _scoring_peer(partial(_score_encoded, encoder))


def bm25_peer() -> Peer:
    """bm25s with its own settings, German stop words and stemmer. Raises ImportError."""
    import bm25s  # type: ignore[import-untyped]  # it ships no types
    import Stemmer  # type: ignore[import-not-found]  # a C module without stubs

    stemmer = Stemmer.Stemmer("german")

    def words(texts: Sequence[str]) -> list[list[str]]:
        tokens: list[list[str]] = bm25s.tokenize(
            list(texts), stopwords="de", stemmer=stemmer, return_ids=False, show_progress=False
        )
        return tokens

    def score(texts: Sequence[str], questions: Sequence[str]) -> Iterator[Vector]:
        retriever = bm25s.BM25()
        retriever.index(words(texts), show_progress=False)
        for asked in words(questions):
            scores = retriever.get_scores(asked)
            yield np.where(scores > 0, scores, -np.inf)

    return _scoring_peer(score)


def _open_llama_index(settings: Settings) -> Peer:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.qdrant import QdrantVectorStore
    from qdrant_client import QdrantClient

    # it embeds texts in blocks, but questions one by one, which takes much longer; so questions
    # are texts too, with their own instruction, which gives the same vectors
    folder = str(provide_bundled_model(settings.cache_dir))
    reading, asking = (
        HuggingFaceEmbedding(folder, text_instruction=prompt, device="cpu", embed_batch_size=BLOCK)
        for prompt in (PASSAGE_PROMPT, QUESTION_PROMPT)
    )
    store = QdrantVectorStore("peer", client=QdrantClient(":memory:"))
    return llama_index_peer(reading, asking, store)


def _open_model(model: str, settings: Settings) -> Peer:
    return dense_peer(load_encoder(settings.model_copy(update={"embedding_model": model})))


def _model_name(model: str) -> str:
    """A model's name in a table: of a folder the last part of its path."""
    return Path(model).resolve().name if Path(model).exists() else model


# the peers that need no further word
PEERS: Mapping[str, Callable[[Settings], Peer]] = {
    "llama-index": _open_llama_index,
    "BM25": lambda _: bm25_peer(),
}


def _search_llama_index(
    reading: BaseEmbedding,
    asking: BaseEmbedding,
    store: BasePydanticVectorStore,
    chunks: Sequence[Chunk],
    questions: Sequence[Question],
) -> Iterator[list[Chunk]]:
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import QueryBundle, TextNode
    from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

    vectors = _encode(reading.get_text_embedding_batch, [chunk.text for chunk in chunks])
    nodes = [
        TextNode(
            text=chunk.text,
            metadata={"town": chunk.town, "number": number},
            embedding=vector.tolist(),
        )
        for number, (chunk, vector) in enumerate(zip(chunks, vectors, strict=True))
    ]
    context = StorageContext.from_defaults(vector_store=store)
    with warnings.catch_warnings():  # that it makes no index of towns, in the mode that we compare
        warnings.filterwarnings("ignore", "Payload indexes have no effect")
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=reading)
    texts = [question.text for question in questions]
    asked = _encode(asking.get_text_embedding_batch, texts)
    for question, vector in zip(follow(questions, "Searching"), asked, strict=True):
        towns = [question.town, ""] if question.town else []
        allowed = [MetadataFilter(key="town", value=towns, operator=FilterOperator.IN)]
        filters = MetadataFilters(filters=allowed) if towns else None
        retriever = index.as_retriever(similarity_top_k=DEPTH, filters=filters)
        hits = retriever.retrieve(QueryBundle(question.text, embedding=vector.tolist()))
        yield [chunks[hit.node.metadata["number"]] for hit in hits]


def _score_embedded(
    reading: BaseEmbedding, asking: BaseEmbedding, texts: Sequence[str], questions: Sequence[str]
) -> Iterator[Vector]:
    vectors = _encode(reading.get_text_embedding_batch, texts)
    for asked in _encode(asking.get_text_embedding_batch, questions):
        yield vectors @ asked


def _score_encoded(
    encoder: Encoder, texts: Sequence[str], questions: Sequence[str]
) -> Iterator[Vector]:
    def encode(block: Sequence[str]) -> list[Vector]:
        passages = [PassageInput("", text, ((0, len(text)),)) for text in block]
        return [vectors.passage for vectors in encoder.encode_passages(passages)]

    vectors = _encode(encode, texts)
    for question in follow(questions, "Reading questions"):
        yield vectors @ encoder.encode_question(question, detect_language(question) or "de")


def _scoring_peer(score: Score) -> Peer:
    """A peer that searches by scoring every chunk."""

    def search(chunks: Sequence[Chunk], questions: Sequence[Question]) -> Iterator[list[Chunk]]:
        texts = [chunk.text for chunk in chunks]
        towns = np.array([chunk.town for chunk in chunks])
        asked = [question.text for question in questions]
        for question, scores in zip(questions, score(texts, asked), strict=True):
            if question.town:
                scores = np.where((towns == question.town) | (towns == ""), scores, -np.inf)
            best = np.argsort(-scores, kind="stable")[:DEPTH]
            yield [chunks[number] for number in best if np.isfinite(scores[number])]

    return Peer(search, score)


def _encode(
    encode: Callable[[list[str]], Sequence[Sequence[float] | Vector]], texts: Sequence[str]
) -> Vector:
    """The vectors of texts at length 1, shape (n, d): equal texts once, alike long ones together,
    which saves padding."""
    distinct = sorted(set(texts), key=len)
    blocks = [distinct[start : start + BLOCK] for start in range(0, len(distinct), BLOCK)]
    rows = [row for block in follow(blocks, "Encoding") for row in encode(block)]
    vectors = np.array(rows, np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    places = {text: place for place, text in enumerate(distinct)}
    found: Vector = vectors[[places[text] for text in texts]]
    return found
