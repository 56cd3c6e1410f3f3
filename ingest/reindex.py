"""The index built anew beside the old one, from what the registry keeps of every document.

Nothing is read again: after a change of the embedding model or of the index's schema, or when the
index is damaged, the stored sections are made passages, embedded, and switched to at once. A site
that runs goes on answering from the old index until it is started again; on a server, until
something is published by one that was.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import groupby

from core.database import open_registry
from core.encoder import Encoder
from core.errors import IndexBusy, IndexOutdated
from core.index import STAGED, IndexIdentity
from core.index_engines import open_beside, replace_index
from core.registry import Registry
from core.settings import Settings
from core.store import Store, registry_state, take_rebuilt
from core.versions import Publication, Version
from core.writer import writing
from ingest.publish import Change, Publisher
from ingest.run import BATCH_PASSAGES, Progress
from ingest.staging import staged_change


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What is in the new index, and whether it is in use already."""

    documents: int
    passages: int
    answers: bool


def reindex(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Reindexed:
    """Builds the index anew with the encoder and switches to it, at once where no site runs.

    Killed before that, the old one stands. Raises WriterBusy, StorageFull,
    IndexOutdated where a document's text was not kept.
    """
    identity = IndexIdentity(encoder.model_id, encoder.dimensions)
    with writing(settings) as still_writing, closing(open_registry(settings)) as registry:
        with closing(open_beside(settings, identity)) as index:
            publisher = Publisher(Store(encoder, index, registry, settings.state_dir / "originals"))
            documents = _write(publisher, progress)
            index.optimize()
            index.flush()
            passages = index.count(registry.generation())
            still_writing()  # otherwise something may have been published meanwhile
            replace_index(settings, index, registry_state(registry))
        try:
            answers = settings.qdrant_url is not None or take_rebuilt(settings, identity, registry)
        except IndexBusy:  # a site runs on the old one; it switches when it opens the store again
            answers = False
    return Reindexed(documents, passages, answers)


def _write(publisher: Publisher, progress: Progress | None) -> int:
    """Everything that stands, and what is prepared beside it; returns how many documents stand."""
    index, registry = publisher.store.index, publisher.store.registry
    generation = registry.generation()
    standing = [
        list(versions) for _, versions in groupby(registry.standing(), lambda v: v.document.id)
    ]
    batch: list[Change] = []
    for done, versions in enumerate(standing, 1):
        batch.append(publisher.change(_publication(registry, versions), versions[:-1]))
        if sum(len(change.new) for change in batch) >= BATCH_PASSAGES or done == len(standing):
            publisher.write(batch, generation)
            batch = []
            if progress:
                progress(done, len(standing), versions[-1].document.title)
    for staged in registry.staged():
        change = staged_change(publisher, staged)
        publisher.write([change], STAGED)
        index.retire(change.ended, STAGED)
    return len(standing)


def _publication(registry: Registry, versions: list[Version]) -> Publication:
    """The newest of the versions that stand, to be written again; all of them were kept whole."""
    document_id = versions[-1].document.id
    sections = [registry.sections(document_id, version.number) for version in versions]
    newest = sections[-1]
    if newest is None or None in sections:
        raise IndexOutdated(
            f"The text of {document_id} was not kept when it was published; "
            "use `auskunft ingest PATH --rebuild`."
        )
    return Publication(versions[-1], {}, newest)
