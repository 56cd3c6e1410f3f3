"""A draft begins with the sentences that are likeliest to answer, of whatever passage."""

from __future__ import annotations

import pytest

from core.store import Store
from core.types import Kind
from service.drafts import SENTENCES, draft_answer


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Wie hoch ist die Steuer für einen Hund?", "de", "108,00 Euro"),
        ("How much is the dog tax for one dog?", "en", "108,00 Euro"),
    ],
)
def test_a_draft_holds_what_is_asked_for(
    auental: Store, question: str, language: str, words: str
) -> None:
    drafted = draft_answer(auental, question, language, None)
    assert any(words in sentence.text for sentence in drafted)
    assert len(drafted) <= SENTENCES
    assert all(sentence.text in sentence.hit.passage.text for sentence in drafted)


def test_what_nothing_answers_has_a_draft_all_the_same(auental: Store) -> None:
    drafted = draft_answer(auental, "Was kostet ein Angelschein?", "de", None)
    assert drafted
    assert not {sentence.hit.document.kind for sentence in drafted} & {Kind.FORM, Kind.FAQ}


def test_in_a_place_without_documents_there_is_no_draft(auental: Store) -> None:
    assert draft_answer(auental, "Was kostet ein Hund?", "de", ("nowhere",)) == []
