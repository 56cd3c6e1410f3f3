"""The running site's own socket: commands of this machine's users, ingest among them."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import Body, FastAPI
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from core.errors import AuskunftError
from core.settings import Settings
from core.store import Store
from core.writer import PATIENCE
from ingest.backup import back_up
from ingest.copy_index import copy_to_server
from ingest.run import Progress
from service.answerer import Answerer
from service.app import create_app
from service.passages import read_passages
from service.wire import passages_json
from web.editing import COMMAND_LINE, EditorDesk, run_act
from web.ingesting import run_ingest
from web.office import IngestJob, backup_json

Event = dict[str, Any]
MAX_JOB_BYTES = 16 * 2**20  # a shell may hand over many paths


def create_jobs(settings: Settings, store: Store, answerer: Answerer) -> FastAPI:
    """The API without limits, and the jobs; to be served on a private socket only."""
    without_limit = settings.model_copy(update={"rate_limit": "off"})
    app = create_app(without_limit, answerer, max_body_bytes=MAX_JOB_BYTES)

    @app.post("/jobs/passages")
    def read(
        document_id: Annotated[str, Body()],
        section: Annotated[str, Body()],
        page: Annotated[int | None, Body()] = None,
        as_of: Annotated[date | None, Body()] = None,
    ) -> Event:
        """The passages of a section of a document."""
        day = as_of or date.today()
        return passages_json(read_passages(store, document_id, section, page, day))

    @app.post("/jobs/edit/{act}")
    def edit(act: str, arguments: Event) -> Event:
        """An act of an editor, with its arguments."""
        if act.startswith("_") or not hasattr(EditorDesk, act):
            raise HTTPException(404)
        return run_act(EditorDesk(store, settings), COMMAND_LINE, act, arguments)

    @app.post("/jobs/backup")
    def start_backup(file: Annotated[Path, Body(embed=True)]) -> Event:
        """Writes everything to a file, by an absolute path."""
        return backup_json(back_up(store, settings, file), file)

    @app.post("/jobs/index")
    def start_copy(url: Annotated[str, Body()], key: Annotated[str | None, Body()] = None) -> Event:
        """Copies the index to a Qdrant server."""
        return {"to": url, "passages": copy_to_server(store, settings, url, key)}

    @app.post("/jobs/ingest")
    def start_ingest(job: IngestJob) -> StreamingResponse:
        """Runs an ingest in this process; one JSON object a line: progress, then the report."""
        return _followed(lambda progress: run_ingest(job, store, settings, progress, PATIENCE))

    @app.post("/jobs/preview")
    def start_preview(arguments: Event) -> StreamingResponse:
        """What publishing what is prepared would do, as lines like those of an ingest."""
        desk = EditorDesk(store, settings)
        return _followed(lambda progress: desk.preview(progress=progress, **arguments))

    return app


def _followed(job: Callable[[Progress], Event]) -> StreamingResponse:
    lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in _run(job))
    return StreamingResponse(lines, media_type="application/x-ndjson")


def _run(job: Callable[[Progress], Event]) -> Iterator[Event]:
    """Events of a job that goes on to its end even when nobody listens any more."""
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def tell(done: int, total: int, name: str) -> None:
        events.put({"done": done, "total": total, "name": name})

    def work() -> None:
        try:
            events.put({"report": job(tell)})
        except AuskunftError as error:
            events.put({"error": {"code": error.code, "message": str(error)}})
        except BaseException:
            events.put({"error": {"code": "auskunft_error", "message": "The job failed."}})
            raise

    threading.Thread(target=work, name="job").start()
    while True:
        event = events.get()
        yield event
        if "done" not in event:
            return
