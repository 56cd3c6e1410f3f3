"""`python -m eval calibrate`: how near a sentence must be to answer, per language.

For languages with questions (omos-qa dev: the question adapter has seen those of train, whose
cosines are too high), the threshold is the quantile of the best sentence's
cosine over answerable questions that few of them stay below. For the others it is set as far below
the mean cosine of translated sentences (parallel-sentences) as in those languages.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from core.encoder import Encoder, PassageInput
from core.languages import SUPPORTED
from core.settings import Settings
from core.store import Store, open_store
from eval.dataset import Question, load_questions, write_documents
from ingest.publish import Publisher
from ingest.run import ingest
from service.extract import THRESHOLDS
from service.retrieve import Query, retrieve

REFUSED = 0.03  # of answerable questions, at most
SENTENCES = 200  # of the parallel texts


def calibrate(folder: Path, parallel: Path, settings: Settings) -> dict[str, Any]:
    """Fits the thresholds, writes them to data/models, and returns what it wrote."""
    with tempfile.TemporaryDirectory() as name:
        documents, state = Path(name, "documents"), Path(name, "state")
        write_documents(folder / "corpus.jsonl", documents)
        fresh = settings.model_copy(update={"state_dir": state})
        with open_store(fresh) as store:
            ingest([documents], Publisher(store), fresh)
            best = best_similarities(store, load_questions(folder, "dev"))
            levels = parallel_levels(store.encoder, parallel)
            model = store.encoder.model_id
    fitted = {language: float(np.quantile(found, REFUSED)) for language, found in best.items()}
    others = [language for language in fitted if language != "de"]
    gap = statistics.mean(levels[language] - fitted[language] for language in others)
    thresholds = {
        "model": model,
        "within": round(fitted["de"], 4),
        "across": {
            language: round(fitted.get(language, levels[language] - gap), 4)
            for language in SUPPORTED
            if language != "de"
        },
        "unknown": round(statistics.mean(fitted[language] for language in others), 4),
        # of another measurement, `python -m eval.faq --fit`, which comes after this one
        "same_question": json.loads(THRESHOLDS.read_text("utf-8"))["same_question"],
    }
    THRESHOLDS.write_text(json.dumps(thresholds, indent=2) + "\n", "utf-8")
    return thresholds


def best_similarities(store: Store, questions: list[Question]) -> dict[str, list[float]]:
    """By language, the best sentence's cosine for every question that has an answer."""
    found: dict[str, list[float]] = defaultdict(list)
    generation = store.registry.generation()
    for question in questions:
        if not question.relevant:
            continue
        vector = store.encoder.encode_question(question.text, question.language)
        scopes = ("", f"municipality:{question.town}") if question.town else None
        hits = retrieve(
            store,
            Query(question.text, question.language, vector, scopes, date.today(), generation),
            limit=4,
        )
        cosines = [
            hit.sentence_vectors @ vector for hit in hits if hit.sentence_vectors is not None
        ]
        found[question.language].append(float(max(values.max() for values in cosines)))
    return found


def parallel_levels(encoder: Encoder, folder: Path) -> dict[str, float]:
    """By language, the mean cosine of a sentence, as a question, with its German translation."""
    german = (folder / "de.txt").read_text("utf-8").splitlines()[:SENTENCES]
    passages = encoder.encode_passages(
        [PassageInput("", text, ((0, len(text)),)) for text in german]
    )
    levels = {}
    for language in SUPPORTED:
        lines = (folder / f"{language}.txt").read_text("utf-8").splitlines()[:SENTENCES]
        cosines = [
            float(encoder.encode_question(line, language) @ passage.passage)
            for line, passage in zip(lines, passages, strict=True)
        ]
        levels[language] = statistics.mean(cosines)
    return levels
