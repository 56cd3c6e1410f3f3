"""Builds the OpenVINO graph of a BERT encoder: word vectors in, token states out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import openvino as ov  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import ArrayLike
from openvino import opset13 as op

from core.weights import Weights

Node = Any  # OpenVINO's operations return untyped nodes
Matrix = Callable[[ArrayLike], Node]  # how a weight matrix is stored

_MASKED = -10_000.0  # added to the attention scores of padding; softmax makes it nothing


def build_graph(weights: Weights, *, in_bytes: bool = False) -> ov.Model:
    """The encoder as an OpenVINO model of dynamic shape, in float32.

    With `in_bytes` the matrices are stored as int8, each row with its scale: for one question at a
    time, reading the weights is what takes long. A vector's cosine with the exact one stays ≥ .999.

    Inputs: `words` (batch, tokens, width), the rows of the word embedding table, float16; `mask`
    (batch, tokens), float32, 1 for tokens and 0 for padding. Output: token states (batch, tokens,
    width), float32. The table itself, two thirds of the model, stays outside so that it can be
    mapped into memory; and no torch is needed to make the graph.
    """
    words = op.parameter([-1, -1, weights.width], np.float16, name="words")
    mask = op.parameter([-1, -1], np.float32, name="mask")
    scores = op.unsqueeze(
        op.multiply(op.subtract(_floats(1.0), mask), _floats(_MASKED)), _integers([1, 2])
    )
    length = op.gather(op.shape_of(mask), _integers([1]), _integers(0))
    places = op.slice(
        _floats(weights.tensors["embeddings.position_embeddings.weight"]),
        _integers([0]),
        length,
        _integers([1]),
        _integers([0]),
    )
    kind = _floats(weights.tensors["embeddings.token_type_embeddings.weight"][0])
    embedded = op.add(op.convert(words, "f32"), op.add(places, kind))
    states = _normalise(weights, "embeddings.LayerNorm", embedded)
    matrix = _bytes if in_bytes else _floats
    for number in range(weights.layers):
        states = _layer(weights, f"encoder.layer.{number}", matrix, states, scores)
    return ov.Model([states], [words, mask], "multilingual-e5-small")


def _layer(weights: Weights, name: str, matrix: Matrix, states: Node, scores: Node) -> Node:
    """One layer: attention, then the inner network, each added to its input and normalised."""
    query, key, value = (
        _split_heads(weights, _linear(weights, f"{name}.attention.self.{part}", matrix, states))
        for part in ("query", "key", "value")
    )
    seen = op.scaled_dot_product_attention(query, key, value, scores)
    joined = op.reshape(
        op.transpose(seen, _integers([0, 2, 1, 3])), _integers([0, 0, weights.width]), True
    )
    attended = _linear(weights, f"{name}.attention.output.dense", matrix, joined)
    states = _normalise(weights, f"{name}.attention.output.LayerNorm", op.add(states, attended))
    inner = op.gelu(_linear(weights, f"{name}.intermediate.dense", matrix, states), "erf")
    outer = _linear(weights, f"{name}.output.dense", matrix, inner)
    return _normalise(weights, f"{name}.output.LayerNorm", op.add(states, outer))


def _split_heads(weights: Weights, states: Node) -> Node:
    """(batch, tokens, width) → (batch, heads, tokens, width of a head)."""
    shape = [0, 0, weights.heads, weights.width // weights.heads]
    return op.transpose(op.reshape(states, _integers(shape), True), _integers([0, 2, 1, 3]))


def _linear(weights: Weights, name: str, matrix: Matrix, states: Node) -> Node:
    product = op.matmul(states, matrix(weights.tensors[f"{name}.weight"]), False, True)
    return op.add(product, _floats(weights.tensors[f"{name}.bias"]))


def _normalise(weights: Weights, name: str, states: Node) -> Node:
    centred = op.mvn(states, _integers([-1]), True, weights.epsilon, "inside_sqrt")
    scaled = op.multiply(centred, _floats(weights.tensors[f"{name}.weight"]))
    return op.add(scaled, _floats(weights.tensors[f"{name}.bias"]))


def _floats(values: ArrayLike) -> Node:
    return op.constant(np.ascontiguousarray(values, np.float32))


def _bytes(values: ArrayLike) -> Node:
    """A matrix as int8 times the scale of its row."""
    rows = np.asarray(values, np.float32)
    scales = np.abs(rows).max(axis=1, keepdims=True) / 127
    numbers = op.constant(np.round(rows / scales).astype(np.int8))
    return op.multiply(op.convert(numbers, "f32"), _floats(scales))


def _integers(values: ArrayLike) -> Node:
    return op.constant(np.asarray(values, np.int64))
