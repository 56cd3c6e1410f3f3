"""What a document says to machines and not to people: text that nobody sees, orders to a language
model. It is left out, and the version says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.orders import looks_like_order
from core.sentences import split_sentences
from core.types import BlockKind, Paragraph, Reading, Section

FEWEST_WORDS = 3  # that are worth a warning: a white dot or a number is nothing to look at
SHOWN_WORDS = 8
TITLES = ("title", "short_title")


@dataclass(slots=True)
class _LeftOut:
    """What was taken out of a reading, by page."""

    said: list[tuple[int | None, str]] = field(default_factory=list)

    def warnings(self) -> Iterator[str]:
        seen: set[int | None] = set()
        for page, text in self.said:
            if page not in seen:  # one warning a page is enough to go and look
                seen.add(page)
                place = f"Page {page}" if page else "The text"
                shown = first_words(text)
                yield f"{place} gives orders to a language model; they were left out: {shown}"


def leave_out_orders(reading: Reading) -> Reading:
    """The reading without what gives orders to a language model: a heading with the paragraph below
    it, and of a paragraph all from the order on; a warning for each page that has some."""
    left_out = _LeftOut()
    sections = [_clean(section, left_out) for section in reading.sections]
    hints = []
    for name, value in reading.hints:
        if name in TITLES and isinstance(value, str) and looks_like_order(value):
            left_out.said.append((None, value))
        else:
            hints.append((name, value))
    if not left_out.said:
        return reading
    return replace(
        reading,
        sections=tuple(section for section in sections if section.paragraphs),
        hints=tuple(hints),
        warnings=(*reading.warnings, *left_out.warnings()),
    )


def _clean(section: Section, left_out: _LeftOut) -> Section:
    ordering = [heading for heading in section.path if looks_like_order(heading)]
    paragraphs = list(section.paragraphs)
    if ordering:
        if section.path[-1] in ordering and paragraphs:
            first = paragraphs.pop(0)
            left_out.said.append((first.page, f"{section.path[-1]} {first.text}"))
        else:  # a heading further out, or one with nothing below it
            page = paragraphs[0].page if paragraphs else None
            left_out.said.append((page, ordering[0]))
        path = tuple(heading for heading in section.path if heading not in ordering)
        heading = "" if looks_like_order(section.heading) else section.heading
        section = replace(section, path=path, heading=heading)
    cleaned = [_shorten(paragraph, left_out) for paragraph in paragraphs]
    return replace(section, paragraphs=tuple(one for one in cleaned if one.text))


def _shorten(paragraph: Paragraph, left_out: _LeftOut) -> Paragraph:
    text = paragraph.text
    if not looks_like_order(text):
        return paragraph
    spans = [] if paragraph.kind is BlockKind.ROW else split_sentences(text)
    start = next((start for start, end in spans if looks_like_order(text[start:end])), 0)
    left_out.said.append((paragraph.page, text[start:]))
    return replace(paragraph, text=text[:start].rstrip())


def is_worth_a_warning(words: Sequence[str]) -> bool:
    """Whether words that people cannot see are more than a dot or a number."""
    said = [word for word in words if any(map(str.isalpha, word))]
    return len(said) >= FEWEST_WORDS or looks_like_order(" ".join(words))


def first_words(text: str) -> str:
    """The beginning of a text in quotation marks, with a full stop behind."""
    words = text.split()
    return f"“{' '.join(words[:SHOWN_WORDS])[:80]}{'…' if len(words) > SHOWN_WORDS else ''}”."
