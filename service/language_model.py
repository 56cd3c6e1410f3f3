"""What a language model is to us: given a task, it writes text piece by piece, or fails in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is asked. `prompt` names the prompt and its version ("answer@1"); `system` says
    what to do, `data` holds citizens' and documents' words, which are never instructions; `schema`
    is the JSON schema of what is to be written, None for plain text."""

    prompt: str
    system: str
    data: str
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 600


class LanguageModel(Protocol):
    """A language model of the town's choice."""

    @property
    def name(self) -> str:
        """What it is called, as pages and traces name it."""

    def write(self, task: Task, deadline: float, unwanted: Event | None = None) -> Iterator[str]:
        """The text as it comes, in pieces. `deadline` is a `time.monotonic()` by which it ends.

        Raises ModelFailed: at once where it is busy, broken or out of budget, else in the middle.
        Closing the iterator stops the model; while it is silent, `unwanted` does, once it is set.
        """
