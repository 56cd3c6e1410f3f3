"""Sections to passages: what is embedded, found and quoted, with its sentences."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from core.entries import entry_language, entry_slug, plain_path
from core.sentences import split_sentences
from core.types import BlockKind, Document, Kind, Passage, Section, Sentence

TARGET = 900  # characters of a passage
LIMIT = 1400  # and the most it has, as the model reads 512 tokens with the context
LONGEST_NAME = 120  # of a heading in the context
LONGEST_CONTEXT = 400

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "auskunft/passage")


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph, or a part of a long one: a line of a passage, with its sentences' places in it.
    `lead` is the line that introduces the list or table it belongs to."""

    text: str
    page: int | None
    mark: str
    sentences: tuple[tuple[int, int], ...]
    lead: str = ""


def make_passages(document: Document, sections: Sequence[Section], model_id: str) -> list[Passage]:
    """The passages of a document, in its order: one for each section, several for a long one,
    divided between Absätze where possible. Each line of a passage's text is a paragraph or a table
    row; every word of the sections stands in exactly one sentence of one passage.

    In an FAQ a passage has the language of its entry (see `ingest.readers.faq`), and ids that
    hold on to the entry's slug when a question is worded anew.
    """
    passages: list[Passage] = []
    counts: Counter[str] = Counter()
    for section in sections:
        path, place, language = _locate(document, section)
        for lines in _pack(_lines(section, language)):
            passage_id = make_passage_id(document.id, place, counts[place])
            counts[place] += 1
            context = _context(document, path, lines[0].lead)
            passages.append(
                _passage(document, section, lines, passage_id, context, language, model_id)
            )
    return passages


def make_passage_id(document_id: str, place: str, ordinal: int) -> str:
    """The id of a document's passage: a UUIDv5 of document, heading path and ordinal in it."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((document_id, place, str(ordinal)))))


def _locate(document: Document, section: Section) -> tuple[tuple[str, ...], str, str]:
    """A section's path as people read it, the place its ids are made of, and its language."""
    if document.kind is not Kind.FAQ:
        return section.path, "\x1e".join(section.path), document.language
    language = entry_language(section.path) or document.language
    slug = entry_slug(section.path)
    place = f"#{slug}\x1e{language}" if slug else "\x1e".join(section.path)
    return plain_path(section.path), place, language


def _lines(section: Section, language: str) -> Iterator[_Line]:
    lead = ""
    for paragraph in section.paragraphs:
        if paragraph.kind is BlockKind.SOURCE:
            continue
        if paragraph.kind is BlockKind.ROW:
            spans = [(0, len(paragraph.text))] if re.search(r"\w", paragraph.text) else []
        else:
            spans = split_sentences(paragraph.text, language)
        is_item = paragraph.kind is BlockKind.ROW or _is_item(paragraph.text)
        lead = lead if is_item else ""
        for text, sentences in _cut(paragraph.text, spans):
            yield _Line(text, paragraph.page, paragraph.mark, sentences, lead)
        if paragraph.text.endswith(":") and not is_item:
            lead = paragraph.text[spans[-1][0] :] if spans else ""


def _is_item(text: str) -> bool:
    head = text.split(" ", 1)[0]
    return head in ("-", "–", "—", "•") or (
        head[-1:] in (".", ")") and len(head) <= 4 and head[0] != "("
    )


def _cut(
    text: str, spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[str, tuple[tuple[int, int], ...]]]:
    """A paragraph in parts of at most LIMIT characters, cut between sentences, a longer sentence
    between words."""
    parts: list[list[tuple[int, int]]] = [[]]
    for start, end in _shorten(text, spans):
        if parts[-1] and end - parts[-1][0][0] > LIMIT:
            parts.append([])
        parts[-1].append((start, end))
    for part in parts:
        if part:
            begin = part[0][0]
            yield (
                text[begin : part[-1][1]],
                tuple((start - begin, end - begin) for start, end in part),
            )


def _shorten(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        while end - start > LIMIT:
            space = text.rfind(" ", start + 1, start + LIMIT)
            middle = space if space > 0 else start + LIMIT
            yield start, middle
            start = middle + (space > 0)
        yield start, end


def _pack(lines: Iterable[_Line]) -> list[list[_Line]]:
    """Lines to passages of about TARGET characters; an Absatz, and a list with its lead, stay in
    one passage where they fit."""
    units = [unit for absatz in _group(lines) for unit in _divide(absatz)]
    size = sum(_size(unit) for unit in units)
    aim = size / max(1, round(size / TARGET))
    packed: list[list[_Line]] = []
    for unit in units:
        filled = _size(packed[-1]) if packed else 0
        if packed and filled + _size(unit) / 2 <= aim and filled + _size(unit) <= LIMIT:
            packed[-1].extend(unit)
        else:
            packed.append(list(unit))
    return packed


def _group(lines: Iterable[_Line]) -> list[list[_Line]]:
    """Lines that belong together: of one Absatz, or, without marks, a lead and its list."""
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and (line.lead or line.mark) and line.mark == groups[-1][-1].mark:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _divide(group: list[_Line]) -> list[list[_Line]]:
    """A group that is too long for a passage as single lines, the lead kept with the first item."""
    if _size(group) <= LIMIT:
        return [group]
    units: list[list[_Line]] = []
    for line in group:
        previous = units[-1][-1] if units else None
        is_introduced = previous and line.lead and not previous.lead
        if is_introduced and _size(units[-1]) + len(line.text) < LIMIT:
            units[-1].append(line)
        else:
            units.append([line])
    return units


def _size(lines: Sequence[_Line]) -> int:
    return sum(len(line.text) + 1 for line in lines)


def _context(document: Document, path: Sequence[str], lead: str) -> str:
    """Title › outer heading › own heading, and the lead of a list that began in another passage."""
    title = document.title.casefold()
    inner = [name for name in (*path, lead) if name and name.casefold() not in title]
    names = [name[:LONGEST_NAME] for name in (document.title, *inner)]
    while len(names) > 2 and sum(map(len, names)) > LONGEST_CONTEXT:
        names.pop(1)  # the outermost heading says least about the text
    return " › ".join(names)


def _passage(
    document: Document,
    section: Section,
    lines: Sequence[_Line],
    passage_id: str,
    context: str,
    language: str,
    model_id: str,
) -> Passage:
    sentences: list[Sentence] = []
    offset = 0
    for line in lines:
        for start, end in line.sentences:
            sentences.append(Sentence(offset + start, offset + end, line.page, line.mark))
        offset += len(line.text) + 1
    text = "\n".join(line.text for line in lines)
    labels = (section.number or section.heading, section.heading, context, language)
    spans = [(s.start, s.end, s.page, s.mark) for s in sentences]
    return Passage(
        id=passage_id,
        document_id=document.id,
        section=section.number or section.heading,
        heading=section.heading,
        context=context,
        text=text,
        page=lines[0].page,
        sentences=tuple(sentences),
        language=language,
        digest=_digest(text, labels, asdict(document), spans, model_id),
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()
