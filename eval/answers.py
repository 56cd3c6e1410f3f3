"""Whether the sentences that answer are found on the page that is given, per language.

A set's answers.jsonl names, by question, the page (`doc_id`) and the numbers of its lines that
answer (`sentences`, counted from 0; none where the page does not answer).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from core.languages import detect_language
from core.settings import Settings
from core.store import Store
from core.types import Hit, Passage
from eval.cases import Case, excerpt, spread
from eval.dataset import follow, load_questions, open_set, read_rows
from service.answerer import check_length
from service.extract import pick_sentences
from service.retrieve import Query, retrieve
from service.selector import load_selector

NOWHERE = frozenset({-1})  # the line of a sentence that is not found on its page: always wrong

_WORD = re.compile(r"\w+")

Lines = frozenset[int]


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question, the page it is asked of, and that page's lines that answer, maybe none."""

    id: str
    text: str
    language: str
    page: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Precision, recall and F1 count lines of all questions of a language together: a line is right
    when it is marked and a picked sentence overlaps it. Every line given to an unanswerable
    question is a false one; `f1_answerable` leaves those questions out. `no_answer_seen` is the
    share of unanswerable questions that get no sentence, `answered` that of answerable ones that
    get any; None where there are no such questions."""

    questions: int
    precision: float
    recall: float
    f1: float
    f1_answerable: float
    no_answer_seen: float | None
    answered: float | None
    wrong: Sequence[Case] = field(default=(), repr=False)


def measure_answers(
    folder: Path, settings: Settings, split: str | None = None, state: Path | None = None
) -> dict[str, AnswerScores]:
    """Ingests a set, unless `state` has it, and asks every question of its page; scores by
    language."""
    pages = load_pages(folder)
    questions = load_page_questions(folder, pages, split)
    with open_set(folder, settings, state) as store:
        found = find_lines(store, pages, questions)
    return score_pages(questions, found, pages)


def score_pages(
    questions: Sequence[PageQuestion], found: Sequence[Lines], pages: Mapping[str, Sequence[str]]
) -> dict[str, AnswerScores]:
    """The scores of the lines found for each question, by language. `pages`: their lines, by id."""
    groups: dict[str, list[tuple[PageQuestion, Lines]]] = defaultdict(list)
    for question, lines in zip(questions, found, strict=True):
        groups[question.language].append((question, lines))
    return {
        language: replace(
            score_lines([(question.lines, lines) for question, lines in group]),
            wrong=wrong_cases(group, pages),
        )
        for language, group in sorted(groups.items())
    }


def load_pages(folder: Path) -> dict[str, list[str]]:
    """The lines of a set's pages, by id."""
    return {row["_id"]: row["text"].split("\n") for row in read_rows(folder / "corpus.jsonl")}


def load_page_questions(
    folder: Path, pages: Mapping[str, Sequence[str]], split: str | None = None
) -> list[PageQuestion]:
    """The questions of a set, or of one split, whose page has been looked through for answers.

    `pages`: their lines, by id. A line without any word, such as a marker, is no answer.
    """
    marked = {row["query_id"]: row for row in read_rows(folder / "answers.jsonl")}
    questions = []
    for question in load_questions(folder, split):
        row = marked.get(question.id, {})
        if "sentences" in row:
            lines = pages[row["doc_id"]]
            answering = frozenset(n for n in row["sentences"] if _WORD.search(lines[n]))
            questions.append(
                PageQuestion(
                    question.id, question.text, question.language, row["doc_id"], answering
                )
            )
    return questions


def find_lines(
    store: Store, pages: Mapping[str, Sequence[str]], questions: Sequence[PageQuestion]
) -> list[Lines]:
    """For each question, the lines of its page that the sentences picked for it overlap, as
    `Answerer.answer` does it."""
    generation = store.registry.generation()
    selector = load_selector(store.encoder.model_id)

    @cache
    def places(page: str) -> dict[tuple[str, int], Lines]:
        return locate_sentences(pages[page], store.index.fetch(page, generation))

    found = []
    for question, (query, hits) in zip(questions, ask_pages(store, questions), strict=True):
        lines = places(question.page)
        picks = pick_sentences(query, hits, selector)
        picked = (lines.get((pick.hit.passage.id, pick.sentence), NOWHERE) for pick in picks)
        found.append(frozenset[int]().union(*picked))
    return found


