"""The running site as the command line's office: every command handed to its socket."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import errors

if TYPE_CHECKING:
    import httpx

    from ingest.run import Progress
    from web.office import IngestJob

Json = dict[str, Any]
SOCKET_NAME = "auskunft.sock"
SITE_STOPPED = "The site stopped before it was done; start it again and repeat the command."


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
            "POST",
            "/api/v1/answers",
            json={**body, "as_of": as_of and as_of.isoformat()},
            timeout=600,  # a language model may take what AUSKUNFT_LLM_SECONDS gives it
        )

    def search(self, query: str, town: str | None, as_of: date | None, limit: int) -> Json:
        options = {"q": query, "town": town, "as_of": as_of and as_of.isoformat(), "limit": limit}
        given = {name: value for name, value in options.items() if value is not None}
        return self._send("GET", "/api/v1/search", params=given)

    def passages(
        self, document_id: str, section: str, page: int | None, as_of: date | None
    ) -> Json:
        place = {"document_id": document_id, "section": section, "page": page}
        body = {**place, "as_of": as_of and as_of.isoformat()}
        return self._send("POST", "/jobs/passages", json=body)

    def edit(self, act: str, **arguments: Any) -> Json:
        return self._send("POST", f"/jobs/edit/{act}", json=arguments, timeout=None)

    def preview(self, progress: Progress, **arguments: Any) -> Json:
        return self._follow("/jobs/preview", arguments, progress)

    def ingest(self, job: IngestJob, progress: Progress) -> Json:
        body = asdict(job) | {"paths": [str(path.resolve()) for path in job.paths]}
        return self._follow("/jobs/ingest", body, progress)

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

    def _follow(self, route: str, body: Json, progress: Progress) -> Json:
        """What a long job comes to, its progress told meanwhile."""
        with (
            _site_may_stop(),
            self._client.stream("POST", route, json=body, timeout=None) as response,
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


@contextmanager
def connect(state_dir: Path) -> Iterator[httpx.Client | None]:
    """A client of the site that runs on this state folder; None where none does."""
    if not (state_dir / SOCKET_NAME).exists():
        yield None
        return
    import httpx

    with socket_path(state_dir) as path, ExitStack() as stack:
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
