"""The report of a run: one page of HTML that needs nothing else, Markdown, and JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.languages import detect_language
from eval.charts import write_charts
from eval.comparison import Comparison, compare_runs, notes
from eval.pictures import draw_pictures, inline, language_name, metric_label, written_share
from eval.questions import packed
from eval.reliability import Reliability, answer_reliability
from eval.runs import JUDGED, Row, Run, RunHead
from eval.statistics import (
    ABSTENTION,
    FEWEST,
    LOWER_IS_BETTER,
    Figure,
    Latency,
    endings_of,
    figures_of,
    latency_of,
    metric_names,
)
from eval.weaknesses import (
    Failures,
    TargetResult,
    Targets,
    Weakness,
    WorstAnswer,
    check_targets,
    count_failures,
    find_weaknesses,
    without_doubted,
    worst_answers,
)

PREVIOUS, BASELINE = "previous run", "baseline"
# what Markdown would take for more than text, and what would end a table's cell
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&#$])")
_MEANINGS = {
    "context_precision": "of the passages an answer was sought in, those that hold it",
    "context_recall": "of the places that prove the answer, one for each fact, those found",
    "semantic_similarity": "how near the answer's meaning is to the reference's",
    "chrf": "how many letter sequences answer and reference share",
    "source_stands": "sources that the documents still hold; below 1, look at the question",
    "quote_verbatim": "quotes that stand in the document word for word",
    "citation_correct": "facts that are cited from a place that proves them",
    "citation_precise": "cited places that were wanted",
    "number_exact": "amounts, dates and times that are right to the digit",
    "right_town": "answers from the right town's documents",
    "right_version": "answers from the version in force on the day",
    "right_ending": "questions that ended as they should",
    "answer_language": "answers in the asker's language",
    "abstention_precision": "of the questions not answered, those that should not be",
    "abstention_recall": "of the questions that should not be answered, those that were not",
    "faithfulness": "judged: claims that the passages bear out",
    "answer_relevancy": "judged: how much the answer is about the question",
    "judged_context_precision": "judged: useful passages stand before useless ones",
    "judged_context_recall": "judged: of the reference, what the passages bear out",
    "factual_correctness": "judged: claims that agree with the reference",
    "noise_sensitivity": "judged: wrong claims taken from passages",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of some rows, by metric."""

    rows: int
    questions: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report says of a run. Groups are by what stands in the table's first column;
    `versions` holds the documents of which the runs know several; comparisons are by name."""

    head: RunHead
    rows: int
    questions: int
    metrics: tuple[str, ...]
    targets: tuple[TargetResult, ...]
    overall: Mapping[str, Figure]
    endings: Mapping[str, Mapping[str, int]]
    languages: Mapping[str, Group]
    kinds: Mapping[str, Group]
    documents: Mapping[str, Group]
    versions: Mapping[str, Group]
    latency: Mapping[str, Latency]
    comparisons: Mapping[str, Comparison]
    weaknesses: tuple[Weakness, ...]
    worst: tuple[WorstAnswer, ...]
    failures: tuple[Failures, ...]
    reliability: Reliability


def summarise(
    run: Run, baseline: Run | None, previous: Run | None, targets: Targets | None = None
) -> Summary:
    """What a run says, beside a named baseline and the run before it where there are such."""
    if previous and baseline and previous.head == baseline.head:
        previous = None  # once is enough
    others = {name: of for name, of in ((PREVIOUS, previous), (BASELINE, baseline)) if of}
    rows = [_checked(row) for row in run.rows]
    trusted = without_doubted(rows, run.head)
    metrics = metric_names(rows)
    overall = figures_of(rows, metrics)
    languages = _group(rows, metrics, lambda row: [row.language])
    by_language = {language: group.figures for language, group in languages.items()}
    # of a document's questions nobody can tell which were rightly left unanswered
    without_abstention = [name for name in metrics if name not in ABSTENTION]
    documents = _group(rows, without_abstention, lambda row: _versions(row, run.head))
    times = {
        language: latency_of([row for row in rows if row.language == language])
        for language in languages
    }
    return Summary(
        head=run.head,
        rows=len(rows),
        questions=len({row.id for row in rows}),
        metrics=metrics,
        targets=check_targets(targets or {}, overall, by_language),
        overall=overall,
        endings=endings_of(rows),
        languages=languages,
        kinds=_group(rows, metrics, lambda row: [row.kind]),
        documents={_named(key, run.head): of for key, of in sorted(documents.items())},
        versions=_version_groups(run, others, without_abstention),
        latency={language: of for language, of in times.items() if of},
        comparisons={name: compare_runs(of, run) for name, of in others.items()},
        weaknesses=find_weaknesses(trusted, targets or {}, run.head),
        worst=worst_answers(trusted),
        failures=count_failures(rows),
        reliability=answer_reliability(rows),
    )


def write_report(summary: Summary, folder: Path, stem: str) -> dict[str, Path]:
    """Writes the report into a folder as STEM.html, .md and .json, the pictures beside them for the
    Markdown; returns the paths by ending, and the pictures' by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = report_pictures(summary)
    files = {f"{stem}-{name}": picture for name, picture in pictures.items()}
    write_charts(files, folder)
    texts = {
        "html": render_html(summary, pictures),
        "md": render_markdown(summary, {name: _title(of) for name, of in files.items()}),
        "json": render_json(summary),
    }
    paths = {ending: folder / f"{stem}.{ending}" for ending in texts}
    for ending, text in texts.items():
        paths[ending].write_text(text, "utf-8")
    return paths | {name: folder / name for name in files}


