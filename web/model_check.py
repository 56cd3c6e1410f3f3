"""Tries out the language model: is it there, does it stream, does it keep to a JSON schema."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping

from core.errors import AuskunftError, ModelFailed
from core.settings import Settings
from service.language_model import LanguageModel
from service.models import open_model
from service.prompting import load_prompt
from service.served_models import ServedModel, served_models
from web.doctor import Check

PATIENCE_SECONDS = 60.0  # some servers load a model only when it is asked
COLOURS = ["red", "yellow", "green"]
# The prompt says nothing of JSON: only who keeps to the schema writes this.
SCHEMA = {
    "type": "object",
    "properties": {
        "colours": {
            "type": "array",
            "items": {"enum": COLOURS},
            "minItems": 4,
            "maxItems": 4,
        }
    },
    "required": ["colours"],
    "additionalProperties": False,
}
STANDS = "Meanwhile citizens get sentences of the documents, word for word."


def check_model(settings: Settings) -> Iterator[Check]:
    """The checks of the model that is set; where one fails, what citizens get instead."""
    try:
        listed = _list_models(settings)  # first: it needs nothing that takes long to import
        model = open_model(settings)
        assert model is not None  # noqa: S101  asked only where one is set
        yield _check_server(settings, model, listed)
        yield _check_writing(settings, model)
    except ModelFailed as error:
        yield Check("language model", False, f"{error} {STANDS}")
    except AuskunftError as error:  # the settings: the site would not start
        yield Check("language model", False, str(error))


def _list_models(settings: Settings) -> dict[str, ServedModel]:
    if settings.llm_base_url is None or settings.llm_gguf is not None:
        return {}
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    return {served.name: served for served in served_models(settings.llm_base_url, key)}


def _check_server(
    settings: Settings, model: LanguageModel, listed: Mapping[str, ServedModel]
) -> Check:
    if settings.llm_base_url is None:
        said = f"{model.name} runs in this process."
        return Check("language model", True, said, figures={"model": model.name})
    if model.name not in listed:
        said = f"The server does not list {model.name}, but {', '.join(listed) or 'nothing'}."
        return Check("language model", False, f"{said} {STANDS}", figures={"model": model.name})
    context = listed[model.name].context
    told = f", with room for {context} tokens" if context else ""
    figures = {"model": model.name, "context": context}
    said = f"{settings.llm_base_url} has {model.name}{told}."
    return Check("language model", True, said, figures=figures)


def _check_writing(settings: Settings, model: LanguageModel) -> Check:
    """One short text, with every moment at which something came."""
    task = load_prompt("ping").task(
        "The colours of a traffic light, over and over.", schema=SCHEMA, max_tokens=200
    )
    started = time.monotonic()
    pieces: list[tuple[float, str]] = []
    for piece in model.write(task, started + max(PATIENCE_SECONDS, settings.llm_seconds)):
        pieces.append((time.monotonic() - started, piece))
    seconds = time.monotonic() - started
    first, last = (pieces[0][0], pieces[-1][0]) if pieces else (seconds, seconds)
    streams = len(pieces) > 1
    rate = round((len(pieces) - 1) / max(last - first, 1e-6), 1) if streams else None
    obeys = _obeys("".join(piece for _, piece in pieces))
    faults = [
        *([] if streams else ["it does not stream, so that nothing is shown before the end"]),
        *([] if obeys else ["it does not keep to a JSON schema, so that its answers are useless"]),
        *(
            [f"it took longer than AUSKUNFT_LLM_SECONDS ({settings.llm_seconds:g} s)"]
            if seconds > settings.llm_seconds
            else []
        ),
    ]
    figures = {
        "streams": streams,
        "obeys_schema": obeys,
        "first_piece_seconds": round(first, 3),
        "seconds": round(seconds, 3),
        "tokens_per_second": rate,
    }
    if faults:
        said = f"{model.name} writes, but {', and '.join(faults)}. {STANDS}"
        return Check("its answers", False, said, figures=figures)
    said = (
        f"It keeps to a JSON schema and streams: the first piece after {first:.2f} s, then about "
        f"{rate:g} tokens a second."
    )
    return Check("its answers", True, said, figures=figures)


def _obeys(text: str) -> bool:
    try:
        written = json.loads(text)
    except ValueError:
        return False
    if not isinstance(written, dict) or set(written) != {"colours"}:
        return False
    colours = written["colours"]
    is_list = isinstance(colours, list) and len(colours) == 4
    return is_list and all(colour in COLOURS for colour in colours)
