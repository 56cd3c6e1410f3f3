"""What works here and what does not: every part that answers need, tried out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import AuskunftError, IndexBusy
from core.settings import Settings
from web.remote_office import connect

if TYPE_CHECKING:
    from core.encoder import Encoder

Figures = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Check:
    """What was tried, whether it works, whether it has to, and a sentence about it."""

    name: str
    works: bool
    message: str
    is_needed: bool = True
    figures: Figures = field(default_factory=dict)


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, as soon as it is done; changes nothing but that an empty state is created."""
    yield _tried("state folder", lambda: _check_state(settings))
    encoders: list[Encoder] = []
    yield _tried("embedding model", lambda: _check_encoder(settings, encoders))
    yield _tried("database", lambda: _check_database(settings))
    if encoders:
        yield _tried("index", lambda: _check_index(settings, encoders[0]))
    yield _check_scans()
    yield from _check_model(settings)


def _tried(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except AuskunftError as error:
        return Check(name, False, str(error))
    except OSError as error:
        return Check(name, False, f"{error.filename or name}: {error.strerror}.")


def _check_state(settings: Settings) -> Check:
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.state_dir):
        return Check("state folder", True, f"{settings.state_dir} can be written.")


def _check_encoder(settings: Settings, loaded: list[Encoder]) -> Check:
    from core.encoder import load_encoder

    encoder = load_encoder(settings)
    encoder.encode_question("Guten Tag", "de")  # the first takes far longer
    started = time.monotonic()
    encoder.encode_question("Was kostet ein Personalausweis?", "de")
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    loaded.append(encoder)
    return Check(
        "embedding model",
        True,
        f"{encoder.model_id} encodes a question in {milliseconds} ms.",
        figures={"model": encoder.model_id, "milliseconds": milliseconds},
    )


def _check_database(settings: Settings) -> Check:
    from core.database import open_registry

    kind = "PostgreSQL" if settings.database_url else "SQLite in the state folder"
    with closing(open_registry(settings)) as registry:
        generation = registry.generation()
        documents = len({version.document.id for version in registry.standing()})
    figures = {"generation": generation, "documents": documents}
    if not documents:
        said = f"{kind}: it holds no documents yet; `auskunft ingest FOLDER` adds them."
        return Check("database", False, said, is_needed=False, figures=figures)
    said = f"{kind}: {documents} documents, generation {generation}."
    return Check("database", True, said, figures=figures)


def _check_index(settings: Settings, encoder: Encoder) -> Check:
    from core.database import open_registry
    from core.index import IndexIdentity
    from core.index_engines import open_index

    kind = "Qdrant server" if settings.qdrant_url else "embedded"
    identity = IndexIdentity(encoder.model_id, encoder.dimensions)
    with closing(open_registry(settings)) as registry:
        generation = registry.generation()
    try:
        with closing(open_index(settings, identity)) as index:
            passages = index.count(generation)
    except IndexBusy:
        with connect(settings.state_dir) as site:
            if site is None or site.get("/readyz").status_code != 200:
                raise
        return Check("index", True, f"{kind}: the site that runs answers from it.")
    said = f"{kind}: {passages} passages in generation {generation}."
    return Check("index", True, said, figures={"passages": passages, "generation": generation})


def _check_scans() -> Check:
    from ingest.readers.ocr import missing

    needed = missing()
    if needed:
        said = f"Scanned pages are not read; that takes {needed}."
        return Check("text recognition", False, said, is_needed=False)
    return Check("text recognition", True, "Scanned pages are read by tesseract.", is_needed=False)


def _check_model(settings: Settings) -> Iterator[Check]:
    if settings.llm_base_url is None and settings.llm_gguf is None:
        said = "None is set: citizens get sentences of the documents, word for word."
        yield Check("language model", True, said, is_needed=False)
        return
    from web.model_check import check_model

    yield from check_model(settings)
