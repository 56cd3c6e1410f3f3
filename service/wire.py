"""The wire shapes: one serialisation of answers and hits, for HTTP and for `--json`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.labels import label
from core.types import (
    Answer,
    Citation,
    Coming,
    Hit,
    Jurisdiction,
    Kind,
    Level,
    Mode,
    Passage,
    Related,
    Statement,
    Status,
)
from service.parts import Opening


class Wire(BaseModel):
    """A body that is sent; never changed once it is built."""

    model_config = ConfigDict(frozen=True)


class ErrorDetail(Wire):
    """What went wrong: a code for programs, a sentence for people."""

    code: str
    message: str


class JurisdictionBody(Wire):
    """Where a document applies; `key` is its Amtlicher Regionalschlüssel, where known."""

    level: Level
    name: str = Field(examples=["Aichelberg"])
    key: str | None = Field(examples=["081175009002"])

    @classmethod
    def of(cls, jurisdiction: Jurisdiction | None) -> JurisdictionBody | None:
        """The jurisdiction's wire shape; None means: applies everywhere."""
        if jurisdiction is None:
            return None
        return cls(level=jurisdiction.level, name=jurisdiction.name, key=jurisdiction.key)


class PassageBody(Wire):
    """A passage that was found."""

    document_id: str = Field(examples=["hundesteuer-aichelberg"])
    title: str = Field(examples=["Satzung über die Erhebung der Hundesteuer"])
    label: str = Field(examples=["§ 5 Abs. 1 Hundesteuersatzung, S. 3"])
    section: str = Field(examples=["§ 5"])
    page: int | None = Field(examples=[3])
    text: str = Field(examples=["Die Steuer beträgt im Kalenderjahr für jeden Hund 96,00 Euro."])
    language: str = Field(examples=["de"])
    score: float = Field(examples=[0.87])
    jurisdiction: JurisdictionBody | None
    valid_from: date | None = Field(examples=["2024-01-01"])
    valid_to: date | None = Field(examples=[None])
    as_of: date | None = Field(examples=["2025-06-01"])
    url: str | None = Field(examples=["https://www.aichelberg.example/hundesteuer.pdf"])

    @classmethod
    def of(cls, hit: Hit) -> PassageBody:
        """The hit's wire shape."""
        passage, document = hit.passage, hit.document
        return cls(
            document_id=document.id,
            title=document.title,
            label=label(document, passage.section, passage.page, _shared_mark(passage)),
            section=passage.section,
            page=passage.page,
            text=passage.text,
            language=passage.language,
            score=round(hit.score, 4),
            jurisdiction=JurisdictionBody.of(document.jurisdiction),
            valid_from=document.valid_from,
            valid_to=document.valid_to,
            as_of=document.as_of,
            url=document.url,
        )


class PassagesBody(Wire):
    """What a search found, best first."""

    passages: list[PassageBody]

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> PassagesBody:
        """The hits' wire shape, in their order."""
        return cls(passages=[PassageBody.of(hit) for hit in hits])


class StatementBody(Wire):
    """One sentence of an answer and the numbers of the citations that prove it; `verbatim`: it is a
    document's, word for word, rather than a language model's."""

    text: str = Field(examples=["Die Steuer beträgt für jeden Hund 96,00 Euro."])
    language: str = Field(examples=["de"])
    citations: list[int] = Field(examples=[[1]])
    verbatim: bool

    @classmethod
    def of(cls, statement: Statement) -> StatementBody:
        """The statement's wire shape."""
        return cls(
            text=statement.text,
            language=statement.language,
            citations=list(statement.citations),
            verbatim=statement.is_quote,
        )


