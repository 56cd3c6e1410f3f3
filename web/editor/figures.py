"""The figures of the dashboard: each a picture, a sentence that says what it shows, and a table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.feedback import DayOfFeedback
from core.statistics import LONGER, Sample, Statistics, share_below
from core.types import Status
from web.editor.charts import Chart, draw_bars, draw_columns
from web.editor.insight_words import SCORES, STATUSES, STEPS, language_name

MOST_ROWS = 10
_LOOKED_UP = (Status.ANSWERED, Status.NOT_IN_DOCUMENTS, Status.NEEDS_TOWN, Status.OTHER_TOWN)


@dataclass(frozen=True, slots=True)
class Figure:
    """`said` is what the picture shows, in a sentence; no picture where nothing was counted yet.
    `legend` names the series."""

    id: str
    title: str
    said: str
    chart: Chart | None
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[str, ...] = ()


def answered_share(statistics: Statistics) -> tuple[int, int]:
    """Questions that were answered, and those that could have been: such as the door let in."""
    looked_up = Counter[str]()
    for end, count in statistics.ends.items():
        looked_up[end.status] += count
    return looked_up[Status.ANSWERED], sum(looked_up[status] for status in _LOOKED_UP)


def helpful_share(days: Sequence[DayOfFeedback]) -> float | None:
    """Of those who said something, how many were helped; None where nobody did."""
    yes, no = sum(day.helpful for day in days), sum(day.unhelpful for day in days)
    return yes / (yes + no) if yes + no else None


def by_day(statistics: Statistics, today: date, days: int) -> Figure:
    """Questions of each day, answered or not."""
    answered, others = Counter[str](), Counter[str]()
    for end, count in statistics.ends.items():
        (answered if end.status == Status.ANSWERED else others)[end.day] += count
    spans = [today - timedelta(days=back) for back in reversed(range(days))]
    values = [(answered[d.isoformat()], others[d.isoformat()]) for d in spans]
    total = sum(map(sum, values))
    return Figure(
        "days",
        "Fragen am Tag",
        f"{total} Fragen in {days} Tagen, davon {sum(a for a, _ in values)} beantwortet.",
        draw_columns([f"{day:%d.%m.}" for day in spans], values) if total else None,
        ("Tag", "beantwortet", "nicht beantwortet"),
        tuple(
            (f"{day:%d.%m.%Y}", str(a), str(o))
            for day, (a, o) in zip(spans, values, strict=True)
            if a or o
        ),
        ("beantwortet", "nicht beantwortet"),
    )


def by_language(statistics: Statistics) -> Figure:
    """Questions in each language."""
    counts = Counter[str]()
    for end, count in statistics.ends.items():
        counts[language_name(end.language)] += count
    return _counted("languages", "Sprachen", "Sprache", counts)


def by_status(statistics: Statistics) -> Figure:
    """How questions ended."""
    counts = Counter[str]()
    for end, count in statistics.ends.items():
        counts[STATUSES.get(end.status, end.status)] += count
    return _counted("statuses", "Wie Fragen enden", "Ausgang", counts)


def by_topic(statistics: Statistics, titles: Mapping[str, str]) -> Figure:
    """The documents that answers rest on."""
    counts = Counter[str]()
    for (document, _), count in statistics.citations.items():
        counts[titles.get(document, document)] += count
    return _counted("topics", "Themen", "Dokument", counts, "Antworten")


def by_step(statistics: Statistics) -> Figure:
    """How long each step takes: half of all, and 19 of 20, stay below."""
    times: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for time, count in statistics.steps.items():
        times[time.step][time.milliseconds] += count
    found = [
        (STEPS.get(step, step), share_below(of, 0.5) or 0, share_below(of, 0.95) or 0)
        for step, of in times.items()
    ]
    found.sort(key=lambda row: (-row[2], -row[1]))
    return Figure(
        "steps",
        "Langsamste Schritte",
        f"Am längsten dauert: {_first_but_total(found)}." if found else "",
        draw_bars([(name, slow, _milliseconds(slow)) for name, _, slow in found])
        if found
        else None,
        ("Schritt", "die Hälfte braucht höchstens", "19 von 20 brauchen höchstens"),
        tuple((name, _milliseconds(half), _milliseconds(slow)) for name, half, slow in found),
    )


def helpful_by_week(days: Sequence[DayOfFeedback]) -> Figure:
    """How many of those who said something were helped, by week."""
    weeks: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for day in days:
        weeks[_week(day.day)][0] += day.helpful
        weeks[_week(day.day)][1] += day.unhelpful
    shares = {week: yes / (yes + no) for week, (yes, no) in sorted(weeks.items()) if yes + no}
    yes, no = (sum(of[place] for of in weeks.values()) for place in (0, 1))
    return Figure(
        "helpful",
        "War das hilfreich?",
        f"{yes} sagten ja, {no} nein." if shares else "",
        _draw_shares(shares),
        ("Woche", "ja", "nein", "Anteil ja"),
        tuple(
            (_whole_week_name(week), str(weeks[week][0]), str(weeks[week][1]), _percent(share))
            for week, share in shares.items()
        ),
    )


def drift(samples: Sequence[Sample]) -> Figure:
    """What the samples of each week score."""
    weeks: defaultdict[tuple[int, int], list[Sample]] = defaultdict(list)
    for sample in samples:
        weeks[_week(date.fromisoformat(sample.day))].append(sample)
    names = sorted(weeks)
    all_right = {
        week: sum(min(s.scores.values(), default=1.0) == 1.0 for s in weeks[week])
        / len(weeks[week])
        for week in names
    }
    rows = tuple(
        (
            _whole_week_name(week),
            str(len(weeks[week])),
            *(_mean_of(weeks[week], score) for score in SCORES),
        )
        for week in names
    )
    return Figure(
        "drift",
        "Stichproben",
        "Anteil der Stichproben, an denen nichts zu beanstanden ist, je Woche." if names else "",
        _draw_shares(all_right),
        ("Woche", "Stichproben", *SCORES.values()),
        rows,
    )


def _counted(
    name: str, title: str, column: str, counts: Counter[str], counted: str = "Fragen"
) -> Figure:
    first = counts.most_common()
    total = counts.total()
    return Figure(
        name,
        title,
        f"Am häufigsten: {first[0][0]} ({first[0][1]} von {total})." if first else "",
        draw_bars([(row, count, str(count)) for row, count in first[:MOST_ROWS]])
        if first
        else None,
        (column, counted),
        tuple((row, str(count)) for row, count in first),
    )


def _draw_shares(shares: Mapping[tuple[int, int], float]) -> Chart | None:
    """A column for the share of each week; None without any."""
    columns = [(round(100 * share),) for share in shares.values()]
    return draw_columns([*map(_week_name, shares)], columns, 100, " %") if shares else None


def _first_but_total(found: Sequence[tuple[str, int, int]]) -> str:
    steps = [name for name, *_ in found if name != STEPS["total"]]
    return steps[0] if steps else STEPS["total"]


def _mean_of(samples: Sequence[Sample], score: str) -> str:
    known = [sample.scores[score] for sample in samples if score in sample.scores]
    return _percent(sum(known) / len(known)) if known else "–"


def _week(day: date) -> tuple[int, int]:
    """Year and number of a week."""
    year, week, _ = day.isocalendar()
    return year, week


def _week_name(week: tuple[int, int]) -> str:
    return f"KW {week[1]}"


def _whole_week_name(week: tuple[int, int]) -> str:
    return f"KW {week[1]}/{week[0]}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _milliseconds(value: int) -> str:
    return "über 5 s" if value == LONGER else f"{value} ms"
