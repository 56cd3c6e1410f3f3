"""Two runs beside each other say what changed, over what both were asked."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console
from rows import HEAD, ROW, row_of, run_of

from core.types import Status
from eval.comparison import Comparison, compare_runs, notes, print_comparison, row_change
from eval.runs import Row
from eval.statistics import Verdict

EIGHT = [f"q{number}" for number in range(8)]


def rows_with(value: float, language: str = "de", **changes: object) -> list[Row]:
    return [row_of(name, language, {"citation_correct": value}, **changes) for name in EIGHT]


def printed(comparison: Comparison, width: int = 120) -> str:
    file = io.StringIO()
    print_comparison(comparison, Console(file=file, width=width))
    return file.getvalue()


def test_figures_are_compared_overall_and_by_language() -> None:
    before = run_of([*rows_with(1.0), *rows_with(0.5, "tr")])
    after = run_of([*rows_with(1.0), *rows_with(0.75, "tr")])
    found = compare_runs(before, after)
    assert found.rows == 16
    assert found.overall["citation_correct"].change == pytest.approx(0.125)
    assert found.by_language["de"]["citation_correct"].verdict is Verdict.UNCLEAR
    assert found.by_language["tr"]["citation_correct"].verdict is Verdict.BETTER


def test_rows_of_one_run_and_changed_questions_are_left_out_and_counted() -> None:
    before = run_of([row_of("a", scores={"m": 1.0}), row_of("b"), row_of("c", scores={"m": 1.0})])
    after = run_of(
        [
            row_of("a", scores={"m": 0.0}, question="Was kostet eine Katze?"),
            row_of("c", scores={"m": 0.5}),
            row_of("d"),
            row_of("e"),
        ],
        questions_digest="c" * 64,
    )
    found = compare_runs(before, after)
    assert (found.rows, found.only_before, found.only_after, found.reworded) == (1, 1, 2, 1)
    assert found.overall["m"].after == 0.5
    assert "1 answers stand only in the earlier run, 2 only in the later, and 1" in notes(found)[0]


def test_answers_that_moved_are_told_the_furthest_first() -> None:
    values = {"a": (1.0, 0.5), "b": (1.0, 0.0), "c": (0.5, 0.515), "d": (0.0, 1.0)}
    before = run_of([row_of(name, scores={"m": of[0]}) for name, of in values.items()])
    after = run_of([row_of(name, scores={"m": of[1]}) for name, of in values.items()])
    found = compare_runs(before, after)
    assert [change.id for change in found.worse] == ["b", "a"]
    assert [change.id for change in found.better] == ["d"]
    assert found.worse[0].moved == {"m": (1.0, 0.0)}
    assert (found.worse[0].before, found.worse[0].after) == (1.0, 0.0)


def test_an_answer_that_no_longer_comes_got_worse_though_no_score_says_so() -> None:
    old = row_of(scores={"m": 0.6})
    new = row_of(scores={"m": None}, status=Status.NOT_IN_DOCUMENTS)
    change = row_change(old, new)
    assert change is not None
    assert change.is_worse
    assert (change.status_before, change.status_after) == (Status.ANSWERED, Status.NOT_IN_DOCUMENTS)


def test_a_metric_that_only_one_run_has_moves_no_answer() -> None:
    old = row_of(scores={"m": 1.0})
    assert row_change(old, row_of(scores={"m": 1.0, "faithfulness": 0.0})) is None


def test_changed_documents_are_named_with_their_versions() -> None:
    after = run_of([], documents={"hund": (2, "Hundesteuersatzung 2027"), "park": (1, "Parken")})
    found = compare_runs(run_of([]), after)
    assert [(of.id, of.before, of.after) for of in found.documents] == [
        ("bad", 1, None), ("hund", 1, 2), ("park", None, 1),
    ]  # fmt: skip
    assert "Document changed: Hundesteuersatzung 2027 (hund), version 1 → version 2." in notes(
        found
    )


def test_another_text_is_a_change_though_a_new_index_counts_its_versions_anew() -> None:
    before = run_of([], digests={"hund": "a", "bad": "b"})
    after = run_of([], digests={"hund": "c", "bad": "b"})
    found = compare_runs(before, after)
    assert [(of.id, of.before, of.after) for of in found.documents] == [("hund", 1, 1)]
    said = "Document changed: Hundesteuersatzung (hund), version 1 → another version 1."
    assert said in notes(found)
    numbers = HEAD.documents | {"hund": (3, "Hundesteuersatzung")}
    put_back = run_of([], digests=before.head.digests, documents=numbers)
    assert compare_runs(before, put_back).documents == ()


def test_the_reader_is_told_how_many_changes_chance_alone_would_make() -> None:
    before = run_of([*rows_with(1.0), *rows_with(0.5, "tr")])
    found = compare_runs(before, run_of([*rows_with(0.0), *rows_with(0.5, "tr")]))
    assert (found.significant, found.compared) == (2, 3)
    assert notes(found)[-1].startswith("2 of 3 figures changed significantly; of so many, about 0 ")


def test_another_model_is_named() -> None:
    found = compare_runs(run_of([]), run_of([], model="e5-large"))
    assert "The embedding model changed from e5 to e5-large." in notes(found)


def test_another_judge_is_named_where_both_runs_had_one() -> None:
    old, new = run_of([], judge="judge-7b"), run_of([], judge="judge-70b")
    assert any("changed from judge-7b to judge-70b" in of for of in notes(compare_runs(old, new)))
    assert not any("judge" in of for of in notes(compare_runs(run_of([]), new)))
    assert not any("judge" in of for of in notes(compare_runs(new, new)))


def test_the_answers_that_rest_on_changed_documents_are_named_and_those_that_got_worse() -> None:
    elsewhere = {"sources": (("bad", "§ 1"),), "citations": ()}
    quotes_it = replace(ROW.citations[0], document_id="hund")
    before = [
        row_of("wanted", scores={"m": 1.0}),
        row_of("wanted", "tr", scores={"m": 1.0}),
        row_of("cited", scores={"m": 1.0}, **elsewhere),
        row_of("other", scores={"m": 1.0}, **elsewhere),
    ]
    after = [
        row_of("wanted", scores={"m": 1.0}),
        row_of("wanted", "tr", scores={"m": 0.5}),
        row_of("cited", scores={"m": 1.0}, **{**elsewhere, "citations": (quotes_it,)}),
        row_of("other", scores={"m": 0.0}, **elsewhere),
    ]
    changed = HEAD.documents | {"hund": (2, "Hundesteuersatzung")}
    found = compare_runs(run_of(before), run_of(after, documents=changed))
    assert found.touched == {("wanted", "de"), ("wanted", "tr"), ("cited", "de")}
    said = printed(found)
    assert "3 answers rest on what changed, to the questions cited, wanted.\n" in said
    assert "1 of these got worse: wanted tr.\n" in said
    assert "rest on" not in printed(compare_runs(run_of(before), run_of(after)))


def test_the_terminal_shows_figures_languages_and_answers() -> None:
    before = run_of([*rows_with(1.0), *rows_with(1.0, "tr")], name="old")
    text = printed(compare_runs(before, run_of([*rows_with(1.0), *rows_with(0.0, "tr")])))
    lines = text.splitlines()
    (overall,) = (line for line in lines if "citation_correct" in line and "worse" in line)
    assert overall.split()[1:4] == ["1.000", "0.500", "-0.500"]
    (by_language,) = (line for line in lines if "citation_correct" in line and "·" in line)
    assert by_language.split() == ["citation_correct", "·", "-1.000*"]
    assert f"old ({HEAD.made:%Y-%m-%d %H:%M}, abc1234) → today" in text
    assert "8 answers got worse." in text
    assert "q0 tr  1.00 → 0.00  Was kostet ein Hund?" in text


def test_a_narrow_terminal_shows_every_figure_whole_and_no_empty_table() -> None:
    none = {"wanted": Status.NOT_IN_DOCUMENTS, "status": Status.NOT_IN_DOCUMENTS}
    rows = rows_with(0.5, **none)
    text = printed(compare_runs(run_of(rows), run_of(rows)), width=80)
    (line,) = (line for line in text.splitlines() if "abstention_pr" in line)
    assert line.split() == [
        *("abstention_precision", "1.000", "1.000", "+0.000", "+0.000", "to", "+0.000"),
        *("no", "clear", "change"),
    ]
    assert "Changes by language" not in text


def test_a_question_that_looks_like_markup_is_printed_as_it_is() -> None:
    odd = {"question": "[bold]Hund[/bold] [/nie]"}
    before = run_of([row_of(scores={"m": 1.0}, **odd)])
    text = printed(compare_runs(before, run_of([row_of(scores={"m": 0.0}, **odd)])))
    assert "[bold]Hund[/bold] [/nie]" in text
    assert "1 answer got worse.\n" in text


def test_runs_without_a_question_in_common_can_be_compared() -> None:
    found = compare_runs(run_of([row_of("a")]), run_of([row_of("b")]))
    assert found.rows == 0
    assert found.latency == (None, None)
    assert "0 answers that both have." in printed(found)