class CitationBody(Wire):
    """The proof of a statement: the exact place, and its words."""

    number: int = Field(examples=[1])
    document_id: str = Field(examples=["hundesteuer-aichelberg"])
    title: str = Field(examples=["Satzung über die Erhebung der Hundesteuer"])
    label: str = Field(examples=["§ 5 Abs. 1 Hundesteuersatzung, S. 3"])
    section: str = Field(examples=["§ 5"])
    page: int | None = Field(examples=[3])
    quote: str = Field(examples=["Die Steuer beträgt für jeden Hund 96,00 Euro."])
    language: str = Field(examples=["de"])
    url: str | None = Field(examples=["https://www.aichelberg.example/hundesteuer.pdf"])
    jurisdiction: JurisdictionBody | None
    valid_from: date | None = Field(examples=["2024-01-01"])
    valid_to: date | None = Field(examples=[None])
    as_of: date | None = Field(examples=["2025-06-01"])

    @classmethod
    def of(cls, citation: Citation) -> CitationBody:
        """The citation's wire shape."""
        document = citation.document
        return cls(
            number=citation.number,
            document_id=document.id,
            title=document.title,
            label=citation.label,
            section=citation.section,
            page=citation.page,
            quote=citation.quote,
            language=citation.language,
            url=document.url,
            jurisdiction=JurisdictionBody.of(document.jurisdiction),
            valid_from=document.valid_from,
            valid_to=document.valid_to,
            as_of=document.as_of,
        )


class ComingBody(Wire):
    """What a cited place will say from a day to come on: one sentence, and where it stands."""

    day: date = Field(serialization_alias="from", examples=["2027-01-01"])
    text: str = Field(examples=["Die Steuer beträgt für jeden Hund 108,00 Euro."])
    language: str = Field(examples=["de"])
    citation: CitationBody

    @classmethod
    def of(cls, coming: Coming) -> ComingBody:
        """The change's wire shape."""
        return cls(
            day=coming.day,
            text=coming.text,
            language=coming.language,
            citation=CitationBody.of(coming.citation),
        )


class RelatedBody(Wire):
    """Something to go on with: a form or page that belongs to the answer."""

    title: str = Field(examples=["Anmeldung eines Hundes"])
    kind: Kind
    url: str | None = Field(examples=["https://www.aichelberg.example/anmeldung.pdf"])

    @classmethod
    def of(cls, related: Related) -> RelatedBody:
        """The related document's wire shape."""
        return cls(title=related.title, kind=related.kind, url=related.url)


class Head(Wire):
    """How a question ended; `message` and `language` are the asker's."""

    id: str = Field(examples=["0b6f3c1e5d0f4a35b6a5b1b7a6f0c2de"])
    status: Status
    mode: Mode
    language: str = Field(examples=["tr"])
    message: str = Field(examples=["Bununla ilgili belgelerde şunlar yazıyor:"])
    personal_data: list[str] = Field(
        description="kinds of personal data that the question held; none of it is kept",
        examples=[["PERSON"]],
    )
    masked_question: str | None = Field(
        description="where it held such data: the question with placeholders, which statements may "
        "repeat",
        examples=["Ich heiße [PERSON-1]. Was kostet ein Hund?"],
    )

    @classmethod
    def of_opening(cls, opening: Opening) -> Head:
        """The head of an answer of which no more is known yet."""
        return cls(
            id=opening.id,
            status=opening.status,
            mode=opening.mode,
            language=opening.language,
            message=opening.message,
            personal_data=list(opening.personal),
            masked_question=opening.question or None,
        )


class AnswerBody(Head):
    """An answer with its proof; only `answered` has statements."""

    statements: list[StatementBody]
    citations: list[CitationBody]
    related: list[RelatedBody]
    changes: list[ComingBody] = Field(
        description="what the cited places will say from a day to come on; not part of the answer"
    )

    @classmethod
    def of(cls, answer: Answer) -> AnswerBody:
        """The answer's wire shape."""
        return cls(
            id=answer.id,
            status=answer.status,
            mode=answer.mode,
            language=answer.language,
            message=answer.message,
            personal_data=list(answer.personal),
            masked_question=answer.question or None,
            statements=[StatementBody.of(statement) for statement in answer.statements],
            citations=[CitationBody.of(citation) for citation in answer.citations],
            related=[RelatedBody.of(related) for related in answer.related],
            changes=[ComingBody.of(change) for change in answer.changes],
        )


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values, as `POST /api/v1/answers` gives it."""
    return AnswerBody.of(answer).model_dump(mode="json", by_alias=True)


def passages_json(hits: Sequence[Hit]) -> dict[str, Any]:
    """The hits as JSON values, as `GET /api/v1/search` gives them."""
    return PassagesBody.of(hits).model_dump(mode="json")


def _shared_mark(passage: Passage) -> str:
    """The Absatz that all of a passage's sentences stand in, or ""."""
    marks = {sentence.mark for sentence in passage.sentences}
    return marks.pop() if len(marks) == 1 else ""
