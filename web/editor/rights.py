"""Which documents an editor may change: those of their towns; and who may publish an FAQ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.errors import DocumentError, SecondPersonMissing
from core.registry import Registry
from core.types import Document, Jurisdiction, Kind
from core.versions import Staged, Version
from web.people.rights import Person, Role


class DocumentForeign(DocumentError):
    """This document belongs to a town that you may not edit."""


class ApproverMissing(SecondPersonMissing):
    """This document holds approved answers; only an approver of its place may do that."""


class ApprovalMissing(SecondPersonMissing):
    """This document holds approved answers; an approver who did not upload it has to publish it."""


def may_edit_place(person: Person, place: Jurisdiction | None) -> bool:
    """Whether they may edit what applies somewhere; what applies everywhere, or at a place without
    a key, is for those who edit for all towns."""
    return person.may(Role.EDITOR, (place.key if place else "") or "")


def may_edit(person: Person, registry: Registry, document_id: str) -> bool:
    """Whether they may edit a document: the last version that was published and what is
    prepared."""
    published = registry.history(document_id)[-1:]
    prepared = [staged.publication.version for staged in registry.staged(document_id)]
    documents = (version.document for version in [*published, *prepared])
    return _may_edit_all(person, documents)


def require_admitted(person: Person, registry: Registry, document: Document) -> None:
    """Raises DocumentForeign where they may not take in a document, or replace the one that has
    its id."""
    is_theirs = may_edit_place(person, document.jurisdiction)
    if not is_theirs or not may_edit(person, registry, document.id):
        raise DocumentForeign


def require_approver(person: Person, version: Version) -> None:
    """Raises ApproverMissing where a version holds approved answers, and they may not approve where
    it applies."""
    place = version.document.jurisdiction
    is_approver = person.may(Role.APPROVER, (place.key if place else "") or "")
    if version.document.kind is Kind.FAQ and not is_approver:
        raise ApproverMissing


def may_release(person: Person, registry: Registry, document_id: str) -> bool:
    """Whether they may withdraw a document and bring it back: approved answers take an approver."""
    try:
        for version in registry.history(document_id):
            require_approver(person, version)
    except ApproverMissing:
        return False
    return True


def require_second(person: Person, staged: Staged) -> None:
    """Raises ApproverMissing where what is prepared holds approved answers and they may not approve
    it, ApprovalMissing where they uploaded it."""
    version = staged.publication.version
    require_approver(person, version)
    if version.document.kind is Kind.FAQ and version.published_by in (
        person.name,
        person.shown_name,
    ):
        raise ApprovalMissing


def preview_for(person: Person, registry: Registry, preview: dict[str, Any]) -> dict[str, Any]:
    """What a preview of everything that is prepared says of the documents that they may edit."""
    mine = {row["id"] for row in preview["documents"] if may_edit(person, registry, row["id"])}
    hidden = {row["id"] for row in preview["documents"]} - mine
    if not hidden:
        return preview

    def is_theirs(answer: dict[str, Any]) -> bool:
        cited = {
            citation["document_id"]
            for said in (answer["before"], answer["after"])
            for citation in said["citations"]
        }
        return not cited & hidden and any(may_edit(person, registry, id_) for id_ in cited)

    return preview | {
        "documents": [row for row in preview["documents"] if row["id"] in mine],
        "answers": [answer for answer in preview["answers"] if is_theirs(answer)],
    }


def _may_edit_all(person: Person, documents: Iterable[Document]) -> bool:
    return all(may_edit_place(person, document.jurisdiction) for document in documents)
