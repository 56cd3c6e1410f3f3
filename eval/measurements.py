"""The measurements of `python -m eval quality`, each of one set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.encoder import load_encoder
from core.settings import Settings
from eval.answers import AnswerScores, measure_answers
from eval.cases import Case, WrongCases, excerpt, spread
from eval.dataset import read_rows
from eval.faq import load_pairs, measure_cosines, score_pairs
from eval.reliability import Reliability, measure_reliability
from eval.retrieval import Scores, measure_retrieval
from eval.scope import ALL, ScopeScores, measure_scope
from eval.towns import TownQuestion, ingest_towns, measure_towns
from service.approved import load_same_question

TOWN_QUESTIONS = Path(__file__).parent.parent / "data/questions/towns.jsonl"
SPLIT = "dev"  # or what `held_out` says of a set without splits
RELIABILITY = "reliability"  # the measurement without a figure to reach


@dataclass(frozen=True, slots=True)
class Bench:
    """What a measurement needs: the sets, settings, and a folder for the states, where a set is
    ingested once."""

    data: Path
    states: Path
    settings: Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one measurement found: figures by name, some wrong cases, and how sure the no is, by
    language."""

    figures: Mapping[str, float | None] = field(default_factory=dict)
    wrong: WrongCases = field(default_factory=dict)
    reliability: Reliability = field(default_factory=dict)


def _retrieval(bench: Bench, name: str) -> dict[str, Scores]:
    return measure_retrieval(bench.data / name, bench.settings, SPLIT, bench.states / name)


def _wrong(scores: Mapping[str, Scores | AnswerScores | ScopeScores]) -> WrongCases:
    return {language: row.wrong for language, row in scores.items() if row.wrong}


def _measure_by_language(bench: Bench, name: str) -> Outcome:
    scores = _retrieval(bench, name)
    at_5 = {f"recall@5 {language}": row.recall_5 for language, row in scores.items()}
    at_1 = {f"recall@1 {language}": row.recall_1 for language, row in scores.items()}
    return Outcome(at_5 | at_1, _wrong(scores))


def _measure_together(bench: Bench, name: str) -> Outcome:
    """Over the questions of all languages."""
    scores = _retrieval(bench, name)
    count = sum(row.questions for row in scores.values())
    figures = {
        "recall@1": sum(row.questions * row.recall_1 for row in scores.values()) / count,
        "recall@5": sum(row.questions * row.recall_5 for row in scores.values()) / count,
    }
    return Outcome(figures, _wrong(scores))


def _measure_answers(bench: Bench) -> Outcome:
    name = "omos-qa"
    scores = measure_answers(bench.data / name, bench.settings, SPLIT, bench.states / name)
    figures: dict[str, float | None] = {}
    for language, row in scores.items():
        figures[f"F1 {language}"] = row.f1
        figures[f"precision {language}"] = row.precision
        figures[f"no answer seen {language}"] = row.no_answer_seen
        figures[f"answered {language}"] = row.answered
    return Outcome(figures, _wrong(scores))


def _measure_towns(bench: Bench) -> Outcome:
    documents, state = bench.data / "ortsrecht-bw/towns.jsonl", bench.states / "towns"
    ingest_towns(documents, state, bench.settings)
    scores = measure_towns(TOWN_QUESTIONS, documents, bench.settings, state)
    asked = {row["id"]: TownQuestion(**row) for row in read_rows(TOWN_QUESTIONS)}
    wrong: dict[str, list[Case]] = defaultdict(list)
    for row in scores.wrong:
        question = asked[row["id"]]
        place = f"{question.document_id or question.place}:"
        wanted = f"{place} {' or '.join(question.values) or 'nothing of it is in the index'}"
        came = (str(row["status"]), *map(excerpt, row["cited"]))
        wrong[question.lang].append(Case(question.text, (wanted,), came))
    figures = {
        "right value, right town": scores.right_value,
        "another town's value given": scores.other_town,
        "absent town refused": scores.absent_refused,
    }
    return Outcome(figures, {language: spread(cases) for language, cases in wrong.items()})


def _measure_scope(bench: Bench) -> Outcome:
    folder, pages = bench.data / "out-of-scope", bench.data / "omos-qa"
    scores = measure_scope(folder, pages, bench.settings, SPLIT, bench.states / "omos-qa")
    figures = {
        "not answered": scores[ALL].not_answered,
        "emergency recognised": scores[ALL].emergencies,
        "answerable wrongly refused": scores[ALL].wrongly_refused,
    }
    return Outcome(figures, _wrong(scores))


def _measure_faq(bench: Bench) -> Outcome:
    """The pairs held out, as `eval.faq` scores them."""
    pairs = [pair for pair in load_pairs(bench.data / "gov-covid-faq") if pair.is_held_out]
    encoder = load_encoder(bench.settings)
    threshold = load_same_question(encoder.model_id)
    cosines = measure_cosines(encoder, pairs)
    wrong: dict[str, list[Case]] = defaultdict(list)
    for pair, cosine in zip(pairs, cosines, strict=True):
        if pair.is_same != (cosine >= threshold):
            wanted = f"{'the' if pair.is_same else 'not the'} answer to: {excerpt(pair.entry)}"
            came = f"cosine {cosine:.3f}, the answer is given from {threshold:.3f}"
            wrong[pair.language].append(Case(pair.asked, (wanted,), (came,)))
    precision, recall = score_pairs(pairs, cosines, threshold)
    return Outcome(
        {"precision": precision, "recall": recall},
        {language: spread(cases) for language, cases in wrong.items()},
    )


def _measure_reliability(bench: Bench) -> Outcome:
    name = "omos-qa"
    folder, state = bench.data / name, bench.states / name
    found = measure_reliability(folder, bench.settings, SPLIT, state)
    return Outcome(reliability=found)


MEASUREMENTS: Mapping[str, Callable[[Bench], Outcome]] = {
    "omos-qa": lambda bench: _measure_by_language(bench, "omos-qa"),
    "xquad": lambda bench: _measure_by_language(bench, "xquad"),
    "sachsen-buergerportal": lambda bench: _measure_together(bench, "sachsen-buergerportal"),
    "ortsrecht-bw": lambda bench: _measure_together(bench, "ortsrecht-bw"),
    "answers": _measure_answers,
    "towns": _measure_towns,
    "out-of-scope": _measure_scope,
    "faq": _measure_faq,
    RELIABILITY: _measure_reliability,
}
