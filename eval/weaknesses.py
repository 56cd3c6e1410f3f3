"""Where a run falls short: targets missed, groups that lose most, the worst answers, and scores
that a judge could not give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.types import Status
from eval.cases import excerpt
from eval.runs import JUDGED, Row, RunHead
from eval.statistics import Figure, goodness, mean_figure, metric_names, row_score, scores_of

GERMAN = "de"  # what "others" are other than
ALL, OTHERS, SPREAD = "all", "others", "spread"
WORST = 20  # answers that are shown
MENDED_FIRST = 10  # groups that are named
LOST = 1.0  # whole answers that a group must lose to be named
AS_BAD = 0.1  # how near to an answer's score another language's is as bad
NAMED = 5  # reasons and rows of failures that are named

Targets = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target, what was reached (None: not measured) and by how much it was missed, 0 where it was
    not; `languages` are those that miss it."""

    metric: str
    scope: str
    target: float
    value: float | None
    missed_by: float
    languages: tuple[str, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether it was measured and not missed."""
        return self.value is not None and not self.missed_by


@dataclass(frozen=True, slots=True)
class Weakness:
    """Rows of a kind or a document that lose in a metric: their mean, what they are held against (a
    target, or the run's mean), and how many whole answers the difference comes to."""

    group: str
    metric: str
    rows: int
    value: float
    level: float
    is_target: bool
    lost: float


@dataclass(frozen=True, slots=True)
class WorstAnswer:
    """An answer with its score, and those of the other languages in which the question was answered
    about as badly or worse."""

    row: Row
    score: float
    elsewhere: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Failures:
    """How many scores of a metric could not be had, why and how often, and some of the rows."""

    metric: str
    rows: int
    reasons: Mapping[str, int]
    examples: tuple[str, ...]


def check_targets(
    targets: Targets,
    overall: Mapping[str, Figure],
    by_language: Mapping[str, Mapping[str, Figure]],
) -> tuple[TargetResult, ...]:
    """Each target beside what was reached.

    A target is for a language, for "all" answers together, for each of the "others" (the languages
    without one of their own; the lowest counts), or a "spread": how far the lowest may lie behind
    German at most.
    """
    return tuple(
        _check_target(metric, scope, target, overall.get(metric), _values(metric, by_language, own))
        for metric, own in targets.items()
        for scope, target in own.items()
    )


def without_doubted(rows: Sequence[Row], head: RunHead) -> Sequence[Row]:
    """The rows without what a judge says of them that does not agree with people: it tells nothing
    of where to begin."""
    if not head.judge or head.is_judge_trusted:
        return rows
    return [
        replace(row, scores={name: of for name, of in row.scores.items() if name not in JUDGED})
        for row in rows
    ]


def find_weaknesses(rows: Sequence[Row], targets: Targets, head: RunHead) -> tuple[Weakness, ...]:
    """The kinds and documents whose answers lose most in a metric: by how far they lie below the
    target, or without one the run's mean, times how many they are. A document's answers are those
    that should stand in it: of those that should not be, only the ones that quote it could be told,
    and no group of failures alone says where to begin."""
    names = metric_names(rows)
    means = {
        name: mean_figure([scores_of(row).get(name) for row in rows], [row.id for row in rows])
        for name in names
    }
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for group in _groups(row, head):
            groups.setdefault(group, []).append(row)
    found = [
        weakness
        for group, own in groups.items()
        for name in names
        if (weakness := _weakness(group, own, name, targets.get(name, {}), means[name].value))
    ]
    return tuple(sorted(found, key=lambda of: -of.lost)[:MENDED_FIRST])


def worst_answers(rows: Iterable[Row]) -> tuple[WorstAnswer, ...]:
    """The answers with the lowest scores, each question in its worst language only; among equals
    first those that were given though none should be."""
    by_question: dict[str, list[tuple[float, Row]]] = {}
    for row in rows:
        by_question.setdefault(row.id, []).append((row_score(row), row))
    worst = []
    for scored in by_question.values():
        score, row = min(scored, key=lambda pair: _badness(*pair))
        if score < 1:
            others = {
                other.language: value
                for value, other in scored
                if other is not row and value <= score + AS_BAD
            }
            worst.append(WorstAnswer(row, score, others))
    return tuple(sorted(worst, key=lambda of: _badness(of.score, of.row))[:WORST])


def count_failures(rows: Iterable[Row]) -> tuple[Failures, ...]:
    """The scores that could not be had, by metric."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for name, reason in row.failures.items():
            found.setdefault(name, []).append((excerpt(reason), f"{row.id} {row.language}"))
    return tuple(
        Failures(
            metric=name,
            rows=len(failures),
            reasons=dict(Counter(reason for reason, _ in failures).most_common(NAMED)),
            examples=tuple(place for _, place in failures[:NAMED]),
        )
        for name, failures in found.items()
    )


def _values(
    metric: str, by_language: Mapping[str, Mapping[str, Figure]], own: Iterable[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The values of all languages, and of those without a target of their own, German never."""
    values = {
        language: value
        for language, figures in by_language.items()
        if metric in figures and (value := figures[metric].value) is not None
    }
    named = {*own, GERMAN}
    return values, {name: value for name, value in values.items() if name not in named}


def _check_target(
    metric: str,
    scope: str,
    target: float,
    overall: Figure | None,
    values: tuple[dict[str, float], dict[str, float]],
) -> TargetResult:
    of_all, of_others = values
    languages: tuple[str, ...] = ()
    reached: float | None
    if scope == SPREAD:
        good = {language: goodness(metric, value) for language, value in of_all.items()}
        rest = [value for language, value in good.items() if language != GERMAN]
        reached = good[GERMAN] - min(rest) if rest and GERMAN in good else None
        missed = 0.0 if reached is None else max(0.0, reached - target)
        if missed:
            languages = tuple(name for name in good if good[GERMAN] - good[name] > target)
        return TargetResult(metric, scope, target, reached, missed, languages)
    wanted = goodness(metric, target)
    if scope == OTHERS:
        reached = min(of_others.values(), key=lambda value: goodness(metric, value), default=None)
        languages = tuple(
            name for name, value in of_others.items() if goodness(metric, value) < wanted
        )
    else:
        reached = of_all.get(scope) if scope != ALL else overall.value if overall else None
    missed = 0.0 if reached is None else max(0.0, wanted - goodness(metric, reached))
    return TargetResult(metric, scope, target, reached, missed, languages)


def _groups(row: Row, head: RunHead) -> Iterator[str]:
    yield f"Questions of the kind “{row.kind}”"
    for document in sorted({document for document, _ in row.sources}):
        _, title = head.documents.get(document, (0, document))
        yield f"Questions on “{title}” ({document})"


def _weakness(
    group: str, rows: Sequence[Row], metric: str, targets: Mapping[str, float], mean: float | None
) -> Weakness | None:
    """What a group loses in a metric; None where that is next to nothing."""
    values, levels = [], []
    for row in rows:
        value = scores_of(row).get(metric)
        level = _level(targets, row.language, mean)
        if value is not None and level is not None:
            values.append(value)
            levels.append(level)
    lost = sum(goodness(metric, level) for level in levels)
    lost -= sum(goodness(metric, value) for value in values)
    if lost < LOST:
        return None
    return Weakness(
        group=group,
        metric=metric,
        rows=len(values),
        value=sum(values) / len(values),
        level=sum(levels) / len(levels),
        is_target=bool(targets.keys() - {SPREAD}),
        lost=lost,
    )


def _level(targets: Mapping[str, float], language: str, mean: float | None) -> float | None:
    """What an answer in a language is held against."""
    others = targets.get(OTHERS) if language != GERMAN else None
    for level in (targets.get(language), others, targets.get(ALL)):
        if level is not None:
            return level
    return mean


def _badness(score: float, row: Row) -> tuple[float, bool, float, str, str]:
    """What the worst answer is the least in."""
    values = [goodness(name, value) for name, value in row.scores.items() if value is not None]
    was_answered = row.status is Status.ANSWERED
    return (
        score,
        not was_answered,
        sum(values) / len(values) if values else 0.0,
        row.id,
        row.language,
    )
