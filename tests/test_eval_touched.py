"""Before a version is published, one knows which questions it touches and which get worse."""

from __future__ import annotations

import pytest
from rows import row_of, run_of

from core.types import Status
from eval.runs import Quoted, Retrieved, Row
from eval.touched import Touch, touched_questions

HERE = ("hund", "§ 5")


def elsewhere(id: str, **changes: object) -> Row:  # noqa: A002 the row's own name for it
    """A row that has nothing to do with § 5 on dogs."""
    quoted = (Quoted("bad", 1, "§ 1", None, "§ 1", "Das Bad"),)
    found = (Retrieved("p9", "bad", "§ 1", "Das Bad"),)
    own = {"sources": (("bad", "§ 1"),), "citations": quoted, "retrieved": found} | changes
    return row_of(id, scores={"m": 1.0}, **own)


@pytest.mark.parametrize(
    ("changes", "touches"),
    [
        ({}, None),
        ({"sources": (HERE,)}, (Touch.SOURCE,)),
        ({"citations": (Quoted("hund", 1, "§ 5", 2, "", ""),)}, (Touch.CITED,)),
        ({"retrieved": (Retrieved("p1", *HERE, ""),)}, (Touch.RETRIEVED,)),
        (
            {"sources": (HERE,), "retrieved": (Retrieved("p1", *HERE, ""),)},
            (Touch.SOURCE, Touch.RETRIEVED),
        ),
    ],
)
def test_a_question_hangs_on_a_place_by_source_citation_or_retrieval(
    changes: dict[str, object], touches: tuple[Touch, ...] | None
) -> None:
    found = touched_questions(run_of([elsewhere("a", **changes)]), None, places={HERE})
    assert [question.touches for question in found.questions] == ([touches] if touches else [])


def test_a_passage_named_by_its_id_touches_what_cites_its_section() -> None:
    rows = [
        elsewhere("cites", citations=(Quoted("hund", 1, "§ 5", 2, "", ""),)),
        elsewhere("finds", retrieved=(Retrieved("p1", *HERE, ""),)),
        elsewhere("neither"),
    ]
    found = touched_questions(run_of(rows), None, passages={"p1"})
    assert [question.id for question in found.questions] == ["cites", "finds"]


def test_without_a_run_after_the_change_nothing_got_worse_yet() -> None:
    found = touched_questions(run_of([row_of()]), None, places={HERE})
    assert len(found.questions) == 1
    assert found.questions[0].change is None
    assert found.worse == ()


def test_touched_questions_that_got_worse_are_named_the_furthest_first() -> None:
    before = run_of([*(row_of(name, scores={"m": 1.0}) for name in "abc"), elsewhere("x")])
    after = run_of(
        [
            row_of("a", scores={"m": 0.5}),
            row_of("b", scores={"m": None}, status=Status.NOT_IN_DOCUMENTS),
            row_of("c", scores={"m": 1.0}),
            elsewhere("x", status=Status.NOT_IN_DOCUMENTS),
        ]
    )
    found = touched_questions(before, after, places={HERE})
    assert [question.id for question in found.questions] == ["a", "b", "c"]
    assert [question.id for question in found.worse] == ["b", "a"]
    assert found.worse[1].change is not None
    assert found.worse[1].change.moved == {"m": (1.0, 0.5)}


def test_a_new_passage_touches_the_questions_that_find_it_now() -> None:
    before, now = elsewhere("a"), elsewhere("a", retrieved=(Retrieved("new", *HERE, ""),))
    found = touched_questions(run_of([before]), run_of([now]), passages={"new"})
    assert [question.touches for question in found.questions] == [(Touch.RETRIEVED,)]


def test_where_a_new_passage_stands_is_known_from_the_run_after() -> None:
    before = run_of([elsewhere("a"), elsewhere("b", sources=(HERE,))])
    now = elsewhere("a", retrieved=(Retrieved("new", *HERE, ""),))
    found = touched_questions(before, run_of([now, *before.rows[1:]]), passages={"new"})
    assert [(question.id, question.touches) for question in found.questions] == [
        ("a", (Touch.RETRIEVED,)),
        ("b", (Touch.SOURCE,)),
    ]


def test_a_question_that_no_longer_finds_what_changed_is_still_touched() -> None:
    before = row_of("a", scores={"m": 1.0})
    found = touched_questions(run_of([before]), run_of([elsewhere("a")]), passages={"p1"})
    assert [question.id for question in found.questions] == ["a"]


def test_each_language_is_a_question_of_its_own() -> None:
    rows = [row_of("a", language) for language in ("de", "tr")]
    found = touched_questions(run_of(rows), None, places={HERE})
    assert [(question.id, question.language) for question in found.questions] == [
        ("a", "de"), ("a", "tr"),
    ]  # fmt: skip


def test_a_question_with_other_words_has_not_got_worse() -> None:
    before = run_of([row_of(scores={"m": 1.0})])
    after = run_of([row_of(scores={"m": 0.0}, question="Und eine Katze?")])
    assert touched_questions(before, after, places={HERE}).worse == ()
