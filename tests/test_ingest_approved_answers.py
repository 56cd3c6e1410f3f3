"""Approved answers are published for the town that they are for, and for no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.errors import ProposalUnfit
from core.index import IndexIdentity
from core.index_engines import open_index
from core.proposals import Proposal, State, Wording, move_proposal, read_proposal, save_proposal
from core.settings import Settings, load_settings
from core.store import Store
from ingest.approved_answers import approve, publish_approved
from ingest.publish import Publisher
from ingest.run import ingest
from ingest.staging import withdraw

AUENTAL = "990010001001"
TAX = f"""---
id: hundesteuer
kind: statute
jurisdiction: {{level: municipality, name: Auental, key: "{AUENTAL}"}}
---
# Hundesteuersatzung

Die Steuer beträgt 96 Euro.
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(state_dir=tmp_path / "state")


@pytest.fixture
def publisher(settings: Settings, tmp_path: Path) -> Iterator[Publisher]:
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    publisher = Publisher(Store(encoder, index, registry, settings.state_dir / "originals"))
    file = tmp_path / "hundesteuer.md"
    file.write_text(TAX, "utf-8")
    assert ingest([file], publisher, settings).failures == []
    yield publisher
    index.close()
    registry.close()


def waiting(publisher: Publisher, town: str) -> Proposal:
    engine = publisher.store.registry.engine
    draft = Proposal(town=town, wordings={"de": Wording("Was kostet ein Hund?", "96 Euro.")})
    return move_proposal(engine, save_proposal(engine, draft, "ada"), State.WAITING, "ada")


def places(publisher: Publisher) -> dict[str, str | None]:
    documents = [version.document for version in publisher.store.registry.standing()]
    return {
        document.id: document.jurisdiction.key if document.jurisdiction else None
        for document in documents
    }


def test_an_answer_is_for_its_town_alone(publisher: Publisher, settings: Settings) -> None:
    approve(publisher, settings, waiting(publisher, AUENTAL), "berta")
    assert set(places(publisher).values()) == {AUENTAL}


def test_an_answer_for_a_town_without_documents_is_refused(
    publisher: Publisher, settings: Settings
) -> None:
    proposal = waiting(publisher, f"{AUENTAL}zzz")
    with pytest.raises(ProposalUnfit):
        approve(publisher, settings, proposal, "berta")
    kept = read_proposal(publisher.store.registry.engine, proposal.id)
    assert kept == replace(proposal, changed_at=kept.changed_at)
    assert places(publisher) == {"hundesteuer": AUENTAL}


def test_an_answer_that_cannot_be_written_waits_again(
    publisher: Publisher, settings: Settings
) -> None:
    (settings.state_dir / "approved").write_text("no folder", "utf-8")
    proposal = waiting(publisher, AUENTAL)
    with pytest.raises(OSError, match="approved"):
        approve(publisher, settings, proposal, "berta")
    assert read_proposal(publisher.store.registry.engine, proposal.id).state is State.WAITING


def test_the_answers_of_a_town_that_left_do_not_become_everybodys(
    publisher: Publisher, settings: Settings
) -> None:
    approve(publisher, settings, waiting(publisher, AUENTAL), "berta")
    for document_id in places(publisher):
        withdraw(publisher, document_id)
    publish_approved(publisher, settings, "berta")
    assert places(publisher) == {}
