"""Takes uploads in: each file is read and prepared, whatever became of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import AuskunftError, DocumentDuplicate, DocumentTooLarge
from core.types import Document
from web.documents import place_of
from web.editor.files import forget_file, store_files
from web.editor.jobs import FileResult, Job, Jobs
from web.editor.places import known_places, place_fields
from web.editor.rights import require_admitted
from web.editor.sent import Sent, require_sense
from web.parts import Parts
from web.people.rights import Person, Visitor

Task = tuple[FileResult, Path | None]  # None: too large to be kept


class Intake:
    """Uploads of a site, as jobs."""

    def __init__(self, parts: Parts, jobs: Jobs) -> None:
        self._parts = parts
        self._jobs = jobs
        self._registry = parts.store.registry
        self._largest = parts.settings.reader_file_mb * 2**20

    def start(self, visitor: Visitor, sent: Sent) -> Job:
        """Keeps the files and begins to read them; raises UploadRefused."""
        require_sense(sent)
        fields = self._fields(visitor.person, sent)
        job = Job(visitor.person.id, "", total=len(sent.files))
        folder = self._parts.settings.state_dir / "uploads" / f"{date.today()}-{job.id}"
        small = [file for file in sent.files if file.size <= self._largest]
        paths = iter(store_files(folder, small, fields, self._registry))
        job.files = [FileResult(file.name[:200]) for file in sent.files]
        tasks = [
            (result, next(paths) if file.size <= self._largest else None)
            for result, file in zip(job.files, sent.files, strict=True)
        ]
        reason = sent.typed.get("reason", "")
        return self._jobs.start(job, lambda job: self._take_in(job, tasks, visitor, reason))

    def _fields(self, person: Person, sent: Sent) -> dict[str, Any]:
        known = known_places(self._registry, person)
        place = place_fields(sent.typed.get("place", ""), sent.typed, known)
        return {**sent.said(), **({"jurisdiction": place} if place else {})}

    def _take_in(self, job: Job, tasks: Sequence[Task], visitor: Visitor, reason: str) -> None:
        claimed: set[str] = set()
        for number, (result, path) in enumerate(tasks):
            job.tell(number, len(tasks), result.name)
            try:
                if path is None:
                    raise DocumentTooLarge
                self._prepare(result, path, visitor, reason, claimed)
            except AuskunftError as error:
                result.state, result.error = "failed", error
            if path and result.state != "prepared":
                forget_file(path)
        job.tell(len(tasks), len(tasks), "")

    def _prepare(
        self, result: FileResult, path: Path, visitor: Visitor, reason: str, claimed: set[str]
    ) -> None:
        def admit(document: Document) -> None:
            require_admitted(visitor.person, self._registry, document)
            if document.id in claimed:
                raise DocumentDuplicate
            claimed.add(document.id)
            result.document_id, result.title = document.id, document.title

        desk, by = self._parts.editing, visitor.person.shown_name
        report = desk.prepare(path, admit, by, reason)
        result.warnings = [text for _, text in report.warnings]
        if report.errors:
            raise report.errors[0]
        result.state = "unchanged" if report.unchanged else "prepared"
        if result.state == "prepared":
            place = place_of(self._registry, result.document_id)
            said = {"file": result.name, "reason": reason}
            self._parts.staff.note(visitor, "prepare", result.document_id, place=place, **said)
