"""The encoder for any other model: sentence-transformers, on a GPU where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from logging import ERROR, getLogger
from typing import Any

import numpy as np
from huggingface_hub import model_info
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers.utils import logging

from core.encoder import PassageInput, normalise
from core.errors import ModelUnavailable
from core.types import PassageVectors, Vector
from core.windows import token_ranges

_CHUNK = 256  # passages whose token states are held at a time
_UNLIMITED = 1_000_000  # tokens, for models that set no limit
_E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


class TransformerEncoder:
    """Implements core.encoder.Encoder with a sentence-transformers model and its own prompts."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.model_id = name
        self._model = model
        prompts = {key: text for key, text in model.prompts.items() if text}
        if "e5" in name.lower():
            prompts = _E5_PROMPTS | prompts
        self._question_prompt = prompts.get("query", "")
        self._passage_prompt = prompts.get("passage") or prompts.get("document", "")

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self._encode([""]).shape[1])

    def encode_question(self, question: str, language: str) -> Vector:  # noqa: ARG002  protocol
        """The question's vector: shape (d,), length 1; not aligned, whatever its language."""
        vector: Vector = self._encode([self._question_prompt + question])[0]
        return vector

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        """The vectors of passages and of their sentences, in the passages' order.

        Where the model pools by the mean, a sentence's vector is the mean of its token states in
        the passage; sentences that were cut off, and those of other models, are encoded alone.
        """
        vectors: list[PassageVectors] = []
        for start in range(0, len(passages), _CHUNK):
            vectors.extend(self._encode_chunk(passages[start : start + _CHUNK]))
        return vectors

    def _encode_chunk(self, passages: Sequence[PassageInput]) -> Iterator[PassageVectors]:
        starts = [f"{self._passage_prompt}{passage.context}\n" for passage in passages]
        texts = [start + passage.text for start, passage in zip(starts, passages, strict=True)]
        # with `output_value=None` it returns what every text gave, which its types do not say
        outputs: Any = self._model.encode(
            texts, prompt="", output_value=None, show_progress_bar=False
        )
        pooled = [
            self._pool_sentences(passage, start, output["token_embeddings"])
            for passage, start, output in zip(passages, starts, outputs, strict=True)
        ]
        alone = [
            (number, place)
            for number, sentences in enumerate(pooled)
            for place, vector in enumerate(sentences)
            if vector is None
        ]
        if alone:
            quotes = [self._passage_prompt + _quote(passages[n], place) for n, place in alone]
            for (number, place), vector in zip(alone, self._encode(quotes), strict=True):
                pooled[number][place] = vector
        for output, sentences in zip(outputs, pooled, strict=True):
            vector = normalise(_to_numpy(output["sentence_embedding"]))
            stacked = np.array(sentences, np.float32).reshape(len(sentences), len(vector))
            yield PassageVectors(vector, stacked)

    def _pool_sentences(
        self, passage: PassageInput, start: str, states: Any
    ) -> list[Vector | None]:
        """Sentence vectors from token states; None where a sentence must be encoded alone."""
        pooled: list[Vector | None] = [None] * len(passage.sentences)
        tokenizer = self._model.tokenizer
        if not (getattr(tokenizer, "is_fast", False) and _pools_by_mean(self._model)):
            return pooled
        limit = self._model.max_seq_length or _UNLIMITED
        offsets: list[tuple[int, int]] = tokenizer(
            start + passage.text, return_offsets_mapping=True, truncation=True, max_length=limit
        )["offset_mapping"]
        # special tokens have the empty span (0, 0); they belong to no sentence
        places = [place for place, (_, end) in enumerate(offsets) if end > 0]
        if not places:
            return pooled
        ends = np.array([offsets[place][1] for place in places], np.int64)
        rows = _to_numpy(states)[places]
        spans = [(len(start) + first, len(start) + last) for first, last in passage.sentences]
        for place, (first, last) in enumerate(token_ranges(ends, spans)):
            if len(offsets) < limit or spans[place][1] <= ends[-1]:
                pooled[place] = normalise(rows[first:last].mean(axis=0))
        return pooled

    def _encode(self, texts: Sequence[str]) -> Vector:
        """The vectors of texts with their prompt: shape (n, d), length 1."""
        encoded: Vector = self._model.encode(
            list(texts), prompt="", normalize_embeddings=True, show_progress_bar=False
        )
        return encoded.astype(np.float32)


def load_transformer_encoder(name: str) -> TransformerEncoder:
    """The sentence-transformers model of this name or path; raises ModelUnavailable."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    getLogger("sentence_transformers").setLevel(ERROR)  # what fails is said below
    try:
        return TransformerEncoder(name, _load(name))
    except Exception as error:  # the hub's client raises those of its HTTP library
        raise ModelUnavailable(
            f"The embedding model {name} could not be loaded: neither a folder nor the model hub "
            "has it; check AUSKUNFT_EMBEDDING_MODEL, or put the model into a folder and name that."
        ) from error


def _load(name: str) -> SentenceTransformer:
    try:
        return SentenceTransformer(name, local_files_only=True)
    except (OSError, ValueError):
        model_info(name, timeout=10)  # fails at once where loading would try for minutes
        return SentenceTransformer(name)


def _pools_by_mean(model: SentenceTransformer) -> bool:
    """Whether a text's vector is the mean of its token states, so that a sentence's may be too."""
    modules: list[Any] = list(model)
    kinds = [type(module) for module in modules]
    return (
        kinds[:2] == [Transformer, Pooling]
        and all(kind is Normalize for kind in kinds[2:])
        and modules[1].pooling_mode == "mean"
    )


def _to_numpy(tensor: Any) -> Vector:
    array: Vector = tensor.float().cpu().numpy()
    return array


def _quote(passage: PassageInput, place: int) -> str:
    start, end = passage.sentences[place]
    return passage.text[start:end]
