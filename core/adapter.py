"""The question adapter: what is added to the bundled model's weights where it reads questions.

Passages are read by the model as it is. Questions are read by a model whose matrices W have become
W + B·A (LoRA: Hu et al. 2021, arXiv:2106.09685), so that a question in any language lies where the
German passages that answer it lie. data/models/README.md says how it was trained.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.errors import ModelUnavailable
from core.weights import Weights

ADAPTER = Path(__file__).parent.parent / "data/models/question_adapter.npz"
ADAPTER_SHA256 = "ccae60df86ecaad82c1492c3fb21ec4a0247509b59d37db54620f157d067123b"


def adapt(weights: Weights, path: Path = ADAPTER) -> Weights:
    """The weights that read questions; raises ModelUnavailable where the adapter is another one.

    The file holds, for a matrix (out, in) called `name`, `name.a` (rank, in) and `name.b` (out,
    rank), float16.
    """
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != ADAPTER_SHA256:
        raise ModelUnavailable(
            f"{path} is missing or not the file of this version; a fresh copy of Auskunft has it."
        )
    tensors = dict(weights.tensors)
    with np.load(path) as parts:
        for key in parts.files:
            if key.endswith(".a"):
                name = key.removesuffix(".a")
                a, b = parts[key].astype(np.float32), parts[f"{name}.b"].astype(np.float32)
                tensors[name] = tensors[name] + b @ a
    return replace(weights, tensors=tensors)
