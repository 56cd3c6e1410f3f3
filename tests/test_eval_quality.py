"""One table of what is to be reached, which says too what could not be measured."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import pytest
from encoders import WordEncoder
from rich.console import Console
from sets import SureSelector, write_rows, write_set

from core.settings import load_settings
from eval import measurements
from eval.cases import Case
from eval.measurements import MEASUREMENTS, RELIABILITY
from eval.quality import (
    Goal,
    Report,
    Row,
    goals,
    measure_quality,
    print_quality,
    quality_charts,
)
from eval.reliability import Bin


def quiet() -> Console:
    return Console(file=io.StringIO())


def row(figure: str, today: float | None, is_reached: bool, failure: str = "") -> Row:
    return Row("omos-qa", figure, "0.77", today, "≥ 0.90", is_reached, failure)


def printed(report: Report, with_wrong: bool = False) -> str:
    file = io.StringIO()
    print_quality(report, Console(file=file, width=120), with_wrong)
    return file.getvalue()


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that knows words only, in microseconds."""
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    monkeypatch.setattr("eval.reliability.load_selector", lambda _: SureSelector())
    monkeypatch.setattr("eval.measurements.load_encoder", lambda _: WordEncoder())


def test_every_measurement_but_one_has_goals_and_every_goal_a_measurement() -> None:
    assert {goal.measurement for goal in goals()} == set(MEASUREMENTS) - {RELIABILITY}
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
    de, en, tr = measure_quality(tmp_path, load_settings(), ["xquad"], quiet()).rows
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
    at_1, at_5 = measure_quality(tmp_path, load_settings(), names, quiet()).rows
    assert (at_1.figure, at_1.today) == ("recall@1", 0.75)
    assert (at_5.figure, at_5.today, at_5.is_reached) == ("recall@5", 1.0, True)


def test_missing_data_makes_rows_that_say_so(tmp_path: Path) -> None:
    names = ["ortsrecht-bw", "towns", "out-of-scope"]
    rows = measure_quality(tmp_path, load_settings(), names, quiet()).rows
    assert len(rows) == 8
    assert all(row.failure.startswith(f"there is no {tmp_path}") for row in rows)
    assert not any(row.is_reached for row in rows)


def test_a_failure_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "xquad").mkdir()
    (tmp_path / "xquad" / "corpus.jsonl").write_text("no JSON\n")
    log = quiet()
    rows = measure_quality(tmp_path, load_settings(), ["xquad", "ortsrecht-bw"], log).rows
    assert [row.measurement for row in rows] == ["xquad"] * 3 + ["ortsrecht-bw"] * 2
    assert rows[0].failure.startswith("JSONDecodeError: ")
    assert isinstance(log.file, io.StringIO)
    assert "Traceback" in log.file.getvalue()


def test_the_table_says_in_words_what_is_reached() -> None:
    rows = [
        row("recall@5 en", 0.91, True),
        row("recall@5 fr", 0.8, False),
        row("recall@5 ar", None, False, "there is no [file]"),
    ]
    text = printed(Report(rows))
    assert "✓ reached" in text
    assert "✗ missed" in text
    assert "✗ not measured: there is no [file]" in text
    assert "1 of 3 reached" in text


def test_the_chart_shows_each_language_before_and_after() -> None:
    rows = [row("recall@5 en", 0.9, True), row("recall@1 en", 0.5, False)]
    lines = printed(Report(rows)).splitlines()
    before = next(line for line in lines if "en before" in line)
    after = lines[lines.index(before) + 1]
    assert before.count("█") == 38
    assert after.count("█") == 45
    assert sum("before" in line and "█" in line for line in lines) == 1


@pytest.mark.usefixtures("words")
def test_what_went_wrong_is_kept_by_set_and_language(tmp_path: Path) -> None:
    pages = {"sn-abfindungen": "Abfindungen zahlt der Betrieb.", "sn-umzug": "Nach dem Umzug."}
    queries = [
        {"_id": "q1", "text": "Was sind Abfindungen?", "relevant": "sn-abfindungen"},
        {"_id": "q2", "text": "Wann ist der Umzug?", "relevant": "sn-abfindungen"},
    ]
    write_set(tmp_path / "sachsen-buergerportal", pages, queries)
    report = measure_quality(tmp_path, load_settings(), ["sachsen-buergerportal"], quiet())
    assert report.wrong["sachsen-buergerportal"] == {
        "de": (
            Case(
                "Wann ist der Umzug?",
                ("sn-abfindungen: sn-abfindungen",),
                ("sn-umzug: Nach dem Umzug.", "sn-abfindungen: Abfindungen zahlt der Betrieb."),
            ),
        )
    }
    kept = json.loads(json.dumps(asdict(report)))["wrong"]["sachsen-buergerportal"]["de"]
    assert kept[0]["wanted"] == ["sn-abfindungen: sn-abfindungen"]
    assert "Wann ist der Umzug?" in printed(report, with_wrong=True)
    assert "Wann ist der Umzug?" not in printed(report)


