"""An evaluation set is read as it was written, and what cannot be used is named with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sets import open_words, write_set

from core.errors import UsageError
from core.store import Store
from core.types import Status
from eval.questions import (
    QuestionKind,
    SetInvalid,
    SetRow,
    Source,
    check_set,
    facts_of,
    load_rows,
    locate_sources,
    packed,
    questions_of,
    write_rows,
)

RATE = "Die Steuer beträgt für jeden Hund 96,00 Euro."
HALVES = "Ein Satz über den Antrag, der genau so lang ist, dass er Platz braucht. " * 12
PAGES = {
    "hund": f"# Satzung\n\n## § 5 Steuersatz\n\n{RATE}\n\n## § 6 Welpen\n\nWelpen sind frei.\n",
    "antrag": f"# Antrag\n\n## § 1 Form\n\n{HALVES}Ende.\n\nAnfang. {HALVES}\n",
}
HEAD = '{"schema_version": 1}'


def fields(**changes: Any) -> dict[str, Any]:
    """A row that can be used, but for the changes."""
    return {
        "id": "Q1",
        "kind": "amount",
        "as_of": "2026-11-22",
        "town": None,
        "question": {"de": "Was kostet ein Hund?", "tr": "Köpek ne kadar?", "ar": "كم الضريبة؟"},
        "context": None,
        "status": "answered",
        "reference": "96,00 Euro je Hund.",
        "numbers": ["96,00"],
        "sources": [{"document_id": "hund", "section": "§ 5", "quote": RATE}],
        **changes,
    }


def row(**changes: Any) -> SetRow:
    return SetRow.model_validate(fields(**changes))


def sourced(*sources: tuple[str, str, str], **changes: Any) -> SetRow:
    """A row with these sources: document, section and quote."""
    return row(
        sources=[Source(document_id=d, section=s, quote=q) for d, s, q in sources], **changes
    )


def written(folder: Path, *lines: str) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("questions")
    with open_words(write_set(folder / "set", PAGES, []), folder / "state") as store:
        yield store


def test_a_set_is_read_as_it_was_written(tmp_path: Path) -> None:
    talk = {"de": "Und für zwei?", "tr": "Ya iki?", "ar": "وكلبين؟"}
    rows = [
        row(),
        row(id="Q2", kind="follow-up", question=talk, context=fields()["question"], town="Auental"),
        row(id="Q3", kind="injection", status="refused", reference="", numbers=[], sources=[]),
    ]
    path = tmp_path / "set.jsonl"
    write_rows(path, rows)
    assert load_rows(path) == rows
    assert path.read_text("utf-8").splitlines()[0] == HEAD
    assert "كم" in path.read_text("utf-8"), "what people typed is to be read in the file"


def test_sources_of_one_number_prove_the_same_fact_and_others_each_their_own(
    tmp_path: Path,
) -> None:
    place = {"document_id": "hund", "section": "§ 5"}
    first, second, third, fourth = [
        {**place, "quote": "a", "fact": 2},
        {**place, "quote": "b"},
        {**place, "quote": "c"},
        {**place, "quote": "d", "fact": 2},
    ]
    path = tmp_path / "set.jsonl"
    write_rows(path, [row(sources=[first, second, third, fourth])])
    (kept,) = load_rows(path)
    facts = [[source.quote for source in fact] for fact in facts_of(kept.sources)]
    assert facts == [["a", "d"], ["b"], ["c"]]
    written = json.loads(path.read_text("utf-8").splitlines()[1])
    assert written["sources"] == [first, second, third, fourth], "a set without facts stays as is"


def test_a_text_may_hold_line_ends_of_any_kind(tmp_path: Path) -> None:
    rows = [row(reference="Erstens\u2028zweitens\x85drittens\nviertens\rfünftens")]
    write_rows(tmp_path / "set.jsonl", rows)
    assert load_rows(tmp_path / "set.jsonl") == rows


def test_what_windows_puts_before_a_file_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, f"\ufeff{HEAD}", json.dumps(fields()))
    assert load_rows(path) == [row()]


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    second = json.dumps(fields(id="Q2"))
    path = written(tmp_path, HEAD, "", json.dumps(fields()), "  ", second, "")
    assert [found.id for found in load_rows(path)] == ["Q1", "Q2"]


def test_a_set_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaking_off() -> Iterator[SetRow]:
        yield row(id="new")
        raise KeyboardInterrupt

    path = tmp_path / "set.jsonl"
    write_rows(path, [row()])
    with pytest.raises(KeyboardInterrupt):
        write_rows(path, breaking_off())
    assert load_rows(path) == [row()]
    write_rows(path, [row(id="new")])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        ({"status": "vielleicht"}, "status"),
        ({"kind": "riddle"}, "kind"),
        ({"as_of": "22.11.2026"}, "as_of"),
        ({"id": ""}, "id"),
        ({"question": {}}, "question"),
        ({"question": {"de": "Hund?", "ed": "Hund?"}}, "Q1 is asked in ed, which is none of de, "),
        ({"sources": [{"document_id": "hund", "section": "§ 5", "quote": ""}]}, "sources.0.quote"),
        ({"sources": [{"document_id": "hund", "quote": RATE}]}, "sources.0.section"),
        ({"difficulty": "hard"}, "difficulty"),
        ({"reference": ""}, "Q1 must have a reference"),
        ({"sources": []}, "Q1 must have a reference and sources"),
        ({"status": "refused"}, "no sources if not"),
        ({"status": "refused", "reference": ""}, "no sources if not"),
        ({"context": {"de": "Hunde?", "tr": "Köpek?"}}, "Q1 has no context in ar"),
        ({"context": {}}, "Q1 has no context in ar"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_line(
    changes: dict[str, Any], blamed: str, tmp_path: Path
) -> None:
    fine = json.dumps(fields(id="fine"))
    path = written(tmp_path, HEAD, fine, json.dumps(fields(**changes)))
    with pytest.raises(SetInvalid) as error:
        load_rows(path)
    assert f"{path}, line 3: " in str(error.value)
    assert blamed in str(error.value)


@pytest.mark.parametrize("line", ["Was kostet ein Hund?", '{"id": "Q1", ', "[]", "null"])
def test_a_line_that_is_no_row_is_named(line: str, tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match=r"line 2: the line: "):
        load_rows(written(tmp_path, HEAD, line))


def test_an_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    other = json.dumps(fields(question={"de": "Was kostet etwas anderes?"}))
    with pytest.raises(SetInvalid, match="line 3: the id Q1 stands twice"):
        load_rows(written(tmp_path, HEAD, json.dumps(fields()), other))


def test_another_schema_version_is_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, '{"schema_version": 2}', json.dumps(fields()))
    with pytest.raises(SetInvalid, match="has schema version 2, but this programme reads 1"):
        load_rows(path)


@pytest.mark.parametrize("head", ["", "not JSON", "[1]", "1", '{"version": 1}'])
def test_a_set_begins_with_its_schema_version(head: str, tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="does not begin with"):
        load_rows(written(tmp_path, head, json.dumps(fields())))


def test_a_set_without_its_first_line_is_not_read_from_the_second(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="does not begin with"):
        load_rows(written(tmp_path, json.dumps(fields()), json.dumps(fields(id="Q2"))))


def test_a_set_without_questions_is_none(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="holds no questions"):
        load_rows(written(tmp_path, HEAD))


def test_a_file_that_is_not_there_or_no_text_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(f"{HEAD}\nGrün".encode("latin-1"))
    for name in ("none.jsonl", "latin.jsonl", "."):
        with pytest.raises(SetInvalid, match="cannot be read") as error:
            load_rows(tmp_path / name)
        assert isinstance(error.value, UsageError), "the command says it in a line and exits 2"


def test_every_row_is_asked_in_every_language_or_in_those_that_are_named() -> None:
    talk = {"de": "Und für zwei?", "tr": "Ya iki?"}
    context = {"de": "Ein Hund?", "tr": "Bir köpek?", "ar": "كلب؟"}
    rows = [row(), row(id="Q2", kind="follow-up", question=talk, context=context)]
    asked = [(question.id, question.language) for question in questions_of(rows)]
    assert asked == [("Q1", "de"), ("Q1", "tr"), ("Q1", "ar"), ("Q2", "de"), ("Q2", "tr")]
    first, second = questions_of(rows, ["tr"])
    assert (first.text, first.context) == ("Köpek ne kadar?", None)
    assert (second.text, second.context) == ("Ya iki?", "Bir köpek?")
    assert list(questions_of(rows, ["fr"])) == []


def test_a_question_keeps_what_its_row_says() -> None:
    given = row(town="Auental")
    (question,) = questions_of([given], ["de"])
    kept = asdict(question)
    assert {name: kept[name] for name in ("id", "town", "reference", "numbers")} == {
        name: getattr(given, name) for name in ("id", "town", "reference", "numbers")
    }
    assert (question.kind, question.as_of) == (QuestionKind.AMOUNT, date(2026, 11, 22))
    assert (question.status, question.sources) == (Status.ANSWERED, given.sources)


def test_a_source_is_found_in_the_passage_that_holds_it(store: Store) -> None:
    spaced = RATE.replace(" ", "\n ")
    places = locate_sources([sourced(("hund", "§ 5", RATE), ("hund", "§ 5", spaced))], store)
    generation = store.registry.generation()
    (passage,) = [p for p in store.index.fetch("hund", generation) if p.section == "§ 5"]
    assert places == {("hund", "§ 5", RATE): (passage.id,), ("hund", "§ 5", spaced): (passage.id,)}


def test_a_source_over_two_passages_is_found_in_both(store: Store) -> None:
    passages = store.index.fetch("antrag", store.registry.generation())
    assert [passage.section for passage in passages] == ["§ 1", "§ 1"]
    both = "Ende. Anfang."
    alone = "Anfang."
    places = locate_sources([sourced(("antrag", "§ 1", both), ("antrag", "§ 1", alone))], store)
    assert places["antrag", "§ 1", both] == tuple(passage.id for passage in passages)
    assert places["antrag", "§ 1", alone] == (passages[1].id,)


@pytest.mark.parametrize(
    ("document", "section", "quote"),
    [
        ("hund", "§ 5", RATE.replace("96", "108")),
        ("hund", "§ 6", RATE),
        ("katze", "§ 5", RATE),
    ],
    ids=["other words", "another section", "no such document"],
)
def test_a_set_whose_source_does_not_stand_in_the_documents_is_refused(
    document: str, section: str, quote: str, store: Store
) -> None:
    check_set([row()], store)
    wrong = sourced((document, section, quote), id="Q7", numbers=[])
    assert locate_sources([wrong], store) == {(document, section, quote): ()}
    with pytest.raises(SetInvalid) as error:
        check_set([row(), wrong], store)
    assert f"1 source does not stand in the documents: Q7 ({document}, {section})" in str(
        error.value
    )


def test_of_many_broken_sources_ten_are_named(store: Store) -> None:
    rows = [sourced(("hund", "§ 5", "Nie."), id=f"Q{n}", numbers=[]) for n in range(12)]
    with pytest.raises(SetInvalid) as error:
        check_set(rows, store)
    assert str(error.value).startswith("12 sources")
    assert str(error.value).endswith("Q9 (hund, § 5) …")


def test_a_number_that_no_source_holds_is_refused(store: Store) -> None:
    check_set([row(numbers=["96,00 Euro", "96,00  Euro"])], store)
    with pytest.raises(SetInvalid, match=r"Q1: no source holds 108,00\."):
        check_set([row(numbers=["96,00", "108,00"])], store)


def test_white_space_is_nothing_to_what_is_verbatim() -> None:
    assert packed(" 96,00\n\tEuro ") == packed("96,00\u00a0Euro") == "96,00Euro"
    assert packed("96,00 euro") != packed("96,00 Euro")
