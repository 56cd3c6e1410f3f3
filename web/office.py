"""Where the command line turns to: the running site, over its socket, or parts opened here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core import errors
from core.settings import Settings
from web.remote_office import RemoteOffice, connect

if TYPE_CHECKING:
    from core.store import Store
    from ingest.backup import Manifest
    from ingest.run import Progress

Json = dict[str, Any]


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

    def passages(
        self, document_id: str, section: str, page: int | None, as_of: date | None
    ) -> Json:
        """The passages of a section, on one page of it where that is named."""

    def edit(self, act: str, **arguments: Any) -> Json:
        """An act of `web.editing.EditorDesk`, by its name."""

    def preview(self, progress: Progress, **arguments: Any) -> Json:
        """What publishing what is prepared would do, with the arguments of `EditorDesk.preview`."""

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
        client = stack.enter_context(connect(settings.state_dir))
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
    with connect(settings.state_dir) as site, writing(settings):
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
        from core.glossary import glossary
        from service.answerer import Answerer
        from service.models import open_model
        from service.wire import answer_json

        words = partial(glossary, self._store.registry.engine)
        answerer = Answerer(self._store, self._settings, open_model(self._settings), words)
        return answer_json(
            answerer.answer(question, context=context, town=town, language=language, as_of=as_of)
        )

    def search(self, query: str, town: str | None, as_of: date | None, limit: int) -> Json:
        from service.wire import passages_json

        return passages_json(self._answerer.search(query, town=town, as_of=as_of, limit=limit))

    def passages(
        self, document_id: str, section: str, page: int | None, as_of: date | None
    ) -> Json:
        from service.passages import read_passages
        from service.wire import passages_json

        day = as_of or date.today()
        return passages_json(read_passages(self._store, document_id, section, page, day))

    def edit(self, act: str, **arguments: Any) -> Json:
        from web.editing import COMMAND_LINE, EditorDesk, run_act

        return run_act(EditorDesk(self._store, self._settings), COMMAND_LINE, act, arguments)

    def preview(self, progress: Progress, **arguments: Any) -> Json:
        from web.editing import EditorDesk

        return EditorDesk(self._store, self._settings).preview(progress=progress, **arguments)

    def ingest(self, job: IngestJob, progress: Progress) -> Json:
        from web.ingesting import run_ingest

        found = run_ingest(job, self._store, self._settings, progress)
        if found["passages"]["added"] or found["passages"]["deleted"]:
            self._store.index.optimize()
        return found

    def backup(self, file: Path) -> Json:
        from ingest.backup import back_up

        return backup_json(back_up(self._store, self._settings, file), file)

    def copy_index(self, url: str, key: str | None) -> Json:
        from ingest.copy_index import copy_to_server

        return {"to": url, "passages": copy_to_server(self._store, self._settings, url, key)}


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
