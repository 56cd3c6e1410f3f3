"""The judging language model: asked over HTTP, its answers kept on disk, its tokens counted.

RAGAS asks any `InstructorBaseRagasLLM`. Ours stands in for `llm_factory`'s, which reports
every call to its makers, adds English words to each prompt, has no schema enforced by the server,
and keeps answers under a key that does not name the model.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

from openai import APIConnectionError, APIStatusError, APITimeoutError, AsyncOpenAI, OpenAIError
from pydantic import BaseModel, Field, ValidationError
from ragas.cache import CacheInterface
from ragas.llms.base import InstructorBaseRagasLLM

from core.errors import AuskunftError
from eval.judge_prompts import find_fault

MAX_TOKENS = 4096  # of an answer: a reason for each of some dozen statements
STOP_AFTER = 10  # calls in a row that the server did not answer at all

Answer = TypeVar("Answer", bound=BaseModel)


class JudgeFailed(AuskunftError):
    """The judge gave no answer that could be used."""


@dataclass(frozen=True, slots=True)
class JudgeServer:
    """Where the judge is, what it is called there, and how patient we are: `seconds` for a call
    with its `retries`, which are made where the server is busy or out of reach."""

    url: str
    model: str
    key: str
    seconds: float
    retries: int


@dataclass(frozen=True, slots=True)
class JudgeCost:
    """What judging took: answers of the server and of the cache, tokens as the server counts them
    (in `uncounted` answers it did not), and the seconds from first to last."""

    model: str
    calls: int
    remembered: int
    prompt_tokens: int
    completion_tokens: int
    uncounted: int
    seconds: float

    def __str__(self) -> str:
        uncounted = f" ({self.uncounted:,} answers uncounted)" if self.uncounted else ""
        return (
            f"{self.model} was asked {self.calls:,} times in {self.seconds:,.1f} seconds and read "
            f"{self.prompt_tokens:,} and wrote {self.completion_tokens:,} tokens{uncounted}; "
            f"{self.remembered:,} answers were remembered from earlier."
        )


class JudgeModel(InstructorBaseRagasLLM):
    """A language model on an OpenAI-compatible server, for RAGAS; all failures are JudgeFailed."""

    def __init__(self, server: JudgeServer, cache: CacheInterface) -> None:
        self._server = server
        self._cache = cache
        self._client: AsyncOpenAI | None = None
        self._calls = self._remembered = self._uncounted = 0
        self._tokens = (0, 0)  # of prompts and of completions
        self._seconds = 0.0
        self._unanswered = 0  # calls in a row

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """While it lasts, the model can be asked, from this event loop."""
        begun = perf_counter()
        client = AsyncOpenAI(
            base_url=self._server.url,
            api_key=self._server.key or "none",  # the client insists on one
            timeout=self._server.seconds,
            max_retries=self._server.retries,
        )
        async with client:
            self._client = client
            try:
                yield
            finally:
                self._client = None
                self._seconds += perf_counter() - begun

    def generate(self, prompt: str, response_model: type[Answer]) -> Answer:
        """As `agenerate`, outside an event loop."""

        async def ask() -> Answer:
            async with self.connected():
                return await self.agenerate(prompt, response_model)

        return asyncio.run(ask())

    async def agenerate(self, prompt: str, response_model: type[Answer]) -> Answer:
        """The model's answer, or the one it gave to these very words before. Raises JudgeFailed;
        only answers that hold are kept."""
        key = self._key(prompt)
        kept = self._cache.get(key)
        if kept is not None:
            self._remembered += 1
            return response_model.model_validate_json(kept)
        if self._unanswered >= STOP_AFTER:
            raise JudgeFailed(f"not asked: {STOP_AFTER} calls in a row had no answer")
        text = await self._ask(prompt, response_model)
        try:
            # some servers ignore the schema and wrap the JSON in words or a fence
            answer = response_model.model_validate_json(text[text.find("{") : text.rfind("}") + 1])
        except ValidationError as error:
            raise JudgeFailed("the answer is not JSON of the form asked for") from error
        if fault := find_fault(prompt, answer):
            raise JudgeFailed(fault)
        self._cache.set(key, answer.model_dump_json())
        return answer

    def cost(self) -> JudgeCost:
        """What was spent since this model was made."""
        return JudgeCost(
            self._server.model,
            self._calls,
            self._remembered,
            *self._tokens,
            self._uncounted,
            self._seconds,
        )

    async def _ask(self, prompt: str, response_model: type[BaseModel]) -> str:
        if self._client is None:
            raise JudgeFailed("the judge is asked only while it is connected")
        self._calls += 1
        try:
            # the client's own time-out starts anew with every byte and every retry
            async with asyncio.timeout(self._server.seconds):
                reply = await self._client.chat.completions.with_raw_response.create(
                    model=self._server.model,
                    messages=[{"role": "user", "content": prompt}],
                    temperature=0,
                    max_tokens=MAX_TOKENS,
                    response_format={
                        "type": "json_schema",
                        "json_schema": {
                            "name": response_model.__name__,
                            "schema": response_model.model_json_schema(),
                        },
                    },
                )
        except (TimeoutError, APITimeoutError) as error:
            self._unanswered += 1
            raise JudgeFailed(f"no answer within {self._server.seconds:g} seconds") from error
        except APIConnectionError as error:
            self._unanswered += 1
            raise JudgeFailed("the server cannot be reached") from error
        except APIStatusError as error:
            self._unanswered = 0
            raise JudgeFailed(f"the server answered with status {error.status_code}") from error
        except OpenAIError as error:
            raise JudgeFailed(f"the server's answer cannot be used: {error}") from error
        self._unanswered = 0
        return self._read(reply.text)

    def _read(self, body: str) -> str:
        try:
            reply = _Reply.model_validate_json(body)
        except ValidationError as error:
            raise JudgeFailed("the server's answer is not a chat completion") from error
        if reply.usage is None:
            self._uncounted += 1
        else:
            read, written = self._tokens
            usage = reply.usage
            self._tokens = (read + usage.prompt_tokens, written + usage.completion_tokens)
        choice = reply.choices[0]
        if choice.finish_reason == "length":
            raise JudgeFailed(f"the answer was cut off (at {MAX_TOKENS} tokens or by its context)")
        return choice.message.content or ""

    def _key(self, prompt: str) -> str:
        """By what the cache knows an answer: the prompt holds the schema of what is asked for."""
        named = json.dumps([self._server.model, prompt])
        return hashlib.sha256(named.encode()).hexdigest()


class _Usage(BaseModel):
    prompt_tokens: int
    completion_tokens: int


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Reply(BaseModel):
    """What is read of a chat completion."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None
