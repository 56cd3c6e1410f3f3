"""Reads drafts out of the JSON that a language model writes, each as soon as it is whole."""

from __future__ import annotations

import json
import re
from typing import Any

from service.drafted import Draft
from service.guard import normalise_question

MOST = 8  # statements of an answer
LONGEST = 600  # characters of a statement: what is longer is none
LONGEST_TEXT = 20_000  # characters that are read at all

SCHEMA: dict[str, Any] = {
    "title": "answer",
    "type": "object",
    "properties": {
        "can_answer": {"type": "boolean"},
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["can_answer", "statements"],
    "additionalProperties": False,
}

_HEAD = re.compile(
    r'\s*(?:```\w*\s*)?\{\s*"can_answer"\s*:\s*(true|false)\s*(?:,\s*"statements"\s*:\s*\[|\})'
)
_BETWEEN = re.compile(r"[\s,]*")


class DraftReader:
    """What a model has written so far. `can_answer`: whether it says that it can, None as long as
    it says nothing; `is_whole`: it has said all that it is asked for."""

    def __init__(self, language: str) -> None:
        self.can_answer: bool | None = None
        self.is_whole = False
        self._language = language
        self._text = ""
        self._place = 0
        self._count = 0
        self._decoder = json.JSONDecoder()

    @property
    def is_over(self) -> bool:
        """Whether nothing is read any more."""
        return self.is_whole or len(self._text) > LONGEST_TEXT

    def read(self, piece: str) -> list[Draft]:
        """The drafts that are whole with another piece."""
        if self.is_over:
            return []
        self._text += piece
        if self.can_answer is None and (head := _HEAD.match(self._text)):
            self.can_answer = head[1] == "true"
            self._place = head.end()
        self.is_whole = self.can_answer is False
        drafts: list[Draft] = []
        while self.can_answer and not self.is_over and (item := self._next_item()) is not None:
            self._count += 1
            self.is_whole = self._count == MOST
            if draft := _draft_of(item, self._language):
                drafts.append(draft)
        return drafts

    def _next_item(self) -> object | None:
        """The next statement as JSON; None where it is not whole yet, or was the last."""
        between = _BETWEEN.match(self._text, self._place)
        start = between.end() if between else self._place
        if self._text.startswith("]", start):
            self.is_whole = True
            return None
        try:
            item, self._place = self._decoder.raw_decode(self._text, start)
        except (ValueError, RecursionError):  # a number of 5,000 digits is a plain ValueError
            return None
        found: object = item
        return found


def _draft_of(item: object, language: str) -> Draft | None:
    """A statement out of JSON of any shape; None where it says nothing. What is no list of numbers
    is no source."""
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        return None
    text = normalise_question(item["text"])
    if not text or len(text) > LONGEST:
        return None
    named = item.get("sources")
    sources = [n for n in named if type(n) is int] if isinstance(named, list) else []
    return Draft(text, language, tuple(dict.fromkeys(sources)))
