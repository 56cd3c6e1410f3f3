"""Entries of an FAQ that a language model proposes for a document; people approve them, or not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from core.encoder import Encoder
from core.errors import ModelFailed
from core.types import Hit
from service.checking import Fault, check_draft
from service.draft_reader import LONGEST, LONGEST_TEXT, SCHEMA
from service.drafted import Draft
from service.guard import normalise_question
from service.language_model import LanguageModel
from service.listening import listen
from service.material import Material, gather, without_placeholders
from service.personal import Masked
from service.prompting import load_prompt
from service.staff_drafts import (
    MAX_TOKENS,
    SECONDS,
    DraftedSentence,
    judge_sentence,
    portions_of,
)

LONGEST_QUESTION = 300  # characters
MOST_ENTRIES = 4  # of a portion

_ENTRY = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "statements": SCHEMA["properties"]["statements"],
    },
    "required": ["question", "statements"],
    "additionalProperties": False,
}
FAQ_SCHEMA: dict[str, Any] = {
    "title": "faq",
    "type": "object",
    "properties": {"entries": {"type": "array", "items": _ENTRY}},
    "required": ["entries"],
    "additionalProperties": False,
}
# Of a question nothing else can be told: it states nothing.
_OF_A_QUESTION = {
    Fault.NO_SOURCE, Fault.NUMBER, Fault.SECTION, Fault.CONTACT, Fault.NAME, Fault.LANGUAGE,
    Fault.ORDER,
}  # fmt: skip
_NO_NOTE = Masked("", {})


@dataclass(frozen=True, slots=True)
class ProposedEntry:
    """A question with its answer, every sentence of which stood up to the checks, and the passages
    that it rests on."""

    question: str
    sentences: tuple[DraftedSentence, ...]
    hits: tuple[Hit, ...]

    @property
    def answer(self) -> str:
        """The answer in one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class ProposedEntries:
    """What a model proposed; `dropped`: how many entries did not stand up to the checks;
    `is_whole`: it came to its end."""

    entries: tuple[ProposedEntry, ...]
    dropped: int
    is_whole: bool


def propose_entries(
    model: LanguageModel, hits: Sequence[Hit], encoder: Encoder, seconds: float = SECONDS
) -> ProposedEntries:
    """German questions that the passages answer, each with its answer; one sentence that does not
    stand up to the checks takes its whole entry with it. Raises ModelFailed where nothing came."""
    deadline = time.monotonic() + seconds
    found: dict[str, ProposedEntry] = {}
    dropped = 0
    is_whole = True
    for number, portion in enumerate(portions_of(hits)):
        material = gather(portion, (), "")
        try:
            items = _write(model, material, deadline)
        except ModelFailed:
            if not number:
                raise
            is_whole = False
            break
        for item in items:
            entry = _entry_of(item, material, encoder)
            dropped += entry is None
            if entry:
                found.setdefault(entry.question.casefold(), entry)
    return ProposedEntries(tuple(found.values()), dropped, is_whole)


def _write(
    model: LanguageModel, material: Material, deadline: float
) -> Sequence[Mapping[str, Any]]:
    """The entries as they were written; raises ModelFailed where they cannot be read."""
    task = load_prompt("faq").task(
        material.data("", {}), schema=FAQ_SCHEMA, max_tokens=MAX_TOKENS, most=MOST_ENTRIES
    )
    text = ""
    with closing(listen(model, task, deadline)) as pieces:
        for piece in pieces:
            text += piece or ""
            if len(text) > LONGEST_TEXT:
                raise ModelFailed
    try:
        written = json.loads(text.strip().removeprefix("```json").removesuffix("```"))
    except (ValueError, RecursionError):
        raise ModelFailed from None
    items = written.get("entries") if isinstance(written, dict) else None
    if not isinstance(items, list):
        raise ModelFailed
    return [item for item in items if isinstance(item, dict)][:MOST_ENTRIES]


def _entry_of(
    item: Mapping[str, Any], material: Material, encoder: Encoder
) -> ProposedEntry | None:
    """An entry out of JSON of any shape; None where anything is wrong with it."""
    drafts = list(_drafts(item.get("statements")))
    sources = tuple(dict.fromkeys(number for draft in drafts for number in draft.sources))
    asked = item.get("question")
    if not drafts or not isinstance(asked, str):
        return None
    question = Draft(normalise_question(asked), "de", sources)
    if not _is_question(question, material, encoder):
        return None
    sentences = tuple(judge_sentence(draft, material, _NO_NOTE, encoder) for draft in drafts)
    if not all(sentence.is_sound for sentence in sentences):
        return None
    hits = dict.fromkeys(hit.passage.id for sentence in sentences for hit in sentence.hits)
    by_id = {hit.passage.id: hit for hit in material.hits}
    words = material.put_back(question.text)
    return ProposedEntry(words, sentences, tuple(by_id[passage_id] for passage_id in hits))


def _is_question(draft: Draft, material: Material, encoder: Encoder) -> bool:
    """Whether it asks, and names nothing that its passages do not."""
    is_formed = draft.text.endswith("?") and len(draft.text) <= LONGEST_QUESTION
    if not is_formed or material.has_unknown(draft.text):
        return False
    bare = Draft(without_placeholders(material.put_back(draft.text)), "de", draft.sources)
    return not _OF_A_QUESTION & set(check_draft(bare, material.hits, encoder).faults)


def _drafts(items: object) -> Iterator[Draft]:
    """The statements of an entry; what is none is one without a source, so that it counts."""
    for item in items if isinstance(items, list) else []:
        text = item.get("text") if isinstance(item, dict) else None
        named = item.get("sources") if isinstance(item, dict) else None
        is_text = isinstance(text, str) and 0 < len(text.strip()) <= LONGEST
        numbers = [n for n in named if type(n) is int] if isinstance(named, list) else []
        words = normalise_question(str(text)) if is_text else ""
        yield Draft(words, "de", tuple(dict.fromkeys(numbers)) if is_text else ())
