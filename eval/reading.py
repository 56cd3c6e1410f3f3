"""Questions with passages to read and the sentences in them that answer, for the selector."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from core.languages import SUPPORTED
from core.store import Store
from core.types import Hit, Passage, Vector
from eval.answers import NOWHERE, Lines, PageQuestion, load_page_questions, locate_sentences
from eval.dataset import QUESTIONS, follow, read_rows
from service.certainty import HITS, read_bearing
from service.retrieve import Query, retrieve
from service.sentences import describe, vectors_of

LANGUAGES = 3  # of a question of ours that are read: German, and others in turn
HIDDEN = 8  # passages more, where those of its page are left out
SAME = 0.97  # cosine of sentences that say the same


@dataclass(frozen=True, slots=True)
class Example:
    """A question and some passages: what the networks see of each one's sentences (n, FEATURES),
    their vectors (n, d), the lines of its page that each overlaps, and 1 for those that answer."""

    question: PageQuestion
    vector: Vector
    forms: list[Vector]
    vectors: list[Vector]
    lines: list[list[Lines]]
    answers: list[Vector]
    bearing: Vector  # how the passages bear on the question

    @property
    def is_answered(self) -> bool:
        """Whether any sentence answers."""
        return any(marked.any() for marked in self.answers)


class Reader:
    """Makes examples from a store; the vectors of a passage are kept once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._generation = store.registry.generation()
        self._kept: dict[str, Vector] = {}

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document, in its order."""
        return self._store.index.fetch(document_id, self._generation)

    def ask(
        self,
        question: PageQuestion,
        places: Mapping[tuple[str, int], Lines],
        limit: int,
        document_id: str | None = None,
        scopes: tuple[str, ...] | None = None,
        *,
        is_hidden: bool = False,
    ) -> Example:
        """The question, and the best passages for it of one document or of all in scope;
        `is_hidden`: but for its page and those that say the same, so that there is no answer.

        `places` tells by passage id and sentence number the lines of the page that it overlaps.
        """
        text, language = question.text, question.language
        vector = self._store.encoder.encode_question(text, language)
        query = Query(text, language, vector, scopes, date.today(), self._generation, document_id)
        hits = retrieve(self._store, query, limit + is_hidden * HIDDEN)
        if is_hidden:
            hits = _without(hits, question.page)[:limit]
        lines = [
            [places.get((hit.passage.id, n), NOWHERE) for n in range(len(vectors_of(hit)))]
            for hit in hits
        ]
        marked = question.lines
        answers = [np.array([bool(own & marked) for own in p], np.float32) for p in lines]
        vectors = [self._vectors(hit) for hit in hits]
        forms, bearing = describe(query, hits), read_bearing(query, hits[:HITS])
        return Example(question, vector, forms, vectors, lines, answers, bearing)

    def _vectors(self, hit: Hit) -> Vector:
        return self._kept.setdefault(hit.passage.id, vectors_of(hit).astype(np.float16))


def _without(hits: Sequence[Hit], page: str) -> list[Hit]:
    """Hits but for those of a page and those of which most sentences stand there too."""
    own = [vectors_of(hit) for hit in hits if hit.document.id == page]
    if not own:
        return list(hits)
    said = np.concatenate(own)
    return [
        hit
        for hit in hits
        if hit.document.id != page
        and np.mean((vectors_of(hit) @ said.T).max(axis=1, initial=-1) > SAME) <= 1 / 2
    ]


def read_pages(
    store: Store, folder: Path, questions: Sequence[PageQuestion], description: str
) -> tuple[list[Example], list[Example]]:
    """Questions about pages of a set, asked of their page, and of all pages of its town."""
    reader, pages = Reader(store), _page_lines(folder)
    towns = {row["_id"]: row["city"] for row in read_rows(folder / "corpus.jsonl")}
    given, found = [], []
    for asked in follow(questions, description):
        passages = reader.passages(asked.page)
        places = locate_sentences(pages[asked.page], passages)
        scopes = ("", f"municipality:{towns[asked.page]}")
        given.append(reader.ask(asked, places, max(1, len(passages)), asked.page))
        found.append(reader.ask(asked, places, HITS, scopes=scopes))
    return given, found


def read_split(store: Store, folder: Path, split: str) -> tuple[list[Example], list[Example]]:
    """The questions of a split, as `read_pages`."""
    questions = load_page_questions(folder, _page_lines(folder), split)
    return read_pages(store, folder, questions, f"Reading {split}")


def read_own_pages(store: Store, folder: Path) -> tuple[list[Example], list[Example]]:
    """Our own questions about pages of a set (data/questions/pages.jsonl), as `read_pages`."""
    return read_pages(store, folder, list(_own("pages.jsonl")), "Reading our pages")


def read_own_laws(store: Store, rows: Path) -> list[Example]:
    """Our own questions about by-laws (data/questions/laws.jsonl), each asked of its law and of all
    laws of its town."""
    reader = Reader(store)
    scopes = {row["_id"]: _scope(row["ars"]) for row in read_rows(rows)}
    examples = []
    for asked in follow(list(_own("laws.jsonl")), "Reading our laws"):
        places = _law_lines(reader, asked)
        examples.append(reader.ask(asked, places, HITS, asked.page))
        examples.append(reader.ask(asked, places, HITS, scopes=scopes[asked.page]))
    return examples


def read_hidden_pages(store: Store, folder: Path, every: int) -> Iterator[Example]:
    """Some questions about pages of a set: of their page, of their town, and of their town without
    it; one question in `every`."""
    reader, pages = Reader(store), _page_lines(folder)
    towns = {row["_id"]: row["city"] for row in read_rows(folder / "corpus.jsonl")}
    asked = [*load_page_questions(folder, pages, "train"), *_own("pages.jsonl")]
    for question in follow(_one_in(every, asked), "Reading pages"):
        passages = reader.passages(question.page)
        places = locate_sentences(pages[question.page], passages)
        scopes = ("", f"municipality:{towns[question.page]}")
        yield reader.ask(question, places, max(1, len(passages)), question.page)
        yield from _with_and_without(reader, question, places, scopes)


def read_hidden_laws(store: Store, rows: Path, every: int) -> Iterator[Example]:
    """Some of our own questions about by-laws, as `read_hidden_pages`."""
    reader = Reader(store)
    scopes = {row["_id"]: _scope(row["ars"]) for row in read_rows(rows)}
    for question in follow(_one_in(every, list(_own("laws.jsonl"))), "Reading laws"):
        places = _law_lines(reader, question)
        yield reader.ask(question, places, HITS, question.page)
        yield from _with_and_without(reader, question, places, scopes[question.page])


def _one_in(every: int, questions: Sequence[PageQuestion]) -> list[PageQuestion]:
    return [one for one in questions if zlib.crc32(one.text.encode()) % every == 0]


def _with_and_without(
    reader: Reader,
    question: PageQuestion,
    places: Mapping[tuple[str, int], Lines],
    scopes: tuple[str, ...],
) -> Iterator[Example]:
    """A question asked of its town, unless the page that answers is not found; and where one
    answers, without that."""
    found = reader.ask(question, places, HITS, scopes=scopes)
    if found.is_answered or not question.lines:
        yield found
    if question.lines:
        yield reader.ask(question, places, HITS, scopes=scopes, is_hidden=True)


def _law_lines(reader: Reader, question: PageQuestion) -> dict[tuple[str, int], Lines]:
    return {
        (passage.id, number): frozenset({_number(passage.quote(sentence))})
        for passage in reader.passages(question.page)
        for number, sentence in enumerate(passage.sentences)
    }


def _own(name: str) -> Iterator[PageQuestion]:
    """Our own questions, in German and others in turn."""
    for row in read_rows(QUESTIONS / name):
        spoken = sorted(set(SUPPORTED).intersection(row) - {"de"})
        first = zlib.crc32(row["id"].encode()) % len(spoken)
        marked = row.get("lines", [int(digest, 16) for digest in row.get("sentences", ())])
        for language in ("de", *(spoken + spoken)[first : first + LANGUAGES - 1]):
            yield PageQuestion(
                row["id"], row[language], language, row["document_id"], frozenset(marked)
            )


def _number(sentence: str) -> int:
    """What laws.jsonl names a sentence by, so that it need not be copied: its SHA-256's start."""
    return int(hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()[:12], 16)


def _page_lines(folder: Path) -> dict[str, Sequence[str]]:
    return {row["_id"]: row["text"].split("\n") for row in read_rows(folder / "corpus.jsonl")}


def _scope(key: str) -> tuple[str, ...]:
    """Where a town's rules lie, and those above it; federal rules first."""
    return tuple(key[:length] for length in (0, 2, 5, 9, 12) if length <= len(key))
