"""How an answer is scored without a judge: what it found, proves, cites and says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from ragas import SingleTurnSample
from ragas.metrics._context_precision import IDBasedContextPrecision  # the public name warns
from ragas.metrics._context_recall import IDBasedContextRecall
from ragas.metrics.collections import CHRFScore, SemanticSimilarity

from core.registry import Registry
from core.types import Answer, Hit, Status
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
from eval.questions import EvaluationQuestion


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What answers are held against: the passages that hold each source, the stored pages, and the
    key of the town that is asked in, None where it may be any."""

    places: Mapping[tuple[str, str, str], tuple[str, ...]]
    registry: Registry
    generation: int
    town: str | None
    embedding: EncoderEmbedding = field(repr=False)


def score(
    yardstick: Yardstick,
    question: EvaluationQuestion,
    answer: Answer,
    hits: Sequence[Hit],
) -> dict[str, float | None]:
    """The scores of an answer by metric; None where one does not apply: of a refusal only the
    ending, the language and, where it should have been an answer, what was found."""
    scores: dict[str, float | None] = {
        "right_ending": right_ending(answer.status, question.status).value,
        "answer_language": answer_language(answer.language, question.language).value,
    }
    if question.sources:
        scores |= _score_sources(yardstick, question, hits)
    if answer.status is Status.ANSWERED:
        scores |= _score_proof(yardstick, question, answer)
    if question.sources:
        scores |= _score_words(yardstick, question, answer)
    return scores


def _score_sources(
    yardstick: Yardstick, question: EvaluationQuestion, hits: Sequence[Hit]
) -> dict[str, float | None]:
    """Whether the passages that hold the answer were found."""
    places = [yardstick.places[s.document_id, s.section, s.quote] for s in question.sources]
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
    yardstick: Yardstick, question: EvaluationQuestion, answer: Answer
) -> dict[str, float | None]:
    """Whether what is quoted stands where it is said to, in the right town and version."""
    day = question.as_of or date.today()

    @cache
    def page_text(document: str, page: int | None) -> str:
        return yardstick.registry.page_text(document, page, yardstick.generation, day) or ""

    cited = {citation.document.id: citation.document for citation in answer.citations}.values()
    ids = [document.id for document in cited]
    quotes = [(c.quote, page_text(c.document.id, c.page)) for c in answer.citations]
    by_number = {c.number: page_text(c.document.id, c.page) for c in answer.citations}
    quotes += [
        (s.text, " ".join(by_number[n] for n in s.citations))
        for s in answer.statements
        if s.is_quote
    ]
    scores = {
        "quote_verbatim": quote_verbatim([q for q, _ in quotes], [p for _, p in quotes]).value,
        "right_version": right_version(
            ids,
            [document.valid_from for document in cited],
            [document.valid_to for document in cited],
            question.as_of,
        ).value,
    }
    if yardstick.town:
        places = [document.jurisdiction for document in cited]
        keys = [place.key if place else "" for place in places]
        scores["right_town"] = right_town(ids, keys, yardstick.town).value
    return scores


def _score_words(
    yardstick: Yardstick, question: EvaluationQuestion, answer: Answer
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
        likeness = SemanticSimilarity(embeddings=yardstick.embedding)
        found = likeness.score(reference=question.reference, response=said)
        scores["semantic_similarity"] = min(1.0, max(0.0, float(found.value)))
        german = [s.text for s in answer.statements if s.language == "de"]
        if german:  # of letters that a reference in German shares
            letters = CHRFScore().score(reference=question.reference, response=" ".join(german))
            scores["chrf"] = float(letters.value)
    return scores
