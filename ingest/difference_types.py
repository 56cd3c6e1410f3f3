"""What a difference of two versions is made of: sections, sentences, words, and values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.difference_words import ValuePair, WordDifference

NAMED_IN_SUMMARY = 3  # amounts and dates


class ChangeKind(StrEnum):
    """What became of a section or a sentence; MOVED: the same words stand in another place."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands: number, heading, the headings around it, and its first page."""

    number: str
    heading: str
    path: tuple[str, ...]
    page: int | None

    @property
    def name(self) -> str:
        """ "§ 5", or the heading where there is no number."""
        return self.number or self.heading or (self.path[-1] if self.path else "")


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence or table row that is not as it was. `before` and `after` are its wordings, ""
    where it is new or gone; `mark` (Absatz) and `page` are the new version's, or the old one's."""

    kind: ChangeKind
    mark: str
    page: int | None
    before: str
    after: str
    words: WordDifference


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that is not as it was. A changed section may have moved too; of a moved one every
    sentence stands as it did, under another number or heading."""

    kind: ChangeKind
    before: Place | None
    after: Place | None
    sentences: tuple[SentenceChange, ...]

    @property
    def name(self) -> str:
        """The section's name in the new version, or in the old one where it is gone."""
        place = self.after or self.before
        return place.name if place else ""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """An amount, date or period that changed, and the sentence that it stands in; a sentence is ""
    where it is new or gone."""

    value: ValuePair
    section: str
    mark: str
    page: int | None
    sentence_before: str
    sentence_after: str

    @property
    def place(self) -> str:
        """ "§ 5 Abs. 1"."""
        is_marked = self.mark and self.section.startswith(("§", "Art."))
        return f"{self.section} Abs. {self.mark}" if is_marked else self.section


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions: `values` are the amounts and dates, those that were
    replaced first; `headings` the chapters that were renamed, as (before, after)."""

    values: tuple[ValueChange, ...]
    headings: tuple[tuple[str, str], ...]
    sections: tuple[SectionChange, ...]
    unchanged: int  # sections

    def count(self, kind: ChangeKind) -> int:
        """How many sections have had this happen to them."""
        return sum(section.kind is kind for section in self.sections)

    def count_sentences(self, kind: ChangeKind) -> int:
        """How many sentences have had this happen to them."""
        return sum(s.kind is kind for section in self.sections for s in section.sentences)

    @property
    def is_empty(self) -> bool:
        """Whether the two versions say the same in the same places."""
        return not self.sections and not self.headings

    @property
    def summary(self) -> str:
        """One sentence: "3 sections changed, 1 new, 1 moved; § 5 Abs. 1: 96,00 € → 120,00 €." """
        return _summarise(self)


def _summarise(difference: Difference) -> str:
    words = {
        ChangeKind.CHANGED: "changed",
        ChangeKind.ADDED: "new",
        ChangeKind.REMOVED: "gone",
        ChangeKind.MOVED: "moved",
    }
    counts = [(difference.count(kind), word) for kind, word in words.items()]
    parts = [f"{number} {word}" for number, word in counts if number]
    if parts:
        count, word = parts[0].split(" ")
        parts[0] = f"{count} section{'s' * (count != '1')} {word}"
    if difference.headings:
        number = len(difference.headings)
        parts.append(f"{number} chapter heading{'s' * (number != 1)} renamed")
    if not parts:
        return "Nothing changed."
    replaced = [change for change in difference.values if change.value.is_replaced]
    named = [f"{change.place}: {change.value}" for change in replaced[:NAMED_IN_SUMMARY]]
    if len(replaced) > NAMED_IN_SUMMARY:
        named.append(f"{len(replaced) - NAMED_IN_SUMMARY} more amounts and dates")
    return "; ".join([", ".join(parts), *named]) + "."
