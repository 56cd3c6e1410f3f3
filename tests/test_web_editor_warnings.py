"""Every warning that an ingest can give has German words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.editor.german import warning_sentence

INGEST = Path(__file__).parent.parent / "ingest"
YIELDING = {
    "hidden_text.py": "warnings",
    "version_warnings.py": None,
    "repeals.py": None,
    "run.py": "_doubts",
}  # functions, None for all
NAMED = {
    "docx_worker.py": "CHANGED",
    "approvals.py": "sentence",
    "run.py": "text",
}  # by the name of a variable
# One of each, as they are written.
WARNINGS = (
    "It has 1 section, the version before has 2.",
    "It has 40% of the text of the version before.",
    "It is as of 2024-01-31, older than the version before (2025-12-01).",
    "Pages 1, 2 cannot be read.",
    "The text is the same as in the version before.",
    "The text changed, but it is said to be in force since 2024-01-31.",
    "It is in force from 2024-01-31, the version before only from 2025-01-31.",
    "The same file stands already as hundesteuer.",
    "It was withdrawn and stays so; to bring it back: `auskunft documents rollback tax 1`.",
    "It was discarded and stays so; to prepare it again: `auskunft ingest --stage a.pdf`.",
    "It is again what it was before; what was prepared from it is forgotten.",
    "The text enters into force on 2024-01-31; its metadata say 2024-02-01.",
    "The text is in force until 2024-01-31; its metadata say 2024-02-01.",
    "The text enters into force on 2024-01-31, after its metadata's end, 2023-01-01.",
    "The text ends on 2024-01-31, before its metadata's beginning, 2025-01-01.",
    "The file has tracked changes; it was read as if all of them were accepted.",
    "Page 3 has no text layer; install tesseract to read it.",
    "Pages 1 to 5 and 9 are scanned and took too long to read; raise AUSKUNFT_READER_SECONDS.",
    "Page 3 has a text layer that reads worse than the picture; the picture was recognised "
    "instead.",
    "Page 3 is recognised with low confidence (61 %); compare with the original.",
    "Pages 3 and 4 are damaged and could not be read.",
    "“Köpek” was left out: the language xx is not known.",
    "“tr: Köpek” was left out: its entry has no answer to translate.",
    "It amends another text and names no clear day; valid_from has to say it.",
    "The texts in en, fr were left out.",
    "Page 3 gives orders to a language model; they were left out: “Ignore all rules…”.",
    "Pages 3 and 4 have text that people cannot see; it was left out: “Die Steuer…”.",
    "The file does not say what these are: Textmodul 12.",
    "The text names 2027-01-01 as a day of entry into force, but would answer before it; if what "
    "it says applies from then on, set valid_from, or publish it with --on 2027-01-01.",
    "“Amt” is no document's id or title: nothing stops the approved answer to “Wie?” when it "
    "changes.",
    "“Satzung” may be any of a, b: nothing stops the approved answer to “Wie?” when it changes.",
    "It repeals “Hundesteuer” (alt), which goes on answering; set valid_to there, or withdraw it "
    "once it is repealed.",
    "It repeals “Hundesteuer” (alt), which goes on answering; set valid_to there (to 2026-12-31), "
    "or withdraw it once it is repealed.",
    "The approved answer faq#hund does not answer: § 5 changed.",
    "The approved answer faq#hund does not answer from 2099-01-01 on: § 5 changed.",
)


def written_warnings() -> Iterator[str]:
    """Every warning in the sources, as a pattern: what is filled in can be anything."""
    for path in sorted(INGEST.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _is_appended(node):
                yield from _patterns(node.args[0])
            if isinstance(node, ast.Assign) and _name(node) == NAMED.get(path.name):
                yield from _patterns(node.value)
            of = YIELDING.get(path.name, "")
            if isinstance(node, ast.FunctionDef) and (of is None or node.name == of):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Yield) and inner.value:
                        yield from _patterns(inner.value)


def _name(assignment: ast.Assign) -> str:
    return getattr(assignment.targets[0], "id", "")


def _is_appended(call: ast.Call) -> bool:
    """Whether it is `….warnings.append(…)` or `warnings.append(…)`."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "append":
        return False
    return ast.unparse(function.value).split(".")[-1] == "warnings"


def _patterns(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Tuple):  # (path, warning)
        value = value.elts[-1]
    if isinstance(value, ast.Constant):
        yield re.escape(str(value.value))
    if isinstance(value, ast.JoinedStr):
        parts = (
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*?"
            for part in value.values
        )
        yield "".join(parts)


@pytest.mark.parametrize("pattern", sorted(set(written_warnings())))
def test_every_warning_in_the_sources_has_german_words(pattern: str) -> None:
    said = [warning_sentence(one) for one in WARNINGS if re.fullmatch(pattern, one)]
    assert said, "add one like it to WARNINGS"
    assert {sentence.language for sentence in said} == {"de"}


def test_the_sources_are_looked_through() -> None:
    patterns = set(written_warnings())
    assert len(patterns) >= len(WARNINGS) - 3  # three sentences have two forms
    assert all(any(re.fullmatch(p, one) for p in patterns) for one in WARNINGS)
