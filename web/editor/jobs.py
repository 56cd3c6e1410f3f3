"""What takes longer than a page may: done one after the other in a thread, and watched."""

from __future__ import annotations

import logging
import queue
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.errors import AuskunftError

KEPT = 100  # jobs whose outcome is remembered

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class FileResult:
    """What became of one file. `state`: "waiting", "prepared", "unchanged" or "failed"."""

    name: str
    state: str = "waiting"
    document_id: str = ""
    title: str = ""
    error: AuskunftError | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """Something under way: who started it, what it is about, how far it is."""

    owner: str  # a person's id
    subject: str  # a document's id, "" for an upload
    total: int
    files: list[FileResult] = field(default_factory=list)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    done: int = 0
    current: str = ""
    result: Any = None
    state: str = ""  # of the store, that the result is about
    error: AuskunftError | None = None
    is_over: bool = False

    def tell(self, done: int, total: int, name: str) -> None:
        """Notes how far it is."""
        self.done, self.total, self.current = done, total, name


class Jobs:
    """The jobs of this process. They are forgotten when it ends; what they wrote stays."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.SimpleQueue[tuple[Job, Callable[[Job], None]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, job: Job, work: Callable[[Job], None]) -> Job:
        """Queues a job behind those that were started before."""
        with self._lock:
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-KEPT]:
                del self._jobs[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="editor", daemon=True)
                self._thread.start()
        self._waiting.put((job, work))
        return job

    def find(self, job_id: str, owner: str) -> Job | None:
        """A job of a person by its id; None where it is unknown, as after a restart."""
        job = self._jobs.get(job_id)
        return job if job and job.owner == owner else None

    def newest(self, subject: str, owner: str) -> Job | None:
        """The last job of a person about a document."""
        jobs = reversed(list(self._jobs.values()))
        return next((job for job in jobs if (job.subject, job.owner) == (subject, owner)), None)

    def _run(self) -> None:
        while True:
            job, work = self._waiting.get()
            try:
                work(job)
            except AuskunftError as error:
                job.error = error
            except Exception:  # the jobs behind it are to be done all the same
                logger.exception("a job of an editor failed")
                job.error = AuskunftError()
            finally:
                job.is_over = True
