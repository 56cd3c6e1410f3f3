"""A language model from a GGUF file, served by llama.cpp inside this process.

It listens on this machine only, on a port of its own choice, behind a key that is made anew each
time; so it is asked in the same way as any other server.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from core.errors import SettingInvalid

CONTEXT_TOKENS = 8192  # of a request and its reply; what a model was made for may be far too much
BATCH_TOKENS = 128  # read at a go: only in between it ends where it is stopped
_ERRORS_ONLY = 1  # more would write down requests


class LocalServer:
    """llama.cpp's server, until nobody holds it any more."""

    def __init__(self, path: Path, at_once: int, port: int = 0, threads: int = 0) -> None:
        """Loads the file, which takes seconds; `threads` 0: as many as there are processors.

        Raises SettingInvalid where the file is missing or none of its kind, or the package is."""
        if not path.is_file():
            raise SettingInvalid(f"The file of AUSKUNFT_LLM_GGUF is not there: {path}.")
        try:
            import xllamacpp
        except ModuleNotFoundError as error:
            raise SettingInvalid(
                f"AUSKUNFT_LLM_GGUF needs the package {error.name}: "
                "pip install 'auskunft[local-llm]'."
            ) from error
        self.key = secrets.token_urlsafe(24)
        self.name = path.stem
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(path)
        parameters.model_alias = {self.name}
        parameters.api_keys = [self.key]
        parameters.port = port
        parameters.n_parallel = at_once
        parameters.n_ctx = CONTEXT_TOKENS * at_once
        parameters.verbosity = _ERRORS_ONLY
        parameters.n_batch = BATCH_TOKENS
        parameters.ui = False
        parameters.endpoint_slots = False  # shows requests
        parameters.endpoint_metrics = True  # only counts them
        parameters.default_template_kwargs = {"enable_thinking": "false"}  # no time for that
        for processor in (parameters.cpuparams, parameters.cpuparams_batch):
            processor.n_threads = threads or len(os.sched_getaffinity(0))
            processor.poll = 0  # waiting must not take the processor from the encoder
        try:
            self._server: Any = xllamacpp.Server(parameters)
        except (RuntimeError, ValueError) as error:
            raise SettingInvalid(
                f"The file of AUSKUNFT_LLM_GGUF cannot be loaded by llama.cpp: {path}."
            ) from error
        self.url = f"{self._server.listening_address}/v1"

    def stop(self) -> None:
        """Ends the server and whatever it writes."""
        self._server = None
