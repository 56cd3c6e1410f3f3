"""The last evaluation run of the town's own index, from the report of `python -m eval suite`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REPORT = Path("eval") / "report.json"  # in the state folder
LARGEST = 20 * 2**20  # bytes: a report is far smaller
_NAMES = {
    "right_ending": "richtig beantwortet oder abgelehnt",
    "citation_correct": "richtige Stelle zitiert",
    "number_exact": "Zahlen genannt",
    "quote_verbatim": "Zitate wörtlich",
    "answer_language": "Sprache stimmt",
    "context_recall": "Stelle gefunden",
}


@dataclass(frozen=True, slots=True)
class LastRun:
    """When it was made, of how many questions, by which embedding model, and its figures: name,
    value from 0 to 1. `values`: the same by metric; `languages`: they in each language;
    `is_worded`: whether a language model worded the answers."""

    made: str
    questions: int
    figures: tuple[tuple[str, float], ...]
    model: str = ""
    values: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    is_worded: bool = False


def read_last_run(state_dir: Path) -> LastRun | None:
    """The last run; None where there is none, it asked other documents than the town's (such as
    the sample town's), or the file is not one."""
    path = state_dir / REPORT
    try:
        if path.stat().st_size > LARGEST:
            return None
        report = json.loads(path.read_text("utf-8"))
        if report["head"].get("is_standing") is not True:
            return None
        values = _values(report["overall"])
        groups = report.get("languages", {})
        return LastRun(
            str(report["head"]["made"])[:10],
            int(report["questions"]),
            tuple((name, values[metric]) for metric, name in _NAMES.items() if metric in values),
            str(report["head"].get("model", "")),
            values,
            {language: _values(group["figures"]) for language, group in groups.items()},
            bool(report["head"].get("language_model")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _values(figures: Mapping[str, object]) -> dict[str, float]:
    found = {metric: _value(figures.get(metric)) for metric in _NAMES}
    return {metric: value for metric, value in found.items() if value is not None}


def _value(figure: object) -> float | None:
    """A figure's value; it is written with its interval."""
    value = figure.get("value") if isinstance(figure, Mapping) else figure
    return float(value) if isinstance(value, int | float) else None
