"""Which models an OpenAI-compatible server has, as it says itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from core.errors import ModelFailed, ModelUnreachable, SettingInvalid

_SECONDS = 2.0
# what vLLM, LM Studio and llama.cpp call the tokens that a request and its reply may have together
_CONTEXT_NAMES = ("max_model_len", "context_length", "max_context_length", "n_ctx", "n_ctx_train")


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model's name, and its context in tokens where the server tells."""

    name: str
    context: int | None


def served_models(base_url: str, key: str | None) -> list[ServedModel]:
    """The models that the server lists; raises ModelUnreachable, ModelFailed."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    address = f"{base_url.rstrip('/')}/models"
    try:
        with ThreadPoolExecutor(1) as thread:  # whoever asks may have an event loop of its own
            reply = thread.submit(asyncio.run, _get(address, headers)).result()
        reply.raise_for_status()
        listed = reply.json()["data"]
        return [ServedModel(row["id"], _context(row)) for row in listed]
    except httpx.HTTPStatusError as error:
        raise ModelFailed(
            f"The language model's server answers {address} with status "
            f"{error.response.status_code}; check AUSKUNFT_LLM_BASE_URL (it mostly ends in /v1) "
            "and AUSKUNFT_LLM_API_KEY."
        ) from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise ModelUnreachable from error
    except (ValueError, LookupError, TypeError) as error:
        raise ModelFailed(
            f"{address} does not list models; check AUSKUNFT_LLM_BASE_URL."
        ) from error


def only_model(base_url: str, key: str | None) -> str:
    """The name of the one model that the server has; raises SettingInvalid where it has several or
    none, and what `served_models` raises."""
    names = [model.name for model in served_models(base_url, key)]
    if len(names) != 1:
        listed = f": {', '.join(names)}" if names else ""
        raise SettingInvalid(
            f"The language model's server has {len(names) or 'no'} models{listed}; "
            "AUSKUNFT_LLM_MODEL names the one to use."
        )
    return names[0]


async def _get(address: str, headers: Mapping[str, str]) -> httpx.Response:
    """What stands there, whole within _SECONDS: httpx itself waits so long for each byte."""
    async with (
        asyncio.timeout(_SECONDS),
        httpx.AsyncClient(trust_env=False, timeout=_SECONDS, headers=headers) as client,
    ):
        return await client.get(address)


def _context(row: Mapping[str, Any]) -> int | None:
    told = {**(row.get("meta") or {}), **row}
    return next((int(told[name]) for name in _CONTEXT_NAMES if told.get(name)), None)