@pytest.mark.usefixtures("words")
def test_a_wrong_town_tells_the_value_that_was_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = {
        "_id": "hund-aichelberg",
        "title": "Hundesteuersatzung",
        "text": "### § 5 Steuersatz\n\nDie Steuer für einen Hund beträgt 150 € im Jahr.",
        "lang": "de",
        "town": "Aichelberg",
        "ars": "081175009002",
    }
    asked = {
        "id": "t1",
        "text": "Wie hoch ist die Steuer für einen Hund?",
        "lang": "de",
        "town": "Aichelberg",
        "place": "Aichelberg",
        "document_id": "hund-aichelberg",
        "section": "§ 5",
        "values": ["90 €", "90 Euro"],
    }
    write_rows(tmp_path / "ortsrecht-bw/towns.jsonl", [law])
    write_rows(tmp_path / "questions.jsonl", [asked])
    monkeypatch.setattr(measurements, "TOWN_QUESTIONS", tmp_path / "questions.jsonl")
    report = measure_quality(tmp_path, load_settings(), ["towns"], quiet())
    (case,) = report.wrong["towns"]["de"]
    assert case.question == "Wie hoch ist die Steuer für einen Hund?"
    assert case.wanted == ("hund-aichelberg: 90 € or 90 Euro",)
    assert case.came[0] == "answered"
    assert "150 €" in case.came[1]


@pytest.mark.usefixtures("words")
def test_a_pair_of_questions_that_is_judged_wrongly_is_told(tmp_path: Path) -> None:
    (tmp_path / "gov-covid-faq").mkdir()
    same = [(f"Wie {number}?", "Ganz anders.", 1) for number in range(8)]
    other = [(f"Was {number}?", f"Was {number}??", 0) for number in range(8)]
    for language, pairs in (("de", [*same, *other]), ("en", [])):
        path = tmp_path / "gov-covid-faq" / f"question_pairs_{language}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("question_1", "question_2", "similar"), *pairs])
    report = measure_quality(tmp_path, load_settings(), ["faq"], quiet())
    assert [row.today for row in report.rows] == [0.0, 0.0]
    told = {(case.wanted[0][:6], case.question[:3]) for case in report.wrong["faq"]["de"]}
    assert told == {("the an", "Gan"), ("not th", "Was")}


@pytest.mark.usefixtures("words")
def test_how_sure_the_no_is_belongs_to_the_report(tmp_path: Path) -> None:
    queries = [{"_id": "q1", "text": "Was kostet ein Hund?", "split": "dev"}]
    answers = [{"query_id": "q1", "sentences": [0], "doc_id": "hund"}]
    write_set(tmp_path / "omos-qa", {"hund": "Ein Hund kostet 96 Euro."}, queries, answers)
    report = measure_quality(tmp_path, load_settings(), [RELIABILITY], quiet())
    assert report.rows == []
    assert sum(of.questions for of in report.reliability["de"]) == 1
    assert "Below 0 the answer is no." in printed(report)
    assert list(quality_charts(report)) == ["reliability.svg"]


def test_a_reliability_that_was_not_measured_is_told(tmp_path: Path) -> None:
    report = measure_quality(tmp_path, load_settings(), [RELIABILITY], quiet())
    assert f"reliability not measured: there is no {tmp_path}" in printed(report).replace("\n", "")


def test_the_charts_are_of_what_was_measured() -> None:
    rows = [row("recall@5 en", 0.91, True), row("recall@5 fr", None, False)]
    charts = quality_charts(Report(rows, reliability={"en": [Bin(None, None, 3, 1.0)]}))
    assert list(charts) == ["recall-at-5.svg", "reliability.svg"]
    texts = list(ElementTree.fromstring(charts["recall-at-5.svg"]).itertext())
    assert {"en, target 0.90", "0.77", "0.91", "before", "today"} <= set(texts)
    assert not any(text.startswith("fr") for text in texts)
    assert quality_charts(Report([])) == {}
