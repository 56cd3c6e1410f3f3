"""The last evaluation run, from the report that `make eval` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
    """When it was made, of how many questions, and its figures: name, value from 0 to 1."""

    made: str
    questions: int
    figures: tuple[tuple[str, float], ...]


def read_last_run(state_dir: Path) -> LastRun | None:
    """The last run; None where there is none, or the file is not one."""
    path = state_dir / REPORT
    try:
        if path.stat().st_size > LARGEST:
            return None
        report = json.loads(path.read_text("utf-8"))
        figures = report["overall"]
        found = [
            (name, value)
            for metric, name in _NAMES.items()
            if (value := _value(figures.get(metric))) is not None
        ]
        return LastRun(str(report["head"]["made"])[:10], int(report["questions"]), tuple(found))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _value(figure: object) -> float | None:
    """A figure's value; it is written with its interval."""
    value = figure.get("value") if isinstance(figure, Mapping) else figure
    return float(value) if isinstance(value, int | float) else None
