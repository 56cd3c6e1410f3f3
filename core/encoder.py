"""Turns questions and passages into vectors: the protocol, and the encoder that is set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.settings import Settings
from core.types import PassageVectors, Vector


@dataclass(frozen=True, slots=True)
class PassageInput:
    """What is embedded of a passage: context and text, and where its sentences stand in the text
    (start, end), in characters and in ascending order."""

    context: str
    text: str
    sentences: tuple[tuple[int, int], ...]


class Encoder(Protocol):
    """An embedding model. Vectors of questions and passages compare by their dot product."""

    @property
    def model_id(self) -> str:
        """Names the model, and is part of every passage's digest."""

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""

    def encode_question(self, question: str, language: str) -> Vector:
        """The question's vector: shape (d,), length 1, aligned to German passages."""

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        """The vectors of passages and of their sentences, in the passages' order."""


def load_encoder(settings: Settings, progress: Callable[[str], None] | None = None) -> Encoder:
    """The encoder that is set: OpenVINO for `bundled`, else sentence-transformers.

    `progress` is called with a sentence before slow work. Raises ModelUnavailable.
    """
    # imported here so that the bundled model never loads torch
    if settings.embedding_model == "bundled":
        from core.model import provide_bundled_model
        from core.openvino_encoder import load_openvino_encoder

        folder = provide_bundled_model(settings.cache_dir, progress)
        return load_openvino_encoder(folder)
    from core.transformer_encoder import load_transformer_encoder

    return load_transformer_encoder(settings.embedding_model)


def normalise(vector: Vector) -> Vector:
    """The vector at length 1; shape (d,)."""
    unit: Vector = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit
