"""Where the command line turns to: the running site, over its socket, or parts opened here."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core import errors
from core.settings import Settings

if TYPE_CHECKING:
    import httpx

    from core.store import Store
    from ingest.backup import Manifest
    from ingest.run import Progress

Json = dict[str, Any]
SOCKET_NAME = "auskunft.sock"
SITE_STOPPED = "The site stopped before it was done; start it again and repeat the command."


@dataclass(frozen=True, slots=True)
class IngestJob:
    """What to ingest, or only to prepare, for whom and why."""

    paths: list[Path]
    prune: bool = False
    is_staged: bool = False
    by: str = ""
    reason: str = ""


class Office(Protocol):
    """What every command needs, as the JSON objects of the contract."""

    def ask(
        self,
        question: str,
        context: str | None,
        town: str | None,
        language: str | None,
        as_of: date | None,
    ) -> Json:
        """The answer to a question that may lean on the one before it, `context`."""

    def search(self, query: str, town: str | None, as_of: date | None, limit: int) -> Json:
        """The passages that fit a query."""

    def edit(self, act: str, **arguments: Any) -> Json:
        """An act of `web.editing.EditorDesk`, by its name."""

    def ingest(self, job: IngestJob, progress: Progress) -> Json:
        """Adds or updates documents; the report."""

    def backup(self, file: Path) -> Json:
        """Writes everything to a file; what is in it."""

    def copy_index(self, url: str, key: str | None) -> Json:
        """Copies the index to the Qdrant server at a URL; how many passages there were."""


@contextmanager
def open_office(settings: Settings) -> Iterator[Office]:
    """The running site's office where a site runs on this state folder, else one opened here."""
    with ExitStack() as stack:
        client = stack.enter_context(_connect(settings.state_dir))
        if client is not None:
            yield RemoteOffice(client)
        else:
            from core.store import open_store  # not needed with a running site

            store = stack.enter_context(open_store(settings, meanwhile=_warm_up))
            yield LocalOffice(store, settings)


def start_anew(settings: Settings, paths: Sequence[Path]) -> None:
    """Empties index and registry for an ingest of the paths that is sure to start.

    Raises PathMissing, ModelUnavailable, WriterBusy, and IndexBusy while a site runs.
    """
    from core.encoder import load_encoder
    from core.store import empty_store
    from core.writer import writing
    from ingest.library import find_sources

    find_sources(paths)
    load_encoder(settings)
    with _connect(settings.state_dir) as site, writing(settings):
        if site is not None:
            raise errors.IndexBusy("The site runs on this index; stop it, then rebuild.")
        empty_store(settings)


class LocalOffice:
    """Answers with the parts opened in this process."""

    def __init__(self, store: Store, settings: Settings) -> None:
        from service.answerer import Answerer

        self._store = store
        self._settings = settings
        self._answerer = Answerer(store, settings)

    def ask(
        self,
        question: str,
        context: str | None,
        town: str | None,
        language: str | None,
        as_of: date | None,
    ) -> Json:
        from service.wire import answer_json

        return answer_json(
            self._answerer.answer(
                question, context=context, town=town, language=language, as_of=as_of
            )
        )

    def search(self, query: str, town: str | None, as_of: date | None, limit: int) -> Json:
        from service.wire import passages_json

        return passages_json(self._answerer.search(query, town=town, as_of=as_of, limit=limit))

    def edit(self, act: str, **arguments: Any) -> Json:
        from web.editing import EditorDesk

        found: Json = getattr(EditorDesk(self._store, self._settings), act)(**arguments)
        return found

    def ingest(self, job: IngestJob, progress: Progress) -> Json:
        from ingest.publish import Publisher
        from ingest.run import ingest
        from web.documents import report_json

        report = ingest(
            job.paths,
            Publisher(self._store),
            self._settings,
            prune=job.prune,
            is_staged=job.is_staged,
            by=job.by,
            reason=job.reason,
            progress=progress,
        )
        if report.passages_added or report.passages_deleted:
            self._store.index.optimize()
        return report_json(report)

    def backup(self, file: Path) -> Json:
        from ingest.backup import back_up

        return backup_json(back_up(self._store, self._settings, file), file)

    def copy_index(self, url: str, key: str | None) -> Json:
        from ingest.copy_index import copy_to_server

        return {"to": url, "passages": copy_to_server(self._store, self._settings, url, key)}


