"""What a model said of personal data, in the asker's own words: on the page that answers her."""

from __future__ import annotations

from core.types import Answer, Statement
from service.guard import normalise_question, without_orders
from service.material import put_back
from service.personal import mask_personal


def shown_statements(answer: Answer, asked: str) -> list[tuple[Statement, str]]:
    """The statements, each with what is shown of it: a model's with words of the question `asked`,
    which was just sent, in place of placeholders."""
    heard = without_orders(normalise_question(asked))  # as the answerer numbers what it masks
    words = mask_personal(heard).words if answer.personal else {}
    return [
        (statement, statement.text if statement.is_quote else put_back(statement.text, words))
        for statement in answer.statements
    ]
