"""The few fakes: an answerer that says what a test has written for it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.errors import AuskunftError, QuestionEmpty, QuestionTooLong, TownUnknown
from core.types import (
    Answer,
    Citation,
    Document,
    Hit,
    Jurisdiction,
    Kind,
    Level,
    Mode,
    Passage,
    Related,
    Sentence,
    Statement,
    Status,
)
from service.follow_up import Turn
from service.originals import OriginalFile
from service.parts import Part, take_apart

AICHELBERG = Jurisdiction(Level.MUNICIPALITY, "Aichelberg", "081175009002")
DOG_TAX = Document(
    id="satzungen/hundesteuer",
    title="Satzung über die Erhebung der Hundesteuer (Hundesteuersatzung)",
    kind=Kind.STATUTE,
    jurisdiction=AICHELBERG,
    url="https://www.aichelberg.example/hundesteuer.pdf",
    valid_from=date(2024, 1, 1),
    as_of=date(2025, 6, 1),
)
RATE = "Die Steuer beträgt für jeden Hund 96,00 Euro."
PUPPIES = "Für Welpen unter drei Monaten wird keine Steuer erhoben."
ANSWERED = Answer(
    id="a1",
    status=Status.ANSWERED,
    mode=Mode.EXTRACTIVE,
    language="de",
    message="In den Dokumenten steht:",
    statements=(Statement(RATE, "de", (1,)), Statement(PUPPIES, "de", (2, 1))),
    citations=(
        Citation(1, DOG_TAX, "§ 5 Abs. 1 Hundesteuersatzung, S. 3", "§ 5", 3, RATE),
        Citation(2, DOG_TAX, "§ 5 Abs. 3 Hundesteuersatzung, S. 4", "§ 5", 4, PUPPIES),
    ),
    related=(Related("Anmeldung eines Hundes", Kind.FORM, "https://www.aichelberg.example/form"),),
)
HIT = Hit(
    passage=Passage(
        id="p1",
        document_id=DOG_TAX.id,
        section="§ 5",
        heading="Steuersatz",
        context="Hundesteuersatzung › § 5 Steuersatz",
        text=RATE,
        page=3,
        sentences=(Sentence(0, len(RATE), 3, "1"),),
        language="de",
        digest="d1",
    ),
    document=DOG_TAX,
    score=0.87,
    similarity=0.85,
)


def unanswered(status: Status, message: str, language: str = "de") -> Answer:
    """An answer that is none, as every status but `answered` has it."""
    return Answer("a2", status, Mode.EXTRACTIVE, language, message)


@dataclass
class ScriptedAnswerer:
    """Gives the written answer to every question, or raises the written error; keeps what it was
    asked in `asked`."""

    written: Answer | Exception = ANSWERED
    hits: Sequence[Hit] = (HIT,)
    originals: dict[str, OriginalFile] = field(default_factory=dict)
    known_towns: Sequence[tuple[str, str]] = (("Aichelberg", "081175009002"),)
    ready: bool = True
    asked: list[dict[str, object]] = field(default_factory=list)
    parts: Sequence[Part] = ()

    def answer(
        self,
        question: str,
        *,
        context: str | None = None,
        turns: Sequence[Turn] = (),
        town: str | None = None,
        language: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """The written answer."""
        told = {"turns": turns} if turns else {}
        self._check(question, context=context, town=town, language=language, as_of=as_of, **told)
        if isinstance(self.written, Exception):
            raise self.written
        return self.written

    def answer_parts(self, question: str, **options: Any) -> Generator[Part, None, None]:
        """The written `parts`, by default those of the written answer; raises at once."""
        self._refuse(question, options.get("context"))
        if isinstance(self.written, AuskunftError):
            raise self.written
        return self._tell(question, **options)

    def _tell(self, question: str, **options: Any) -> Generator[Part, None, None]:
        answer = self.answer(question, **options)
        yield from self.parts or take_apart(answer)

    def search(
        self, query: str, *, town: str | None = None, as_of: date | None = None, limit: int = 10
    ) -> Sequence[Hit]:
        """The written hits."""
        self._check(query, town=town, as_of=as_of, limit=limit)
        if isinstance(self.written, AuskunftError):
            raise self.written
        return self.hits[:limit]

    def original(self, document_id: str, as_of: date | None = None) -> OriginalFile | None:  # noqa: ARG002  one version only
        """The written original."""
        return self.originals.get(document_id)

    def towns(self) -> Sequence[tuple[str, str]]:
        """The written towns."""
        return self.known_towns

    def find_town(self, name: str) -> tuple[str, str]:
        """One of the written towns."""
        for town in self.known_towns:
            if name in town:
                return town
        raise TownUnknown

    def is_ready(self) -> bool:
        """Whether the test says so."""
        return self.ready

    def _refuse(self, question: str, context: object) -> None:
        """Refuses what the real answerer refuses."""
        if max(len(question), len(str(context))) > 1000:
            raise QuestionTooLong
        if not any(character.isalnum() for character in question):
            raise QuestionEmpty

    def _check(self, question: str, **options: object) -> None:
        self._refuse(question, options.get("context"))
        self.asked.append({"question": question, **options})