def ask_pages(store: Store, questions: Sequence[PageQuestion]) -> Iterator[tuple[Query, list[Hit]]]:
    """Each question as `Answerer.answer` asks it, but every passage of its page is a hit, and no
    other."""
    generation = store.registry.generation()

    @cache
    def length(page: str) -> int:
        return len(store.index.fetch(page, generation))

    for question in follow(questions, "Asking pages"):
        text = check_length(question.text)
        language = detect_language(text) or "de"
        vector = store.encoder.encode_question(text, language)
        query = Query(text, language, vector, None, date.today(), generation, question.page)
        yield query, retrieve(store, query, max(1, length(question.page)))


def locate_sentences(
    lines: Sequence[str], passages: Sequence[Passage]
) -> dict[tuple[str, int], Lines]:
    """By passage id and sentence number, the numbers of the page's lines that it overlaps.

    Compares words only, as passages leave out markers and join wrapped lines. `passages` come in
    the page's order, which tells a line that is repeated from its first occurrence. Of a first line
    that is said twice (title and heading of a page), the second is read.
    """
    words = ["".join(_WORD.findall(line)) for line in lines]
    numbers = [number for number, word in enumerate(words) for _ in word]
    page = "".join(words)
    places: dict[tuple[str, int], Lines] = {}
    end = len(words[0]) if lines[:1] == lines[1:2] else 0
    for passage in passages:
        for number, sentence in enumerate(passage.sentences):
            quote = "".join(_WORD.findall(passage.quote(sentence)))
            start = page.find(quote, end)
            if start >= 0:
                end = start + len(quote)
                places[passage.id, number] = frozenset(numbers[start:end])
    return places


def score_lines(rows: Sequence[tuple[Lines, Lines]]) -> AnswerScores:
    """The scores of one language's questions: the lines that are marked, and those found."""
    answerable = [(marked, found) for marked, found in rows if marked]
    given = [bool(found) for _, found in answerable]
    withheld = [not found for marked, found in rows if not marked]
    precision, recall, f1 = _agreement(rows)
    return AnswerScores(
        questions=len(rows),
        precision=precision,
        recall=recall,
        f1=f1,
        f1_answerable=_agreement(answerable)[2],
        no_answer_seen=sum(withheld) / len(withheld) if withheld else None,
        answered=sum(given) / len(given) if given else None,
    )


def wrong_cases(
    rows: Sequence[tuple[PageQuestion, Lines]], pages: Mapping[str, Sequence[str]]
) -> tuple[Case, ...]:
    """Some of the questions that got nothing of what is marked, or something where nothing is."""
    return spread(
        [
            Case(
                question.text,
                (_written(question.page, question.lines, pages),),
                (_written(question.page, lines, pages),),
            )
            for question, lines in rows
            if (not question.lines & lines if question.lines else lines)
        ]
    )


def _written(page: str, lines: Lines, pages: Mapping[str, Sequence[str]]) -> str:
    """Some lines of a page by number, and how they begin."""
    there = sorted(lines - NOWHERE)
    if not lines:
        return f"{page}: no answer"
    if not there:
        return f"{page}: a sentence that is not in its lines"
    numbers = ", ".join(map(str, there))
    return f"{page}, {numbers}: {excerpt(' '.join(pages[page][number] for number in there))}"


def _agreement(rows: Sequence[tuple[Lines, Lines]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the lines of all rows; 0 where there are none."""
    right = sum(len(marked & found) for marked, found in rows)
    wanted = sum(len(marked) for marked, _ in rows)
    given = sum(len(found) for _, found in rows)
    return right / max(1, given), right / max(1, wanted), 2 * right / max(1, wanted + given)
