"""The gate lets nothing through that is below its bar or was not measured."""

from __future__ import annotations

import math
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from core.languages import SUPPORTED
from core.settings import load_settings
from core.store import Store
from core.types import Mode, Status
from eval.dataset import QUESTIONS
from eval.gate import (
    ABSTENTION_PRECISION,
    ABSTENTION_RECALL,
    GATE,
    Asked,
    Bar,
    Reached,
    check_gate,
    figure,
    load_bars,
    print_gate,
    targets_of,
)
from eval.questions import SetInvalid, load_rows
from eval.ragas_suite import run_set
from eval.runs import Row

# ragas leaves a file of its own open; see get_userid in ragas/_analytics.py
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*uuid.json:ResourceWarning")

YES, NO = Status.ANSWERED, Status.NOT_IN_DOCUMENTS


def row(
    language: str = "de", wanted: Status = YES, status: Status = YES, **scores: float | None
) -> Row:
    return Row(
        id="q",
        language=language,
        kind="fact",
        question="?",
        context=None,
        as_of="2026-11-22",
        wanted=wanted,
        reference="",
        sources=(),
        status=status,
        mode=Mode.EXTRACTIVE,
        message="",
        statements=(),
        citations=(),
        retrieved=(),
        milliseconds=1,
        scores=scores,
    )


def bar(metric: str = "chrf", languages: Asked = Asked.ALL, at_least: float = 0.9) -> Bar:
    since = date(2026, 11, 22)
    return Bar(metric=metric, languages=languages, at_least=at_least, since=since, reason="Wir.")


def check(rows: list[Row], *bars: Bar) -> list[Reached]:
    return check_gate(rows, bars)


# ---- figures


def test_a_figure_is_the_mean_over_the_rows_that_it_applies_to() -> None:
    rows = [row(chrf=1.0), row(chrf=0.0), row(chrf=0.5), row(right_town=1.0)]
    assert figure(rows, "chrf") == 0.5
    assert figure(rows, "right_town") == 1.0


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_what_could_not_be_measured_never_counts(nothing: float | None) -> None:
    rows = [row(chrf=nothing), row(chrf=1.0), row(chrf=0.5), row(chrf=nothing)]
    assert figure(rows, "chrf") == 0.75
    assert figure([row(chrf=nothing)], "chrf") is None


def test_a_metric_that_no_row_has_has_no_figure() -> None:
    assert figure([row(chrf=1.0)], "chrff") is None
    assert figure([], "chrf") is None


def test_abstention_is_measured_by_what_was_said_and_what_should_have_been() -> None:
    rows = [
        *3 * [row(wanted=NO, status=NO)],
        row(wanted=Status.REFUSED, status=Status.OUT_OF_SCOPE),  # another no is one too
        *2 * [row(wanted=NO, status=YES)],
        row(wanted=YES, status=NO),
        *5 * [row(wanted=YES, status=YES)],
    ]
    assert figure(rows, ABSTENTION_PRECISION) == 4 / 5  # said five times, wrongly once
    assert figure(rows, ABSTENTION_RECALL) == 4 / 6  # to be said six times, and twice not


def test_where_no_was_never_said_or_wanted_there_is_no_figure() -> None:
    answered = [row(wanted=NO, status=YES), row()]
    assert (figure(answered, ABSTENTION_PRECISION), figure(answered, ABSTENTION_RECALL)) == (
        None,
        0,
    )
    refused = [row(wanted=YES, status=NO), row()]
    assert (figure(refused, ABSTENTION_PRECISION), figure(refused, ABSTENTION_RECALL)) == (0, None)


# ---- bars


def test_a_figure_that_reaches_its_bar_passes_and_one_below_fails() -> None:
    (reached,) = check([row(chrf=0.9)], bar(at_least=0.9))
    assert (reached.is_passed, reached.figure, reached.language) == (True, 0.9, "")
    (below,) = check([row(chrf=0.899)], bar(at_least=0.9))
    assert not below.is_passed


def test_what_was_not_measured_does_not_pass() -> None:
    bars = [bar("chrff", languages, at_least=0.0) for languages in Asked]
    assert [one.is_passed for one in check([row(chrf=1.0), row("tr", chrf=1.0)], *bars)] == 3 * [
        False
    ]
    assert not any(one.is_passed for one in check([], *bars))
    assert not Reached(bar(), math.nan, "").is_passed


def test_a_bar_is_for_german_questions_or_for_all() -> None:
    rows = [row("de", chrf=1.0), row("tr", chrf=0.5), row("ar", chrf=0.0)]
    german, everyone = check(rows, bar(languages=Asked.GERMAN), bar(languages=Asked.ALL))
    assert (german.figure, german.language, german.is_passed) == (1.0, "", True)
    assert (everyone.figure, everyone.language, everyone.is_passed) == (0.5, "", False)


def test_of_the_other_languages_the_worst_counts_and_is_named() -> None:
    rows = [
        row("de", chrf=0.0),
        row("tr", chrf=1.0),
        row("ar", chrf=0.7),
        row("ar", chrf=0.9),
        row("fa", chrf=0.85),
    ]
    (reached,) = check(rows, bar(languages=Asked.OTHERS))
    assert (reached.language, reached.is_passed) == ("ar", False)
    assert reached.figure == pytest.approx(0.8)


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_a_language_that_could_not_be_measured_is_not_the_worst(nothing: float | None) -> None:
    rows = [row(language, chrf=nothing) for language in SUPPORTED]
    rows += [row("tr", chrf=0.95), row("ar", chrf=0.92)]
    (reached,) = check(rows, bar(languages=Asked.OTHERS))
    assert (reached.language, reached.figure, reached.is_passed) == ("ar", 0.92, True)


