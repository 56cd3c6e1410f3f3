"""One table of what is to be reached, which says too what could not be measured."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from sets import write_set

from core.settings import load_settings
from eval.quality import MEASUREMENTS, Goal, Row, goals, measure_quality, print_quality


def quiet() -> Console:
    return Console(file=io.StringIO())


def row(figure: str, today: float | None, is_reached: bool, failure: str = "") -> Row:
    return Row("omos-qa", figure, "0.77", today, "≥ 0.90", is_reached, failure)


def printed(rows: list[Row]) -> str:
    file = io.StringIO()
    print_quality(rows, Console(file=file, width=120))
    return file.getvalue()


def test_every_measurement_has_goals_and_every_goal_a_measurement() -> None:
    assert {goal.measurement for goal in goals()} == set(MEASUREMENTS)
    names = [(goal.measurement, goal.figure) for goal in goals()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("goal", "value", "is_reached"),
    [
        (Goal("omos-qa", "recall@5 de", "0.94", 0.97), 0.97, True),
        (Goal("omos-qa", "recall@5 de", "0.94", 0.97), 0.9699, False),
        (Goal("towns", "another town's value given", "–", 0, is_at_most=True), 0, True),
        (Goal("towns", "another town's value given", "–", 0, is_at_most=True), 1, False),
    ],
)
def test_a_goal_is_reached_at_its_target(goal: Goal, value: float, is_reached: bool) -> None:
    assert goal.is_reached(value) is is_reached


def test_the_figures_of_a_set_are_of_what_is_held_out(tmp_path: Path) -> None:
    pages = {
        "xq-00-00": "Eine Katze kostet keine Steuer.",
        "xq-01-00": "Die Steuer für einen Hund beträgt 96 Euro im Jahr.",
    }
    queries = [
        {"_id": "q1", "text": "Wie viel kostet ein Hund?", "relevant": "xq-01-00"},
        {"_id": "q2", "text": "Wie viel kostet der Hund?", "relevant": "xq-00-00"},  # train
    ]
    write_set(tmp_path / "xquad", pages, queries)
    de, en, tr = measure_quality(tmp_path, load_settings(), ["xquad"], quiet())
    assert de == Row("xquad", "recall@1 de", "0.90", 1.0, "≥ 0.95", is_reached=True)
    assert (en.today, en.is_reached) == (None, False)
    assert en.failure == tr.failure == "the set has no such questions"


def test_a_set_without_goals_by_language_counts_all_questions_alike(tmp_path: Path) -> None:
    pages = {
        "sn-abfindungen": "Abfindungen werden bei einer Kündigung gezahlt.",
        "sn-umzug": "Nach einem Umzug melden Sie Ihre Wohnung an.",
    }
    asked = ["Wann gibt es Abfindungen?", "Was sind Abfindungen?", "Wo melde ich die Wohnung an?"]
    queries = [
        {"_id": f"q{number}", "text": text, "relevant": "sn-abfindungen"}  # the third is wrong
        for number, text in enumerate(asked)
    ]
    queries.append({**queries[0], "_id": "q3", "lang": "en"})
    write_set(tmp_path / "sachsen-buergerportal", pages, queries)
    names = ["sachsen-buergerportal"]
    at_1, at_5 = measure_quality(tmp_path, load_settings(), names, quiet())
    assert (at_1.figure, at_1.today) == ("recall@1", 0.75)
    assert (at_5.figure, at_5.today, at_5.is_reached) == ("recall@5", 1.0, True)


def test_missing_data_makes_rows_that_say_so(tmp_path: Path) -> None:
    names = ["ortsrecht-bw", "towns", "out-of-scope"]
    rows = measure_quality(tmp_path, load_settings(), names, quiet())
    assert len(rows) == 8
    assert all(row.failure.startswith(f"there is no {tmp_path}") for row in rows)
    assert not any(row.is_reached for row in rows)


def test_a_failure_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "xquad").mkdir()
    (tmp_path / "xquad" / "corpus.jsonl").write_text("no JSON\n")
    log = quiet()
    rows = measure_quality(tmp_path, load_settings(), ["xquad", "ortsrecht-bw"], log)
    assert [row.measurement for row in rows] == ["xquad"] * 3 + ["ortsrecht-bw"] * 2
    assert rows[0].failure.startswith("JSONDecodeError: ")
    assert isinstance(log.file, io.StringIO)
    assert "Traceback" in log.file.getvalue()


def test_the_table_says_in_words_what_is_reached() -> None:
    text = printed(
        [
            row("recall@5 en", 0.91, True),
            row("recall@5 fr", 0.8, False),
            row("recall@5 ar", None, False, "there is no [file]"),
        ]
    )
    assert "✓ reached" in text
    assert "✗ missed" in text
    assert "✗ not measured: there is no [file]" in text
    assert "1 of 3 reached" in text


def test_the_chart_shows_each_language_before_and_after() -> None:
    lines = printed([row("recall@5 en", 0.9, True), row("recall@1 en", 0.5, False)]).splitlines()
    before = next(line for line in lines if "en before" in line)
    after = lines[lines.index(before) + 1]
    assert before.count("█") == 38
    assert after.count("█") == 45
    assert sum("before" in line and "█" in line for line in lines) == 1
