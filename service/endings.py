"""What is said around an answer, and where a question ends without one."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from core.languages import SUPPORTED
from core.types import Answer, Level, Mode, Status
from service.concerns import Concern
from service.guard import Finding
from service.towns import Town
from service.wording import SIMPLE_GERMAN, Text, base_language, message, written_date, written_list

_SAID_TO = {
    Concern.GREETING: Text.GREETING,
    Concern.THANKS: Text.THANKS,
    Concern.MEDICAL_ADVICE: Text.NO_MEDICAL_ADVICE,
    Concern.LEGAL_ADVICE: Text.NO_LEGAL_ADVICE,
    Concern.PERSONAL_DATA: Text.NO_PERSONAL_DATA,
    Concern.OWN_CASE: Text.NO_PERSONAL_DATA,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ends without an answer, what is said, and the places that this names."""

    status: Status
    text: Text
    place: str = ""
    towns: tuple[str, ...] = ()

    def answer(self, language: str, contact: str | None) -> Answer:
        """The answer that there is none, in a language; `contact` is the town's, if it has one."""
        said = message(
            self.text,
            language,
            contact=contact or message(Text.DEFAULT_CONTACT, language),
            place=self.place,
            towns=written_list(self.towns, language),
        )
        return Answer(uuid4().hex, self.status, Mode.EXTRACTIVE, language, said)


NOT_FOUND = Ending(Status.NOT_IN_DOCUMENTS, Text.NOT_IN_DOCUMENTS)


def end_at_the_door(finding: Finding) -> Ending:
    """How a question ends that is not looked up."""
    if finding.status is Status.EMERGENCY:
        return Ending(finding.status, Text.EMERGENCY)
    is_refused = finding.status is Status.REFUSED
    usual = Text.REFUSED if is_refused else Text.OUT_OF_SCOPE
    return Ending(finding.status, _SAID_TO.get(finding.concern, usual))


def reply_language(tag: str) -> str:
    """The wording that messages are in: that of a tag such as "tr-TR" or "de-simple", English where
    there is none in it."""
    if tag.lower() == SIMPLE_GERMAN:
        return SIMPLE_GERMAN
    language = tag.replace("_", "-").split("-")[0].lower()
    return language if language in SUPPORTED else "en"


def lead(
    towns: Set[Town | None],
    language: str,
    quoted: Set[str],
    named: date | None = None,
    *,
    is_sure: bool = True,
) -> str:
    """The words before sentences in the languages `quoted`, about the town if it is but one, and
    about the day that the question `named`; where they are not sure to answer, with a doubt."""
    town = next(iter(towns)) if len(towns) == 1 else None
    if town and town.level is Level.MUNICIPALITY:
        words = message(Text.LEAD_OF_TOWN, language, town=town.name)
    else:
        words = message(Text.LEAD, language)
    if named:
        words = f"{message(Text.FOR_DAY, language, date=written_date(named, language))} {words}"
    if not is_sure:
        words = f"{message(Text.UNSURE, language)} {words}"
    is_foreign = base_language(language) != "de" and "de" in quoted
    return f"{words} {message(Text.GERMAN_IS_BINDING, language)}" if is_foreign else words