class RemoteOffice:
    """Hands every command to the running site."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def ask(
        self,
        question: str,
        context: str | None,
        town: str | None,
        language: str | None,
        as_of: date | None,
    ) -> Json:
        body = {"question": question, "context": context, "town": town, "language": language}
        return self._send(
            "POST", "/api/v1/answers", json={**body, "as_of": as_of and as_of.isoformat()}
        )

    def search(self, query: str, town: str | None, as_of: date | None, limit: int) -> Json:
        options = {"q": query, "town": town, "as_of": as_of and as_of.isoformat(), "limit": limit}
        given = {name: value for name, value in options.items() if value is not None}
        return self._send("GET", "/api/v1/search", params=given)

    def edit(self, act: str, **arguments: Any) -> Json:
        return self._send("POST", f"/jobs/edit/{act}", json=arguments, timeout=None)

    def ingest(self, job: IngestJob, progress: Progress) -> Json:
        body = asdict(job) | {"paths": [str(path.resolve()) for path in job.paths]}
        with (
            _site_may_stop(),
            self._client.stream("POST", "/jobs/ingest", json=body, timeout=None) as response,
        ):
            if response.is_error:
                response.read()
                raise _error(response.json(), response.status_code)
            for line in response.iter_lines():
                event = json.loads(line)
                if "error" in event:
                    raise _error(event, 500)
                if "report" in event:
                    report: Json = event["report"]
                    return report
                progress(event["done"], event["total"], event["name"])
        raise errors.IndexFailure(SITE_STOPPED)

    def backup(self, file: Path) -> Json:
        return self._send("POST", "/jobs/backup", json={"file": str(file)}, timeout=None)

    def copy_index(self, url: str, key: str | None) -> Json:
        return self._send("POST", "/jobs/index", json={"url": url, "key": key}, timeout=None)

    def _send(self, method: str, route: str, **options: Any) -> Json:
        with _site_may_stop():
            response = self._client.request(method, route, **options)
        if response.is_error:
            raise _error(response.json(), response.status_code)
        body: Json = response.json()
        return body


def backup_json(manifest: Manifest, file: Path) -> Json:
    """What a backup holds, and where it is."""
    counted = ("made", "generation", "documents", "passages")
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "model": manifest.model_id,
        **{name: getattr(manifest, name) for name in counted},
        "originals": len(manifest.members) - 2,
    }


def _warm_up() -> None:
    from service.answerer import warm_up

    warm_up()


@contextmanager
def _connect(state_dir: Path) -> Iterator[httpx.Client | None]:
    """A client of the site that runs on this state folder; None where none does."""
    if not (state_dir / SOCKET_NAME).exists():
        yield None
        return
    import httpx

    with socket_path(state_dir) as path, contextlib.ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(
                transport=httpx.HTTPTransport(uds=path), base_url="http://auskunft", timeout=60
            )
        )
        try:
            client.get("/healthz").raise_for_status()
        except httpx.HTTPError:
            yield None
        else:
            yield client


@contextmanager
def socket_path(state_dir: Path) -> Iterator[str]:
    """A path to the site's socket that is short enough for the kernel (108 characters)."""
    folder = os.open(state_dir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET_NAME}"
    finally:
        os.close(folder)


@contextmanager
def _site_may_stop() -> Iterator[None]:
    """Turns a broken connection into a sentence."""
    import httpx

    try:
        yield
    except httpx.HTTPError as error:
        raise errors.IndexFailure(SITE_STOPPED) from error


def _error(body: Json, status: int) -> errors.AuskunftError:
    """The error that the site named, raised here as if it had happened here."""
    code, message = body["error"]["code"], body["error"]["message"]
    name = "".join(part.capitalize() for part in code.split("_"))
    unnamed = errors.UsageError if status in (413, 422) else errors.AuskunftError
    error: errors.AuskunftError = getattr(errors, name, unnamed)(message)
    return error
