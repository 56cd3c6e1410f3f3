"""Listens to a language model: its text as it comes, in time whatever the model does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator
from queue import Empty, SimpleQueue

from core.errors import ModelFailed, ModelLate
from service.language_model import LanguageModel, Task

SILENCE = 2.0  # seconds without a piece, after which None tells that the model still works

logger = logging.getLogger(__name__)


def listen(
    model: LanguageModel, task: Task, deadline: float, silence: float = SILENCE
) -> Generator[str | None, None, None]:
    """The pieces of what a model writes; None after every `silence` seconds without one.

    Raises ModelFailed, at the `deadline` (a `time.monotonic()`) at the latest. Closing it stops the
    model, in its own thread.
    """
    pieces: SimpleQueue[str | ModelFailed | None] = SimpleQueue()
    unwanted = threading.Event()
    reader = threading.Thread(
        target=_read, args=(model, task, deadline, pieces, unwanted), name="model", daemon=True
    )
    reader.start()
    try:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ModelLate
            try:
                piece = pieces.get(timeout=min(left, silence))
            except Empty:
                if left > silence:
                    yield None
                continue
            if piece is None:
                return
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece
    finally:
        unwanted.set()


def _read(
    model: LanguageModel,
    task: Task,
    deadline: float,
    pieces: SimpleQueue[str | ModelFailed | None],
    unwanted: threading.Event,
) -> None:
    """Hands on what the model writes, None at its end."""
    try:
        writing = model.write(task, deadline, unwanted)
        try:
            for piece in writing:
                if unwanted.is_set():
                    return
                pieces.put(piece)
        finally:
            if isinstance(writing, Generator):  # a plain iterator holds nothing open
                writing.close()
        pieces.put(None)
    except ModelFailed as failure:
        pieces.put(failure)
    except Exception as error:  # noqa: BLE001  whatever a model's library raises, we answer
        # nothing but its name: its words may be a citizen's
        logger.error("The language model failed: %s", type(error).__name__)
        pieces.put(ModelFailed())
