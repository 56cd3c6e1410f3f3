"""The language of a question, from whole sentences down to two words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from py3langid.langid import (  # type: ignore[import-untyped]  # it ships no types
    MODEL_FILE,
    LanguageIdentifier,
)

from core.languages import (
    SUPPORTED,
    detect_language,
    direction,
    load_identifier,
    native_name,
)

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hundesteuer höhe", "de"),
        ("was kostet perso", "de"),
        ("strasse gesperrt", "de"),
        ("Sperrmüll", "de"),
        ("parking permit", "en"),
        ("How do I get a Wohnberechtigungsschein?", "en"),
        ("köpek vergisi", "tr"),
        ("Hundesteuer ne kadar", "tr"),
        ("податок на собаку", "uk"),
        ("Де отримати Personalausweis?", "uk"),
        ("налог на собаку", "ru"),
        ("сколько стоит паспорт", "ru"),
        ("ضريبة الكلاب", "ar"),
        ("جواز سفر", "ar"),
        ("عوارض سگ", "fa"),
        ("گذرنامه", "fa"),
        ("taxe chien", "fr"),
        ("Combien coûte la Hundesteuer ?", "fr"),
        ("opłata za psa", "pl"),
        ("impuesto perros", "es"),
        ("prezzo carta identità", "it"),
        ("pașaport nou", "ro"),
        ("hondenbelasting", "nl"),
        ("φόρος σκύλων", "el"),
        ("狗税", "zh"),
    ],
)
def test_two_words_are_enough(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "  ", "🐶🐶", "112", "?!", "§ 5, 2024"])
def test_without_letters_there_is_no_language(text: str) -> None:
    assert detect_language(text) is None


def test_a_long_text_is_read_only_as_far_as_needed() -> None:
    assert detect_language("Wie hoch ist die Hundesteuer? " * 300) == "de"


def test_the_kept_table_ranks_as_the_package_does_to_the_last_digit(tmp_path: Path) -> None:
    full = LanguageIdentifier.from_model_file(MODEL_FILE)
    for table in ("made", "mapped"):
        kept = load_identifier(tmp_path / "table")
        full.set_languages(kept.nb_classes)
        for text in ("Was kostet ein Hund?", "köpek vergisi", "ضريبة الكلاب", "§", ""):
            assert kept.rank(text) == full.rank(text), table


def test_a_table_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "table"
    load_identifier(path)
    size = path.stat().st_size
    for length in (0, 100, size // 2):
        with path.open("r+b") as file:
            file.truncate(length)
        assert load_identifier(path).rank("Was kostet ein Hund?")[0][0] == "de"
        assert path.stat().st_size == size


def test_arabic_and_persian_run_from_right_to_left() -> None:
    assert {language for language in SUPPORTED if direction(language) == "rtl"} == {"ar", "fa"}


def test_every_language_has_a_name_for_itself() -> None:
    names = [native_name(language) for language in SUPPORTED]
    assert names[:3] == ["Deutsch", "English", "Türkçe"]
    assert len(set(names)) == len(SUPPORTED) == 12


@pytest.mark.shared_data
def test_real_questions_are_told_apart() -> None:
    path = SHARED / "omos-qa" / "queries.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    questions = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    wrong = [q for q in questions if detect_language(q["text"]) != q["lang"]]
    assert len(wrong) / len(questions) <= 0.002


@pytest.mark.shared_data
@pytest.mark.parametrize("language", SUPPORTED)
def test_the_first_three_words_of_a_sentence_mostly_tell(language: str) -> None:
    path = SHARED / "parallel-sentences" / f"{language}.txt"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    sentences = path.read_text("utf-8").splitlines()[::20]
    starts = [" ".join(sentence.split()[:3]) for sentence in sentences]
    right = sum(detect_language(start) == language for start in starts)
    assert right / len(starts) >= 0.84
