"""Measures the peers with the same questions and shows them beside ours, one table for each set.

The peers find passages in the asker's town too, and of what they find the best of every document
counts before the second of any, as with ours. A peer's answer is the nearest sentences of the page:
as many as gave the best F1 on the train split, and none where that was better.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, product
from pathlib import Path

import numpy as np
from rich.box import SIMPLE
from rich.table import Table

from core.sentences import split_sentences
from core.settings import Settings
from core.types import Vector
from eval.answers import (
    AnswerScores,
    Lines,
    PageQuestion,
    load_page_questions,
    load_pages,
    score_lines,
    score_pages,
)
from eval.dataset import read_rows
from eval.peers import PEERS, Chunk, Peer, open_peers, split_corpus
from eval.retrieval import DEPTH, Found, Scores, load_answered, score_found

OURS = "Auskunft"
HEADINGS = {
    "recall_1": "recall@1",
    "recall_5": "recall@5",
    "reciprocal_rank": "MRR@10",
    "f1": "F1",
    "f1_answerable": "F1, answer there",
}
# what is tried on the train split
FLOORS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)  # quantiles of the best sentences' scores
MARGINS = (0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)

Sides = Mapping[str, Mapping[str, Scores]] | Mapping[str, Mapping[str, AnswerScores]]


@dataclass(frozen=True, slots=True)
class Cut:
    """Which sentences are an answer: none where the best has less than `floor`, else the best and
    all that score at most `margin` less, as a share of what the best has."""

    floor: float = -np.inf
    margin: float = 0


@dataclass(frozen=True, slots=True)
class ScoredPage:
    """A question, and of each sentence of its page the line it is on and its score; shape (n,)."""

    question: PageQuestion
    lines: Sequence[int]
    scores: Vector


def measure_peers_retrieval(
    folder: Path,
    settings: Settings,
    split: str | None = None,
    names: Iterable[str] = tuple(PEERS),
    model: str | None = None,
    with_town: bool = True,
) -> dict[str, dict[str, Scores]]:
    """What `measure_retrieval` gives for ours, by peer: of those named, which are of `PEERS`, and
    of a sentence-transformers model by name or path. A peer that is not installed is left out."""
    questions = load_answered(folder, split, with_town)
    if not questions:
        return {}
    titles = {row["_id"]: row["title"] for row in read_rows(folder / "corpus.jsonl")}
    chunks = split_corpus(folder)
    return {
        name: score_found(questions, map(_by_document, peer.search(chunks, questions)), titles)
        for name, peer in open_peers(names, model, settings)
    }


def measure_peers_answers(
    folder: Path,
    settings: Settings,
    split: str | None = None,
    names: Iterable[str] = tuple(PEERS),
    model: str | None = None,
) -> dict[str, dict[str, AnswerScores]]:
    """What `measure_answers` gives for ours, by peer; see `measure_peers_retrieval`.

    Measured over the train split too (no `split`), a peer's figures are in part a fit.
    """
    pages = load_pages(folder)
    asked = load_page_questions(folder, pages, split)
    if not asked:
        return {}
    learned = load_page_questions(folder, pages, "train")
    found: dict[str, dict[str, AnswerScores]] = {}
    for name, peer in open_peers(names, model, settings):
        scored = score_sentences(peer, pages, [*learned, *asked])
        cuts = fit_cuts(scored[: len(learned)])
        picked = [
            pick_lines(row, cuts.get(row.question.language, Cut()))
            for row in scored[len(learned) :]
        ]
        found[name] = score_pages(asked, picked, pages)
    return found


def score_sentences(
    peer: Peer, pages: Mapping[str, Sequence[str]], questions: Sequence[PageQuestion]
) -> list[ScoredPage]:
    """For each question, how near the sentences of its page are. `pages`: their lines, by id."""
    asked = sorted({question.page for question in questions})
    sentences = [sentence for page in asked for sentence in _sentences(page, pages[page])]
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, (page, _, _) in enumerate(sentences):
        numbers[page].append(number)
    scores = peer.score(
        [text for _, _, text in sentences], [question.text for question in questions]
    )
    return [
        ScoredPage(
            question,
            [sentences[number][1] for number in numbers[question.page]],
            row[numbers[question.page]],
        )
        for question, row in zip(questions, scores, strict=True)
    ]


def fit_cuts(rows: Iterable[ScoredPage]) -> dict[str, Cut]:
    """By language, the cut that gives these questions the best F1, of two that are as good the one
    that withholds less."""
    ordered = sorted(rows, key=lambda row: row.question.language)
    groups = groupby(ordered, key=lambda row: row.question.language)
    return {language: _fit_cut(list(group)) for language, group in groups}


def pick_lines(row: ScoredPage, cut: Cut) -> Lines:
    """The lines of the sentences that are an answer."""
    best = _best(row)
    if not np.isfinite(best) or best < cut.floor:
        return frozenset()
    near = row.scores >= best - cut.margin * abs(best)
    return frozenset(line for line, is_near in zip(row.lines, near, strict=True) if is_near)


def beside_rows(sides: Sides) -> list[tuple[str, ...]]:
    """The headings, and a line for each language and way, ours first where it is first in `sides`;
    all as text."""
    kind = next((type(scores) for side in sides.values() for scores in side.values()), Scores)
    names = [field.name for field in fields(kind) if field.name != "wrong"]
    rows = [("language", "way", *(HEADINGS.get(name, name.replace("_", " ")) for name in names))]
    for language in sorted({language for side in sides.values() for language in side}):
        for way, side in sides.items():
            if scores := side.get(language):
                rows.append((language, way, *(_cell(getattr(scores, name)) for name in names)))
    return rows


def beside_table(title: str, sides: Sides, caption: str) -> Table:
    """The lines of `beside_rows` for the terminal, each language named once."""
    head, *rows = beside_rows(sides)
    table = Table(
        *head, title=title, caption=caption, box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False
    )
    for number, (language, *cells) in enumerate(rows):
        is_first = number == 0 or rows[number - 1][0] != language
        if is_first and number:
            table.add_section()
        table.add_row(language if is_first else "", *cells)
    return table


def retrieval_caption(with_town: bool = True) -> str:
    """What is to be known of a table of retrieval."""
    town = "In the asker's town, where the set has towns" if with_town else "In all towns"
    return (
        f"{town}; the same questions and relevant documents for all. The peers read chunks of "
        "llama-index's SentenceSplitter, the title before each; of all, the best passage of every "
        "document counts before the second of any."
    )


ANSWERS_CAPTION = (
    "Of the page that is given. A peer gives the sentences nearest to the question: as many as, "
    "and only from the score that, gave the best F1 on the train split, by language."
)


def _by_document(chunks: Sequence[Chunk]) -> list[Found]:
    """The best chunk of each document, best first."""
    first: dict[str, str] = {}
    for chunk in chunks:
        first.setdefault(chunk.document_id, chunk.text)
    return list(first.items())[:DEPTH]


def _sentences(page: str, lines: Sequence[str]) -> list[tuple[str, int, str]]:
    """The sentences of a page: its id, the number of the line, and the text. Of a first line that
    is said twice, the second is read, as with ours."""
    first = 1 if lines[:1] == lines[1:2] else 0
    return [
        (page, number, line[start:end])
        for number, line in enumerate(lines[first:], start=first)
        for start, end in split_sentences(line)
    ]


def _fit_cut(rows: Sequence[ScoredPage]) -> Cut:
    best = np.array([_best(row) for row in rows])
    best = best[np.isfinite(best)]
    floors = [-np.inf, *map(float, np.quantile(best, FLOORS))] if len(best) else [-np.inf]

    def f1(cut: Cut) -> float:
        return score_lines([(row.question.lines, pick_lines(row, cut)) for row in rows]).f1

    return max((Cut(floor, margin) for floor, margin in product(floors, MARGINS)), key=f1)


def _best(row: ScoredPage) -> float:
    return float(row.scores.max(initial=-np.inf))


def _cell(value: float | None) -> str:
    """A count as it is, a share with three places, and what was not measured as a dash."""
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
