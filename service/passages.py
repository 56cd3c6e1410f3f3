"""A section of a document read whole: its passages, in reading order."""

from __future__ import annotations

from datetime import date

from core.errors import DocumentUnknown, DocumentWithdrawn, PassageUnknown
from core.store import Store
from core.types import Hit, Passage


def read_passages(
    store: Store, document_id: str, section: str, page: int | None, day: date
) -> list[Hit]:
    """The passages of a section as in force on a day, on one page of it where that is named. They
    are hits so that they are told as a search tells its own; nothing was compared, so `score` is 1.

    Raises DocumentUnknown, DocumentWithdrawn, PassageUnknown.
    """
    version = store.registry.standing_version(document_id, day)
    if version is None:
        is_known = bool(store.registry.history(document_id))
        raise DocumentWithdrawn if is_known else DocumentUnknown
    passages = store.index.fetch(document_id, store.registry.generation(), day)
    found = [passage for passage in passages if passage.section == section.strip()]
    if page is not None:
        found = [passage for passage in found if page in _pages(passage)]
    if not found:
        raise PassageUnknown
    return [Hit(passage, version.document, 1.0, 1.0) for passage in found]


def _pages(passage: Passage) -> set[int | None]:
    return {passage.page, *(sentence.page for sentence in passage.sentences)}
