"""Runs an evaluation set: asks every question as the site would, and scores every answer.

Finished rows are kept in a file that is named for all that answers depend on: an interrupted
run goes on where it stopped, and a question is asked anew only when something changed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from ragas import SingleTurnSample
from ragas.metrics._context_precision import IDBasedContextPrecision  # the public name warns
from ragas.metrics._context_recall import IDBasedContextRecall
from ragas.metrics.collections import CHRFScore, SemanticSimilarity

from core.errors import UsageError
from core.settings import Settings
from core.store import Store
from core.types import Answer, Document, Hit, Level, Status
from eval.dataset import follow
from eval.history import read_commit
from eval.metrics import (
    EncoderEmbedding,
    answer_language,
    citation_correct,
    citation_precise,
    number_exact,
    quote_verbatim,
    right_ending,
    right_town,
    right_version,
    source_stands,
)
from eval.questions import EvaluationQuestion, SetInvalid, SetRow, locate_sources, questions_of
from eval.runs import Quoted, Retrieved, Row, Run, RunHead, keep_row, read_kept_rows
from eval.watched import watch, watching
from service.answerer import Answerer

PROJECT = Path(__file__).parent.parent
KEPT = 4  # files of finished rows; older ones go
WORKERS = 1  # so that the time of one answer is not that of two


@dataclass(frozen=True)
class Suite:
    """What rows are made with."""

    store: Store
    answerer: Answerer
    places: Mapping[tuple[str, str, str], tuple[str, ...]]
    versions: Mapping[str, int]
    town: str | None
    generation: int
    embedding: EncoderEmbedding = field(repr=False)


def run_set(
    rows: Sequence[SetRow],
    store: Store,
    settings: Settings,
    kept: Path,
    *,
    name: str = "run",
    set_name: str = "",
    languages: Sequence[str] | None = None,
    workers: int = WORKERS,
) -> Run:
    """The run of a set over what stands in the store; `kept` is the folder for finished rows."""
    suite = open_suite(rows, store, settings)
    head = describe_run(rows, store, settings, name, set_name)
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"rows-{head.state_digest}.jsonl"
    for old in sorted(kept.glob("rows-*.jsonl"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
    known = read_kept_rows(file)
    questions = list(questions_of(rows, languages))
    missing = [question for question in questions if digest_of(question) not in known]
    pool = ThreadPoolExecutor(workers)
    try:
        made = pool.map(partial(make_row, suite), missing)
        for question in follow(missing, f"Asking {len(missing)} questions"):
            known[digest_of(question)] = row = next(made)
            keep_row(file, digest_of(question), row)
    finally:  # what was not asked yet is not asked any more
        pool.shutdown(cancel_futures=True)
    return Run(head, [known[digest_of(question)] for question in questions])


def open_suite(rows: Sequence[SetRow], store: Store, settings: Settings) -> Suite:
    """What rows are made with, over what stands in a store."""
    watched = watch(store)
    standing = store.registry.standing()
    return Suite(
        store=watched,
        answerer=Answerer(watched, settings),
        places=locate_sources(rows, store),
        versions={version.document.id: version.number for version in standing},
        town=_town(settings, [version.document for version in standing]),
        generation=store.registry.generation(),
        embedding=EncoderEmbedding(store.encoder),
    )


def make_row(suite: Suite, question: EvaluationQuestion) -> Row:
    """Asks one question and scores its answer. Raises SetInvalid where it cannot be asked."""
    with watching() as hits:
        begun = time.perf_counter()
        try:
            answer = suite.answerer.answer(
                question.text, context=question.context, town=question.town, as_of=question.as_of
            )
        except UsageError as error:
            raise SetInvalid(f"{question.id} ({question.language}): {error}") from error
        seconds = time.perf_counter() - begun
    cited = {citation.document.id: citation.document for citation in answer.citations}
    return Row(
        id=question.id,
        language=question.language,
        kind=question.kind,
        question=question.text,
        context=question.context,
        as_of=question.as_of.isoformat(),
        wanted=question.status,
        reference=question.reference,
        sources=tuple((source.document_id, source.section) for source in question.sources),
        status=answer.status,
        mode=answer.mode,
        message=answer.message,
        statements=tuple(statement.text for statement in answer.statements),
        citations=tuple(
            Quoted(
                citation.document.id,
                suite.versions.get(citation.document.id, 0),
                citation.section,
                citation.page,
                citation.label,
                citation.quote,
            )
            for citation in answer.citations
        ),
        retrieved=tuple(
            Retrieved(hit.passage.id, hit.document.id, hit.passage.section, hit.passage.text)
            for hit in hits
        ),
        milliseconds=round(seconds * 1000, 1),
        scores=score(suite, question, answer, hits, list(cited.values())),
    )


def score(
    suite: Suite,
    question: EvaluationQuestion,
    answer: Answer,
    hits: Sequence[Hit],
    cited: list[Document],
) -> dict[str, float | None]:
    """The scores of an answer by metric; None where one does not apply: of a refusal only the
    ending, the language and, where it should have been an answer, what was found."""
    scores: dict[str, float | None] = {
        "right_ending": right_ending(answer.status, question.status).value,
        "answer_language": answer_language(answer.language, question.language).value,
    }
    if question.sources:
        scores |= _score_sources(suite, question, hits)
    if answer.status is Status.ANSWERED:
        scores |= _score_proof(suite, question, answer, cited)
    if question.sources:
        scores |= _score_words(suite, question, answer)
    return scores


def _score_sources(
    suite: Suite, question: EvaluationQuestion, hits: Sequence[Hit]
) -> dict[str, float | None]:
    """Whether the passages that hold the answer were found."""
    places = [suite.places[s.document_id, s.section, s.quote] for s in question.sources]
    scores: dict[str, float | None] = {
        "source_stands": source_stands(
            [s.quote for s in question.sources], list(map(bool, places))
        ).value
    }
    wanted = [passage for place in places for passage in place]
    if wanted and hits:
        sample = SingleTurnSample(
            retrieved_context_ids=[hit.passage.id for hit in hits], reference_context_ids=wanted
        )
        scores["context_precision"] = IDBasedContextPrecision().single_turn_score(sample)
        scores["context_recall"] = IDBasedContextRecall().single_turn_score(sample)
    elif wanted:  # nothing was looked up: sent away at the door
        scores["context_recall"] = 0.0
    return scores


def _score_proof(
    suite: Suite, question: EvaluationQuestion, answer: Answer, cited: list[Document]
) -> dict[str, float | None]:
    """Whether what is quoted stands where it is said to, in the right town and version."""

    @cache
    def page_text(document: str, page: int | None) -> str:
        return suite.store.registry.page_text(document, page, suite.generation) or ""

    ids = [document.id for document in cited]
    quotes = [(c.quote, page_text(c.document.id, c.page)) for c in answer.citations]
    by_number = {c.number: page_text(c.document.id, c.page) for c in answer.citations}
    quotes += [(s.text, " ".join(by_number[n] for n in s.citations)) for s in answer.statements]
    scores = {
        "quote_verbatim": quote_verbatim([q for q, _ in quotes], [p for _, p in quotes]).value,
        "right_version": right_version(
            ids,
            [document.valid_from for document in cited],
            [document.valid_to for document in cited],
            question.as_of,
        ).value,
    }
    if suite.town:
        places = [document.jurisdiction for document in cited]
        keys = [place.key if place else "" for place in places]
        scores["right_town"] = right_town(ids, keys, suite.town).value
    return scores


def _score_words(
    suite: Suite, question: EvaluationQuestion, answer: Answer
) -> dict[str, float | None]:
    """Whether the right place is cited and the right thing said; 0 where nothing is said."""
    sources = [f"{s.document_id} {s.section}" for s in question.sources]
    cited = [f"{c.document.id} {c.section}" for c in answer.citations]
    statements = [statement.text for statement in answer.statements]
    scores: dict[str, float | None] = {
        "citation_correct": citation_correct(cited, sources).value,
    }
    if cited:
        scores["citation_precise"] = citation_precise(cited, sources).value
    if question.numbers:
        scores["number_exact"] = number_exact(list(question.numbers), statements).value
    if statements:
        said = " ".join(statements)
        likeness = SemanticSimilarity(embeddings=suite.embedding)
        found = likeness.score(reference=question.reference, response=said)
        scores["semantic_similarity"] = min(1.0, max(0.0, float(found.value)))
        german = [s.text for s in answer.statements if s.language == "de"]
        if german:  # of letters that a reference in German shares
            letters = CHRFScore().score(reference=question.reference, response=" ".join(german))
            scores["chrf"] = float(letters.value)
    return scores


def describe_run(
    rows: Iterable[SetRow], store: Store, settings: Settings, name: str, set_name: str
) -> RunHead:
    """Who, when and with what: the head of a run that begins now."""
    questions = hashlib.sha256()
    for row in rows:
        questions.update(row.model_dump_json().encode())
    standing = store.registry.standing()
    state = hashlib.sha256(_code().encode())
    for version in standing:
        state.update(f"{version.document.id} {version.digest}\n".encode())
    state.update(f"{settings.town} {settings.contact} {store.encoder.model_id}".encode())
    return RunHead(
        name=name,
        made=datetime.now(UTC).replace(microsecond=0),
        questions=set_name,
        questions_digest=questions.hexdigest()[:16],
        commit=read_commit(),
        model=store.encoder.model_id,
        state_digest=state.hexdigest()[:16],
        documents={v.document.id: (v.number, v.document.title) for v in standing},
    )


def digest_of(question: EvaluationQuestion) -> str:
    """What a question, asked and scored, depends on beside the state."""
    return hashlib.sha256(repr(question).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """The digest of the programme and of the models that are part of it."""
    digest = hashlib.sha256()
    folders = ("core", "ingest", "service", "data/models")
    files = [path for folder in folders for path in (PROJECT / folder).rglob("*") if path.is_file()]
    files += [PROJECT / "eval" / name for name in ("metrics.py", "questions.py", "ragas_suite.py")]
    for path in sorted(files):
        if path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _town(settings: Settings, documents: Sequence[Document]) -> str | None:
    """The key of the town that is asked in: the site's, else the only one in the index."""
    keys = {
        place.key: place.name
        for place in (document.jurisdiction for document in documents)
        if place and place.key and place.level is Level.MUNICIPALITY
    }
    if settings.town:
        return next((key for key, name in keys.items() if settings.town in (key, name)), None)
    return next(iter(keys)) if len(keys) == 1 else None