def test_abstention_has_its_worst_language_too() -> None:
    rows = [row("tr", NO, NO), row("ar", NO, NO), row("ar", NO, YES), row("de", NO, YES)]
    (reached,) = check(rows, bar(ABSTENTION_RECALL, Asked.OTHERS))
    assert (reached.language, reached.figure) == ("ar", 0.5)


def test_a_bar_between_two_hundredths_is_printed_as_it_is() -> None:
    printed = StringIO()
    met = Bar.model_validate({**FIELDS, "metric": "chrf", "at_least": 0.655, "reason": "a word"})
    print_gate([Reached(met, 0.657, "fa")], Console(file=printed, width=120))
    assert "0.657   0.655" in printed.getvalue()


def test_what_is_below_is_printed_first_with_its_worst_language() -> None:
    printed = StringIO()
    fine = Reached(bar("right_town"), 1.0, "")
    below = Reached(bar("chrf", Asked.OTHERS), 0.8123, "fa")
    missing = Reached(bar("chrff"), None, "")
    print_gate([fine, below, missing], Console(file=printed, width=120))
    head, _, first, second, third, *reasons = printed.getvalue().strip().splitlines()
    assert "figure" in head
    assert first.split()[:6] == ["BELOW", "chrf", "others", "(fa)", "0.812", "0.900"]
    assert second.split()[:5] == ["not", "measured", "chrff", "all", "–"]
    assert third.split()[:5] == ["passed", "right_town", "all", "1.000", "0.900"]
    assert [reason.split(",")[0] for reason in reasons if reason.strip()] == ["chrf", "chrff"]


def test_what_is_aimed_at_in_german_and_in_the_others_is_also_to_lie_close_together() -> None:
    german, others, everywhere = (
        Bar.model_validate({**FIELDS, "metric": metric, "languages": asked, "target": target})
        for metric, asked, target in (
            ("chrf", "de", 0.97), ("chrf", "others", 0.93), ("right_town", "all", 1.0),
        )
    )  # fmt: skip
    assert targets_of([german, others, everywhere]) == {
        "chrf": {"de": 0.97, "others": 0.93, "spread": 0.05},
        "right_town": {"all": 1.0},
    }
    assert targets_of([german]) == {"chrf": {"de": 0.97}}


# ---- the file

FIELDS = {
    "metric": "chrf",
    "languages": "others",
    "at_least": "0.93",
    "target": "0.95",
    "since": "2026-11-22",
    "reason": "Heute gemessen.",
}


def written(folder: Path, **changes: str) -> Path:
    path = folder / "gate.yaml"
    fields = {name: value for name, value in (FIELDS | changes).items() if value}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    path.write_text("- " + "\n  ".join(lines) + "\n", "utf-8")
    return path


def test_a_bar_has_a_reason_and_a_day(tmp_path: Path) -> None:
    (read,) = load_bars(written(tmp_path))
    wanted = bar(languages=Asked.OTHERS, at_least=0.93)
    assert read == wanted.model_copy(update={"target": 0.95, "reason": "Heute gemessen."})
    (without,) = load_bars(written(tmp_path, target=""))
    assert without.target is None


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        ({"reason": ""}, "reason"),
        ({"since": ""}, "since"),
        ({"since": "2026-13-45"}, "month"),
        ({"since": "gestern"}, "since"),
        ({"at_least": "93"}, "at_least"),
        ({"at_least": "-0.1"}, "at_least"),
        ({"target": "1.5"}, "target"),
        ({"languages": "en"}, "languages"),
        ({"atleast": "0.9"}, "atleast"),
        ({"metric": "[chrf"}, "expected"),
    ],
    ids=str,
)
def test_a_bar_that_cannot_be_used_is_refused(
    changes: dict[str, str], blamed: str, tmp_path: Path
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(SetInvalid) as error:
        load_bars(path)
    assert f"The gate {path} cannot be used: " in str(error.value)
    assert blamed in str(error.value).partition("cannot be used: ")[2]
    assert "\n" not in str(error.value), "one sentence"


@pytest.mark.parametrize("content", [b"", b"[]\n", b"metric: chrf\n", b"- Gr\xfcn\n", None])
def test_a_file_that_is_no_gate_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetInvalid, match="cannot be used") as error:
        load_bars(path)
    assert "\n" not in str(error.value)


def test_our_bars_are_of_what_is_measured_and_not_above_their_targets(
    auental: Store, tmp_path: Path
) -> None:
    asked: list[Any] = load_rows(QUESTIONS / "auental.jsonl")[:1]
    run = run_set(asked, auental, load_settings(town=None), tmp_path, languages=["de"])
    measured = {ABSTENTION_PRECISION, ABSTENTION_RECALL} | {*run.rows[0].scores}
    bars = load_bars(GATE)
    assert bars
    assert {bar.metric for bar in bars} <= measured
    assert [bar for bar in bars if bar.target is not None and bar.at_least > bar.target] == []
