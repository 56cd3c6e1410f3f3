"""What every command warms up first, done by importing this: children are forked from there."""

from __future__ import annotations

from functools import cache

import core.openvino_encoder
from core.model import PIECES, provide_bundled_model
from core.settings import load_settings
from service.answerer import warm_up

warm_up()
# the tokenizer takes most of a command's start: it is loaded once, and the children have it
load_tokenizer = cache(core.openvino_encoder.SentencePieceProcessor)
load_tokenizer(model_file=str(provide_bundled_model(load_settings().cache_dir) / PIECES))
core.openvino_encoder.SentencePieceProcessor = load_tokenizer  # type: ignore[misc,assignment]
