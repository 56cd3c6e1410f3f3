"""What an editor does with documents and their versions, as JSON: for commands, jobs and routes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.approvals import entry_states
from core.errors import DocumentUnknown
from core.usage import recent_uses
from core.writer import writing
from ingest.approvals import answering, confirmations, stopped
from ingest.difference_types import Difference
from ingest.differences import compare_sections, difference_json
from ingest.publish import Publisher
from ingest.staging import (
    discard,
    publish_staged,
    require_staged,
    require_version,
    restage,
    roll_back,
    withdraw,
)
from web.approvals import entry_json
from web.documents import documents_json, history_json, staged_json, version_json
from web.preview import preview_json
from web.stale import rank_stale, stale_json

if TYPE_CHECKING:
    from core.settings import Settings
    from core.store import Store

Json = dict[str, Any]


class EditorDesk:
    """Every act of an editor, by the names of `auskunft documents`. Those that write hold the place
    of the one writer. They raise WriterBusy, DocumentUnknown, VersionUnknown, StageOutdated, or an
    IndexFailure, and then nothing was changed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._publisher = Publisher(store)

    def overview(self) -> Json:
        """What stands, and what is prepared."""
        prepared = [staged_json(staged) for staged in self._store.registry.staged()]
        return documents_json(self._store.registry) | {"prepared": prepared}

    def show(self, document_id: str) -> Json:
        """Every version of a document, and what is prepared for it."""
        found = history_json(self._store.registry, document_id)
        if not found["versions"] and not found["prepared"]:
            raise DocumentUnknown(f"No document {document_id}; `auskunft documents` lists them.")
        return found

    def diff(self, document_id: str, a: int | None = None, b: int | None = None) -> Json:
        """What changed from version `a` to version `b`: from the last but one to the last by
        default, or to the one that is prepared."""
        return difference_json(self._difference(document_id, a, b)) | {"id": document_id}

    def _difference(
        self, document_id: str, a: int | None = None, b: int | None = None
    ) -> Difference:
        """What `diff` shows."""
        registry = self._store.registry
        history = registry.history(document_id)
        staged = registry.staged(document_id)
        if not history:
            raise DocumentUnknown(f"No document {document_id}; `auskunft documents` lists them.")
        if b is None and staged:
            after = staged[0].publication.sections
            before = history[-1] if a is None else require_version(history, a)
        else:
            last = history[-1] if b is None else require_version(history, b)
            after = registry.sections(document_id, last.number) or ()
            number = a if a is not None else max(last.number - 1, 1)
            before = require_version(history, number)
        sections = registry.sections(document_id, before.number) or ()
        return compare_sections(sections, after, before.document.language)

    def preview(self, questions: str | None = None, languages: Sequence[str] | None = None) -> Json:
        """What publishing everything that is prepared would do; `questions` is the path of an
        evaluation set whose questions are asked too, in some or all of its languages."""
        with writing(self._settings):
            self._prepared()
            restage(self._publisher)
            path = Path(questions) if questions else None
            return preview_json(self._store, self._settings, path, languages)

    def rollback(self, document_id: str, version: int, by: str = "", reason: str = "") -> Json:
        """Publishes an earlier version again."""
        with writing(self._settings), self._noting_stopped() as warnings:
            published = roll_back(self._publisher, document_id, version, by, reason)
        return version_json(published, published.document) | {"stopped": warnings}

    def withdraw(self, document_id: str, by: str = "", reason: str = "") -> Json:
        """Takes a document away from citizens."""
        with writing(self._settings), self._noting_stopped() as warnings:
            ended = withdraw(self._publisher, document_id, by, reason)
        return {"id": document_id, "passages": {"deleted": ended}, "stopped": warnings}

    def publish(self, ids: Sequence[str], by: str = "") -> Json:
        """Shows prepared versions to citizens, all at once; all that are prepared where no id is
        given."""
        with writing(self._settings), self._noting_stopped() as warnings:
            wanted = list(ids) or self._prepared()
            ended = publish_staged(self._publisher, wanted, by)
        return {"published": wanted, "passages": {"deleted": ended}, "stopped": warnings}

    def discard(self, ids: Sequence[str]) -> Json:
        """Forgets what is prepared; all of it where no id is given."""
        with writing(self._settings):
            wanted = list(ids) or self._prepared()
            for document_id in wanted:
                require_staged(self._publisher, document_id)
            for document_id in wanted:
                discard(self._publisher, document_id)
        return {"discarded": wanted}

    def stale(self) -> Json:
        """Documents older than a year, those first that many recent answers rest on."""
        registry, today = self._store.registry, date.today()
        ranked = rank_stale(registry.standing(), recent_uses(registry.engine, today), today)
        return {"documents": [stale_json(stale) for stale in ranked]}

    def approved(self) -> Json:
        """The approved answers that name sources, and whether each answers today."""
        states = entry_states(self._store, self._store.registry.generation(), date.today())
        return {"entries": [entry_json(state) for state in states]}

    def confirm(self, entry: str, by: str = "") -> Json:
        """Lets an approved answer answer with its sources as they read today."""
        with writing(self._settings):
            confirmed = confirmations(self._store, entry, by)
            self._publisher.publish([], confirmed=confirmed)
        (found,) = (row for row in self.approved()["entries"] if row["id"] == entry)
        return dict(found)

    @contextmanager
    def _noting_stopped(self) -> Iterator[list[str]]:
        """Fills a list with a sentence for each approved answer that no longer answers."""
        warnings: list[str] = []
        before = answering(self._store)
        staged = self._store.registry.staged()
        first_days = {s.publication.version.document.valid_from for s in staged}
        yield warnings
        warnings.extend(text for _, text in stopped(self._store, before, first_days))

    def _prepared(self) -> list[str]:
        staged = self._store.registry.staged()
        if not staged:
            raise DocumentUnknown("Nothing is prepared; `auskunft ingest --stage PATH` does it.")
        return [version.publication.version.document.id for version in staged]
