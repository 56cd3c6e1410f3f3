"""The judge beside labels given by hand: what is counted, and that the labels are sound."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from judge_server import agree, judge_at, serving, shown

from eval.agreement import (
    UNTRUSTED,
    Agreement,
    JudgedItem,
    LabelAgreement,
    load_judged,
    measure_agreement,
)
from eval.judge_model import STOP_AFTER
from eval.questions import SetInvalid, packed

JUDGED = Path(__file__).parent.parent / "data/questions/judged.jsonl"


def item(key: str, faithful: bool = True, correct: bool = True, **changes: Any) -> JudgedItem:
    given = {
        "id": key,
        "language": "de",
        "question": "Was kostet ein Hund?",
        "answer": (f"108 Euro ({key}).",),
        "contexts": ("Ein Hund kostet 108 Euro.",),
        "reference": f"108,00 Euro ({key}).",
        "is_faithful": faithful,
        "is_correct": correct,
        "note": "",
    }
    return JudgedItem(**(given | changes))


def counted(**counts: int) -> LabelAgreement:
    empty = {"both_yes": 0, "both_no": 0, "only_label": 0, "only_judge": 0}
    return LabelAgreement("faithfulness", **(empty | counts), failures=())


def test_agreement_is_the_share_on_which_both_say_the_same() -> None:
    assert counted(both_yes=3, both_no=1, only_label=1).agreed == pytest.approx(0.8)
    assert counted().agreed is None


def test_kappa_leaves_out_what_chance_would_agree_on() -> None:
    # Cohen's formula by hand: agreed 0.7, chance 0.5 × 0.6 + 0.5 × 0.4 = 0.5
    found = counted(both_yes=20, both_no=15, only_label=5, only_judge=10)
    assert found.items == 50
    assert found.kappa == pytest.approx((0.7 - 0.5) / 0.5)
    assert counted(both_yes=5, both_no=5).kappa == pytest.approx(1.0)
    assert counted(both_yes=5, only_judge=5).kappa == pytest.approx(0.0)
    assert counted(both_yes=9).kappa is None
    assert counted().kappa is None


def test_a_judge_is_trusted_that_agrees_more_than_chance_on_most_answers() -> None:
    good = counted(both_yes=20, both_no=15, only_label=5, only_judge=5)
    guessing = counted(both_yes=15, both_no=8, only_label=15, only_judge=7)
    silent = replace(good, failures=tuple((f"J{number}", "hm") for number in range(45)))
    assert Agreement(good, good).is_trusted
    assert UNTRUSTED not in str(Agreement(good, good))
    for bad in (guessing, silent, counted()):
        assert not Agreement(good, bad).is_trusted
        assert str(Agreement(bad, good)).startswith(UNTRUSTED)


def test_a_judge_that_always_agrees_is_counted_by_label(tmp_path: Path) -> None:
    items = [item("J1"), item("J2", faithful=False), item("J3", correct=False)]
    with serving() as server:
        found = measure_agreement(judge_at(server.url, tmp_path), items)
    faithful, correct = found.faithfulness, found.correctness
    assert (faithful.both_yes, faithful.only_judge, faithful.failures) == (2, 1, ())
    assert (correct.both_yes, correct.only_judge) == (2, 1)


def test_one_unsupported_statement_makes_an_answer_unfaithful(tmp_path: Path) -> None:
    def doubt(wanted: str, request: dict[str, Any]) -> Any:
        said = agree(wanted, request)
        if wanted == "NLIStatementOutput" and len(said["statements"]) == 2:
            said["statements"][1]["verdict"] = 0
        return said

    with serving(doubt) as server:
        found = measure_agreement(judge_at(server.url, tmp_path), [item("J1", faithful=False)])
    assert found.faithfulness.both_no == 1
    assert found.correctness.both_yes == 1


def test_failures_are_counted_apart(tmp_path: Path) -> None:
    def stumble(wanted: str, request: dict[str, Any]) -> Any:
        is_second = "(J2)" in shown(request).get("answer", "")
        return "hm" if is_second else agree(wanted, request)

    with serving(stumble) as server:
        found = measure_agreement(judge_at(server.url, tmp_path), [item("J1"), item("J2")])
    said = "the answer is not JSON of the form asked for"
    assert found.faithfulness.failures == (("J2", said),)
    assert found.faithfulness.items == 1
    assert found.correctness.items == 2
    assert str(found).splitlines() == [
        UNTRUSTED,
        "faithfulness: 1.00 of 1 agreed, kappa undefined (yes by both 1, by neither 0, by the "
        f"label alone 0, by the judge alone 0); 1 not judged (1 × {said})",
        "factual_correctness: 1.00 of 2 agreed, kappa undefined (yes by both 2, by neither 0, by "
        "the label alone 0, by the judge alone 0)",
    ]


def test_without_a_server_nothing_is_compared(tmp_path: Path) -> None:
    with serving() as server:
        gone = server.url
    items = [item(f"J{number}") for number in range(STOP_AFTER + 1)]
    found = measure_agreement(judge_at(gone, tmp_path), items, workers=1)
    assert isinstance(found, Agreement)
    assert len(found.faithfulness.failures) == STOP_AFTER + 1
    assert str(found.correctness) == (
        f"factual_correctness: nothing compared; {STOP_AFTER + 1} not judged "
        f"(6 × not asked: {STOP_AFTER} calls in a row had no answer; "
        "5 × the server cannot be reached)"
    )


def test_the_labelled_answers_are_fifty_and_of_every_kind() -> None:
    items = load_judged(JUDGED)
    assert len(items) == 50
    kinds = Counter((item.is_faithful, item.is_correct) for item in items)
    assert min(kinds.values()) >= 3
    assert len(kinds) == 4
    assert len({item.language for item in items}) >= 8
    assert all(item.note and item.answer and item.contexts for item in items)


def test_what_was_changed_by_hand_does_not_stand_in_the_passages_and_the_rest_does() -> None:
    for item in load_judged(JUDGED):
        found = packed(" ".join(item.contexts))
        stands = all(packed(statement) in found for statement in item.answer)
        if not item.is_faithful:
            assert not stands, item.id
        elif not item.note.startswith("Worded"):
            assert stands, item.id


def written(folder: Path, *lines: object) -> Path:
    path = folder / "judged.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_a_labelled_answer_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert load_judged(written(tmp_path, asdict(item("J1")))) == [item("J1")]


def test_what_is_wrong_with_a_file_is_named(tmp_path: Path) -> None:
    good = asdict(item("J1"))
    with pytest.raises(SetInvalid, match=r"line 2: the id J1 stands twice"):
        load_judged(written(tmp_path, good, good))
    with pytest.raises(SetInvalid, match=r"line 1: is_faithful: Field required"):
        load_judged(written(tmp_path, {k: v for k, v in good.items() if k != "is_faithful"}))
    with pytest.raises(SetInvalid, match="holds no labelled answers"):
        load_judged(written(tmp_path))
    with pytest.raises(SetInvalid, match="cannot be read"):
        load_judged(tmp_path / "missing.jsonl")
    (tmp_path / "broken.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(SetInvalid, match="line 1: the line"):
        load_judged(tmp_path / "broken.jsonl")
