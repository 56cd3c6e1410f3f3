"""What stands between us and a language model: places, retries, a breaker and the day's tokens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Protocol

from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from core.errors import ModelBusy, ModelLate, ModelSpent, ModelUnreachable, ModelUnwanted
from core.settings import Settings
from service.language_model import Task

ATTEMPTS = 3
FAILURES_IN_A_ROW = 5
REST_SECONDS = 30.0
PAUSE_SECONDS = 0.1  # before the second attempt
CHARACTERS_A_TOKEN = 4  # where the server does not count


class Line(Protocol):
    """A language model as its server offers it."""

    @property
    def name(self) -> str:
        """What it is called."""

    def write(
        self,
        task: Task,
        deadline: float,
        spent: Callable[[int], None],
        unwanted: threading.Event | None,
    ) -> Generator[str, None, None]:
        """As LanguageModel.write; `spent` is told the tokens so far, where the server counts."""


class GatedModel:
    """A language model that any number of threads may ask at once."""

    def __init__(
        self,
        line: Line,
        settings: Settings,
        *,
        rest_seconds: float = REST_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._line = line
        self._places = _Places(settings.llm_at_once, settings.llm_queue)
        self._breaker = _Breaker(rest_seconds)
        self._budget = _Budget(settings.llm_daily_tokens, today)
        self._seconds = settings.llm_seconds
        self._wait = wait_exponential_jitter(
            pause_seconds, 10 * pause_seconds, jitter=pause_seconds
        )

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._line.name

    def write(
        self, task: Task, deadline: float, unwanted: threading.Event | None = None
    ) -> Iterator[str]:
        """As LanguageModel has it. ModelBusy: no place is free until the deadline, or too many wait
        already; ModelUnreachable: also while it rests after failures; ModelSpent, ModelLate,
        ModelUnwanted."""
        self._budget.check()
        self._breaker.check()
        is_hurried = deadline - time.monotonic() < self._seconds / 2  # as for a follow-up
        with (
            self._places.take(deadline) as has_waited,
            self._breaker.asking(is_fair=not (has_waited or is_hurried)),
        ):
            yield from self._write(task, deadline, unwanted)

    def _write(
        self, task: Task, deadline: float, unwanted: threading.Event | None
    ) -> Iterator[str]:
        counted = 0

        def count(tokens: int) -> None:
            nonlocal counted
            counted = tokens

        characters = len(task.system) + len(task.data)
        try:
            first, pieces = self._open(task, deadline, count, unwanted)
        except (ModelLate, ModelUnwanted):  # it has read, at least
            self._budget.spend(characters // CHARACTERS_A_TOKEN)
            raise
        try:
            with closing(pieces):
                piece = first
                while piece is not None:
                    characters += len(piece)
                    yield piece
                    piece = next(pieces, None)
        finally:
            self._budget.spend(counted or characters // CHARACTERS_A_TOKEN)

    def _open(
        self,
        task: Task,
        deadline: float,
        count: Callable[[int], None],
        unwanted: threading.Event | None,
    ) -> tuple[str | None, Generator[str, None, None]]:
        """The first piece (None: there is none) and what gives the others. Tries again where the
        server cannot be reached, fails or has no time: nobody has read anything yet."""

        def attempt() -> tuple[str | None, Generator[str, None, None]]:
            pieces = self._line.write(task, deadline, count, unwanted)
            return next(pieces, None), pieces

        retrying = Retrying(
            retry=retry_if_exception_type((ModelUnreachable, ModelBusy)),
            wait=self._wait,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(deadline - time.monotonic()),
            reraise=True,
        )
        return retrying(attempt)


class _Places:
    """So many may ask at once, so many wait, the others are turned away."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._seats = waiting

    @contextmanager
    def take(self, deadline: float) -> Iterator[bool]:
        """Holds a place; whether it had to be waited for. Raises ModelBusy."""
        has_waited = not self._free.acquire(blocking=False)
        if has_waited:
            self._wait(deadline)
        try:
            yield has_waited
        finally:
            self._free.release()

    def _wait(self, deadline: float) -> None:
        with self._lock:
            if self._seats == 0:
                raise ModelBusy
            self._seats -= 1
        try:
            if not self._free.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise ModelBusy
        finally:
            with self._lock:
                self._seats += 1


class _Breaker:
    """After several failures in a row nobody asks for a while; then one tries."""

    def __init__(self, rest_seconds: float) -> None:
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0
        self._is_tried = False

    def check(self) -> None:
        """Raises ModelUnreachable while it rests."""
        with self._lock:
            self._require_awake()

    @contextmanager
    def asking(self, *, is_fair: bool) -> Iterator[None]:
        """Around a request. Not `is_fair`: it had less than the whole time, so that its being late
        says nothing about the model. Raises ModelUnreachable while it rests."""
        with self._lock:
            self._require_awake()
            is_trial = self._failures >= FAILURES_IN_A_ROW
            self._is_tried = self._is_tried or is_trial
        has_worked: bool | None = None  # nobody knows, where the asker went
        try:
            yield
            has_worked = True
        except ModelLate:
            has_worked = False if is_fair else None
            raise
        except (ModelUnreachable, ModelBusy):
            has_worked = False
            raise
        finally:
            with self._lock:
                self._is_tried = self._is_tried and not is_trial
                if has_worked is not None:
                    self._failures = 0 if has_worked else self._failures + 1
                    self._rests_until = time.monotonic() + self._rest_seconds

    def _require_awake(self) -> None:
        if self._failures < FAILURES_IN_A_ROW:
            return
        if self._is_tried or time.monotonic() < self._rests_until:
            raise ModelUnreachable(
                "The language model failed several times in a row; it is asked again in a moment."
            )


class _Budget:
    """The tokens of a day; those who are at it when they are used up may finish."""

    def __init__(self, daily: int, today: Callable[[], date]) -> None:
        self._daily = daily
        self._today = today
        self._lock = threading.Lock()
        self._day = date.min
        self._spent = 0

    def check(self) -> None:
        """Raises ModelSpent where they are used up."""
        with self._lock:
            self._turn_day()
            if self._daily and self._spent >= self._daily:
                raise ModelSpent

    def spend(self, tokens: int) -> None:
        """Takes tokens of today."""
        with self._lock:
            self._turn_day()
            self._spent += tokens

    def _turn_day(self) -> None:
        if self._day != (today := self._today()):
            self._day, self._spent = today, 0
