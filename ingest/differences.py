"""What changed between two versions of a document, by section and sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import LCSseq

from core.entries import plain_path
from core.types import Section
from ingest.difference_pairs import Line, Pair, pair_lines, pair_sections, section_lines
from ingest.difference_types import (
    ChangeKind,
    Difference,
    Place,
    SectionChange,
    SentenceChange,
    ValueChange,
)
from ingest.difference_words import ValuePair, compare_words, topic_words
from ingest.values import ValueKind

FEWEST_MOVED = 5  # words of a sentence that can be known again elsewhere

_NOTHING = Line("", "", None)


def compare_sections(
    before: Sequence[Section], after: Sequence[Section], language: str = "de"
) -> Difference:
    """How one version of a document became the other; `language` is the document's."""
    old = [section_lines(section, language) for section in before]
    new = [section_lines(section, language) for section in after]
    pairs = pair_sections(before, after, old, new)
    lines = [
        _pair_lines([] if i is None else old[i], [] if j is None else new[j]) for i, j in pairs
    ]
    moved = _moved_lines(lines)
    headings = _renamed_headings(before, after, pairs)
    sections: list[SectionChange] = []
    for (i, j), found in zip(pairs, lines, strict=True):
        place = None if i is None else _place(before[i])
        target = None if j is None else _place(after[j])
        sentences = tuple(_sentence_change(a, b, moved) for a, b in found)
        if kind := _section_kind(place, target, sentences, headings):
            sections.append(SectionChange(kind, place, target, sentences))
    values = [*_heading_values(headings), *(v for s in sections for v in _section_values(s))]
    order = list(ValueKind)
    values.sort(key=lambda change: (not change.value.is_replaced, order.index(change.value.kind)))
    return Difference(
        tuple(values), tuple(headings.items()), tuple(sections), len(pairs) - len(sections)
    )


def _pair_lines(before: Sequence[Line], after: Sequence[Line]) -> list[tuple[Line, Line]]:
    """The sentences that are not the same in the same order, as (before, after)."""
    pairs = pair_lines(before, after)
    order = [i for i, j in pairs if i is not None and j is not None]
    moved = {order[i] for i in _out_of_order(order)}
    return [
        (_NOTHING if i is None else before[i], _NOTHING if j is None else after[j])
        for i, j in pairs
        if i is None or j is None or i in moved or before[i].text != after[j].text
    ]


def _out_of_order(places: Sequence[int]) -> Iterator[int]:
    """Which places have to move, as few as possible, for all of them to rise."""
    for step in LCSseq.editops(places, sorted(places)):
        if step.tag == "delete":
            yield step.src_pos


def _moved_lines(lines: Sequence[Sequence[tuple[Line, Line]]]) -> set[str]:
    """The sentences that one section lost and another one gained, unless they are short: "8 Euro"
    in another place is another fee."""
    gone = {before.text for pairs in lines for before, after in pairs if not after.text}
    come = {after.text for pairs in lines for before, after in pairs if not before.text}
    return {text for text in gone & come if len(topic_words(text)) >= FEWEST_MOVED}


def _sentence_change(before: Line, after: Line, moved: set[str]) -> SentenceChange:
    line = after if after.text else before
    if before.text == after.text or line.text in moved:
        kind = ChangeKind.MOVED
    elif before.text and after.text:
        kind = ChangeKind.CHANGED
    else:
        kind = ChangeKind.ADDED if after.text else ChangeKind.REMOVED
    words = compare_words(before.text, after.text)
    return SentenceChange(kind, line.mark, line.page, before.text, after.text, words)


def _place(section: Section) -> Place:
    page = section.paragraphs[0].page if section.paragraphs else None
    return Place(section.number, section.heading, plain_path(section.path), page)


