"""A follow-up question made whole by a language model, from the turns that the client sends."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from core.errors import ModelFailed, QuestionTooLong
from service.guard import MAX_QUESTION_LENGTH, check_context, check_question, has_words
from service.guard import normalise_question as tidy
from service.language_model import LanguageModel
from service.listening import listen
from service.material import without_placeholders
from service.personal import mask_personal
from service.prompting import Prompt, load_prompt

MOST = 6  # turns
SECONDS = 2.0
MAX_TOKENS = 200

SCHEMA = {
    "title": "question",
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked before, and what was answered, "" where that is not told."""

    question: str
    answer: str = ""


def hear_turns(turns: Sequence[Turn], context: str | None) -> list[Turn]:
    """The last turns, cleaned, without those that are not looked up, so that nobody is led by them;
    the question `context` alone where there are none. Raises QuestionTooLong."""
    if any(len(turn.answer) > MAX_QUESTION_LENGTH for turn in turns):
        raise QuestionTooLong
    told = list(turns[-MOST:]) or ([Turn(context)] if context else [])
    heard = [Turn(check_context(turn.question), tidy(turn.answer)) for turn in told]
    return [turn for turn in heard if turn.question]


def follow_up_prompt() -> Prompt:
    """What a model is told that makes a question whole."""
    return load_prompt("follow_up")


def complete_question(
    model: LanguageModel,
    question: str,
    turns: Sequence[Turn],
    deadline: float,
    failed: Callable[[ModelFailed], None] = lambda _: None,
) -> str:
    """A masked question as one that is understood alone; "" where the model is not done within
    SECONDS, which `failed` is told, or what it writes may not be asked or has not the same numbers.
    """
    told = [{"question": _bare(turn.question), "answer": _bare(turn.answer)} for turn in turns]
    task = follow_up_prompt().task(
        json.dumps({"turns": told, "question": question}, ensure_ascii=False, indent=1),
        schema=SCHEMA,
        max_tokens=MAX_TOKENS,
    )
    written = ""
    try:
        in_time = min(deadline, time.monotonic() + SECONDS)
        with closing(listen(model, task, in_time)) as pieces:
            for piece in pieces:
                written += piece or ""
        found = json.loads(written)
    except (ModelFailed, ValueError, RecursionError) as error:
        failed(error if isinstance(error, ModelFailed) else ModelFailed())
        return ""
    whole = found.get("question") if isinstance(found, dict) else None
    if not isinstance(whole, str) or len(whole) > MAX_QUESTION_LENGTH:
        return ""
    whole = tidy(whole)
    is_fit = has_words(whole) and check_question(whole) is None
    return whole if is_fit and _keeps_numbers(whole, question, turns) else ""


def _bare(text: str) -> str:
    """What was said before, without personal data: a placeholder is one of the question's."""
    return without_placeholders(mask_personal(text).text)


def _keeps_numbers(whole: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a question has every number of the one that it completes, and else none but those of
    the turns."""
    asked = _numbers(question)
    known = asked.union(*(_numbers(f"{turn.question} {turn.answer}") for turn in turns))
    return asked <= _numbers(whole) <= known


def _numbers(text: str) -> set[int]:
    return {int(number) for number in _NUMBER.findall(without_placeholders(text))}
