"""Approved answers in the making: drafts, who changed them, and what a second person said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select

from core import tables
from core.entries import Source
from core.errors import ProposalChanged, ProposalUnknown, SecondPersonMissing
from core.schema import transaction
from core.stored import utc


class State(StrEnum):
    """How far a proposal is."""

    DRAFT = "draft"
    WAITING = "waiting"  # for a second person
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Wording:
    """A question and its answer in one language; "" where not written yet."""

    question: str = ""
    answer: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether both are there."""
        return bool(self.question and self.answer)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An approved answer in the making. `edition` grows with every change, 0 before the first;
    `town`: the key or name of the place it is for, "" for all; `wordings` by language."""

    id: str = ""
    edition: int = 0
    state: State = State.DRAFT
    town: str = ""
    wordings: Mapping[str, Wording] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    made_by: str = ""
    changed_by: str = ""  # whoever changed the words last
    approved_by: str = ""
    changed_at: datetime | None = None  # given here

    @property
    def own(self) -> Wording:
        """The German wording, which is what is approved."""
        return self.wordings.get("de", Wording())


def read_proposals(engine: Engine) -> list[Proposal]:
    """All proposals, the one that was changed last first."""
    query = select(tables.proposal).order_by(tables.proposal.c.changed_at.desc())
    with transaction(engine) as connection:
        return [_from_row(row) for row in connection.execute(query).mappings()]


def read_proposal(engine: Engine, proposal_id: str) -> Proposal:
    """A proposal by its id; raises ProposalUnknown."""
    query = select(tables.proposal).where(tables.proposal.c.id == proposal_id)
    with transaction(engine) as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise ProposalUnknown
    return _from_row(row)


def save_proposal(engine: Engine, proposal: Proposal, by: str) -> Proposal:
    """Keeps what a person wrote, as a draft; how it stands then. Raises ProposalChanged where its
    edition is no longer the last or it is approved, ProposalUnknown where it was deleted."""
    if not proposal.id:
        made = replace(proposal, id=uuid4().hex, made_by=by)
        kept = _next(made, State.DRAFT, changed_by=by, approved_by="")
        with transaction(engine) as connection:
            connection.execute(tables.proposal.insert().values(_to_row(kept)))
        return kept
    standing = read_proposal(engine, proposal.id)
    if standing.state is State.APPROVED:
        raise ProposalChanged("This answer is approved meanwhile; withdraw it to change it.")
    written = replace(proposal, made_by=standing.made_by)
    return _replace(engine, _next(written, State.DRAFT, changed_by=by, approved_by=""))


def move_proposal(engine: Engine, proposal: Proposal, state: State, by: str = "") -> Proposal:
    """Moves a proposal on, as it was read; how it stands then. `by` is who approves it. Raises
    ProposalChanged, ProposalUnknown, and SecondPersonMissing where who changed it last would
    approve it."""
    if state is State.APPROVED and by == proposal.changed_by:
        raise SecondPersonMissing
    approved_by = by if state is State.APPROVED else ""
    return _replace(engine, _next(proposal, state, proposal.changed_by, approved_by))


def delete_proposal(engine: Engine, proposal: Proposal) -> None:
    """Forgets a proposal, as it was read; raises ProposalChanged."""
    table = tables.proposal
    is_same = table.c.id == proposal.id, table.c.edition == proposal.edition
    with transaction(engine) as connection:
        if not connection.execute(table.delete().where(*is_same)).rowcount:
            raise ProposalChanged


def _next(proposal: Proposal, state: State, changed_by: str, approved_by: str) -> Proposal:
    return replace(
        proposal,
        edition=proposal.edition + 1,
        state=state,
        changed_by=changed_by,
        approved_by=approved_by,
        changed_at=datetime.now(UTC),
    )


def _replace(engine: Engine, proposal: Proposal) -> Proposal:
    """Writes an edition in place of the one before it, which must be the last."""
    table = tables.proposal
    before = table.c.id == proposal.id, table.c.edition == proposal.edition - 1
    with transaction(engine) as connection:
        if connection.execute(table.update().where(*before).values(_to_row(proposal))).rowcount:
            return proposal
    read_proposal(engine, proposal.id)
    raise ProposalChanged


def _to_row(proposal: Proposal) -> dict[str, Any]:

    return {
        "id": proposal.id,
        "edition": proposal.edition,
        "state": proposal.state.value,
        "town": proposal.town,
        "wordings": {code: [w.question, w.answer] for code, w in proposal.wordings.items()},
        "sources": [[source.document_id, source.section] for source in proposal.sources],
        "made_by": proposal.made_by,
        "changed_by": proposal.changed_by,
        "approved_by": proposal.approved_by,
        "changed_at": proposal.changed_at,
    }


def _from_row(row: Mapping[Any, Any]) -> Proposal:
    return Proposal(
        id=row["id"],
        edition=row["edition"],
        state=State(row["state"]),
        town=row["town"],
        wordings={code: Wording(*texts) for code, texts in row["wordings"].items()},
        sources=tuple(Source(*source) for source in row["sources"]),
        made_by=row["made_by"],
        changed_by=row["changed_by"],
        approved_by=row["approved_by"],
        changed_at=utc(row["changed_at"]),
    )
