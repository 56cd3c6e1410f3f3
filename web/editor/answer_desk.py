"""What an editor and a second person do with approved answers in the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException

from core.entries import Source
from core.errors import (
    AuskunftError,
    ProposalChanged,
    ProposalUnfit,
    ProposalUnknown,
    SecondPersonMissing,
    SourceMissing,
)
from core.languages import SUPPORTED, direction
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
from core.types import Hit
from ingest.approved_answers import approve, take_back
from ingest.approved_text import entry_name
from ingest.publish import Publisher
from web.citizen.sources import source_address
from web.documents import place_of
from web.editing import Json
from web.editor.german import error_sentence
from web.editor.insight_words import LANGUAGES
from web.editor.proposal_check import check_fit
from web.editor.proposal_form import may_be_source, source_of, source_value
from web.editor.rights import may_edit
from web.editor.towns import town_name, town_options, usual_town
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

PASSAGES = 5
_SENTENCES: tuple[tuple[type[AuskunftError], str], ...] = (
    (
        ProposalChanged,
        "Inzwischen hat jemand anderes diese Antwort geändert. Ihr Text steht noch hier; darunter "
        "steht jeweils der andere. Gleichen Sie beide ab und speichern Sie dann noch einmal.",
    ),
    (
        SecondPersonMissing,
        "Wer eine Antwort zuletzt geändert hat, kann sie nicht selbst freigeben. "
        "Bitten Sie eine zweite Person.",
    ),
    (ProposalUnknown, "Diese Antwort gibt es nicht mehr; jemand hat sie gelöscht."),
    (SourceMissing, "Eine Quelle dieser Antwort gibt es heute nicht. Nennen Sie eine andere."),
)


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A row of the list."""

    proposal: Proposal
    town: str


@dataclass(frozen=True, slots=True)
class ShownWording:
    """The fields of a language; `other`: what somebody else saved meanwhile, where it differs."""

    code: str
    name: str
    direction: str
    wording: Wording
    other: Wording | None


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A place that may be ticked as source; `text`: the passage, "" for one ticked before."""

    value: str
    title: str
    section: str
    address: str
    text: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The form of a proposal. `edition` is the one that a save replaces."""

    proposal: Proposal
    edition: int
    wordings: tuple[ShownWording, ...]
    sources: tuple[ShownSource, ...]
    towns: Sequence[tuple[str, str]]
    town: str
    words: str
    may_approve: bool
    is_own: bool  # whether the visitor changed it last


