"""What an editor does with documents and their versions, as JSON: for commands, jobs and routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import audit
from core.approvals import entry_states, unwatched_entries
from core.errors import DocumentUnknown, StageChanged, UsageError
from core.usage import recent_uses
from core.versions import Version
from core.writer import PATIENCE, StillWriting, writing
from ingest.approvals import answering, confirmations, stopped
from ingest.difference_types import Difference
from ingest.differences import compare_sections, difference_json
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest
from ingest.staging import (
    discard,
    postpone,
    publish_staged,
    require_staged,
    require_version,
    restage,
    roll_back,
    withdraw,
)
from service.originals import OriginalFile, original_of
from web.approvals import entry_json
from web.documents import documents_json, history_json, place_of, staged_json, version_json
from web.preview import compare_staged, preview_json
from web.stale import rank_stale, stale_json

if TYPE_CHECKING:
    from core.settings import Settings
    from core.store import Store
    from core.types import Document
    from ingest.uploads import Admit
    from service.preview import Progress

Json = dict[str, Any]

# the acts that go into the audit log, by their names there
AUDITED = {act: act for act in ("publish", "schedule", "discard", "rollback", "withdraw")}
AUDITED["confirm"] = "confirm_answer"
# the ways in the audit log; also who acted, where nobody gave a name
COMMAND_LINE, API = "Kommandozeile", "API"


class EditorDesk:
    """Every act of an editor, by the names of `auskunft documents`. Those that write hold the place
    of the one writer, for which they wait PATIENCE seconds at most. They raise WriterBusy,
    DocumentUnknown, VersionUnknown, StageOutdated, or an IndexFailure, and then nothing was
    changed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._publisher = Publisher(store)
        self.registry = store.registry

    def overview(self) -> Json:
        """What stands, and what is prepared."""
        prepared = [staged_json(staged) for staged in self._store.registry.staged()]
        return documents_json(self._store.registry) | {"prepared": prepared}

    def staged(self) -> Json:
        """What waits: what is prepared, and what is published and begins on a day to come."""
        found, today = self.overview(), date.today().isoformat()
        coming = [row for row in found["documents"] if (row["valid_from"] or "") > today]
        coming.sort(key=lambda row: (row["valid_from"], row["id"]))
        return {"prepared": found["prepared"], "coming": coming}

    def show(self, document_id: str, with_text: bool = False) -> Json:
        """Every version of a document, and what is prepared for it; where wanted, with the text of
        every page."""
        found = history_json(self._store.registry, document_id, with_text=with_text)
        if not found["versions"] and not found["prepared"]:
            raise DocumentUnknown(f"No document {document_id}; `auskunft documents` lists them.")
        return found

    def diff(self, document_id: str, a: int | None = None, b: int | None = None) -> Json:
        """What changed from version `a` to version `b`: from the last but one to the last by
        default, or to the one that is prepared from the one that it follows."""
        return difference_json(self._difference(document_id, a, b)) | {"id": document_id}

    def diff_documents(self, before: Version, after: Version) -> Json:
        """What changed from a version of one document to that of another, which took its place."""
        old, new = (
            self._store.registry.sections(version.document.id, version.number) or ()
            for version in (before, after)
        )
        difference = compare_sections(old, new, before.document.language)
        return difference_json(difference) | {"id": after.document.id}

    def _difference(
        self, document_id: str, a: int | None = None, b: int | None = None
    ) -> Difference:
        """What `diff` shows."""
        registry = self._store.registry
        history = registry.history(document_id)
        staged = registry.staged(document_id)
        if staged and not history:
            raise DocumentUnknown(
                f"{document_id} is prepared for the first time; there is no version to compare it "
                "with."
            )
        if not history:
            raise DocumentUnknown(f"No document {document_id}; `auskunft documents` lists them.")
        if b is None and staged:
            after = staged[0].publication.sections
            stood = registry.version_before(staged[0].publication.version.document)
            before = (stood or history[-1]) if a is None else require_version(history, a)
        else:
            last = history[-1] if b is None else require_version(history, b)
            after = registry.sections(document_id, last.number) or ()
            number = a if a is not None else max(last.number - 1, 1)
            before = require_version(history, number)
        sections = registry.sections(document_id, before.number) or ()
        return compare_sections(sections, after, before.document.language)

    def prepare(self, file: Path, admit: Admit, by: str = "", reason: str = "") -> IngestReport:
        """Prepares an upload, unseen by citizens; `admit` is asked whether its document may be
        taken in."""
        return ingest(
            [file],
            self._publisher,
            self._settings,
            is_staged=True,
            by=by,
            reason=reason,
            admit=admit,
            patience=2 * PATIENCE,  # nobody sits and waits for it
        )

    def prepared(self, document_id: str) -> Json:
        """What is prepared for a document: how it differs from what stands, and what looks like a
        mistake."""
        return compare_staged(self._store, require_staged(self._publisher, document_id))[1]

    def original(self, document_id: str, number: int | None = None) -> OriginalFile:
        """The file that a version was read from, or what is prepared was, where no number is
        given."""
        history = self._store.registry.history(document_id)
        if number is None:
            version = require_staged(self._publisher, document_id).publication.version
        elif history:
            version = require_version(history, number)
        else:
            raise DocumentUnknown
        return original_of(self._store, version)

    def preview(
        self,
        questions: str | None = None,
        languages: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> Json:
        """What publishing everything that is prepared would do; `questions` is the path of an
        evaluation set whose questions are asked too, in some or all of its languages, else that of
        the settings in German; `progress` is told of each question asked."""
        path = Path(questions) if questions else self._settings.evaluation_set
        if not questions:
            languages = languages or ["de"]
        with self._writing():
            self._prepared()
            restage(self._publisher)
            return preview_json(self._store, self._settings, path, languages, progress)

    def rollback(self, document_id: str, version: int, by: str = "", reason: str = "") -> Json:
        """Publishes an earlier version again."""
        with self._writing():
            before = answering(self._store)
            published = roll_back(self._publisher, document_id, version, by, reason)
            warnings = self._stopped(before, [published.document])
        return version_json(published, published.document) | {"stopped": warnings}

    def withdraw(self, document_id: str, by: str = "", reason: str = "") -> Json:
        """Takes a document away from citizens."""
        with self._writing():
            before = answering(self._store)
            ended = withdraw(self._publisher, document_id, by, reason)
            warnings = self._stopped(before, [])
        return {"id": document_id, "passages": {"deleted": ended}, "stopped": warnings}

    def publish(self, ids: Sequence[str], by: str = "", seen: str = "") -> Json:
        """Shows prepared versions to citizens, all at once; all that are prepared where no id is
        given. `seen`: the `staged_at` that was looked at; raises StageChanged where it is
        another by now."""
        return self._publish(ids, by, seen)

    def schedule(self, ids: Sequence[str], day: date | str, by: str = "", seen: str = "") -> Json:
        """Publishes prepared versions as the text from a day on; until the day before, what stands
        goes on. The day is kept with the version, so on that day nothing needs to be done. Ids and
        `seen` as for `publish`; raises UsageError where the day is past."""
        first = day if isinstance(day, date) else date.fromisoformat(day)
        if first < date.today():
            raise UsageError(f"{first} is past; publish it at once, or prepare it with that day.")
        return self._publish(ids, by, seen, first) | {"day": first.isoformat()}

    def _publish(
        self, ids: Sequence[str], by: str, seen: str, first_day: date | None = None
    ) -> Json:
        with self._writing():
            self._require_seen(ids, seen)
            before = answering(self._store)
            wanted = list(ids) or self._prepared()
            if first_day:
                postpone(self._publisher, wanted, first_day)
            ended = publish_staged(self._publisher, wanted, by)
            published = [self._store.registry.history(id_)[-1].document for id_ in wanted]
            warnings = self._stopped(before, published)
        return {"published": wanted, "passages": {"deleted": ended}, "stopped": warnings}

    def discard(self, ids: Sequence[str], seen: str = "") -> Json:
        """Forgets what is prepared; all of it where no id is given. `seen` as for `publish`."""
        with self._writing():
            self._require_seen(ids, seen)
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
        """The approved answers: those that name sources, and whether each answers today, then those
        that nothing watches."""
        today = date.today()
        states = entry_states(self._store, self._store.registry.generation(), today)
        states += unwatched_entries(self._store, today)
        return {"entries": [entry_json(state) for state in states]}

    def confirm(self, entry: str, by: str = "") -> Json:
        """Lets an approved answer answer with its sources as they read today."""
        with self._writing():
            confirmed = confirmations(self._store, entry, by)
            self._publisher.publish([], confirmed=confirmed)
        (found,) = (row for row in self.approved()["entries"] if row["id"] == entry)
        return dict(found)

    def _stopped(self, before: Mapping[str, bool], published: Sequence[Document]) -> list[str]:
        """A sentence for each approved answer that answered `before` and no longer does, or will
        not from the first day of what was published."""
        first_days = {document.valid_from for document in published}
        return [text for _, text in stopped(self._store, before, first_days)]

    def _writing(self) -> AbstractContextManager[StillWriting]:
        return writing(self._settings, PATIENCE)

    def _require_seen(self, ids: Sequence[str], seen: str) -> None:
        for document_id in ids if seen else ():
            if require_staged(self._publisher, document_id).at.isoformat() != seen:
                raise StageChanged

    def _prepared(self) -> list[str]:
        staged = self._store.registry.staged()
        if not staged:
            raise DocumentUnknown("Nothing is prepared; `auskunft ingest --stage PATH` does it.")
        return [version.publication.version.document.id for version in staged]


def run_act(
    desk: EditorDesk, via: str, act: str, arguments: Mapping[str, Any], by: str = ""
) -> Json:
    """An act of an editor who is not signed in, by its name; what changes documents also goes into
    the audit log, with the way `via` that it came. Raises what the act raises."""
    registry = desk.registry
    staged = (staged.publication.version.document.id for staged in registry.staged())
    prepared = {id_: place_of(registry, id_) for id_ in staged} if act == "discard" else {}
    found: Json = getattr(desk, act)(**arguments)
    if act in AUDITED:
        given = {name: arguments.get(name) for name in ("version", "day", "reason")}
        detail = {"via": via} | {name: str(value) for name, value in given.items() if value}
        by = by or arguments.get("by") or via
        for subject in found.get("published") or found.get("discarded") or [found["id"]]:
            place = prepared.get(subject) or place_of(registry, subject.partition("#")[0])
            audit.note(registry.engine, by, AUDITED[act], subject, detail, place)
    return found
