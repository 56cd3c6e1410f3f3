"""The default encoder: the bundled model on OpenVINO, made for a quick start and little memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from core.encoder import PassageInput, normalise
from core.errors import ModelUnavailable
from core.model import (
    GERMAN_QUESTIONS,
    MODEL_ID,
    OTHER_QUESTIONS,
    PASSAGE_PROMPT,
    PASSAGES,
    PIECES,
    QUESTION_PROMPT,
    WORDS,
)
from core.types import PassageVectors, Vector
from core.vocabulary import BEGIN, END
from core.windows import Numbers, Window, split_windows, token_ranges

if TYPE_CHECKING:
    import openvino as ov  # type: ignore[import-untyped]  # it ships no types

MAX_TOKENS = 512
ROOM = MAX_TOKENS - 2  # beside the two special tokens
# Lengths are rounded up so that few shapes occur: each new one costs OpenVINO some 30 ms, and
# its attention is fastest at multiples of 16.
LENGTH_STEP = 16
# Products of int8 numbers, the question's states brought to int8 in groups of so many.
_ONE_QUESTION = {
    "PERFORMANCE_HINT": "LATENCY",
    "INFERENCE_PRECISION_HINT": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "64",
}
BATCH_TOKENS = 2048  # padding included; larger batches leave the processor's cache


class OpenVinoEncoder:
    """Implements core.encoder.Encoder; safe to use from several threads.

    The word vectors are mapped into memory and looked up here: only rows that occur are read.
    """

    model_id = MODEL_ID

    def __init__(self, folder: Path, pieces: Future[SentencePieceProcessor]) -> None:
        from openvino import Core  # slow to import: beside the tokenizer, which loads meanwhile

        self._folder = folder
        self._core = Core()
        self._words: NDArray[np.float16] = np.load(folder / WORDS, mmap_mode="r")
        self._pieces = pieces.result()
        self._questions_lock = Lock()
        self._passages_lock = Lock()

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self._words.shape[1])

    def encode_question(self, question: str, language: str) -> Vector:
        """The question's vector: shape (d,), length 1; in any language it lies where the German
        passages lie that answer it."""
        tokens = np.array(self._pieces.encode(_clean(QUESTION_PROMPT + question)), np.int64)
        words, mask = self._lay_out([_with_special(tokens[:ROOM])])
        with self._questions_lock:
            request = self._german_questions if language == "de" else self._other_questions
            request.infer([words, mask])
            states = request.get_output_tensor().data[0, mask[0] > 0]
            return normalise(states.mean(axis=0))

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        """The vectors of passages and of their sentences, in the passages' order.

        One forward pass gives both: a passage's vector is the mean of all its token states, a
        sentence's the mean of its own.
        """
        sentences: list[Vector] = [
            np.empty((len(passage.sentences), self.dimensions), np.float32) for passage in passages
        ]
        vectors: dict[int, Vector] = {}

        def pool(request: Any, batch: list[Window]) -> None:
            states = request.get_output_tensor().data
            for row, window in enumerate(batch):
                if window.is_first:
                    vectors[window.passage] = normalise(
                        states[row, : len(window.tokens) + 2].mean(axis=0)
                    )
                for number, first, last in window.sentences:
                    sentences[window.passage][number] = normalise(
                        states[row, first + 1 : last + 1].mean(axis=0)
                    )

        windows = [w for n, passage in enumerate(passages) for w in self._windows(n, passage)]
        with self._passages_lock:
            queue = self._passages_queue
            queue.set_callback(pool)
            for batch in _batches(windows):
                rows = [_with_special(window.tokens) for window in batch]
                queue.start_async(list(self._lay_out(rows)), batch)
            queue.wait_all()
        return [PassageVectors(vectors[n], sentences[n]) for n in range(len(passages))]

    @cached_property
    def _german_questions(self) -> ov.InferRequest:
        return self._compile(GERMAN_QUESTIONS, _ONE_QUESTION).create_infer_request()

    @cached_property
    def _other_questions(self) -> ov.InferRequest:
        return self._compile(OTHER_QUESTIONS, _ONE_QUESTION).create_infer_request()

    @cached_property
    def _passages_queue(self) -> ov.AsyncInferQueue:
        """Several requests at a time, each on its own cores, in bfloat16 where the processor has
        instructions for it; made on the first ingest."""
        from openvino import AsyncInferQueue

        capabilities = self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        precision = "bf16" if "BF16" in capabilities else "f32"
        options = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision}
        return AsyncInferQueue(self._compile(PASSAGES, options))

    def _compile(self, graph: Path, options: Mapping[str, str]) -> ov.CompiledModel:
        """The graph for this processor, kept beside it for the next start."""
        path = self._folder / graph
        cache = (
            {"CACHE_DIR": str(path.parent / "compiled")} if os.access(path.parent, os.W_OK) else {}
        )
        return self._core.compile_model(path, "CPU", {**options, **cache})

    def _windows(self, number: int, passage: PassageInput) -> Iterator[Window]:
        start = f"{PASSAGE_PROMPT}{passage.context}\n"
        encoded = self._pieces.encode(_clean(start + passage.text), out_type="offset_mapping")
        ends = np.array([end for _, end in encoded["offsets"]], np.int64)
        spans = [(len(start) + first, len(start) + last) for first, last in passage.sentences]
        head = int(np.searchsorted(ends, len(start), side="right"))
        tokens = np.array(encoded["ids"], np.int64)
        return split_windows(number, tokens, head, token_ranges(ends, spans), ROOM)

    def _lay_out(self, rows: Sequence[Numbers]) -> tuple[NDArray[np.float16], Vector]:
        """Word vectors (batch, tokens, d) and mask (batch, tokens) of rows of token ids."""
        length = _rounded(max(map(len, rows)))
        words = np.zeros((len(rows), length, self.dimensions), np.float16)
        mask = np.zeros((len(rows), length), np.float32)
        for row, tokens in enumerate(rows):
            words[row, : len(tokens)] = self._words[tokens]
            mask[row, : len(tokens)] = 1
        return words, mask


def load_openvino_encoder(folder: Path) -> OpenVinoEncoder:
    """The encoder of a folder of core.model.provide_bundled_model; raises ModelUnavailable."""
    try:
        with ThreadPoolExecutor(1) as pool:  # the tokenizer loads while OpenVINO does
            pieces = pool.submit(SentencePieceProcessor, model_file=str(folder / PIECES))
            return OpenVinoEncoder(folder, pieces)
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelUnavailable(
            f"The embedding model in {folder} cannot be loaded ({reason}); delete the folder and "
            "it is made again."
        ) from error


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows of like length together, so that little is padding."""
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: len(window.tokens)):
        if (len(batch) + 1) * _rounded(len(window.tokens) + 2) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch


def _rounded(length: int) -> int:
    return -(-length // LENGTH_STEP) * LENGTH_STEP


def _with_special(tokens: Numbers) -> Numbers:
    return np.concatenate([[BEGIN], tokens, [END]])


def _clean(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, as "?"; of the same length."""
    return text.encode("utf-8", "replace").decode("utf-8")
