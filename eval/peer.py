"""The usual way, to compare speed with: llama-index with qdrant-client's local mode.

Run as a process of its own: `python -m eval.peer DOCUMENTS MODEL QUESTIONS STATE`; prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from eval.load import memory_mb, percentiles, seconds_of, serve_and_ask


def main() -> None:
    """Ingests, asks in process and over HTTP, and prints the figures as JSON."""
    documents, model, question_file, state = sys.argv[1:5]
    questions: list[str] = json.loads(Path(question_file).read_text("utf-8"))
    started = time.perf_counter()
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.qdrant import QdrantVectorStore
    from qdrant_client import QdrantClient

    embedding = HuggingFaceEmbedding(
        model, query_instruction="query: ", text_instruction="passage: ", device="cpu"
    )
    start_up = time.perf_counter() - started
    store = QdrantVectorStore("peer", client=QdrantClient(path=state))
    started = time.perf_counter()
    nodes = SentenceSplitter().get_nodes_from_documents(
        SimpleDirectoryReader(documents, recursive=True).load_data()
    )
    index = VectorStoreIndex(
        nodes,
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embedding,
    )
    ingest = time.perf_counter() - started
    retriever = index.as_retriever(similarity_top_k=5)

    def ask(question: str) -> dict[str, Any]:
        return {"passages": [found.get_content() for found in retriever.retrieve(question)]}

    in_process = percentiles(seconds_of(ask, questions))
    print(
        json.dumps(
            {
                "ingest_s": ingest,
                "passages": len(nodes),
                "start_up_s": start_up,
                "in_process_ms": in_process,
                "http_ms": percentiles(serve_and_ask(ask, questions)),
                "memory_mb": memory_mb(),
            }
        )
    )


if __name__ == "__main__":
    main()
