"""A question of a set as a person mends it, typed field by field or whole in an editor."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml
from pydantic import ValidationError

from eval.questions import SetInvalid, SetRow, load_rows, write_rows

Ask = Callable[[str], str]  # shows a prompt and returns what was typed; EOFError where nothing is
Say = Callable[[str], None]
Edit = Callable[[str], str | None]  # a text as it was changed; None where it was not

CLEAR = "-"  # typed to empty a field


def mend_fields(row: SetRow, ask: Ask, say: Say) -> SetRow:
    """The question with what was typed for it, asked again while it cannot be used. Raises EOFError
    where the input ends."""
    say(f"Type the new text; Enter keeps what stands, {CLEAR} empties.")
    while True:
        question = {
            language: _typed(f"Question ({language})", text, ask, say)
            for language, text in row.question.items()
        }
        reference = _typed("Answer", row.reference, ask, say)
        numbers = _typed("Numbers, with ; between them", "; ".join(row.numbers), ask, say)
        changes = {
            "question": question,
            "reference": reference,
            "numbers": [number.strip() for number in numbers.split(";") if number.strip()],
        }
        if mended := _checked(row.model_dump(mode="json") | changes, row, say):
            return mended


def mend_all(row: SetRow, edit: Edit, say: Say) -> SetRow | None:
    """The question as it was changed in an editor, as YAML, opened again while it cannot be used;
    None where nothing was changed."""
    text = yaml.safe_dump(
        row.model_dump(mode="json"), allow_unicode=True, sort_keys=False, width=100
    )
    while True:
        edited = edit(text)
        if edited is None or edited == text:
            say("Nothing was changed.")
            return None
        text = edited
        try:
            fields = yaml.safe_load(text)
        except yaml.YAMLError:
            say("This cannot be used: it is no YAML.")
            continue
        if mended := _checked(fields, row, say):
            return mended


def _typed(name: str, standing: str, ask: Ask, say: Say) -> str:
    """What was typed for a field, or what stands there."""
    say(f"{name}: {standing}")
    answer = ask("> ").strip()
    return {"": standing, CLEAR: ""}.get(answer, answer)


def _checked(fields: object, row: SetRow, say: Say) -> SetRow | None:
    """A row of these fields that a set may hold in another's place; None, with a sentence why,
    where it may not."""
    try:
        mended = SetRow.model_validate(fields)
        _require_loadable(mended)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the question"
        say(f"This cannot be used: {where}: {first['msg']}.")
        return None
    except SetInvalid as error:
        say(f"This cannot be used: {error}")
        return None
    if not all(text.strip() for text in mended.question.values()):
        say("This cannot be used: the question is empty.")
        return None
    if mended.id != row.id:
        say(f"This cannot be used: the id must stay {row.id}.")
        return None
    return mended


def _require_loadable(row: SetRow) -> None:
    """Raises SetInvalid, without a place, where a set with this row would not load."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "set.jsonl"
        write_rows(alone, [row])
        try:
            load_rows(alone)
        except SetInvalid as error:
            raise SetInvalid(str(error).partition("line 2: ")[2] or str(error)) from error
