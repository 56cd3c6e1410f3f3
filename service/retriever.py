"""Our search as a retriever of llama-index, for programs that are built on that."""

from __future__ import annotations

from datetime import date

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from core.types import Hit
from service.api import Answerer
from service.wire import PassageBody


class PassageRetriever(BaseRetriever):
    """Finds passages as `GET /api/v1/search` does: for a town (a name or key), as of a day (today
    by default), at most `limit`.

    Retrieving raises what `Answerer.search` raises.
    """

    def __init__(
        self,
        answerer: Answerer,
        town: str | None = None,
        as_of: date | None = None,
        limit: int = 10,
    ) -> None:
        super().__init__()
        self._answerer = answerer
        self._town = town
        self._as_of = as_of
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query, town = query_bundle.query_str, self._town
        hits = self._answerer.search(query, town=town, as_of=self._as_of, limit=self._limit)
        return [_node(hit) for hit in hits]


def _node(hit: Hit) -> NodeWithScore:
    """A hit with its place as metadata, the label first, as a citation names it."""
    body = PassageBody.of(hit).model_dump(mode="json")
    names = ("label", "document_id", "title", "section", "page", "url", "language", "as_of")
    metadata = {name: body[name] for name in names}
    node = TextNode(id_=hit.passage.id, text=hit.passage.text, metadata=metadata)
    node.excluded_embed_metadata_keys = list(metadata)
    node.excluded_llm_metadata_keys = [name for name in metadata if name != "label"]
    return NodeWithScore(node=node, score=hit.score)
