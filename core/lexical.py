"""Turns text into BM25 term vectors, the same for both index engines."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from qdrant_edge import (
    Bm25,
    Bm25Config,
    DisabledStemmer,
    Language,
    StopwordsSet,
    TokenizerType,
)

from core.types import SparseVector

# Terms of a passage of 700 characters with its context, stop words left out: measured on German
# by-laws and service pages.
AVERAGE_TERMS = 60.0

# languages with a Snowball stemmer and a stop word list; others keep their words as they are
_LANGUAGES = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
# German stop words as they stand once umlauts are folded
_FOLDED_STOPWORDS = {"fur", "konnen", "konnte", "uber", "wahrend", "wurde", "wurden"}

_NUMBER = r"\s*(\d+)(?:([a-z])\b|\s([a-z])\b(?!\.))?"  # "5", "5a", "5 a", but of "5 S. 2" only "5"
_SECTION = re.compile(r"(?:§+|\bparagra(?:ph|f)(?:en)?\b)" + _NUMBER)
_ARTICLE = re.compile(r"\bart(?:ikel|\.)" + _NUMBER)
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_NO_CENTS = re.compile(r"(?<=\d),(?:00|-{1,2}|–)(?!\d)")
_DECIMALS = re.compile(r"(?<=\d),(?=\d)")
_WRITTEN_UMLAUT = re.compile(r"(?<![aeiouq])([aou])e")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def encode_terms_document(text: str, language: str) -> SparseVector:
    """The terms of a passage, weighted by BM25's term frequency and length parts.

    The IDF part is left to the engine, which knows the collection: the sparse vector is to be made
    with Qdrant's IDF modifier. `language` is the text's, as a two-letter code.
    """
    vector = _model(language).embed_document(_prepare(text, language))
    return SparseVector(tuple(vector.indices), tuple(vector.values))


def encode_terms_query(text: str, language: str) -> SparseVector:
    """The terms of a question, each once with weight 1; `language` is that of the passages
    searched, so that both sides are stemmed alike. Empty where only stop words are left."""
    vector = _model(language).embed_query(_prepare(text, language))
    return SparseVector(tuple(vector.indices), tuple(vector.values))


@cache
def _model(language: str) -> Bm25:
    name = _LANGUAGES.get(language)
    if name is None:
        return Bm25(
            Bm25Config(
                avg_len=AVERAGE_TERMS,
                tokenizer=TokenizerType.Word,
                stopwords=StopwordsSet(),
                stemmer=DisabledStemmer(),
            )
        )
    words = StopwordsSet({Language.German}, _FOLDED_STOPWORDS) if language == "de" else None
    return Bm25(
        Bm25Config(
            avg_len=AVERAGE_TERMS,
            tokenizer=TokenizerType.Word,
            language=name,
            stopwords=words,
        )
    )


def _prepare(text: str, language: str) -> str:
    """The text as the tokenizer is to see it: marks and amounts as words, umlauts folded."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _SECTION.sub(r" paragraph\1\2\3 ", text)
    text = _ARTICLE.sub(r" artikel\1\2\3 ", text)
    text = _DECIMALS.sub("komma", _NO_CENTS.sub("", _THOUSANDS.sub("", text)))
    text = text.replace("€", " euro ").replace("%", " prozent ")
    if language == "de":
        # "Müll", "Muell" and "Mull" are one term; "neue" and "Steuer" keep their "ue". The German
        # stemmer takes the dots off umlauts too, so nothing is lost that it would keep.
        text = _WRITTEN_UMLAUT.sub(r"\1", text.translate(_UMLAUTS))
    return text
