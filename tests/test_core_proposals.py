"""Proposals: two people at once notice each other, and nobody approves their own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.database import open_registry
from core.entries import Source
from core.errors import ProposalChanged, ProposalUnknown, SecondPersonMissing
from core.proposals import (
    Proposal,
    State,
    Wording,
    delete_proposal,
    move_proposal,
    read_proposal,
    read_proposals,
    save_proposal,
)
from core.settings import load_settings
from ingest.approved_text import clean_answer, clean_question, reads_as_written, render

DRAFT = Proposal(
    town="990010001001",
    wordings={"de": Wording("Wo?", "Hier."), "ar": Wording("أين؟", "هنا.")},
    sources=(Source("hundesteuer", "§ 5"),),
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    registry = open_registry(load_settings(state_dir=tmp_path))
    yield registry.engine
    registry.close()


def test_a_proposal_is_kept_as_written(engine: Engine) -> None:
    saved = save_proposal(engine, DRAFT, "ada")
    kept = read_proposal(engine, saved.id)
    assert (kept.edition, kept.state) == (1, State.DRAFT)
    assert (kept.made_by, kept.changed_by, kept.approved_by) == ("ada", "ada", "")
    assert (kept.wordings, kept.sources, kept.town) == (DRAFT.wordings, DRAFT.sources, DRAFT.town)
    assert read_proposals(engine) == [kept]


def test_who_saves_an_older_edition_is_told(engine: Engine) -> None:
    first = save_proposal(engine, DRAFT, "ada")
    save_proposal(engine, first, "berta")
    with pytest.raises(ProposalChanged):
        save_proposal(engine, first, "ada")
    with pytest.raises(ProposalChanged):
        delete_proposal(engine, first)
    assert read_proposal(engine, first.id).changed_by == "berta"


def test_nobody_approves_what_they_changed_last(engine: Engine) -> None:
    waiting = move_proposal(engine, save_proposal(engine, DRAFT, "ada"), State.WAITING)
    with pytest.raises(SecondPersonMissing):
        move_proposal(engine, waiting, State.APPROVED, "ada")
    approved = move_proposal(engine, waiting, State.APPROVED, "berta")
    assert (approved.state, approved.approved_by) == (State.APPROVED, "berta")
    with pytest.raises(ProposalChanged, match="withdraw it"):
        save_proposal(engine, approved, "ada")


def test_a_change_needs_a_new_approval(engine: Engine) -> None:
    waiting = move_proposal(engine, save_proposal(engine, DRAFT, "ada"), State.WAITING)
    changed = save_proposal(engine, waiting, "berta")
    assert (changed.state, changed.changed_by, changed.made_by) == (State.DRAFT, "berta", "ada")


def test_a_deleted_proposal_is_unknown(engine: Engine) -> None:
    saved = save_proposal(engine, DRAFT, "ada")
    delete_proposal(engine, saved)
    with pytest.raises(ProposalUnknown):
        read_proposal(engine, saved.id)
    with pytest.raises(ProposalUnknown):
        save_proposal(engine, saved, "ada")
    with pytest.raises(ProposalUnknown):
        move_proposal(engine, saved, State.WAITING)


@pytest.mark.parametrize(
    "answer",
    [
        "# Keine Überschrift\n\n---\n\nid: faq",
        "## Wie? {#faq}\n\n### tr: Nasıl?",
        "- eins\n- # zwei\n- > drei\n\n1. vier\n2) fünf",
        "> Zitat\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "<script>alert(1)</script> &amp; [klick](javascript:alert(1)) ![x](y)",
        "```\nkein Code\n```\n\n~~~\n\n    eingerückt",
        "**fett** __fett__ `code` C:\\Ordner ende#",
        "2026. war ein Jahr\n\n+ plus\n\n* Stern\n\n= gleich\n\n#",
        "Quellen sind wichtig.\n\nDie Quelle: Statistisches Bundesamt",
        "\u2028Zeile\u0000 mit\u0007 Steuerzeichen\n\n\n\n…",
        "هاتف ⁦09999 123-100⁩",
    ],
)
def test_whatever_is_typed_stays_the_text_of_one_entry(answer: str) -> None:
    text = clean_answer(answer)
    proposal = replace(DRAFT, wordings={"de": Wording("Was gilt? #", text)}, sources=())
    if "**" in answer:  # the reader takes stray signs of bold out, so it is refused
        assert not reads_as_written(proposal)
        proposal = replace(proposal, wordings={"de": Wording("?", text.replace("**", ""))})
    assert reads_as_written(proposal), render([proposal], "", None)


@pytest.mark.parametrize(
    ("question", "is_fit"), [("tr: Nasıl?", False), ("", False), ("Wie? {#faq}", True), ("#", True)]
)
def test_a_question_that_would_be_read_as_something_else_is_seen(
    question: str, is_fit: bool
) -> None:
    proposal = replace(DRAFT, wordings={"de": Wording(clean_question(question), "So.")})
    assert reads_as_written(proposal) == is_fit


def test_sources_and_translations_are_read_back() -> None:
    sources = (Source("abfall", ""), Source("hundesteuer", "§ 5"), Source("zeiten", "Bürgerbüro"))
    assert reads_as_written(replace(DRAFT, sources=sources))
    assert reads_as_written(replace(DRAFT, sources=(Source("mit leerzeichen", "§ 5"),)))
    strange = (Source("abfall", "Was; wie?"),)
    assert not reads_as_written(replace(DRAFT, sources=strange))


def test_a_line_that_names_a_source_is_no_part_of_an_answer() -> None:
    text = "96 Euro.\n\nQuelle: Statistisches Bundesamt"
    assert not reads_as_written(replace(DRAFT, wordings={"de": Wording("Wie viel?", text)}))
