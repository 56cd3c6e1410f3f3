"""A person keeps, mends and drops drafts in the terminal, and loses nothing of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from core.types import Status
from eval.decisions import Decision, Verdict, decisions_path, load_decisions, load_set
from eval.questions import QuestionKind, SetInvalid, SetRow, Source, load_rows, write_rows
from eval.review import NobodyThere, ReviewCounts, review_file, review_set

ROOT = Path(__file__).parent.parent
CODE = """
import sys
from pathlib import Path
from eval.review import review_file
review_file(Path(sys.argv[1]))
"""


def row(name: str, **changes: object) -> SetRow:
    fields: dict[str, object] = {
        "id": name,
        "kind": QuestionKind.AMOUNT,
        "as_of": date(2026, 11, 22),
        "question": {"de": f"Was kostet {name}?"},
        "status": Status.ANSWERED,
        "reference": f"{name} kostet 5,00 Euro.",
        "numbers": ("5,00 Euro",),
        "sources": (Source(document_id="d", section="§ 5", quote=f"{name} kostet 5,00 Euro."),),
    }
    return SetRow.model_validate(fields | changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "set.jsonl"
    write_rows(file, [row("a"), row("b"), row("c")])
    return file


class Clerk:
    """Types what a test has written, then is gone; `prompts` is what she was asked."""

    def __init__(self, *typed: str) -> None:
        self.typed = list(typed)
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self.typed:
            raise EOFError
        return self.typed.pop(0)


def review(
    path: Path, *typed: str, edit: Callable[[str], str | None] | None = None
) -> tuple[ReviewCounts, str]:
    told = StringIO()
    counts = review_set(path, Clerk(*typed), Console(file=told, width=40), edit=edit)
    return counts, told.getvalue()


def ids(path: Path) -> list[str]:
    return [row.id for row in load_set(path)]


def test_each_question_is_kept_mended_or_dropped(path: Path) -> None:
    counts, _ = review(path, "k", "d", "m", "Was kostet ein c genau?", "", "7,00 Euro; 3 Tage")
    assert counts == ReviewCounts(kept=1, mended=1, dropped=1, left=0)
    kept, mended = load_rows(path)
    assert kept == row("a")
    assert mended.question == {"de": "Was kostet ein c genau?"}
    assert mended.reference == "c kostet 5,00 Euro."
    assert mended.numbers == ("7,00 Euro", "3 Tage")
    verdicts = {name: decision.decision for name, decision in load_decisions(path).items()}
    assert verdicts == {"a": Verdict.KEPT, "b": Verdict.DROPPED, "c": Verdict.MENDED}


def test_what_is_shown_is_plain_lines_with_the_source(path: Path) -> None:
    _, shown = review(path, "q")
    lines = shown.splitlines()
    assert "Question 1 of 3" in lines
    assert "Question (de): Was kostet a?" in lines
    assert "Kind: amount, asked as of 2026-11-22" in lines
    assert "Answer: a kostet 5,00 Euro." in lines
    assert "Numbers: 5,00 Euro" in lines
    assert "Source: d, § 5: “a kostet 5,00 Euro.”" in lines
    place = {"document_id": "d", "section": "§ 5", "quote": "a kostet 5,00 Euro."}
    write_rows(path, [row("a", sources=[{**place, "fact": n} for n in (1, 2)])])
    _, shown = review(path, "q")
    assert "Source (fact 2): d, § 5: “a kostet 5,00 Euro.”" in shown.splitlines()
    assert "\x1b" not in shown


def test_what_a_document_holds_cannot_steer_the_terminal(path: Path) -> None:
    write_rows(path, [row("a", reference="[red]Rot\x1b[2J und \x07 laut.")])
    _, shown = review(path, "q")
    assert "Answer: [red]Rot [2J und   laut." in shown


def test_the_next_sitting_goes_on_where_the_last_one_stopped(path: Path) -> None:
    counts, _ = review(path, "k", "s", "q")
    assert counts == ReviewCounts(kept=1, mended=0, dropped=0, left=2)
    counts, shown = review(path, "k", "k")
    assert "Question 2 of 3" in shown
    assert "Was kostet a?" not in shown
    assert counts == ReviewCounts(kept=2, mended=0, dropped=0, left=0)
    assert "no question left" in review(path)[1]


def test_going_back_undoes_a_drop_in_its_place(path: Path) -> None:
    counts, shown = review(path, "d", "b", "k", "q")
    assert ids(path) == ["a", "b", "c"]
    assert "Question 1 of 3 (dropped just now)" in shown
    assert counts == ReviewCounts(kept=1, mended=0, dropped=0, left=2)


def test_going_back_shows_a_question_as_it_was_mended(path: Path) -> None:
    _, shown = review(path, "m", "Neu?", "", "", "b", "q")
    assert shown.count("Question (de): Neu?") == 1


def test_going_back_from_the_first_question_shows_it_again(path: Path) -> None:
    _, shown = review(path, "b", "q")
    assert shown.count("Question 1 of 3") == 2


def test_another_letter_is_told_and_asked_again(path: Path) -> None:
    counts, shown = review(path, "x", "", "K", "q")
    assert shown.count("Please type one of these letters") == 2
    assert counts.kept == 1


def test_a_mended_question_that_no_set_may_hold_is_told_and_asked_again(path: Path) -> None:
    _, shown = review(path, "m", "", "-", "", "Besser?", "", "", "q")
    assert "a must have a reference and sources if it is to be answered" in shown
    assert load_rows(path)[0].question == {"de": "Besser?"}
    _, shown = review(path, "m", "-", "", "", "", "", "", "q")
    assert "This cannot be used: the question is empty." in shown


def test_the_end_of_the_input_in_a_mended_question_changes_nothing(path: Path) -> None:
    counts, _ = review(path, "m", "Halb")
    assert counts == ReviewCounts(kept=0, mended=0, dropped=0, left=3)
    assert load_rows(path)[0] == row("a")


def test_everything_can_be_mended_in_an_editor(path: Path) -> None:
    tries: Iterator[Callable[[dict[str, object]], object]] = iter(
        [
            lambda _: "{no yaml",
            lambda fields: fields | {"kind": "nonsense"},
            lambda fields: fields | {"id": "z"},
            lambda fields: fields | {"kind": "fact", "numbers": []},
        ]
    )

    def edit(text: str) -> str:
        change = next(tries)
        fields = yaml.safe_load(text) if text != "{no yaml" else row("a").model_dump(mode="json")
        changed = change({**fields, "id": "a", "kind": "amount"})
        return changed if isinstance(changed, str) else yaml.safe_dump(changed, allow_unicode=True)

    counts, shown = review(path, "e", "q", edit=edit)
    assert "it is no YAML" in shown
    assert "This cannot be used: kind" in shown
    assert "the id must stay a" in shown
    assert counts.mended == 1
    assert load_rows(path)[0].kind is QuestionKind.FACT


def test_an_editor_that_is_left_without_saving_changes_nothing(path: Path) -> None:
    counts, shown = review(path, "e", "q", edit=lambda _: None)
    assert "Nothing was changed." in shown
    assert counts.left == 3
    assert "editor" not in review(path, "x", "q")[1]


def test_a_killed_review_loses_nothing_but_the_question_on_the_screen(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CODE, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("k\nd\n")
        process.stdin.flush()
        for line in process.stdout:
            if "Question 3 of 3" in line:
                break
        process.kill()
    assert ids(path) == ["a", "c"]
    assert set(load_decisions(path)) == {"a", "b"}


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is a Unix thing")
def test_in_a_terminal_one_key_is_enough(path: Path) -> None:
    import pty
    import termios

    ours, theirs = pty.openpty()

    def is_line_wise() -> bool:
        return bool(termios.tcgetattr(theirs)[3] & termios.ICANON)

    with subprocess.Popen(
        [sys.executable, "-c", CODE, str(path)], cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        for key in (b"k", b"d", b"q"):
            shown = b""
            while b"q stop: " not in shown:
                shown += process.stdout.read1()
            while is_line_wise():  # what is typed before it listens for keys is lost
                time.sleep(0.01)
            os.write(ours, key)
        told = process.stdout.read()
    os.close(ours)
    os.close(theirs)
    assert b"1 kept, 0 mended, 1 dropped, 1 left" in told
    assert ids(path) == ["a", "c"]


def test_a_crash_between_the_two_files_asks_again_and_loses_nothing(path: Path) -> None:
    dropped = Decision("b", Verdict.DROPPED, date(2026, 11, 22))
    line = {"id": dropped.id, "decision": dropped.decision, "day": "2026-11-22"}
    decisions_path(path).write_text(json.dumps(line) + "\n", "utf-8")
    counts, shown = review(path, "k", "k", "k")
    assert "Was kostet b?" in shown
    assert counts == ReviewCounts(kept=3, mended=0, dropped=0, left=0)


def test_the_last_question_may_be_dropped(path: Path) -> None:
    review(path, "d", "d", "d")
    assert ids(path) == []
    assert review(path)[0].left == 0


def test_questions_that_were_added_meanwhile_stay(path: Path) -> None:
    class Busy(Clerk):
        def __call__(self, prompt: str) -> str:
            if not self.prompts:
                write_rows(path, [*load_rows(path), row("new")])
            return super().__call__(prompt)

    counts = review_set(path, Busy("d", "q"), Console(file=StringIO()))
    assert ids(path) == ["b", "c", "new"]
    assert counts.left == 3


def test_piped_lines_answer_and_silence_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO("k\nq\n"))
    assert review_file(path, Console(file=told)) == 0
    assert "1 kept, 0 mended, 0 dropped, 2 left" in told.getvalue()
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(NobodyThere, match="run it in a terminal"):
        review_file(path, Console(file=told))


def test_a_review_that_is_interrupted_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> str:
        raise KeyboardInterrupt

    told = StringIO()
    monkeypatch.setattr("builtins.input", interrupted)
    assert review_file(path, Console(file=told)) == 130
    assert "what was decided is kept" in told.getvalue()


def test_a_set_that_cannot_be_used_is_told_in_a_sentence(path: Path, tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match=r"There is no .*eval make"):
        review(tmp_path / "none.jsonl")
    other = tmp_path / "other.jsonl"
    other.write_text('{"schema_version": 9}\n', "utf-8")
    with pytest.raises(SetInvalid, match="schema version 9"):
        review(other)
    decisions_path(path).write_text("{}\n", "utf-8")
    with pytest.raises(SetInvalid, match="line 1 is no decision"):
        review(path)
