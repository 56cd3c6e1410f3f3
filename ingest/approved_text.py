"""Approved proposals as an FAQ document, and what people typed made fit for it.

What people typed stays text: every sign that Markdown would read is escaped, and `reads_as_written`
compares the reader's own view of an entry with what was typed.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from core.entries import Source, entries_of, name_source
from core.errors import DocumentError
from core.languages import SUPPORTED
from core.proposals import Proposal, Wording
from core.types import BlockKind, Jurisdiction, Kind
from ingest.library import Source as SourceFile
from ingest.library import read_source
from ingest.readers.limits import ReaderLimits

TITLE = "Freigegebene Antworten"
FOLDER = "approved"  # in the state folder; the only place that these documents come from

_ID = "freigegebene-antworten"

_INLINE = re.compile(r"([\\`*_\[\]<>&|~])")
_BLOCK = re.compile(r"(?=[#=+:-])|(\d{1,9})(?=[.)])")
_ITEM = re.compile(r"(- |\d{1,3}[.)] )(.*)")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")
_LIMITS = ReaderLimits(seconds=10, memory_mb=500, pages=10, file_mb=1)


def render(proposals: Sequence[Proposal], town: str, place: Jurisdiction | None) -> str:
    """Approved proposals of a town as an FAQ document."""
    days = [proposal.changed_at.date() for proposal in proposals if proposal.changed_at]
    head: dict[str, object] = {
        "id": document_id(town),
        "title": f"{TITLE}: {place.name}" if place else TITLE,
        "short_title": TITLE,
        "kind": "faq",
        "language": "de",
    }
    if place:
        head["jurisdiction"] = {
            "level": place.level.value, "name": place.name, "key": place.key or ""
        }  # fmt: skip
    if days:
        head["as_of"] = max(days).isoformat()
    front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
    return "\n\n".join([f"---\n{front}---\n# {TITLE}", *map(_entry, proposals)]) + "\n"


def reads_as_written(proposal: Proposal) -> bool:
    """Whether the reader finds in the proposal's entry what was typed, and nothing else."""
    return _read_back(proposal) == _wanted(proposal)


def clean_answer(text: str) -> str:
    """An answer as it is kept: paragraphs and list items, without invisible characters."""
    blocks = re.split(r"\n\s*\n", _visible(text).strip())
    return "\n\n".join("\n".join(_lines(block)) for block in blocks if block.strip())


def clean_question(text: str) -> str:
    """A question as it is kept: one line."""
    return " ".join(_visible(text).split())


def entry_name(proposal: Proposal) -> str:
    """What `auskunft approved` calls the entry of a proposal: "freigegebene-antworten#…"."""
    return f"{document_id(proposal.town)}#{_slug(proposal)}"


def document_id(town: str) -> str:
    """The id of the document with a town's approved answers."""
    return "-".join([_ID, *slug_words(town)])


def is_reserved(document_id: str) -> bool:
    """Whether an id is kept for the documents with approved answers."""
    return document_id.casefold().startswith(_ID)


def _entry(proposal: Proposal) -> str:
    """A proposal as an entry of the FAQ."""
    own = proposal.own
    parts = [f"## {_escape(own.question)} {{#{_slug(proposal)}}}", *_paragraphs(own.answer)]
    if proposal.sources:
        parts.append("Quelle: " + "; ".join(map(name_source, proposal.sources)))
    for code in SUPPORTED:
        wording = proposal.wordings.get(code, Wording())
        if code != "de" and wording.is_whole:
            parts += [f"### {code}: {_escape(wording.question)}", *_paragraphs(wording.answer)]
    return "\n\n".join(parts)


def _paragraphs(answer: str) -> Iterable[str]:
    for block in answer.split("\n\n"):
        for line in block.split("\n"):
            item = _ITEM.fullmatch(line)
            yield f"{item[1]}{_escape(item[2])}" if item else _escape(line)


def _escape(line: str) -> str:
    """A line whose every sign is text to Markdown."""
    escaped = _INLINE.sub(r"\\\1", line)
    start = _BLOCK.match(escaped)
    if start:
        number = start[1] or ""
        escaped = f"{number}\\{escaped[len(number) :]}"
    hashes = re.search(r"#+$", escaped)  # would close a heading
    return f"{escaped[: hashes.start()]}\\{hashes[0]}" if hashes and not start else escaped


def _wanted(proposal: Proposal) -> list[tuple[str, list[str], tuple[Source, ...]]]:
    """Question, paragraphs and sources of every wording, as they are to be read."""
    sources = tuple(sorted(set(proposal.sources)))
    return [
        (w.question, w.answer.replace("\n\n", "\n").split("\n"), sources)
        for code in ("de", *(code for code in SUPPORTED if code != "de"))
        if (w := proposal.wordings.get(code, Wording())).is_whole
    ]


def _read_back(proposal: Proposal) -> list[tuple[str, list[str], tuple[Source, ...]]]:
    """The same, as the reader reads the proposal alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entry.md"
        path.write_text(render([proposal], "", None), "utf-8")
        try:
            document, reading = read_source(SourceFile(path, "entry"), _LIMITS)
        except DocumentError:
            return []
    entries = entries_of(reading.sections)
    if document.kind is not Kind.FAQ or [entry.key for entry in entries] != [_slug(proposal)]:
        return []
    return [
        (
            section.heading,
            [p.text for p in section.paragraphs if p.kind is not BlockKind.SOURCE],
            entries[0].sources,
        )
        for section in reading.sections
    ]


def _slug(proposal: Proposal) -> str:
    """The key of a proposal's entry: words of its question, and of its id so that it is its own."""
    return "-".join([*slug_words(proposal.own.question)[:6], proposal.id[:6] or "neu"])


def slug_words(text: str) -> list[str]:
    """The words of a text as they stand in ids and file names."""
    return re.findall(r"\w+", text.casefold())


def _lines(block: str) -> list[str]:
    """The lines of a block: list items stay lines of their own, others are joined."""
    lines: list[str] = []
    for raw in block.split("\n"):
        line = " ".join(raw.split())
        if line and lines and not _ITEM.fullmatch(line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def _visible(text: str) -> str:
    """The text without control characters; marks of direction inside lines stay."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in _UNSEEN)
