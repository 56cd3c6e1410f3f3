"""The form of an approved answer: what was typed in it, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request

from core.entries import Source
from core.languages import SUPPORTED
from core.proposals import Proposal, Wording
from core.types import Hit
from ingest.approved_text import clean_answer, clean_question, document_id
from web.editor.proposal_check import LONGEST_ANSWER, LONGEST_QUESTION, MOST_SOURCES

LONGEST_SEARCH = 300


@dataclass(frozen=True, slots=True)
class PostedProposal:
    """What a form sent: the proposal, what the editor wants done with it, and what they search
    sources with."""

    proposal: Proposal
    act: str  # save, search, submit
    words: str


async def posted_proposal(request: Request) -> PostedProposal:
    """A dependency that reads the form; what is too long is cut a little above its limit, so that
    the check that follows can say so."""
    form = await request.form(max_fields=100, max_part_size=2**19)
    wordings = {code: _wording(form, code) for code in SUPPORTED}
    edition = _text(form, "edition", 10)
    sources = [_source(value) for value in form.getlist("source")[: MOST_SOURCES + 1]]
    return PostedProposal(
        Proposal(
            id=_text(form, "id", 32),
            edition=int(edition) if edition.isdecimal() else 0,
            town=_text(form, "town", 200),
            wordings={code: w for code, w in wordings.items() if w.question or w.answer},
            sources=tuple(dict.fromkeys(source for source in sources if source)),
        ),
        _text(form, "act", 20),
        clean_question(_text(form, "words", LONGEST_SEARCH)),
    )


def source_of(hit: Hit) -> Source:
    """The place of a passage, as an approved answer names it."""
    section = hit.passage.section
    return Source(hit.document.id, "" if any(sign in section for sign in ';„“"') else section)


def may_be_source(hit: Hit) -> bool:
    """Whether an approved answer may rest on a passage: not on another approved answer."""
    return not hit.document.id.startswith(document_id(""))


def source_value(source: Source) -> str:
    """A source as a form sends it."""
    return f"{source.document_id}|{source.section}"


def _source(value: object) -> Source | None:
    document, _, section = str(value)[:1000].partition("|")
    return Source(document, section) if document else None


def _wording(form: FormData, code: str) -> Wording:
    return Wording(
        clean_question(_text(form, f"question_{code}", LONGEST_QUESTION + 100)),
        clean_answer(_text(form, f"answer_{code}", LONGEST_ANSWER + 1000)),
    )


def _text(form: FormData, name: str, longest: int) -> str:
    return str(form.get(name, ""))[:longest]
