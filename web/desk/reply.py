"""Texts to copy: a quotation with its source, and a reply to a citizen in their language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from core.languages import direction
from core.types import Answer, Citation, Coming
from service.wording import Text, base_language, message, written_date
from web.citizen.page import safe_address
from web.citizen.page_text import visible

LONGEST_MAIL = 2000  # characters of a mailto: address; longer ones break mail programs


@dataclass(frozen=True, slots=True)
class Mail:
    """The address that opens a mail program, and whether it holds all that was to be sent."""

    address: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A text to copy or send, and what it is written in."""

    subject: str
    text: str
    language: str
    direction: str

    @property
    def mail(self) -> Mail:
        """What opens a mail program with it, or, where it is too long, without a text."""
        return write_mail(self.subject, self.text)


def write_reply(answer: Answer, contact: str) -> Reply:
    """Salutation, answer, what changes, sources and whom to turn to, in the answer's language."""
    wording = answer.language

    def say(text: Text, **values: object) -> str:
        return message(text, wording, **values)

    parts = [say(Text.REPLY_SALUTATION), answer.message]
    statements = [
        " ".join([visible(statement.text), *(f"[{number}]" for number in statement.citations)])
        for statement in answer.statements
    ]
    if statements:
        parts.append("\n".join(statements))
    if answer.changes:
        parts.append("\n".join(_change(change, wording) for change in answer.changes))
    if answer.citations:
        sources = [_source(citation, wording) for citation in answer.citations]
        parts.append("\n".join([say(Text.SOURCES_HEADING), *sources]))
    if contact:
        parts.append(say(Text.REPLY_CONTACT, contact=contact))
    parts.append(say(Text.REPLY_CLOSING))
    language = base_language(wording)
    text = "\n\n".join(parts)
    return Reply(say(Text.REPLY_SUBJECT), text, language, direction(language))


def quotation(words: str, source: str) -> str:
    """The words as they are quoted: »…« (§ 5 Hundesteuersatzung, S. 3, Stand 1.6.2025)."""
    return f"»{' '.join(words.split())}« ({source})"


def write_mail(subject: str, *texts: str) -> Mail:
    """An e-mail without a recipient: with the first of these texts that its address has room for,
    without any where there is no such. None is cut: without its end it may say something else."""
    for text in (*texts, ""):
        lines = text.replace("\n", "\r\n")  # RFC 6068
        body = f"&body={quote(lines)}" if lines else ""
        address = f"mailto:?subject={quote(subject)}{body}"
        if len(address) <= LONGEST_MAIL:
            break
    return Mail(address, text == texts[0])


def _change(change: Coming, wording: str) -> str:
    """A line for what a place will say, since when, and where that stands."""
    since = message(Text.FROM_DAY, wording, date=written_date(change.day, wording))
    return f"{since} {visible(change.text)} ({_place(change.citation, wording)})"


def _source(citation: Citation, wording: str) -> str:
    """A line for a source: its number, place and day, and where it is public."""
    public = safe_address(citation.document.url) or ""
    words = f"[{citation.number}] {_place(citation, wording)}"
    return f"{words}\n{public}" if public else words


def _place(citation: Citation, wording: str) -> str:
    """Where a quote stands, and as of which day."""
    day = citation.document.as_of
    as_of = message(Text.AS_OF, wording, date=written_date(day, wording)) if day else ""
    return ", ".join(filter(None, (visible(citation.label), as_of)))
