"""A language model behind an OpenAI-compatible server, spoken to through llama-index.

Every request runs in a thread and an event loop of its own: whoever waits for it is free at the
deadline whatever the network does, and a request that is not wanted any more is cancelled, which
closes its connection, which is what makes servers stop writing.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import ssl
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, suppress
from typing import Any

import httpx
import openai
from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole
from llama_index.llms.openai_like import OpenAILike

from core.errors import (
    ModelBusy,
    ModelFailed,
    ModelLate,
    ModelUnreachable,
    ModelUnwanted,
    SettingInvalid,
)
from service.language_model import Task
from service.served_models import only_model

CONNECT_SECONDS = 2.0
_LOOK_SECONDS = 0.25  # how often it looks whether somebody waits, while the model is silent
_FAREWELL_SECONDS = 0.05  # what closing a connection takes, and never longer
_LONGEST_TOKEN = 16  # characters; a server that writes on beyond max_tokens is cut there


class OpenAIModel:
    """One model of one server, without any limit on what is asked of it."""

    def __init__(
        self, base_url: str, name: str | None, key: str | None, held: object = None
    ) -> None:
        """Without a name it is the only model that the server has, which is asked then; `held` is
        what the server needs to live."""
        self._base_url = base_url
        self._name = name
        self._key = key
        self._held = held
        self._certificates = ssl.create_default_context()
        # it writes down whole requests where somebody asks for its debugging messages
        logging.getLogger("openai").setLevel(logging.WARNING)

    @property
    def name(self) -> str:
        """The model's name; the server's address, as long as nobody knows it."""
        return self._name or self._base_url

    def write(
        self,
        task: Task,
        deadline: float,
        spent: Callable[[int], None],
        unwanted: threading.Event | None = None,
    ) -> Generator[str, None, None]:
        """The text in pieces; `spent` is told the tokens so far, where the server counts.

        Raises ModelUnreachable, ModelLate, ModelBusy, ModelUnwanted once that is set, or
        ModelFailed where the server refuses the request. Closing the iterator closes the
        connection.
        """
        request = _Request(self, task)
        thread = threading.Thread(target=request.run, name="language model", daemon=True)
        thread.start()
        try:
            while (event := request.next(deadline, unwanted)) is not None:
                if isinstance(event, ModelFailed):
                    raise event
                if isinstance(event, int):
                    spent(event)
                else:
                    yield event
        finally:
            request.cancel()
            thread.join(_FAREWELL_SECONDS)

    async def stream(self, task: Task) -> AsyncGenerator[ChatResponse, None]:
        """The server's replies as llama-index reads them: an asynchronous iterator."""
        if self._name is None:
            self._name = only_model(self._base_url, self._key)
        options: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "timeout": httpx.Timeout(None, connect=CONNECT_SECONDS),  # for the rest: the deadline
        }
        if task.schema is not None:
            name = task.prompt.replace("@", "-")
            options["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": name, "schema": dict(task.schema)},
            }
        async with httpx.AsyncClient(
            verify=self._certificates,
            trust_env=False,  # no proxy that the settings do not name
        ) as client:
            model = OpenAILike(
                model=self._name,
                api_base=self._base_url,
                api_key=self._key or "none",  # it insists on one
                is_chat_model=True,
                temperature=0,
                max_tokens=task.max_tokens,
                max_retries=0,  # the gate's
                async_http_client=client,
            )
            messages = [
                ChatMessage(role=MessageRole.SYSTEM, content=task.system),
                ChatMessage(role=MessageRole.USER, content=task.data),
            ]
            replies = await model.astream_chat(messages, **options)
            async with aclosing(replies):
                async for reply in replies:
                    yield reply


class _Request:
    """One text on its way: written in a thread of its own, read in another."""

    def __init__(self, model: OpenAIModel, task: Task) -> None:
        self._model = model
        self._task = task
        self._events: queue.SimpleQueue[str | int | ModelFailed | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._cancel: Callable[[], object] | None = None
        self._is_cancelled = False

    def run(self) -> None:
        """Asks, and hands on what comes; ends with a failure or None."""
        try:
            asyncio.run(self._read())
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001  a strange reply makes the libraries raise anything
            self._events.put(_failure(error))
        else:
            self._events.put(None)

    def next(
        self, deadline: float, unwanted: threading.Event | None
    ) -> str | int | ModelFailed | None:
        """The next piece of text, a count of tokens, a failure, or None: it is done. Raises
        ModelLate at the deadline, and ModelUnwanted."""
        while (rest := deadline - time.monotonic()) > 0:
            if unwanted is not None and unwanted.is_set():
                raise ModelUnwanted
            with suppress(queue.Empty):
                return self._events.get(timeout=min(rest, _LOOK_SECONDS))
        raise ModelLate

    def cancel(self) -> None:
        """Closes the connection, where it is still open."""
        with self._lock:
            self._is_cancelled = True
            if self._cancel is not None:
                self._cancel()

    async def _read(self) -> None:
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        assert task is not None  # noqa: S101  asyncio.run makes one
        with self._lock:
            if self._is_cancelled:
                return
            self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        try:
            await self._hand_on()
        finally:
            with self._lock:  # the loop is closed next
                self._cancel = None

    async def _hand_on(self) -> None:
        room = self._task.max_tokens * _LONGEST_TOKEN
        is_finished = False
        async with aclosing(self._model.stream(self._task)) as replies:
            async for reply in replies:
                if reply.delta:
                    room -= len(reply.delta)
                    self._events.put(reply.delta)
                is_finished = is_finished or _is_finished(reply)
                if (tokens := reply.additional_kwargs.get("total_tokens")) is not None:
                    self._events.put(int(tokens))
                if room <= 0:
                    return
        if not is_finished:
            raise ModelUnreachable("The language model's server broke off in the middle.")


def _is_finished(reply: ChatResponse) -> bool:
    choices = reply.raw.choices  # type: ignore[union-attr]  # a ChatCompletionChunk
    return bool(choices and choices[0].finish_reason)


def _failure(error: Exception) -> ModelFailed:
    """What went wrong, in our words: a server's own may repeat what it was asked."""
    match error:
        case ModelFailed():
            return error
        case SettingInvalid():
            return ModelFailed(str(error))
        case openai.APITimeoutError():
            return ModelLate("The language model's server takes too long to accept a connection.")
        case openai.APIConnectionError():
            return ModelUnreachable()
        case openai.RateLimitError():
            return ModelBusy("The language model's server has too many requests.")
        case openai.InternalServerError():
            return ModelUnreachable(
                f"The language model's server fails with status {error.status_code}."
            )
        case openai.APIStatusError():
            return ModelFailed(
                f"The language model's server refuses the request with status {error.status_code};"
                " check AUSKUNFT_LLM_BASE_URL, AUSKUNFT_LLM_MODEL and AUSKUNFT_LLM_API_KEY."
            )
        case openai.APIError() | httpx.HTTPError():
            return ModelUnreachable("The language model's server broke off in the middle.")
    return ModelFailed("The language model's server sent something that is no reply.")
