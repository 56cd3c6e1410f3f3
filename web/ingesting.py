"""An ingest by command, here or in the running site: the same steps, and a line in the log."""

from __future__ import annotations

from core import audit
from core.settings import Settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import Progress, ingest
from web.documents import report_json
from web.editing import COMMAND_LINE, Json
from web.office import IngestJob


def run_ingest(
    job: IngestJob, store: Store, settings: Settings, progress: Progress, patience: float = 0.0
) -> Json:
    """Does an ingest and writes it into the audit log, also where nothing had changed; the report.
    Its documents may be of many places, so the line is for who sees all. Raises as `ingest`."""
    report = ingest(
        job.paths,
        Publisher(store),
        settings,
        prune=job.prune,
        is_staged=job.is_staged,
        by=job.by,
        reason=job.reason,
        progress=progress,
        patience=patience,
    )
    found = report_json(report)
    counts = {name: count for name, count in found["documents"].items() if count}
    counts.pop("standing", None)
    detail = {"via": COMMAND_LINE} | counts | ({"reason": job.reason} if job.reason else {})
    act = "ingest_stage" if job.is_staged else "ingest"
    subject = ", ".join(str(path.resolve()) for path in job.paths)
    audit.note(store.registry.engine, job.by or COMMAND_LINE, act, subject, detail)
    return found
