"""An answer as one text, with marks such as [1] and the sources below, told part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from core.types import Citation, Coming, Statement
from service.guard import normalise_question, without_orders
from service.material import put_back
from service.parts import Closing, Opening, Part
from service.personal import mask_personal
from service.wording import Text, message, written_date
from web.citizen.page import day_of_version, full_label, safe_address

SourceAddress = Callable[[str, int | None, str, date | None], str]
"""Where on this site a document's page is shown, a quote on it marked: from "/"."""


class ToldAnswer:
    """What is told of an answer to a `question`, whose own words come back where a model's have
    placeholders. `site`: what addresses here begin with."""

    def __init__(self, question: str, site: str, source_address: SourceAddress | None) -> None:
        self._question = question
        self._site = site
        self._source_address = source_address
        self._language = ""
        self._lead = ""
        self._words: Mapping[str, str] = {}
        self._length = 0
        self._marks: list[tuple[int, int]] = []  # a citation's number, and where its mark begins
        self._citations: dict[int, Citation] = {}
        self._changes: list[Coming] = []

    def tell(self, part: Part) -> str:
        """What a part adds to the text, "" for nothing."""
        match part:
            case Opening():
                self._language, self._lead = part.language, part.message
                if part.personal:
                    heard = without_orders(normalise_question(self._question))
                    self._words = mask_personal(heard).words
                return self._add(part.message)
            case Statement():
                return self._state(part)
            case Citation():
                self._citations[part.number] = part
            case Coming():
                self._changes.append(part)
            case Closing():
                return self._close(part)
        return ""

    def annotations(self) -> list[dict[str, Any]]:
        """Each mark's place in the text, in characters, and where it leads; without those that
        lead nowhere."""
        found = []
        for number, start in self._marks:
            citation = self._citations.get(number)
            url = citation and self._address(citation)
            if citation and url:
                title = f"{citation.label} – {citation.document.title}"
                end = start + len(_mark(number))
                place = {"start_index": start, "end_index": end, "url": url, "title": title}
                found.append({"type": "url_citation", "url_citation": place})
        return found

    def _state(self, statement: Statement) -> str:
        text = statement.text if statement.is_quote else put_back(statement.text, self._words)
        told = self._add(f"\n\n{text} ")
        for number in statement.citations:
            self._marks.append((number, self._length))
            told += self._add(_mark(number))
        return told

    def _close(self, closing: Closing) -> str:
        """The end of the message, what will change, and the sources."""
        told = ""
        if closing.message != self._lead:  # a model broke off: the rest says so
            told += f"\n\n{closing.message.removeprefix(self._lead).strip()}"
        for change in self._changes:
            day = written_date(change.day, self._language)
            since = message(Text.FROM_DAY, self._language, date=day)
            told += f"\n\n{since} {change.text} ({full_label(change.citation)})"
        if self._citations:
            told += f"\n\n{message(Text.SOURCES_HEADING, self._language)}:"
        for number, citation in sorted(self._citations.items()):
            told += f"\n{_mark(number)} {full_label(citation)}"
        return self._add(told)

    def _address(self, citation: Citation) -> str | None:
        """The page of the source here, else where the public finds it."""
        document = citation.document
        if self._source_address is None:
            return safe_address(document.url)
        day = day_of_version(document)
        return self._site + self._source_address(document.id, citation.page, citation.quote, day)

    def _add(self, text: str) -> str:
        self._length += len(text)
        return text


def _mark(number: int) -> str:
    return f"[{number}]"
