"""Tells the log that the language model fails: what happened, and nobody's words."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from service.usage import Failure

PAUSE_SECONDS = 60.0  # before the same is told again

logger = logging.getLogger(__name__)


class FailureLog:
    """What was told lately, so that each kind of failure is told at most once a minute."""

    def __init__(self) -> None:
        self._silent_until: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def tell(self, failures: Iterable[Failure]) -> None:
        """Logs those that were not told in the last minute."""
        for failure in failures:
            kind, now = (failure.prompt, failure.code), time.monotonic()
            with self._lock:
                is_told = now < self._silent_until.get(kind, 0.0)
                if not is_told:
                    self._silent_until[kind] = now + PAUSE_SECONDS
            if not is_told:
                said = failure.prompt, failure.message
                logger.warning("The language model failed (%s). %s", *said)
