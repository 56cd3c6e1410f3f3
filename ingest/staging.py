"""Versions in people's hands: prepared, published, discarded, taken back, withdrawn."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from core.errors import DocumentUnknown, MetadataInvalid, StageOutdated, VersionUnknown
from core.index import STAGED
from core.timeline import stays_beside
from core.types import Document
from core.versions import End, EndedAs, Publication, Staged, Version
from ingest.decisions import is_upload
from ingest.publish import Change, Publisher


def stage(publisher: Publisher, changes: Sequence[Change]) -> None:
    """Keeps changes beside what citizens see, each in place of an earlier one of its document."""
    for change in changes:
        publisher.store.index.unstage(change.document.id)
        publisher.store.registry.stage(change.publication)
    _write(publisher, changes)


def _write(publisher: Publisher, changes: Sequence[Change]) -> None:
    store = publisher.store
    publisher.write(changes, STAGED)
    store.index.retire([point for change in changes for point in change.ended], STAGED)
    store.index.flush()


def restage(publisher: Publisher) -> None:
    """Writes again what a killed process left half prepared or swept away."""
    for staged in publisher.store.registry.staged():
        change = staged_change(publisher, staged)
        there = publisher.store.index.standing(change.document.id, STAGED)
        if there.keys() != {placed.point for placed in change.passages}:
            publisher.store.index.unstage(change.document.id)
            _write(publisher, [change])


def staged_change(publisher: Publisher, staged: Staged) -> Change:
    """What publishing a prepared version would do to what stands now."""
    document = staged.publication.version.document
    today = date.today()
    standing = publisher.store.registry.standing(document.id)
    beside = [v for v in standing if stays_beside(v.document, document, today)]
    change = publisher.change(staged.publication, beside)
    prepared = publisher.store.index.standing(document.id, STAGED)
    lent = {content: point for point, content in prepared.items()}
    return replace(change, copies={**lent, **change.copies})


def publish_staged(publisher: Publisher, document_ids: Sequence[str], by: str) -> int:
    """Shows prepared versions to citizens, all at once; returns how many passages ended.

    Raises DocumentUnknown where nothing is prepared for an id, StageOutdated where a document was
    published otherwise or withdrawn since; then nothing is published.
    """
    changes = []
    for document_id in document_ids:
        change = staged_change(publisher, _require_current(publisher, document_id))
        version = replace(change.publication.version, published_by=by)
        publication = replace(change.publication, version=version, was_staged=True)
        changes.append(replace(change, publication=publication))
    ended = publisher.publish(changes)
    for document_id in document_ids:  # a passage that was prepared and is not needed any more
        publisher.store.index.unstage(document_id)
    return ended


def discard(publisher: Publisher, document_id: str) -> None:
    """Forgets what was prepared for a document; an ingest does not take in that file until it
    changes. Raises DocumentUnknown."""
    version = require_staged(publisher, document_id).publication.version
    publisher.store.index.unstage(document_id)
    publisher.store.index.flush()
    publisher.store.registry.discard(version)  # last: killed before, it is prepared again


def forget_put_back(publisher: Publisher, sources: Container[str]) -> list[Path]:
    """Forgets what was prepared from files that are again what they were before, and returns them;
    an upload, which is known by such a file, stays prepared."""
    store, files = publisher.store, []
    for staged in store.registry.staged():
        version = staged.publication.version
        history = store.registry.history(version.document.id)
        if version.source in sources and not is_upload(history, staged):
            store.index.unstage(version.document.id)
            store.index.flush()
            store.registry.unstage(version.document.id)  # last, likewise
            files.append(Path(version.source))
    return files


def postpone(publisher: Publisher, document_ids: Sequence[str], day: date) -> None:
    """Prepares again what is prepared for documents, to be in force from a day on.

    Raises DocumentUnknown, StageOutdated, and MetadataInvalid where one ends before that day.
    """
    changes = []
    for document_id in document_ids:
        staged = _require_current(publisher, document_id)
        version = staged.publication.version
        document = replace(version.document, valid_from=day)
        if document.valid_to and document.valid_to < day:
            raise MetadataInvalid(f"valid_from ({day}) is after valid_to ({document.valid_to}).")
        version = replace(version, document=document, is_scheduled=True)
        publication = replace(staged.publication, version=version)
        changes.append(staged_change(publisher, replace(staged, publication=publication)))
    stage(publisher, changes)


def _require_current(publisher: Publisher, document_id: str) -> Staged:
    """What is prepared for a document that was not published otherwise or withdrawn since."""
    staged = require_staged(publisher, document_id)
    if is_outdated(staged, publisher.store.registry.history(document_id)):
        raise StageOutdated(
            f"{document_id} was published in another version or withdrawn since this one was "
            "prepared; prepare it again, or discard it."
        )
    return staged


def is_outdated(staged: Staged, history: Sequence[Version]) -> bool:
    """Whether the version that this one was prepared against is not the newest any more, or no
    longer stands."""
    if not history:
        return staged.base != 0
    newest = history[-1]
    return newest.number != staged.base or (staged.base_stood and newest.end is not None)


def require_staged(publisher: Publisher, document_id: str) -> Staged:
    """What is prepared for a document; raises DocumentUnknown."""
    found = publisher.store.registry.staged(document_id)
    if not found:
        raise DocumentUnknown(f"Nothing is prepared for {document_id}.")
    return found[0]


def roll_back(
    publisher: Publisher, document_id: str, number: int, by: str = "", reason: str = ""
) -> Version:
    """Publishes an earlier version again, as the newest one; the versions that stood beside it then
    and still do go on, and those come back too that were withdrawn with the last one. The file that
    the last version came from is not taken in again until it changes. Raises DocumentUnknown,
    VersionUnknown.
    """
    registry = publisher.store.registry
    history = _history(publisher, document_id)
    wanted = require_version(history, number)
    standing = registry.standing(document_id)
    if standing and standing[-1].number == number:
        raise VersionUnknown(f"Version {number} of {document_id} is the one that stands.")
    newest = history[-1]
    withdrawn = [] if standing else [v for v in history if v.end and v.end == newest.end]
    stood = registry.standing_at(document_id, wanted.gen_from)
    beside_then = [_text(v) for v in stood if v.number < number]
    beside = [
        v for v in [*standing, *withdrawn] if _text(v) in beside_then and _text(v) != _text(wanted)
    ]
    version = replace(wanted, digest=newest.digest, source=newest.source)
    change = publisher.change(_again(publisher, version, by, reason), beside)
    others = [_again(publisher, v, by, reason) for v in beside if v in withdrawn]
    # without passages: the change brings those of all of them
    back = [Change(p.version.document, p, (), frozenset(), (), {}) for p in others]
    publisher.publish([*back, change])
    return registry.history(document_id)[-1]


def _again(publisher: Publisher, version: Version, by: str, reason: str) -> Publication:
    """A version that ended, to be published once more; raises VersionUnknown."""
    registry, document_id = publisher.store.registry, version.document.id
    sections = registry.sections(document_id, version.number)
    if sections is None:
        raise VersionUnknown(f"The text of version {version.number} of {document_id} was not kept.")
    return Publication(
        replace(version, published_by=by, reason=reason, end=None),
        registry.pages(document_id, version.number),
        sections,
        registry.scans(document_id, version.number),
        ended_as=EndedAs.TAKEN_BACK,
    )


def _text(version: Version) -> tuple[str, Document]:
    """What a version says; brought back, it says the same under another number."""
    return version.original, version.document


def withdraw(publisher: Publisher, document_id: str, by: str = "", reason: str = "") -> int:
    """Takes a document away from citizens, in all its versions; its file is not taken in again
    until it changes. Returns how many passages ended. Raises DocumentUnknown."""
    if not publisher.store.registry.standing(document_id):
        raise DocumentUnknown(f"No document {document_id} stands; `auskunft documents` lists them.")
    return publisher.publish([], [document_id], End(EndedAs.WITHDRAWN, by, reason))


def require_version(history: Sequence[Version], number: int) -> Version:
    """A version by its number; raises VersionUnknown."""
    for version in history:
        if version.number == number:
            return version
    raise VersionUnknown(
        f"{history[0].document.id} has no version {number}; it has 1 to {history[-1].number}."
    )


def _history(publisher: Publisher, document_id: str) -> list[Version]:
    history = publisher.store.registry.history(document_id)
    if not history:
        raise DocumentUnknown(
            f"There is no document {document_id}; `auskunft documents` lists them."
        )
    return history
