"""How often somebody may do something: counted by window, in this process's memory."""

from __future__ import annotations

import time

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_STEP = 60.0  # seconds back that begin anew; less only makes a window so much longer


class Allowances(FixedWindowRateLimiter):
    """Counts that end with their window."""

    def __init__(self) -> None:
        super().__init__(_Counts())

    def wait(self, allowance: RateLimitItem, *key: str) -> float:
        """Seconds until the window of an allowance ends."""
        return self.get_window_stats(allowance, *key).reset_time - time.time()


class _Counts(MemoryStorage):
    """Forgets everything where the clock was set back: a window would last until it is as late as
    before, and shut people out for hours."""

    def __init__(self) -> None:
        super().__init__()
        self._latest = 0.0

    def get(self, key: str) -> int:
        """How often it was done in the window that goes on."""
        now = time.time()
        if now < self._latest - _STEP:
            self.reset()
        self._latest = now
        return super().get(key)