def report_pictures(summary: Summary) -> dict[str, str]:
    """The pictures, SVG by file name; context recall beside the baseline's, else the previous
    run's."""
    besides = [summary.comparisons.get(name) for name in (BASELINE, PREVIOUS)]
    before = next((of.by_language for of in besides if of), None)
    figures = {language: group.figures for language, group in summary.languages.items()}
    return draw_pictures(figures, summary.metrics, summary.latency, before, summary.reliability)


def render_html(summary: Summary, pictures: Mapping[str, str]) -> str:
    """The page, with the pictures in it."""
    environment = _environment()
    drawn = {name: Markup(inline(svg, Path(name).stem)) for name, svg in pictures.items()}  # noqa: S704 made by us, every text in it escaped
    return environment.get_template("report.html.j2").render(summary=summary, pictures=drawn)


def render_markdown(summary: Summary, pictures: Mapping[str, str]) -> str:
    """The report as Markdown, with the pictures' titles by file name."""
    environment = _environment(finalize=escape_markdown)
    text = environment.get_template("report.md.j2").render(summary=summary, pictures=pictures)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_json(summary: Summary) -> str:
    """The same figures as JSON."""
    return json.dumps(asdict(summary), default=str, ensure_ascii=False, indent=1, allow_nan=False)


def escape_markdown(value: Any) -> Any:
    """A text on one line, with nothing in it that Markdown would act on; all else as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(_ACTIVE.sub(r"\\\1", re.sub(r"\s+", " ", value)))  # noqa: S704 nothing is left to act on


def words_language(text: str, row: Row) -> str:
    """The language of a reference, statement or quote: the asker's if it reads so, else that of the
    documents."""
    return row.language if detect_language(text) == row.language else "de"


def is_said(row: Row, quote: str) -> bool:
    """Whether a quote stands in the statements already."""
    return packed(quote) in packed("".join(row.statements))


def _environment(**options: Any) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    environment.filters |= {
        "language": language_name,
        "metric": metric_label,
        "share": written_share,
        "notes": notes,
    }
    environment.globals |= {
        "meanings": _MEANINGS,
        "judged": JUDGED,
        "lower_is_better": LOWER_IS_BETTER,
        "fewest": FEWEST,
        "words_language": words_language,
        "is_said": is_said,
    }
    return environment


def _group(
    rows: Sequence[Row], metrics: Sequence[str], keys: Callable[[Row], Iterable[str]]
) -> dict[str, Group]:
    """The figures by key; a row counts under each of its keys."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        for key in dict.fromkeys(keys(row)):
            groups.setdefault(key, []).append(row)
    return {
        key: Group(len(own), len({row.id for row in own}), figures_of(own, metrics))
        for key, own in groups.items()
    }


def _title(svg: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title>", svg)
    return found[1] if found else ""


def _versions(row: Row, head: RunHead) -> dict[str, int]:
    """The documents that an answer may stand in or quotes, and in which version."""
    known = {document: head.documents.get(document, (0, ""))[0] for document, _ in row.sources}
    return known | {citation.document_id: citation.version for citation in row.citations}


def _named(document: str, head: RunHead) -> str:
    return f"{head.documents.get(document, (0, document))[1]} ({document})"


def _version_groups(
    run: Run, others: Mapping[str, Run], metrics: Sequence[str]
) -> dict[str, Group]:
    """The figures by document and version, of documents that the runs know in several versions;
    those of an earlier version are of the run that is named."""
    groups: dict[tuple[str, int], tuple[str, Group]] = {}
    for name, of in {"": run, **others}.items():
        rows: dict[tuple[str, int], list[Row]] = {}
        for row in of.rows:
            for pair in _versions(row, of.head).items():
                rows.setdefault(pair, []).append(row)
        for pair in sorted(rows.keys() - groups.keys()):
            label = f"{_named(pair[0], of.head)}, version {pair[1]}" + (f", {name}" if name else "")
            groups[pair] = label, _group(rows[pair], metrics, lambda _: [""])[""]
    documents = [document for document, _ in groups]
    return {
        label: group
        for (document, _), (label, group) in sorted(groups.items())
        if documents.count(document) > 1
    }


def _checked(row: Row) -> Row:
    """The row, with what is no number among its scores named as a failure instead."""
    nameless = [name for name, of in row.scores.items() if of is not None and math.isnan(of)]
    if not nameless:
        return row
    return replace(
        row,
        scores={**row.scores, **dict.fromkeys(nameless)},
        failures=dict.fromkeys(nameless, "not a number") | dict(row.failures),
    )
