"""Texts that a language model drafts for staff: every sentence checked against its passages, none
sent by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum

from core.encoder import Encoder
from core.errors import ModelFailed
from core.types import Hit
from service.checking import Fault, check_draft
from service.draft_reader import SCHEMA, DraftReader
from service.drafted import Draft
from service.extract import Pick
from service.generate import language_name
from service.language_model import LanguageModel, Task
from service.listening import listen
from service.material import CHARACTERS, Material, gather, put_back, without_placeholders
from service.personal import Masked, mask_personal
from service.prompting import load_prompt
from service.wording import SIMPLE_GERMAN, base_language

SECONDS = 60.0  # a person waits for a whole text, not for the first sentence of an answer
MAX_TOKENS = 1200
LONGEST_NOTE = 4000  # characters
MOST_PASSAGES = 8  # of a reply: what small models can still read


class DraftKind(StrEnum):
    """What is drafted; each has a prompt of this name."""

    REPLY = "draft_reply"  # to a citizen
    NOTICE = "draft_notice"  # for the town's gazette or site
    ESSENTIALS = "essentials"  # of a by-law
    CHANGES = "changes"  # between two versions


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """A sentence of a model, what is wrong with it (nothing: it stands in its passages), the
    passages that it names and those of their sentences that are nearest to it."""

    text: str
    faults: tuple[Fault, ...]
    hits: tuple[Hit, ...]
    nearest: tuple[Pick, ...]

    @property
    def is_sound(self) -> bool:
        """Whether the checks found nothing wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """What a model wrote; `is_whole`: it came to its end."""

    sentences: tuple[DraftedSentence, ...]
    is_whole: bool

    @property
    def sound(self) -> tuple[DraftedSentence, ...]:
        """The sentences that stood up to the checks."""
        return tuple(sentence for sentence in self.sentences if sentence.is_sound)


def write_draft(
    model: LanguageModel,
    kind: DraftKind,
    hits: Sequence[Hit],
    encoder: Encoder,
    note: str = "",
    wording: str = "de",
    glossary: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> StaffDraft:
    """A draft, in a wording such as "tr" or "de-simple" with the town's own words, from passages
    and a clerk's `note`, whose personal data the model does not see and which stand in the draft
    again. What is more than a model can read goes to it in portions.

    Raises ModelFailed where nothing came at all.
    """
    masked = mask_personal(note)
    deadline = time.monotonic() + seconds
    sentences: list[DraftedSentence] = []
    is_whole = True
    for portion in portions_of(hits):
        material = gather(portion, (), masked.text)
        task = _task(kind, material.data(masked.text, glossary or {}), wording)
        try:
            for draft in _listen(model, task, wording, deadline):
                sentences.append(judge_sentence(draft, material, masked, encoder))
        except ModelFailed:
            if not sentences:
                raise
            is_whole = False
            break
    return StaffDraft(tuple(sentences), is_whole)


def portions_of(hits: Sequence[Hit]) -> Iterator[list[Hit]]:
    """The passages in their order, in portions that a model can read."""
    portion: list[Hit] = []
    length = 0
    for hit in hits:
        length += len(hit.passage.text)
        if portion and (length > CHARACTERS or len(portion) == MOST_PASSAGES):
            yield portion
            portion, length = [], len(hit.passage.text)
        portion.append(hit)
    if portion:
        yield portion


def judge_sentence(
    draft: Draft, material: Material, masked: Masked, encoder: Encoder
) -> DraftedSentence:
    """A drafted sentence as staff see it: the words of the passages and of the note in place of
    their tokens, and what is wrong with it. The note is no proof of anything."""
    bare = replace(draft, text=without_placeholders(material.put_back(draft.text)))
    checked = check_draft(bare, material.hits, encoder)
    strange = (Fault.ORDER,) if material.has_unknown(draft.text) else ()
    cited = [material.hits[n - 1] for n in draft.sources if 0 < n <= len(material.hits)]
    return DraftedSentence(
        put_back(draft.text, {**material.tokens, **masked.words}),
        tuple(dict.fromkeys((*checked.faults, *strange))),
        tuple(cited),
        checked.picks,
    )


def _task(kind: DraftKind, data: str, wording: str) -> Task:
    return load_prompt(kind).task(
        data,
        schema=SCHEMA,
        max_tokens=MAX_TOKENS,
        language=language_name(wording),
        is_simple=wording == SIMPLE_GERMAN,
    )


def _listen(model: LanguageModel, task: Task, wording: str, deadline: float) -> Iterator[Draft]:
    """The drafts as they come; raises ModelFailed where they break off, or are none that can be
    read."""
    reader = DraftReader(base_language(wording))
    with closing(listen(model, task, deadline)) as pieces:
        for piece in pieces:
            yield from reader.read(piece or "")
            if reader.is_over:
                break
    if not reader.is_whole:
        raise ModelFailed
