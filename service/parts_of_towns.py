"""Parts of towns that no list of places has, as the documents name them: "im Stadtteil Oberau"."""

from __future__ import annotations

import re

from core.lexical import encode_terms_query
from core.store import Store
from service.retrieve import Query, ask_terms

_PART = (
    r"\b(?:stadt|orts?|gemeinde)teile?[ns]?\b|\bteilorte?[ns]?\b|\bortschaft(?:en)?\b"
    r"|\b(?:stadt|orts)bezirke?[ns]?\b"
)
_LISTED = r"[^.;:?!]{0,120}?\b"  # "in den Stadtteilen Niederau und Oberau"
PASSAGES = 20  # with the name in them that are looked at


def is_a_part(store: Store, query: Query, name: str) -> bool:
    """Whether a document that a query may find names a place as a part of a town, so that it is
    asked about here and not elsewhere."""
    named = re.compile(f"(?:{_PART}){_LISTED}{re.escape(name)}\\b", re.IGNORECASE)
    hits = ask_terms(store, query, encode_terms_query(name, "de"), PASSAGES)
    return any(named.search(hit.passage.text) for hit in hits)
