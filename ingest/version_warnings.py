"""What an editor should look at before a new version of a document is published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from core.errors import VersionDoubtful
from core.registry import Registry
from core.types import Document, Reading
from ingest.difference_types import Difference

TextBefore = tuple[Document, Reading]

LOST_SECTIONS = 1 / 3
LOST_TEXT = 1 / 2
LONG_AGO = timedelta(days=365)


def text_before(registry: Registry, document: Document) -> TextBefore | None:
    """The text that a new version follows or takes the place of; None where none stands."""
    version = registry.version_before(document)
    if version is None:
        return None
    sections = registry.sections(document.id, version.number) or ()
    return version.document, Reading(sections, version.page_count)


def warn_about(
    before_document: Document,
    after_document: Document,
    difference: Difference,
    before_reading: Reading,
    after_reading: Reading,
    today: date,
) -> tuple[str, ...]:
    """One sentence for each thing about a new version that looks like a mistake: what it lost
    against the version before, what cannot be read, and dates that do not fit."""
    lost = warn_about_loss(before_document, before_reading, after_document, after_reading)
    dates = _warn_about_dates(before_document, after_document, difference, today)
    unreadable = _warn_about_pages(after_reading)
    return (*lost, *unreadable, *dates)


def warn_about_loss(
    before_document: Document, before: Reading, after_document: Document, after: Reading
) -> Iterator[str]:
    """Those sentences that need no comparison of the words: much of the text is gone, or an older
    text takes the place of a newer one."""
    had, has = len(before.sections), len(after.sections)
    if had - has >= had * LOST_SECTIONS and has < had:
        yield f"It has {_count(has, 'section')}, the version before has {had}."
    yield from _find_mistakes(before_document, before, after_document, after)


def require_sound(
    before_document: Document, before: Reading, document: Document, reading: Reading, stage: str
) -> None:
    """Raises VersionDoubtful where only a person publishes a new version, who looks at it first:
    half of the text is gone, or it is the older one. `stage`: how it is prepared."""
    found = " ".join(_find_mistakes(before_document, before, document, reading))
    if found:
        raise VersionDoubtful(
            f"{found} What stood goes on answering; if the new one is right, prepare it ({stage}) "
            f"and publish it (`auskunft documents publish {document.id}`)."
        )


def _find_mistakes(
    before_document: Document, before: Reading, after_document: Document, after: Reading
) -> Iterator[str]:
    stood, stands = _letters(before), _letters(after)
    if stands < stood and stood - stands >= stood * LOST_TEXT:
        yield f"It has {stands / stood:.0%} of the text of the version before."
    was, now = before_document.as_of, after_document.as_of
    if was and now and now < was:
        yield f"It is as of {now}, older than the version before ({was})."


def _warn_about_pages(after: Reading) -> Iterator[str]:
    if pages := after.unreadable_pages:
        numbers = ", ".join(map(str, pages))
        yield f"Page{'s' * (len(pages) > 1)} {numbers} cannot be read."


def _warn_about_dates(
    before: Document, after: Document, difference: Difference, today: date
) -> Iterator[str]:
    if difference.is_empty:
        yield "The text is the same as in the version before."
    elif after.valid_from and today - after.valid_from > LONG_AGO:
        yield f"The text changed, but it is said to be in force since {after.valid_from}."
    if before.valid_from and after.valid_from and after.valid_from < before.valid_from:
        yield (
            f"It is in force from {after.valid_from}, "
            f"the version before only from {before.valid_from}."
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _letters(reading: Reading) -> int:
    """The characters of a text, without space."""
    paragraphs = (p.text for section in reading.sections for p in section.paragraphs)
    return sum(len("".join(text.split())) for text in paragraphs)
