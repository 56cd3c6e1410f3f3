"""Takes in or prepares a document that a program sends, and tells what became of it."""

from __future__ import annotations

import errno
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core import audit
from core.errors import (
    DocumentWithdrawn,
    MetadataInvalid,
    StorageFull,
    TextDecided,
    VersionOutdated,
)
from core.registry import Registry
from core.types import Document
from core.versions import EndedAs
from core.writer import PATIENCE
from ingest.decisions import is_discarded, is_taken_back
from ingest.publish import Publisher, original_name
from ingest.report import IngestReport
from ingest.run import ingest
from web.documents import place_of, report_json
from web.editing import API
from web.editor.files import store_files
from web.parts import Parts
from web.sent_document import SentDocument

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to become of a document that is sent: under which id, only prepared or published, in
    place of which version (0: it is to be new; None: whichever stands), by whom and why."""

    document_id: str
    is_staged: bool = False
    base: int | None = None
    by: str = ""
    reason: str = ""


def receive(parts: Parts, sent: SentDocument, sending: Sending) -> Json:
    """The report of the ingest, with the number of the document's newest version, and what is
    prepared where that was wanted.

    Raises a DocumentError, VersionOutdated, DocumentWithdrawn, TextDecided, WriterBusy or
    StorageFull; then nothing was changed.
    """
    registry, settings = parts.store.registry, parts.settings
    folder = settings.state_dir.resolve() / "uploads" / f"{date.today()}-{secrets.token_hex(8)}"
    with _kept(folder, parts, sent, sending) as file:

        def admit(document: Document) -> None:
            if document.id != sending.document_id:
                raise MetadataInvalid(f"{sending.document_id!r} cannot be a document's id.")
            _require_wanted(sending, registry, file)

        report = ingest(
            [file],
            Publisher(parts.store),
            settings,
            is_staged=sending.is_staged,
            by=sending.by or API,
            reason=sending.reason,
            admit=admit,
            patience=PATIENCE,
        )
        if report.errors:
            raise report.errors[0]
    is_new = not report.unchanged
    history = registry.history(sending.document_id)
    if is_new:
        detail = {"via": API, "file": file.name}
        act = "prepare" if sending.is_staged else "publish"
        place = place_of(registry, sending.document_id)
        audit.note(registry.engine, sending.by or API, act, sending.document_id, detail, place)
    return report_json(_without_folders(report, folder)) | {
        "id": sending.document_id,
        "version": history[-1].number if history else None,
        "prepared": parts.editing.prepared(sending.document_id)
        if is_new and sending.is_staged
        else None,
    }


def _require_wanted(sending: Sending, registry: Registry, file: Path) -> None:
    """Raises VersionOutdated where another version is the newest than the sender knows; and, where
    it is to be published, DocumentWithdrawn or TextDecided where a person withdrew, took back or
    discarded this very file: a program that sends it every night does not bring it back."""
    document_id, history = sending.document_id, registry.history(sending.document_id)
    newest = history[-1].number if history else 0
    if sending.base not in (None, newest):
        raise VersionOutdated(
            f"The newest version of {document_id} is {newest}, not {sending.base}; look at "
            "what changed before you send yours."
        )
    if sending.is_staged:
        return
    original = original_name(file)
    ended = history[-1].end if history else None
    is_withdrawn = ended is not None and ended.as_ is EndedAs.WITHDRAWN
    if is_withdrawn and history[-1].original == original:
        raise DocumentWithdrawn(
            f"This text of {document_id} was withdrawn and stays so; send a changed one, "
            "or bring it back with a rollback."
        )
    if is_taken_back(history, original):
        raise TextDecided(
            f"This text of {document_id} was taken back and stays so; send a changed one, "
            "or bring it back with a rollback."
        )
    standing = history[-1] if history and not ended else None
    if is_discarded(registry.discarded().get((document_id, original)), "", standing, original):
        raise TextDecided(
            f"This text of {document_id} was discarded and stays so; send a changed one, "
            "or send it with stage=true and publish that."
        )


@contextmanager
def _kept(folder: Path, parts: Parts, sent: SentDocument, sending: Sending) -> Iterator[Path]:
    """The file with its metadata, below a folder; it stays there where a version came from it."""
    registry = parts.store.registry
    fields = {**sent.fields, "id": sending.document_id}
    try:
        (file,) = store_files(folder, [sent.upload], fields, registry)
        yield file
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise StorageFull from error
    finally:
        staged = [prepared.publication.version for prepared in registry.staged(sending.document_id)]
        versions = [*registry.standing(sending.document_id), *staged]
        if not any(Path(version.source).is_relative_to(folder) for version in versions):
            shutil.rmtree(folder, ignore_errors=True)


def _without_folders(report: IngestReport, folder: Path) -> IngestReport:
    """The report, with the file named as it was sent, not where it is kept."""
    report.warnings = [(_name(path, folder), text) for path, text in report.warnings]
    report.scans = [(_name(path, folder), scans) for path, scans in report.scans]
    return report


def _name(path: Path, folder: Path) -> Path:
    return Path(path.name) if path.is_relative_to(folder) else path
