"""Rows judged by a language model: six RAGAS metrics, each finished row handed over at once."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ragas.cache import DiskCacheBackend
from ragas.metrics.collections import (
    AnswerRelevancy,
    ContextPrecision,
    ContextRecall,
    FactualCorrectness,
    Faithfulness,
    NoiseSensitivity,
)
from ragas.metrics.collections.base import BaseMetric

from core.encoder import Encoder
from core.errors import UsageError
from core.settings import Settings
from core.types import Status
from eval.judge_model import JudgeCost, JudgeFailed, JudgeModel, JudgeServer
from eval.judge_prompts import speak_german
from eval.metrics import EncoderEmbedding
from eval.runs import INPUTS, JUDGED, Row

SECONDS = 120.0  # for one answer of the judge
RETRIES = 2
WORKERS = 4  # rows judged at once


class JudgeMissing(UsageError):
    """No judging language model is set; please set AUSKUNFT_LLM_BASE_URL and AUSKUNFT_LLM_MODEL."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is judged: an answer, what it answers, what it should say, and what it rests on."""

    question: str
    answer: str
    reference: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Scores by metric; None where the metric does not apply or, named in `failures`, failed."""

    scores: Mapping[str, float | None]
    failures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judge:
    """A language model and the metrics, by name, that ask it."""

    model: JudgeModel
    metrics: Mapping[str, BaseMetric]

    def cost(self) -> JudgeCost:
        """What was spent since the judge was opened."""
        return self.model.cost()

    async def judge(self, sample: Sample, names: Sequence[str] = JUDGED) -> Judgement:
        """The scores of some metrics, one after the other. Never raises for what the judge does."""
        given = {
            "user_input": sample.question,
            "response": sample.answer,
            "reference": sample.reference,
            "retrieved_contexts": list(sample.contexts),
        }
        scores: dict[str, float | None] = {}
        failures: dict[str, str] = {}
        for name in names:
            scores[name] = None
            if all(given[key] for key in INPUTS[name]):
                try:
                    result = await self.metrics[name].ascore(
                        **{key: given[key] for key in INPUTS[name]}
                    )
                    scores[name] = _check_score(float(result.value))
                except JudgeFailed as error:
                    failures[name] = str(error)
                except Exception as error:  # noqa: BLE001 upstream's sums may fail in any way
                    failures[name] = f"{type(error).__name__}: {error}"
        return Judgement(scores, failures)


def require_judge(settings: Settings) -> tuple[str, str]:
    """Where the judge is, and its name there; raises JudgeMissing where none is set."""
    if not (settings.llm_base_url and settings.llm_model):
        raise JudgeMissing
    return settings.llm_base_url, settings.llm_model


def open_judge(
    settings: Settings,
    cache_folder: Path,
    encoder: Encoder,
    *,
    seconds: float = SECONDS,
    retries: int = RETRIES,
) -> Judge:
    """The judge that is set, with German prompts; its answers are kept in a folder, which is made.

    Does not ask the server yet. Raises JudgeMissing where none is set.
    """
    url, name = require_judge(settings)
    key = settings.llm_api_key
    server = JudgeServer(
        url,
        name,
        key.get_secret_value() if key else "",
        seconds,
        retries,
    )
    model = JudgeModel(server, DiskCacheBackend(str(cache_folder)))
    made = (
        Faithfulness(model),
        # asked once: the same words have the same answer, at temperature 0 and from the cache
        AnswerRelevancy(model, EncoderEmbedding(encoder), strictness=1),
        ContextPrecision(model),
        ContextRecall(model),
        # every single claim counts: a dropped amount is what makes an answer wrong
        FactualCorrectness(model, atomicity="high", coverage="high"),
        NoiseSensitivity(model),
    )
    for metric in made:
        speak_german(metric)
    return Judge(model, dict(zip(JUDGED, made, strict=True)))


async def judge_rows(
    judge: Judge,
    rows: Sequence[Row],
    done: Callable[[Row], None],
    workers: int,
    names: Sequence[str] = JUDGED,
) -> None:
    """Judges every answered row that has a reference, so many at once, and hands each to `done` as
    soon as it is finished, with its scores and failures; other rows unchanged, and first.

    Interrupted, what was handed over stays; an error of `done` ends the run.
    """
    judged = [row for row in rows if is_judged(row)]
    for row in rows:
        if not is_judged(row):
            done(row)

    def hand_over(number: int, judgement: Judgement) -> None:
        row = judged[number]
        others = {name: said for name, said in row.failures.items() if name not in names}
        done(
            replace(
                row,
                scores={**row.scores, **judgement.scores},
                failures={**others, **judgement.failures},
            )
        )

    await judge_samples(judge, [sample_of(row) for row in judged], hand_over, workers, names)


def run_judge(
    judge: Judge,
    rows: Sequence[Row],
    done: Callable[[Row], None],
    workers: int = WORKERS,
    names: Sequence[str] = JUDGED,
) -> JudgeCost:
    """As `judge_rows`, outside an event loop; returns what was spent."""
    asyncio.run(judge_rows(judge, rows, done, workers, names))
    return judge.cost()


async def judge_samples(
    judge: Judge,
    samples: Sequence[Sample],
    done: Callable[[int, Judgement], None],
    workers: int,
    names: Sequence[str] = JUDGED,
) -> None:
    """Judges samples, so many at once; `done` is given each sample's number and judgement."""
    waiting = iter(enumerate(samples))  # shared: each worker takes the next

    async def work() -> None:
        for number, sample in waiting:
            done(number, await judge.judge(sample, names))

    async with judge.model.connected():
        tasks = [asyncio.create_task(work()) for _ in range(max(1, workers))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def is_judged(row: Row) -> bool:
    """Whether there is something to judge: an answer and what it should have been."""
    return row.status is Status.ANSWERED and bool(row.statements and row.reference)


def sample_of(row: Row) -> Sample:
    """What the judge is shown of a row: the question after what was asked before, the statements
    line by line, and each passage once."""
    return Sample(
        question=f"{row.context}\n{row.question}" if row.context else row.question,
        answer="\n".join(row.statements),
        reference=row.reference,
        contexts=tuple(dict.fromkeys(passage.text for passage in row.retrieved)),
    )


def _check_score(value: float) -> float:
    """A score that counts. Raises JudgeFailed where it is NaN or no share."""
    if math.isnan(value):
        raise JudgeFailed("NaN: there was nothing to divide by")
    if not -1e-6 <= value <= 1 + 1e-6:  # a cosine may miss 1 by a rounding
        raise JudgeFailed(f"{value:.3g} does not lie between 0 and 1")
    return min(1.0, max(0.0, value))
