"""Runs an evaluation set: asks every question as the site would, and scores every answer.

Finished rows are kept in a file that is named for all that answers depend on: an interrupted
run goes on where it stopped, and a question is asked anew only when something changed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from core.errors import UsageError
from core.glossary import glossary
from core.settings import Settings
from core.store import Store
from core.types import Answer, Document, Level, Status
from eval.dataset import follow
from eval.history import read_commit
from eval.metrics import EncoderEmbedding
from eval.questions import (
    EvaluationQuestion,
    SetInvalid,
    SetRow,
    locate_entries,
    locate_sources,
    questions_of,
)
from eval.runs import Quoted, Retrieved, Row, Run, RunHead, keep_row, read_kept_rows
from eval.scoring import Yardstick, score
from eval.watched import certainty_of, watch, watching
from service.answerer import Answerer
from service.follow_up import follow_up_prompt
from service.generate import prompt_for
from service.guard import check_context, check_length
from service.language_model import LanguageModel

PROJECT = Path(__file__).parent.parent
KEPT = 4  # files of finished rows; older ones go
LANGUAGE_MODEL = "language_model"  # what failed, among a row's failures
WORKERS = 1  # so that the time of one answer is not that of two


@dataclass(frozen=True)
class Suite:
    """What rows are made with."""

    answerer: Answerer
    language_model: str | None
    model_id: str
    versions: Mapping[str, int]
    yardstick: Yardstick


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
    model: LanguageModel | None = None,
) -> Run:
    """The run of a set over what stands in the store, in the words of a `model` where there is one;
    `kept` is the folder for finished rows. What a model did not write is asked anew next time.
    Raises SetInvalid, before anything is asked, where a question cannot be."""
    suite = open_suite(rows, store, settings, model)
    head = describe_run(rows, store, settings, name, set_name, suite.language_model)
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"rows-{head.state_digest}.jsonl"
    for old in sorted(kept.glob("rows-*.jsonl"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        old.unlink()
    known = read_kept_rows(file)
    questions = list(questions_of(rows, languages))
    missing = [question for question in questions if digest_of(question) not in known]
    require_askable(missing, suite.answerer)
    pool = ThreadPoolExecutor(workers)
    try:
        made = pool.map(partial(make_row, suite), missing)
        for question in follow(missing, f"Asking {len(missing)} questions"):
            known[digest_of(question)] = row = next(made)
            if LANGUAGE_MODEL not in row.failures:
                keep_row(file, digest_of(question), row)
    finally:  # what was not asked yet is not asked any more
        pool.shutdown(cancel_futures=True)
    return Run(head, [known[digest_of(question)] for question in questions])


def require_askable(questions: Iterable[EvaluationQuestion], answerer: Answerer) -> None:
    """Raises SetInvalid with the first question that a site would not take: one that is empty or
    too long, or of a town that is not in the index."""
    for question in questions:
        try:
            check_length(question.text)
            check_context(question.context or "")
            if question.town:
                answerer.find_town(question.town)
        except UsageError as error:
            raise SetInvalid(f"{question.id} ({question.language}): {error}") from error


def open_suite(
    rows: Sequence[SetRow], store: Store, settings: Settings, model: LanguageModel | None = None
) -> Suite:
    """What rows are made with, over what stands in a store."""
    standing = store.registry.standing()
    words = partial(glossary, store.registry.engine)
    return Suite(
        answerer=Answerer(watch(store), settings, model, words),
        language_model=model.name if model else None,
        model_id=store.encoder.model_id,
        versions={version.document.id: version.number for version in standing},
        yardstick=Yardstick(
            places=locate_sources(rows, store),
            entries=locate_entries(store),
            registry=store.registry,
            generation=store.registry.generation(),
            town=_town(settings, [version.document for version in standing]),
            embedding=EncoderEmbedding(store.encoder),
        ),
    )


def make_row(suite: Suite, question: EvaluationQuestion) -> Row:
    """Asks one question and scores its answer. Raises SetInvalid where it cannot be asked."""
    with watching() as seen:
        begun = time.perf_counter()
        try:
            answer = suite.answerer.answer(
                question.text,
                context=question.context,
                town=question.town,
                as_of=question.sent_day,
            )
        except UsageError as error:
            raise SetInvalid(f"{question.id} ({question.language}): {error}") from error
        seconds = time.perf_counter() - begun
    return Row(
        id=question.id,
        language=question.language,
        kind=question.kind,
        question=question.text,
        context=question.context,
        as_of=question.as_of.isoformat(),
        wanted=question.status,
        reference=question.reference,
        sources=tuple(
            dict.fromkeys((source.document_id, source.section) for source in question.sources)
        ),
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
            for hit in seen.sought
        ),
        milliseconds=round(seconds * 1000, 1),
        scores=score(suite.yardstick, question, answer, seen.sought),
        failures=_failures(suite, answer),
        certainty=certainty_of(seen, suite.model_id),
        changes=tuple(change.text for change in answer.changes),
    )


def _failures(suite: Suite, answer: Answer) -> dict[str, str]:
    """That the language model was asked and wrote nothing, where it is so: it was away or late, or
    saw no answer."""
    if suite.language_model is None or answer.status is not Status.ANSWERED:
        return {}
    trace = suite.answerer.traces.find(answer.id)
    is_asked = prompt_for(answer.language).title in trace.prompts
    return {LANGUAGE_MODEL: "it wrote nothing"} if is_asked and not trace.drafts else {}


def describe_run(
    rows: Iterable[SetRow],
    store: Store,
    settings: Settings,
    name: str,
    set_name: str,
    language_model: str | None = None,
) -> RunHead:
    """Who, when and with what: the head of a run that begins now."""
    questions = hashlib.sha256()
    for row in rows:
        questions.update(row.model_dump_json().encode())
    standing = store.registry.standing()
    state = hashlib.sha256(_code().encode())
    for version in standing:
        state.update(f"{version.document.id} {version.digest}\n".encode())
    models = f"{store.encoder.model_id} {language_model}"
    state.update(f"{settings.town} {settings.contact} {models}".encode())
    return RunHead(
        name=name,
        made=datetime.now(UTC).replace(microsecond=0),
        questions=set_name,
        questions_digest=questions.hexdigest()[:16],
        commit=read_commit(),
        model=store.encoder.model_id,
        state_digest=state.hexdigest()[:16],
        documents={v.document.id: (v.number, v.document.title) for v in standing},
        digests={v.document.id: v.digest for v in standing},
        language_model=language_model,
        prompts=(prompt_for("de").title, follow_up_prompt().title) if language_model else (),
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
    names = ("metrics.py", "questions.py", "ragas_suite.py", "scoring.py", "watched.py")
    files += [PROJECT / "eval" / name for name in names]
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
