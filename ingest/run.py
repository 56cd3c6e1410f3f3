"""One ingest from paths to report: find, skip what is unchanged, read, publish in batches."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.errors import (
    DocumentEmpty,
    DocumentError,
    DocumentReserved,
    DocumentUnreadable,
)
from core.settings import Settings
from core.types import Document, Kind, Reading
from core.versions import Version
from core.writer import StillWriting, writing
from ingest.approvals import answering, stopped
from ingest.approved_text import FOLDER, is_reserved
from ingest.claims import Claims
from ingest.decisions import is_decided, is_discarded, scheduled_version
from ingest.library import Source, digest_source, find_sources, read_source
from ingest.named_sources import name_sources
from ingest.publish import Change, Origin, Publisher, original_name
from ingest.readers.limits import ReaderLimits
from ingest.repeals import Repeal, find_repeals, warn_of_repealed
from ingest.report import IngestReport
from ingest.staging import forget_put_back, stage
from ingest.uploads import Admit, is_same, keep_file
from ingest.version_warnings import (
    TextBefore,
    require_sound,
    text_before,
    warn_about_loss,
)

__all__ = ["IngestReport", "Progress", "ingest"]

BATCH_PASSAGES = 400  # enough for batches of equal length, little enough to lose on a power cut

Progress = Callable[[int, int, str], None]  # files done, files in all, what was done last


@dataclass(frozen=True, slots=True)
class _Task:
    source: Source
    digest: str
    reading: Future[tuple[Document, Reading]]


def ingest(
    paths: Sequence[Path],
    publisher: Publisher,
    settings: Settings,
    *,
    prune: bool = False,
    is_staged: bool = False,
    by: str = "",
    reason: str = "",
    progress: Progress | None = None,
    admit: Admit | None = None,
    patience: float = 0.0,
    still_writing: StillWriting | None = None,
) -> IngestReport:
    """Adds or updates every document below the paths; with `prune`, withdraws those that are gone.
    With `is_staged`, what is new is only prepared (`ingest.staging`). `by` and `reason` are kept
    with every version: who publishes it, and why. With `admit`, the files are uploads: it is asked
    about each document, and the files that documents stand from make no difference (`uploads`).
    `patience`: seconds to wait for another writer; `still_writing`: of a caller who is the writer.

    A document that fails is reported and what stood of it stays. Raises WriterBusy, PathMissing,
    or an IndexFailure, after which the standing generation is whole.
    """
    started = time.monotonic()
    place = nullcontext(still_writing) if still_writing else writing(settings, patience)
    with place as held:
        report = _Run(
            publisher, settings, held, paths, prune, is_staged, by, reason, progress, admit
        ).reconcile()
    report.seconds = round(time.monotonic() - started, 2)
    return report


class _Run:
    """The state of one ingest: what stands, what was claimed, what waits to be published."""

    def __init__(
        self,
        publisher: Publisher,
        settings: Settings,
        still_writing: StillWriting,
        paths: Sequence[Path],
        prune: bool,
        is_staged: bool,
        by: str,
        reason: str,
        progress: Progress | None,
        admit: Admit | None,
    ) -> None:
        self.admit = admit
        self.still_writing = still_writing
        self.is_staged = is_staged
        self.by = by
        self.reason = reason
        self.publisher = publisher
        self.limits = ReaderLimits.from_settings(settings)
        self.approved = (settings.state_dir / FOLDER).resolve()
        self.paths = [path.resolve() for path in paths]
        self.prune = prune
        self.sources = find_sources(paths, may_be_empty=prune)
        self.progress = progress
        self.report = IngestReport()
        self.done = 0
        publisher.store.index.check(publisher.identity)
        publisher.store.index.sweep(publisher.store.registry.generation())
        versions = publisher.store.registry.standing()
        self.documents = [version.document for version in versions]  # and what is taken in
        self.by_source = {version.source: version for version in versions}
        self.withdrawn = {v.source: v for v in publisher.store.registry.withdrawn()}
        self.by_original = {version.original: version.document.id for version in versions}
        self.by_id = {version.document.id: version for version in versions}
        self.discarded = publisher.store.registry.discarded()
        self.claims = Claims(self.by_id)
        self.left: set[str] = set()  # sources whose documents stay as they are
        self.batch: list[Change] = []
        self.renamed: list[str] = []
        self.repealing: list[tuple[Path, Document, list[Repeal]]] = []
        self.first_days: set[date | None] = set()  # of what is published
        self.answering = {} if is_staged else answering(publisher.store)

    def reconcile(self) -> IngestReport:
        """Goes through the sources in order and returns the report."""
        for task in _faqs_last(self._read_ahead()):
            try:
                self._take(task)
            except DocumentError as error:
                self._fail(task.source, error)
            except (OSError, ValueError, RecursionError) as error:  # a file like no other
                self._fail(task.source, DocumentUnreadable(f"The file cannot be read: {error}."))
            if sum(len(change.new) for change in self.batch) >= BATCH_PASSAGES:
                self._publish()
        if self.prune:
            self.renamed.extend(self.claims.gone(self.sources, self.paths))
        if self.batch or self.renamed:
            self._publish()
        if self.is_staged:
            self.still_writing()
            text = "It is again what it was before; what was prepared from it is forgotten."
            put_back = forget_put_back(self.publisher, self.left)
            self.report.warnings.extend((path, text) for path in put_back)
        else:
            self._warn_of_stopped_answers()
        self._warn_of_repealed_documents()
        files = {str(source.path) for source in self.sources}
        registry = self.publisher.store.registry
        sources = {version.source for version in registry.standing()}
        sources |= {staged.publication.version.source for staged in registry.staged()}
        self.report.standing = len(sources & files)
        return self.report

    def _read_ahead(self) -> Iterator[_Task]:
        """Files that changed, in order, read in parallel a few ahead of the encoder."""
        workers = os.cpu_count() or 1
        waiting: list[_Task] = []
        with ThreadPoolExecutor(workers) as pool:
            for source in self.sources:
                try:
                    digest = digest_source(source)
                except DocumentError as error:
                    self._fail(source, error)
                    continue
                standing = self.by_source.get(str(source.path))
                if standing and standing.digest == digest:
                    self._keep(source, standing)
                    continue
                withdrawn = None if standing else self.withdrawn.get(str(source.path))
                if withdrawn and withdrawn.digest == digest:
                    self._leave_withdrawn(source, withdrawn)
                    continue
                waiting.append(_Task(source, digest, pool.submit(read_source, source, self.limits)))
                if len(waiting) > 4 * workers:
                    yield waiting.pop(0)
            yield from waiting

    def _take(self, task: _Task) -> None:
        """One file that is new or changed: compared with what stands, and put in the batch."""
        document, reading = task.reading.result()
        if not any(section.paragraphs for section in reading.sections):
            raise DocumentEmpty
        source = str(task.source.path)
        if is_reserved(document.id) and not task.source.path.is_relative_to(self.approved):
            raise DocumentReserved
        self.claims.claim(document.id, task.source.path, is_upload=self.admit is not None)
        original = original_name(task.source.path)
        history = self.publisher.store.registry.history(document.id)
        scheduled = None
        if self.admit:
            self.admit(document)
        elif self._is_left(task, document, original, history):
            return
        elif scheduled := scheduled_version(history, original):
            was = scheduled.document
            document = replace(document, valid_from=was.valid_from, valid_to=was.valid_to)
        stood = text_before(self.publisher.store.registry, document)
        if stood and not self.is_staged and not is_reserved(document.id):
            stage = "stage=true" if self.admit else f"`auskunft ingest --stage {source}`"
            require_sound(*stood, document, reading, stage)
        reading = name_sources(document, reading, self.documents)
        before = self.by_source.get(source)
        if before and before.document.id != document.id:
            self.renamed.append(before.document.id)
        is_scheduled = scheduled is not None
        origin = Origin(task.source.path, task.digest, self.by, self.reason, is_scheduled)
        change = self.publisher.compare(document, reading, origin)
        standing = self.by_id.get(document.id)
        if self.admit and standing:
            if is_same(change, standing):
                self._keep(task.source, standing)
                return
            change = keep_file(change, standing)
        self.batch.append(change)
        self.documents.append(document)
        if standing:
            self.report.updated += 1
        else:
            self.report.added += 1
        self.report.passages_added += len(change.new)
        self.report.passages_unchanged += len(change.passages) - len(change.new)
        found = [*reading.warnings, *self._doubts(stood, document, reading, change)]
        self.report.warnings.extend((task.source.path, text) for text in found)
        if repeals := find_repeals(document, reading.sections):
            self.repealing.append((task.source.path, document, repeals))
        if reading.scans:
            self.report.scans.append((task.source.path, reading.scans))
        self._advance(document.title)

    def _is_left(
        self, task: _Task, document: Document, original: str, history: Sequence[Version]
    ) -> bool:
        """Whether a person decided otherwise about this very file, and it is left at that."""
        source = task.source
        if is_decided(history, original):
            newest = history[-1]
            self.still_writing()
            self.publisher.store.registry.follow(newest, str(source.path), task.digest)
            if newest.end:
                self._leave_withdrawn(source, newest)
            else:
                self._keep(source, newest)
            return True
        discarded = None if self.is_staged else self.discarded.get((document.id, original))
        standing = self.by_id.get(document.id)
        if not is_discarded(discarded, task.digest, standing, original):
            return False
        again = f"to prepare it again: `auskunft ingest --stage {source.path}`."
        text = f"It was discarded and stays so; {again}"
        self._leave_out(source, document, text)
        return True

    def _doubts(
        self, stood: TextBefore | None, document: Document, reading: Reading, change: Change
    ) -> Iterator[str]:
        """What looks like a mistake, against what stands."""
        original = change.publication.version.original
        twin = self.by_original.get(original)
        if twin and twin != document.id and twin not in self.renamed:
            yield f"The same file stands already as {twin}."
        if stood:
            yield from warn_about_loss(*stood, document, reading)

    def _keep(self, source: Source, version: Version) -> None:
        self.claims.keep(version.document.id, source.path)
        self.left.add(str(source.path))
        self.report.unchanged += 1
        self.report.passages_unchanged += version.passage_count
        self._advance(version.document.title)

    def _leave_withdrawn(self, source: Source, version: Version) -> None:
        back = f"`auskunft documents rollback {version.document.id} {version.number}`"
        text = f"It was withdrawn and stays so; to bring it back: {back}."
        self._leave_out(source, version.document, text)

    def _leave_out(self, source: Source, document: Document, text: str) -> None:
        """What a person decided against comes back by a person, or as a changed file."""
        self.left.add(str(source.path))
        self.report.unchanged += 1
        self.report.warnings.append((source.path, text))
        self._advance(document.title)

    def _fail(self, source: Source, error: DocumentError) -> None:
        self.report.failures.append((source.path, str(error)))
        self.report.errors.append(error)
        self._advance(source.path.name)

    def _warn_of_stopped_answers(self) -> None:
        """Names the approved answers that rest on something that changed."""
        store = self.publisher.store
        for document_id, text in stopped(store, self.answering, self.first_days):
            path = Path(store.registry.standing(document_id)[-1].source)
            self.report.warnings.append((path, text))

    def _warn_of_repealed_documents(self) -> None:
        """Names what a new text repeals and what stands all the same; one of this ingest too."""
        for path, document, repeals in self.repealing:
            for text in warn_of_repealed(self.publisher.store.registry, document, repeals):
                self.report.warnings.append((path, text))

    def _publish(self) -> None:
        self.still_writing()
        if self.is_staged:
            stage(self.publisher, self.batch)
        else:
            withdrawn = [i for i in self.renamed if i not in self.claims]
            self.first_days.update(change.document.valid_from for change in self.batch)
            self.report.passages_deleted += self.publisher.publish(self.batch, withdrawn)
            self.report.withdrawn += len(withdrawn)
        self.batch, self.renamed = [], []

    def _advance(self, name: str) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, len(self.sources), name)


def _faqs_last(tasks: Iterable[_Task]) -> Iterator[_Task]:
    """The tasks in their order, FAQs after the documents that they rest on."""
    faqs = []
    for task in tasks:
        if task.reading.exception() is None and task.reading.result()[0].kind is Kind.FAQ:
            faqs.append(task)
        else:
            yield task
    yield from faqs