def _renamed_headings(
    before: Sequence[Section], after: Sequence[Section], pairs: Sequence[Pair]
) -> dict[str, str]:
    """The headings around sections that are gone, with the new ones in their places."""
    stood = {heading for section in before for heading in section.path}
    stands = {heading for section in after for heading in section.path}
    found: dict[str, Counter[str]] = {}
    for i, j in pairs:
        if i is None or j is None or len(before[i].path) != len(after[j].path):
            continue
        for old, new in zip(before[i].path[:-1], after[j].path[:-1], strict=True):
            if old not in stands and new not in stood:
                found.setdefault(old, Counter())[new] += 1
    return {old: counts.most_common(1)[0][0] for old, counts in found.items()}


def _section_kind(
    before: Place | None,
    after: Place | None,
    sentences: Sequence[SentenceChange],
    headings: Mapping[str, str],
) -> ChangeKind | None:
    if before is None or after is None:
        return ChangeKind.ADDED if before is None else ChangeKind.REMOVED
    if sentences:
        return ChangeKind.CHANGED
    path = tuple(headings.get(heading, heading) for heading in before.path)
    return None if path == after.path else ChangeKind.MOVED


def _heading_values(headings: Mapping[str, str]) -> Iterator[ValueChange]:
    for before, after in headings.items():
        for value in compare_words(before, after).values:
            yield ValueChange(value, after, "", None, before, after)


def _section_values(section: SectionChange) -> list[ValueChange]:
    """The values that changed in a section; one that it lost in one sentence and gained in another
    did not change."""
    values: list[ValueChange] = []
    if section.before and section.after:
        old, new = section.before.heading, section.after.heading
        for value in compare_words(old, new).values:
            values.append(ValueChange(value, section.name, "", section.after.page, old, new))
    for change in section.sentences:
        if change.kind is not ChangeKind.MOVED:
            where = (section.name, change.mark, change.page, change.before, change.after)
            values.extend(ValueChange(value, *where) for value in change.words.values)
    lone = [change.value for change in values if not change.value.is_replaced]
    kept = {v.before.meaning for v in lone if v.before} & {v.after.meaning for v in lone if v.after}
    return [v for v in values if v.value.is_replaced or not _meanings(v.value) & kept]


def _meanings(pair: ValuePair) -> set[str]:
    return {value.meaning for value in (pair.before, pair.after) if value}


def difference_json(difference: Difference) -> dict[str, Any]:
    """A difference in plain types, for the API and `--json`."""
    return {
        "summary": difference.summary,
        "sections_changed": difference.count(ChangeKind.CHANGED),
        "sections_added": difference.count(ChangeKind.ADDED),
        "sections_removed": difference.count(ChangeKind.REMOVED),
        "sections_moved": difference.count(ChangeKind.MOVED),
        "sections_unchanged": difference.unchanged,
        "sentences_changed": difference.count_sentences(ChangeKind.CHANGED),
        "sentences_added": difference.count_sentences(ChangeKind.ADDED),
        "sentences_removed": difference.count_sentences(ChangeKind.REMOVED),
        "sentences_moved": difference.count_sentences(ChangeKind.MOVED),
        "values": [
            {
                "kind": str(change.value.kind),
                "before": change.value.before and change.value.before.text,
                "after": change.value.after and change.value.after.text,
                "place": change.place,
                "section": change.section,
                "mark": change.mark,
                "page": change.page,
                "sentence_before": change.sentence_before or None,
                "sentence_after": change.sentence_after or None,
            }
            for change in difference.values
        ],
        "headings": [{"before": old, "after": new} for old, new in difference.headings],
        "sections": [_section_json(section) for section in difference.sections],
    }


def _section_json(section: SectionChange) -> dict[str, Any]:
    return {
        "kind": str(section.kind),
        "before": _place_json(section.before),
        "after": _place_json(section.after),
        "sentences": [
            {
                "kind": str(change.kind),
                "mark": change.mark,
                "page": change.page,
                "before": change.before or None,
                "after": change.after or None,
                "runs": [{"kind": str(run.kind), "text": run.text} for run in change.words.runs],
            }
            for change in section.sentences
        ],
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "section": place.name,
        "number": place.number,
        "heading": place.heading,
        "path": list(place.path),
        "page": place.page,
    }
