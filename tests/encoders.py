"""A fake encoder for tests of what happens around it: words become directions, in microseconds."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from core.encoder import PassageInput
from core.types import PassageVectors, Vector


class WordEncoder:
    """Texts that share words have similar vectors; nothing else is known of language."""

    dimensions = 64

    def __init__(self, model_id: str = "words") -> None:
        self.model_id = model_id

    def encode_question(self, question: str, language: str) -> Vector:  # noqa: ARG002 protocol
        return _vector(question)

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        return [
            PassageVectors(
                _vector(f"{p.context} {p.text}"),
                np.stack([_vector(p.text[start:end]) for start, end in p.sentences]),
            )
            for p in passages
        ]


def _vector(text: str) -> Vector:
    vector = np.full(WordEncoder.dimensions, 0.01, np.float32)
    for word in re.findall(r"\w+", text.casefold()):
        vector[zlib.crc32(word.encode()) % WordEncoder.dimensions] += 1
    return vector / np.linalg.norm(vector)
