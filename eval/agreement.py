"""How far the judge agrees with people: its verdicts beside labels that were given by hand."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.judge import WORKERS, Judge, Judgement, Sample, judge_samples
from eval.questions import SetInvalid

# the scores from which the judge's verdict is yes: one sentence that nothing supports makes an
# answer unfaithful, while beside what is right something may be missing or too much
FAITHFUL = 1.0
CORRECT = 0.5
MODERATE = 0.4  # kappa above it is at least moderate agreement (Landis and Koch 1977)
UNTRUSTED = (
    "The judge's figures are not to be trusted: it agrees too little with people, or too few of "
    "the labelled answers could be judged."
)


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An answer that was read and labelled. It is faithful if everything it says stands in the
    contexts, and correct if it gives the asker what the reference says and nothing that is wrong;
    `note` says why, and what was shortened or changed by hand in an answer of ours."""

    id: str
    language: str
    question: str
    answer: tuple[str, ...]
    contexts: tuple[str, ...]
    reference: str
    is_faithful: bool
    is_correct: bool
    note: str


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """A metric's verdicts beside the labels: counts by who said yes (`only_label`: the label
    alone), and why verdicts are missing, as (item, failure)."""

    metric: str
    both_yes: int
    both_no: int
    only_label: int
    only_judge: int
    failures: tuple[tuple[str, str], ...]

    @property
    def items(self) -> int:
        """How many were compared; failures are not."""
        return self.both_yes + self.both_no + self.only_label + self.only_judge

    @property
    def agreed(self) -> float | None:
        """The share on which both say the same; None where nothing was compared."""
        return (self.both_yes + self.both_no) / self.items if self.items else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960): agreement beyond chance, 1 at most, 0 what chance gives; None where
        chance alone would agree on everything or nothing was compared."""
        if self.agreed is None:
            return None
        label = (self.both_yes + self.only_label) / self.items
        judge = (self.both_yes + self.only_judge) / self.items
        chance = label * judge + (1 - label) * (1 - judge)
        return (self.agreed - chance) / (1 - chance) if chance < 1 else None

    def __str__(self) -> str:
        reasons = Counter(reason for _, reason in self.failures).most_common()
        told = "; ".join(f"{count} × {reason}" for reason, count in reasons)
        failed = f"; {len(self.failures)} not judged ({told})" if self.failures else ""
        if self.agreed is None:
            return f"{self.metric}: nothing compared{failed}"
        kappa = "undefined" if self.kappa is None else f"{self.kappa:.2f}"
        return (
            f"{self.metric}: {self.agreed:.2f} of {self.items} agreed, kappa {kappa} "
            f"(yes by both {self.both_yes}, by neither {self.both_no}, by the label alone "
            f"{self.only_label}, by the judge alone {self.only_judge}){failed}"
        )


@dataclass(frozen=True, slots=True)
class Agreement:
    """The judge beside the labels: faithfulness beside `is_faithful`, factual correctness beside
    `is_correct`."""

    faithfulness: LabelAgreement
    correctness: LabelAgreement

    @property
    def is_trusted(self) -> bool:
        """Whether the judge's figures mean something: of both metrics most items were compared, and
        the agreement is at least moderate beyond chance."""
        return all(
            of.items > len(of.failures) and of.kappa is not None and of.kappa > MODERATE
            for of in (self.faithfulness, self.correctness)
        )

    def __str__(self) -> str:
        verdict = "" if self.is_trusted else f"{UNTRUSTED}\n"
        return f"{verdict}{self.faithfulness}\n{self.correctness}"


_ITEM = TypeAdapter(JudgedItem)


def load_judged(path: Path) -> list[JudgedItem]:
    """The labelled answers, one a line. Raises SetInvalid, naming the line, where one cannot be
    used or an id stands twice."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetInvalid(f"The labelled answers {path} cannot be read.") from error
    items: dict[str, JudgedItem] = {}
    for number, line in enumerate(lines, start=1):
        try:
            item = _ITEM.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise SetInvalid(f"{path}, line {number}: {where}: {first['msg']}.") from error
        if item.id in items:
            raise SetInvalid(f"{path}, line {number}: the id {item.id} stands twice.")
        items[item.id] = item
    if not items:
        raise SetInvalid(f"{path} holds no labelled answers.")
    return list(items.values())


def measure_agreement(
    judge: Judge,
    items: Sequence[JudgedItem],
    workers: int = WORKERS,
    done: Callable[[], None] = lambda: None,
) -> Agreement:
    """Has the judge say of every item what its labels say, and compares; `done` is called after
    each. The server is asked, but nothing that it does raises."""
    judgements: dict[int, Judgement] = {}
    samples = [
        Sample(item.question, "\n".join(item.answer), item.reference, item.contexts)
        for item in items
    ]
    names = ("faithfulness", "factual_correctness")

    def keep(number: int, judgement: Judgement) -> None:
        judgements[number] = judgement
        done()

    asyncio.run(judge_samples(judge, samples, keep, workers, names))
    judged = [(item, judgements[number]) for number, item in enumerate(items)]
    return Agreement(
        _compare("faithfulness", FAITHFUL, [(i, i.is_faithful, j) for i, j in judged]),
        _compare("factual_correctness", CORRECT, [(i, i.is_correct, j) for i, j in judged]),
    )


def _compare(
    metric: str, enough: float, judged: Sequence[tuple[JudgedItem, bool, Judgement]]
) -> LabelAgreement:
    counts = {(label, verdict): 0 for label in (True, False) for verdict in (True, False)}
    failures: list[tuple[str, str]] = []
    for item, label, judgement in judged:
        score = judgement.scores[metric]
        if score is None:
            failures.append((item.id, judgement.failures.get(metric, "does not apply")))
        else:
            counts[label, score >= enough] += 1
    return LabelAgreement(
        metric,
        both_yes=counts[True, True],
        both_no=counts[False, False],
        only_label=counts[True, False],
        only_judge=counts[False, True],
        failures=tuple(failures),
    )
