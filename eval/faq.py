"""`python -m eval.faq FOLDER [--fit]`: how often an approved answer comes, and how often rightly.

FOLDER holds pairs of questions, labelled as asking the same or not, and the entries of FAQs. The
threshold is fitted on half of the pairs and measured on the others. Then the questions labelled the
same as an entry's are asked where all entries are one FAQ in each language. Several entries may
answer a question and only one be labelled, so that figure counts too many as wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from core.encoder import Encoder, load_encoder
from core.settings import Settings, load_settings
from core.store import open_store
from core.types import Answer, Mode
from eval.dataset import alone, follow, read_rows
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.approved import SAME_QUESTION, load_same_question

LANGUAGES = ("de", "en")
PRECISION = 0.98  # of the pairs above the fitted threshold


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry's question, a citizen's in the same language, and whether they ask the same."""

    entry: str
    asked: str
    language: str
    is_same: bool

    @property
    def is_held_out(self) -> bool:
        """Whether the pair is there to measure with, not to fit."""
        return zlib.crc32(f"{self.entry}\n{self.asked}".encode()) % 2 == 1


@dataclass(frozen=True, slots=True)
class EntryScores:
    """Shares of questions in one language that the right and that a wrong entry answered; the
    others were not answered by an entry."""

    questions: int
    right: float
    wrong: float


@dataclass(frozen=True, slots=True)
class FaqScores:
    """Of the pairs held out: how many of those above the threshold ask the same, and how many of
    those that do are above it. `entries`: by language, what the entries answered."""

    threshold: float
    pairs: int
    precision: float
    recall: float
    entries: dict[str, EntryScores]


def measure_faq(folder: Path, settings: Settings) -> FaqScores:
    """Measures the pairs held out, and an FAQ of all entries in a fresh index."""
    pairs = load_pairs(folder)
    held_out = [pair for pair in pairs if pair.is_held_out]
    with tempfile.TemporaryDirectory() as name:
        documents, state = Path(name, "documents"), Path(name, "state")
        fresh = alone(settings, state)
        entries = write_faqs(folder, documents)
        with open_store(fresh) as store:
            threshold = load_same_question(store.encoder.model_id)
            precision, recall = score_pairs(
                held_out, measure_cosines(store.encoder, held_out), threshold
            )
            ingest([documents], Publisher(store), fresh)
            scores = score_entries(Answerer(store, fresh), pairs, entries)
    return FaqScores(threshold, len(held_out), precision, recall, scores)


def fit_faq_threshold(folder: Path, settings: Settings) -> float:
    """Fits the threshold on the pairs that are not held out, writes it to data/models, and returns
    it."""
    encoder = load_encoder(settings)
    pairs = [pair for pair in load_pairs(folder) if not pair.is_held_out]
    threshold = round(fit_threshold(pairs, measure_cosines(encoder, pairs)), 4)
    fitted = {"model": encoder.model_id, "cosine": threshold}
    SAME_QUESTION.write_text(json.dumps(fitted, indent=2) + "\n", "utf-8")
    load_same_question.cache_clear()
    return threshold


def load_pairs(folder: Path) -> list[Pair]:
    """The labelled pairs of all languages."""
    pairs = []
    for language in LANGUAGES:
        with (folder / f"question_pairs_{language}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                entry, asked = row["question_1"].strip(), row["question_2"].strip()
                pairs.append(Pair(entry, asked, language, row["similar"] == "1"))
    return pairs


def measure_cosines(encoder: Encoder, pairs: Sequence[Pair]) -> list[float]:
    """The cosine of every pair's questions."""
    questions = {(text, pair.language) for pair in pairs for text in (pair.entry, pair.asked)}
    vectors = {
        question: encoder.encode_question(*question)
        for question in follow(sorted(questions), "Encoding")
    }
    return [
        float(vectors[pair.entry, pair.language] @ vectors[pair.asked, pair.language])
        for pair in pairs
    ]


def fit_threshold(pairs: Sequence[Pair], cosines: Sequence[float]) -> float:
    """The lowest cosine above which enough pairs ask the same; 1 where there is none."""
    threshold, same = 1.0, 0
    ranked = sorted(zip(cosines, pairs, strict=True), key=lambda item: -item[0])
    for count, (cosine, pair) in enumerate(ranked, start=1):
        same += pair.is_same
        if same >= PRECISION * count:
            threshold = cosine
    return threshold


def score_pairs(
    pairs: Sequence[Pair], cosines: Sequence[float], threshold: float
) -> tuple[float, float]:
    """Precision and recall of the pairs that reach the threshold."""
    reached = [p for p, cosine in zip(pairs, cosines, strict=True) if cosine >= threshold]
    right = sum(pair.is_same for pair in reached)
    same = sum(pair.is_same for pair in pairs)
    return right / max(1, len(reached)), right / max(1, same)


def write_faqs(folder: Path, documents: Path) -> set[tuple[str, str]]:
    """Writes the entries of each language as one FAQ; returns their (question, language)."""
    answers = {row["_id"]: row["text"] for row in read_rows(folder / "corpus.jsonl")}
    faqs: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for row in read_rows(folder / "queries.jsonl"):
        if row["lang"] in faqs:
            answer = answers[row["_id"].removeprefix("q-")]
            faqs[row["lang"]][row["text"].strip()] = " ".join(answer.split())
    documents.mkdir(parents=True)
    for language, entries in faqs.items():
        head = f"---\ntitle: FAQ {language}\nkind: faq\nlanguage: {language}\n---\n"
        body = "\n".join(f"## {question}\n\n{answer}\n" for question, answer in entries.items())
        (documents / f"faq-{language}.md").write_text(head + body, "utf-8")
    return {(question, language) for language, entries in faqs.items() for question in entries}


def score_entries(
    answerer: Answerer, pairs: Iterable[Pair], entries: set[tuple[str, str]]
) -> dict[str, EntryScores]:
    """Asks the citizens' questions that ask the same as an entry."""
    wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
    for pair in pairs:
        if pair.is_same and (pair.entry, pair.language) in entries:
            wanted[pair.asked, pair.language].add(_words(pair.entry))
    outcomes: dict[str, list[bool | None]] = defaultdict(list)
    for (asked, language), right in follow(list(wanted.items()), "Asking"):
        outcomes[language].append(_is_right(answerer.answer(asked), right))
    return {
        language: EntryScores(
            len(found), found.count(True) / len(found), found.count(False) / len(found)
        )
        for language, found in outcomes.items()
    }


def _is_right(answer: Answer, wanted: set[str]) -> bool | None:
    """Whether an entry that was wanted answers; None where no entry does."""
    if answer.mode is not Mode.CURATED:
        return None
    return _words(answer.citations[0].section) in wanted


def _words(text: str) -> str:
    """The words alone, as Markdown changes signs."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def main() -> None:
    """Measures, and fits the threshold before where asked to; prints JSON."""
    parser = argparse.ArgumentParser(prog="python -m eval.faq")
    parser.add_argument("folder", type=Path, help="such as ../shared/data/gov-covid-faq")
    parser.add_argument("--fit", action="store_true", help="fit and keep the threshold before")
    options = parser.parse_args()
    settings = load_settings()
    if options.fit:
        fit_faq_threshold(options.folder, settings)
    print(json.dumps(asdict(measure_faq(options.folder, settings)), indent=2))


if __name__ == "__main__":
    main()
