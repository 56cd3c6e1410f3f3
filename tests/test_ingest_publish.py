"""What is stored of a passage: its vectors, and in an FAQ that of the question."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import load_settings
from core.store import Store
from core.types import Hit
from ingest.publish import Publisher
from ingest.run import ingest
from service.retrieve import Query, retrieve

QUESTION = "Wie melde ich mich um?"
TEXT = "# Bürgerbüro\n\n## {heading}\n\nKommen Sie ins Rathaus. Bringen Sie den Ausweis mit.\n"
FAQ = "---\ntitle: Fragen\nkind: faq\n---\n"
LONG = " ".join(
    f"Zum {number}. Schritt gehört ein Formular aus dem Rathaus." for number in range(60)
)


def stored(folder: Path, text: str, language: str = "de") -> list[Hit]:
    """All passages of one document as the index gives them back."""
    (folder / "fragen.md").write_text(text, "utf-8")
    settings = load_settings(state_dir=folder / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, folder / "originals")
    assert ingest([folder / "fragen.md"], Publisher(store), settings).failures == []
    vector = encoder.encode_question(QUESTION, language)
    query = Query(QUESTION, language, vector, None, date.today(), registry.generation())
    hits = retrieve(store, query, 50)
    index.close()
    registry.close()
    return hits


def rows_after_the_sentences(hit: Hit) -> np.ndarray:
    assert hit.sentence_vectors is not None
    return hit.sentence_vectors[len(hit.passage.sentences) :]


def test_an_faq_entry_has_its_questions_vector_after_those_of_its_sentences(tmp_path: Path) -> None:
    [hit] = stored(tmp_path, FAQ + TEXT.format(heading=QUESTION + " {#ummelden}"))
    [row] = rows_after_the_sentences(hit)
    expected = WordEncoder().encode_question(QUESTION, "de")
    assert row @ expected == pytest.approx(1, abs=0.01)


def test_every_passage_of_a_long_entry_has_it(tmp_path: Path) -> None:
    hits = stored(tmp_path, f"{FAQ}## {QUESTION}\n\n{LONG}\n")
    assert len(hits) > 1
    assert [len(rows_after_the_sentences(hit)) for hit in hits] == [1] * len(hits)


def test_other_documents_have_sentences_only(tmp_path: Path) -> None:
    [hit] = stored(tmp_path, TEXT.format(heading=QUESTION))
    assert len(rows_after_the_sentences(hit)) == 0


def test_an_faq_without_headings_has_no_questions(tmp_path: Path) -> None:
    [hit] = stored(tmp_path, FAQ + "Kommen Sie ins Rathaus.\n")
    assert len(rows_after_the_sentences(hit)) == 0
