"""The sample town's evaluation set fits the sample town's documents."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from core.languages import SUPPORTED
from core.store import Store
from eval.questions import check_set, facts_of, load_rows

SET = Path(__file__).parent.parent / "data/questions/auental.jsonl"
ROWS = load_rows(SET)  # with ids that stand once, days, and sources of what is to be answered


def test_questions_stand_once_and_in_every_language() -> None:
    assert len(ROWS) >= 120
    texts = Counter(row.question["de"].casefold() for row in ROWS if not row.context)
    assert set(texts.values()) == {1}
    for row in ROWS:
        assert set(row.question) == set(SUPPORTED)
        assert set(row.context or SUPPORTED) == set(SUPPORTED)
        assert all(text.strip() for text in (*row.question.values(), *(row.context or {}).values()))


def test_places_that_prove_the_same_are_several() -> None:
    for row in ROWS:
        for fact in facts_of(row.sources):
            places = {(source.document_id, source.section) for source in fact}
            assert len(places) == len(fact) > (fact[0].fact is not None), row.id


def test_sources_stand_in_the_documents_and_hold_the_numbers(auental: Store) -> None:
    check_set(ROWS, auental)
