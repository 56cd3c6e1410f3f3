"""Opens the language model that the settings name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from core.errors import ModelFailed, SettingInvalid
from core.settings import Settings
from service.language_model import LanguageModel

# llama-index, the clients of HTTP and of OpenAI's protocol, llama.cpp take long to import: inside


def open_model(settings: Settings) -> LanguageModel | None:
    """The model behind its gate, or None where none is set. Safe for any number of threads.

    A server that is down now is asked later. Raises SettingInvalid where the settings contradict
    each other, the file or its package is missing, or no name is set and the server has several.
    """
    if settings.llm_gguf is not None:
        if settings.llm_base_url is not None:
            raise SettingInvalid("Set AUSKUNFT_LLM_BASE_URL or AUSKUNFT_LLM_GGUF, not both.")
        return _open_file(settings.llm_gguf, settings)
    if settings.llm_base_url is None:
        return None
    if not settings.llm_base_url.startswith(("http://", "https://")):
        raise SettingInvalid(
            "AUSKUNFT_LLM_BASE_URL is no address such as http://localhost:8080/v1."
        )
    from service.model_gate import GatedModel
    from service.openai_model import OpenAIModel
    from service.served_models import only_model

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    name = settings.llm_model
    if name is None:
        with suppress(ModelFailed):  # down: it is asked again with the first question
            name = only_model(settings.llm_base_url, key)
    return GatedModel(OpenAIModel(settings.llm_base_url, name, key), settings)


def _open_file(path: Path, settings: Settings) -> LanguageModel:
    from service.local_model import LocalServer
    from service.model_gate import GatedModel
    from service.openai_model import OpenAIModel

    server = LocalServer(path, settings.llm_at_once)
    line = OpenAIModel(server.url, server.name, server.key, held=server)
    return GatedModel(line, settings)
