"""Approved proposals reach citizens: approved by a second person, published, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.errors import ProposalUnfit
from core.proposals import Proposal, State, move_proposal, read_proposals
from core.settings import Settings
from core.types import Jurisdiction
from core.writer import PATIENCE, StillWriting, writing
from ingest.approved_text import FOLDER, TITLE, render, slug_words
from ingest.publish import Publisher
from ingest.run import ingest


def publish_approved(
    publisher: Publisher,
    settings: Settings,
    by: str,
    still_writing: StillWriting | None = None,
) -> None:
    """Shows citizens every approved proposal, and nothing else of them; `still_writing`: of a
    caller who holds the place of the one writer. Raises what `ingest` does, and ProposalUnfit
    where what was written cannot be read."""
    folder = settings.state_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = _files(publisher, read_proposals(publisher.store.registry.engine))
    for name, text in wanted.items():
        _write(folder / name, text)
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()
    report = ingest(
        [folder],
        publisher,
        settings,
        prune=True,
        by=by,
        reason=TITLE,
        still_writing=still_writing,
    )
    if report.failures:
        raise ProposalUnfit(f"The approved answers cannot be read: {report.failures[0][1]}")


def approve(publisher: Publisher, settings: Settings, proposal: Proposal, by: str) -> Proposal:
    """A second person approves a proposal, as it was read, and citizens get it. Where publishing
    fails it waits again, and nothing was changed. Waits PATIENCE seconds for another writer; raises
    WriterBusy, as `move_proposal` and `publish_approved` do, and ProposalUnfit where its town has
    no documents."""
    if proposal.town and proposal.town not in _places(publisher):
        raise ProposalUnfit("There are no documents of the town that this answer is for.")
    return _publish_moved(publisher, settings, proposal, State.APPROVED, by)


def take_back(publisher: Publisher, settings: Settings, proposal: Proposal, by: str) -> Proposal:
    """An approved answer becomes a draft again, and citizens no longer get it. Raises as `approve`
    does."""
    return _publish_moved(publisher, settings, proposal, State.DRAFT, by)


def _publish_moved(
    publisher: Publisher, settings: Settings, proposal: Proposal, state: State, by: str
) -> Proposal:
    engine = publisher.store.registry.engine
    with writing(settings, PATIENCE) as still_writing:  # first: it may take a while
        moved = move_proposal(engine, proposal, state, by)
        try:
            publish_approved(publisher, settings, by, still_writing)
        except Exception:  # a full disk too: what citizens do not get is not approved
            move_proposal(engine, moved, proposal.state, proposal.approved_by)
            raise
    return moved


def _files(publisher: Publisher, proposals: Sequence[Proposal]) -> dict[str, str]:
    """The documents of all towns that have approved answers, by file name; none of a town that is
    gone, as they would be everybody's."""
    places = _places(publisher)
    approved: dict[str, list[Proposal]] = {}
    for proposal in sorted(proposals, key=lambda proposal: proposal.id):
        if proposal.state is State.APPROVED and (not proposal.town or proposal.town in places):
            approved.setdefault(proposal.town, []).append(proposal)
    return {
        f"{'-'.join(slug_words(town)) or 'alle'}.md": render(found, town, places.get(town))
        for town, found in approved.items()
    }


def _places(publisher: Publisher) -> dict[str, Jurisdiction]:
    """The places of the documents that stand, by key or name."""
    return {
        place.key or place.name: place
        for version in publisher.store.registry.standing()
        if (place := version.document.jurisdiction)
    }


def _write(path: Path, text: str) -> None:
    """Writes a file, whole or not at all."""
    if path.exists() and path.read_text("utf-8") == text:
        return
    written = path.with_name(f".{path.name}.new")
    written.write_text(text, "utf-8")
    written.replace(path)
