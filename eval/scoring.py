"""How an answer is scored without a judge: what it found, proves, cites and says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain

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
from eval.questions import EvaluationQuestion, Source, facts_of


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What answers are held against: the passages that hold each source, the place of the entry
    that each wording in an FAQ is of, the stored pages, and the key of the town that is asked in,
    None where it may be any."""

    places: Mapping[tuple[str, str, str], tuple[str, ...]]
    entries: Mapping[tuple[str, str], str]
    registry: Registry
    generation: int
    town: str | None
    embedding: EncoderEmbedding = field(repr=False)

    def place(self, document: str, section: str) -> str:
        """A place as it is compared: all wordings of an entry are one."""
        return self.entries.get((document, section), f"{document} {section}")

    def passages(self, source: Source) -> tuple[str, ...]:
        """The ids of the passages that hold a source, of an entry that of the whole."""
        found = self.places[source.document_id, source.section, source.quote]
        entry = self.entries.get((source.document_id, source.section))
        return (entry,) if found and entry else found

    def passage(self, hit: Hit) -> str:
        """The id of the passage that was found, of an entry that of the whole."""
        return self.entries.get((hit.document.id, hit.passage.section), hit.passage.id)


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
    """Whether the passages that hold the answer were found. To recall are, of each fact, those of
    one source: the one of which the largest share was found."""
    places = [yardstick.passages(source) for source in question.sources]
    scores: dict[str, float | None] = {
        "source_stands": source_stands(
            [s.quote for s in question.sources], list(map(bool, places))
        ).value
    }
    found = [yardstick.passage(hit) for hit in hits]

    def share_found(place: Sequence[str]) -> float:
        return sum(passage in found for passage in place) / len(place)

    facts = [list(filter(None, map(yardstick.passages, of))) for of in facts_of(question.sources)]
    wanted = [passage for fact in facts if fact for passage in max(fact, key=share_found)]
    holding = [passage for place in places for passage in place]
    if wanted and hits:
        scores["context_precision"] = IDBasedContextPrecision().single_turn_score(
            SingleTurnSample(retrieved_context_ids=found, reference_context_ids=holding)
        )
        scores["context_recall"] = IDBasedContextRecall().single_turn_score(
            SingleTurnSample(retrieved_context_ids=found, reference_context_ids=wanted)
        )
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
    """Whether the right place is cited and the right thing said; 0 where nothing is said. What
    will change is told with its place, and counts as said."""
    place = yardstick.place
    facts = [[place(s.document_id, s.section) for s in of] for of in facts_of(question.sources)]
    cited = [place(c.document.id, c.section) for c in answer.citations]
    coming = [place(c.citation.document.id, c.citation.section) for c in answer.changes]
    statements = [statement.text for statement in answer.statements]
    told = [*statements, *(change.text for change in answer.changes)]
    scores: dict[str, float | None] = {
        "citation_correct": citation_correct([*cited, *coming], facts).value,
    }
    if cited:
        scores["citation_precise"] = citation_precise(cited, list(chain(*facts))).value
    if question.numbers:
        scores["number_exact"] = number_exact(list(question.numbers), told).value
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
