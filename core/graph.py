"""Builds the OpenVINO graph of a BERT encoder: word vectors in, token states out."""

from __future__ import annotations

from typing import Any

import numpy as np
import openvino as ov  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import ArrayLike
from openvino import opset13 as op

from core.weights import Weights

Node = Any  # OpenVINO's operations return untyped nodes

_MASKED = -10_000.0  # added to the attention scores of padding; softmax makes it nothing


def build_graph(weights: Weights) -> ov.Model:
    """The encoder as an OpenVINO model of dynamic shape, in float32.

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
    for number in range(weights.layers):
        states = _layer(weights, f"encoder.layer.{number}", states, scores)
    return ov.Model([states], [words, mask], "multilingual-e5-small")


def _layer(weights: Weights, name: str, states: Node, scores: Node) -> Node:
    """One layer: attention, then the inner network, each added to its input and normalised."""
    query, key, value = (
        _split_heads(weights, _linear(weights, f"{name}.attention.self.{part}", states))
        for part in ("query", "key", "value")
    )
    seen = op.scaled_dot_product_attention(query, key, value, scores)
    joined = op.reshape(
        op.transpose(seen, _integers([0, 2, 1, 3])), _integers([0, 0, weights.width]), True
    )
    attended = _linear(weights, f"{name}.attention.output.dense", joined)
    states = _normalise(weights, f"{name}.attention.output.LayerNorm", op.add(states, attended))
    inner = op.gelu(_linear(weights, f"{name}.intermediate.dense", states), "erf")
    outer = _linear(weights, f"{name}.output.dense", inner)
    return _normalise(weights, f"{name}.output.LayerNorm", op.add(states, outer))


def _split_heads(weights: Weights, states: Node) -> Node:
    """(batch, tokens, width) → (batch, heads, tokens, width of a head)."""
    shape = [0, 0, weights.heads, weights.width // weights.heads]
    return op.transpose(op.reshape(states, _integers(shape), True), _integers([0, 2, 1, 3]))


def _linear(weights: Weights, name: str, states: Node) -> Node:
    product = op.matmul(states, _floats(weights.tensors[f"{name}.weight"]), False, True)
    return op.add(product, _floats(weights.tensors[f"{name}.bias"]))


def _normalise(weights: Weights, name: str, states: Node) -> Node:
    centred = op.mvn(states, _integers([-1]), True, weights.epsilon, "inside_sqrt")
    scaled = op.multiply(centred, _floats(weights.tensors[f"{name}.weight"]))
    return op.add(scaled, _floats(weights.tensors[f"{name}.bias"]))


def _floats(values: ArrayLike) -> Node:
    return op.constant(np.ascontiguousarray(values, np.float32))


def _integers(values: ArrayLike) -> Node:
    return op.constant(np.asarray(values, np.int64))
