"""The vocabulary: frozen dataclasses that every room shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np  # the process that reads a PDF does without it, and starts sooner
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float32]"


class Level(StrEnum):
    """Who made a rule; each level's key is a prefix of the keys below it."""

    FEDERAL = "federal"
    STATE = "state"
    DISTRICT = "district"
    ASSOCIATION = "association"
    MUNICIPALITY = "municipality"


class Kind(StrEnum):
    """What sort of document something is."""

    STATUTE = "statute"
    SERVICE = "service"
    LEAFLET = "leaflet"
    FORM = "form"
    FAQ = "faq"
    NOTICE = "notice"


class Status(StrEnum):
    """How a question ended; only ANSWERED carries statements."""

    ANSWERED = "answered"
    NOT_IN_DOCUMENTS = "not_in_documents"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_TOWN = "other_town"
    NEEDS_TOWN = "needs_town"
    EMERGENCY = "emergency"
    REFUSED = "refused"


class Mode(StrEnum):
    """Where the words of an answer come from."""

    CURATED = "curated"
    EXTRACTIVE = "extractive"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where a document applies. `key` is the ARS cut to its level: "" federal, 2 digits state,
    5 district, 9 association, 12 municipality; None where the source names a town but no key."""

    level: Level
    name: str
    key: str | None

    @property
    def scope(self) -> str:
        """The token that passages are filtered by: the key, or the name where no key is known."""
        return self.key if self.key is not None else f"{self.level}:{self.name.casefold()}"


@dataclass(frozen=True, slots=True)
class Related:
    """Something to go on with: a form or page that belongs to the answer."""

    title: str
    kind: Kind
    url: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """What is known about a document apart from its text; `links`: forms and pages it leads to."""

    id: str
    title: str
    kind: Kind = Kind.SERVICE
    language: str = "de"
    jurisdiction: Jurisdiction | None = None
    url: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    as_of: date | None = None
    short_title: str = ""  # as labels cite it ("Hundesteuersatzung"); "" means: the title
    links: tuple[Related, ...] = ()


class BlockKind(StrEnum):
    """What a reader saw a piece of text to be."""

    HEADING = "heading"
    TEXT = "text"
    SOURCE = "source"  # names what an FAQ entry rests on; never quoted
    ROW = "row"  # a table row, its header's cells already joined in: "Ersthund: 96,00 Euro"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or table row as a reader met it, in reading order, without line breaks
    inside. `page` counts from 1, None for formats without pages; `level` is a heading's depth (1
    outermost; 0 where the format does not say)."""

    text: str
    kind: BlockKind = BlockKind.TEXT
    page: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or table row of a section; `mark` is its Absatz ("1", "2a") or ""."""

    text: str
    page: int | None = None
    mark: str = ""
    kind: BlockKind = BlockKind.TEXT


@dataclass(frozen=True, slots=True)
class Section:
    """One § or the text under one heading. `path` holds the headings around it, outermost first,
    its own last; `number` is "§ 5", "Art. 3", "Anlage 1" or ""."""

    path: tuple[str, ...]
    number: str
    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """A page whose picture was recognised. `confidence`: the engine's own, in percent; `is_taken`:
    whether its text was taken, else that of the layer that the file came with; `other`: the text
    that was not taken, "" for none; `words`: those of the picture and their places in it, a line
    for each, "" where its text was not taken."""

    page: int
    confidence: int
    is_taken: bool
    other: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one file. `hints` are metadata found in the file itself (front matter,
    <meta>, PDF information, gii-norm head) as strings in the contract's names."""

    sections: tuple[Section, ...]
    pages: int = 0  # 0 for formats without pages
    unreadable_pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    hints: tuple[tuple[str, object], ...] = ()
    scans: tuple[Scan, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or table row: `start` and `end` count characters in its passage's text."""

    start: int
    end: int
    page: int | None = None
    mark: str = ""  # Absatz


@dataclass(frozen=True, slots=True)
class Passage:
    """A § or section, or a part of a long one: what is embedded, found and quoted from. `context`
    (title › chapter › heading) is embedded with the text but never quoted."""

    id: str  # UUIDv5 of document id, heading path and ordinal
    document_id: str
    section: str  # "§ 5", or the heading where there is no number
    heading: str  # "Steuersatz"
    context: str
    text: str
    page: int | None
    sentences: tuple[Sentence, ...]
    language: str
    digest: str  # of text, labels, metadata and embedding model

    def quote(self, sentence: Sentence) -> str:
        """The sentence's words, verbatim."""
        return self.text[sentence.start : sentence.end]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """A passage's vector, shape (d,), and one per sentence, shape (n, d); float32, length 1."""

    passage: Vector
    sentences: Vector


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids and weights of a lexical vector."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `score` orders hits, `similarity` is the cosine with the question;
    `sentence_vectors` has shape (n, d), or is None where not asked for."""

    passage: Passage
    document: Document
    score: float
    similarity: float
    sentence_vectors: Vector | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a statement: the exact place, and its words."""

    number: int
    document: Document
    label: str
    section: str
    page: int | None
    quote: str
    language: str = "de"  # of the quote


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations that prove it; `is_quote`: whether
    it stands in the document word for word, rather than in a language model's words."""

    text: str
    language: str
    citations: tuple[int, ...]
    is_quote: bool = True


@dataclass(frozen=True, slots=True)
class Coming:
    """What a cited place will say from a day to come on: one sentence, and where it stands."""

    day: date
    text: str
    language: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question ended, in the asker's language, with proof."""

    id: str
    status: Status
    mode: Mode
    language: str
    message: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    changes: tuple[Coming, ...] = ()
    personal: tuple[str, ...] = ()  # kinds of personal data that the question held
    question: str = ""  # as a language model may see it, where it held such data
