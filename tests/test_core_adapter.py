"""The question adapter: the file of this version, added to the model's weights."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from core import adapter
from core.adapter import ADAPTER, ADAPTER_SHA256, adapt
from core.errors import ModelUnavailable
from core.weights import Weights

NAME = "encoder.layer.0.output.dense.weight"


def weights() -> Weights:
    tensors = {NAME: np.zeros((3, 4), np.float32), "other": np.ones(2, np.float32)}
    return Weights(4, 1, 1, 3, 0, 0, 0.0, (), np.zeros(0, np.float32), tensors)


def test_the_file_is_the_one_that_the_code_names() -> None:
    assert hashlib.sha256(ADAPTER.read_bytes()).hexdigest() == ADAPTER_SHA256


def test_the_trained_files_stay_small() -> None:
    files = [path for path in ADAPTER.parent.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 20 * 10**6


def test_the_product_is_added_and_the_rest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = np.array([[1, 2, 3, 4]], np.float16), np.array([[1], [0], [-1]], np.float16)
    path = tmp_path / "adapter.npz"
    np.savez(path, allow_pickle=False, **{f"{NAME}.a": a, f"{NAME}.b": b})
    monkeypatch.setattr(adapter, "ADAPTER_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    before = weights()
    after = adapt(before, path)
    assert after.tensors[NAME].tolist() == [[1, 2, 3, 4], [0, 0, 0, 0], [-1, -2, -3, -4]]
    assert after.tensors["other"] is before.tensors["other"]
    assert not before.tensors[NAME].any()


@pytest.mark.parametrize("content", [None, b"another one"])
def test_another_file_is_a_clear_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "adapter.npz"
    if content:
        path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="not the file of this version"):
        adapt(weights(), path)