class AnswerDesk:
    """Proposals as the pages show them, and every act on them; all raise HTTPException 403 for a
    town that somebody has no rights for."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._engine = parts.store.registry.engine
        self._publisher = Publisher(parts.store)

    def proposals(self, person: Person) -> list[ShownProposal]:
        """The proposals of a person's towns, the last one first."""
        options = town_options(self._parts, person)
        return [
            ShownProposal(proposal, town_name(options, proposal.town))
            for proposal in read_proposals(self._engine)
            if person.may(Role.EDITOR, proposal.town)
        ]

    def entries(self, person: Person) -> list[Json]:
        """The entries of FAQ documents, and whether each answers."""
        registry = self._parts.store.registry
        entries = self._parts.editing.approved()["entries"]
        return [e for e in entries if may_edit(person, registry, e["id"].rpartition("#")[0])]

    def titles(self) -> dict[str, str]:
        """What documents are called, by their ids."""
        standing = [version.document for version in self._parts.store.registry.standing()]
        return {document.id: document.short_title or document.title for document in standing}

    def confirm(self, visitor: Visitor, entry: str) -> None:
        """Lets an entry answer with its sources as they read today; raises as `EditorDesk` does."""
        document_id = entry.rpartition("#")[0]
        if not may_edit(visitor.person, self._parts.store.registry, document_id):
            raise HTTPException(403)
        self._parts.editing.confirm(entry, visitor.person.name)
        place = place_of(self._parts.store.registry, document_id)
        self._parts.staff.note(visitor, "confirm_answer", entry, place=place)

    def read(self, person: Person, proposal_id: str) -> Proposal:
        """A proposal, a new one for ""; raises HTTPException 404 for one that is gone."""
        if not proposal_id:
            return Proposal(town=usual_town(town_options(self._parts, person)))
        try:
            proposal = read_proposal(self._engine, proposal_id)
        except ProposalUnknown as error:
            raise HTTPException(404) from error
        self.require_right(person, proposal)
        return proposal

    def require_right(self, person: Person, proposal: Proposal, role: Role = Role.EDITOR) -> None:
        """Raises HTTPException 403 where a person may not act for the town of a proposal."""
        if not person.may(role, proposal.town):
            raise HTTPException(403)
        if proposal.id and not person.may(role, self._standing_town(proposal)):
            raise HTTPException(403)

    def view(
        self, person: Person, proposal: Proposal, words: str, is_conflict: bool
    ) -> ProposalView:
        """The form of a proposal as typed, with what is kept meanwhile where there is a conflict,
        and with the best passages for what is searched."""
        try:
            kept = read_proposal(self._engine, proposal.id) if proposal.id else proposal
        except ProposalUnknown:  # deleted meanwhile: what was typed can still be saved anew
            kept = proposal = replace(proposal, id="", edition=0)
        shown = replace(
            proposal,
            state=kept.state,
            changed_by=kept.changed_by,
            made_by=kept.made_by,
            approved_by=kept.approved_by,
            changed_at=kept.changed_at,
        )
        options = town_options(self._parts, person)
        return ProposalView(
            shown,
            kept.edition if is_conflict else proposal.edition,
            tuple(_shown_wording(code, shown, kept, is_conflict) for code in SUPPORTED),
            tuple(self._sources(shown, words)),
            options,
            town_name(options, proposal.town),
            words,
            person.may(Role.APPROVER, proposal.town),
            kept.changed_by == person.name,
        )

    def submit(self, visitor: Visitor, proposal: Proposal) -> Proposal:
        """Saves a proposal and has it wait for a second person; raises as `save_proposal` and
        `check_fit` do."""
        check_fit(proposal)
        saved = save_proposal(self._engine, proposal, visitor.person.name)
        waiting = move_proposal(self._engine, saved, State.WAITING)
        self._note(visitor, "submit_answer", saved.id, saved)
        return waiting

    def move(self, visitor: Visitor, proposal_id: str, edition: int, act: str) -> None:
        """Approves, returns, takes back or deletes a proposal as its page showed it. Raises
        ProposalChanged, SecondPersonMissing, and what publishing does."""
        proposal = self.read(visitor.person, proposal_id)
        by = visitor.person.name
        role = Role.EDITOR if act == "deleted" else Role.APPROVER
        self.require_right(visitor.person, proposal, role)
        if proposal.edition != edition or proposal.state not in _FROM.get(act, ()):
            raise ProposalChanged
        settings = self._parts.settings
        if act == "approved":
            check_fit(proposal)
            approve(self._publisher, settings, proposal, by)
        elif act == "withdrawn":
            take_back(self._publisher, settings, proposal, by)
        elif act == "returned":
            move_proposal(self._engine, proposal, State.REJECTED)
        else:
            delete_proposal(self._engine, proposal)
        self._note(visitor, f"answer_{act}", entry_name(proposal), proposal)

    def _note(self, visitor: Visitor, act: str, subject: str, proposal: Proposal) -> None:
        question = proposal.own.question
        self._parts.staff.note(visitor, act, subject, place=proposal.town, question=question)

    def _sources(self, proposal: Proposal, words: str) -> list[ShownSource]:
        """What is ticked, then the best passages that are not."""
        found = [self._ticked(source) for source in proposal.sources]
        query = words or proposal.own.question
        hits = self._search(query, proposal.town) if query else ()
        ticked = set(proposal.sources)
        for hit in hits:
            source = source_of(hit)
            if source not in ticked:
                ticked.add(source)
                title = hit.document.title
                address = source_address(hit.document.id, hit.passage.page, "")
                value = source_value(source)
                found.append(
                    ShownSource(value, title, source.section, address, hit.passage.text, False)
                )
        return found

    def _ticked(self, source: Source) -> ShownSource:
        versions = self._parts.store.registry.standing(source.document_id)
        title = versions[-1].document.title if versions else source.document_id
        address = source_address(source.document_id, None, "")
        return ShownSource(source_value(source), title, source.section, address, "", True)

    def _search(self, query: str, town: str) -> Sequence[Hit]:
        try:
            found = self._parts.answerer.search(query, town=town or None, limit=2 * PASSAGES)
        except AuskunftError:  # no words in it, or a place that is gone: then nothing is found
            return ()
        return [hit for hit in found if may_be_source(hit)][:PASSAGES]

    def _standing_town(self, proposal: Proposal) -> str:
        try:
            return read_proposal(self._engine, proposal.id).town
        except ProposalUnknown:
            return proposal.town


_FROM = {
    "approved": (State.WAITING,),
    "returned": (State.WAITING,),
    "withdrawn": (State.APPROVED,),
    "deleted": (State.DRAFT, State.REJECTED),
}


def sentence_of(error: AuskunftError) -> str:
    """An error as editors read it."""
    if isinstance(error, ProposalUnfit):
        return str(error)
    known = (said for kind, said in _SENTENCES if isinstance(error, kind))
    return next(known, error_sentence(error).text)


def _shown_wording(code: str, typed: Proposal, kept: Proposal, is_conflict: bool) -> ShownWording:
    wording = typed.wordings.get(code, Wording())
    other = kept.wordings.get(code, Wording())
    differs = is_conflict and other != wording
    return ShownWording(code, LANGUAGES[code], direction(code), wording, other if differs else None)
