"""Texts to copy: a quotation with its source, and a reply to a citizen in their language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from core.languages import direction
from core.types import Answer, Citation
from service.wording import Text, base_language, message, written_date
from web.citizen.page import safe_address
from web.citizen.page_text import visible

LONGEST_MAIL = (
    1500  # characters of a text that a mailto: link holds; longer ones break mail programs
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A text to copy or send, and what it is written in."""

    subject: str
    text: str
    language: str
    direction: str

    @property
    def mail(self) -> str:
        """The address that opens a mail program with it."""
        return mail_address(self.subject, self.text)


def write_reply(answer: Answer, contact: str) -> Reply:
    """Salutation, answer, sources and whom to turn to, in the answer's language."""
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


def mail_address(subject: str, text: str, link: str = "") -> str:
    """A mailto: address without a recipient; a long text is cut after a word, never the link that
    stands below it."""
    most = LONGEST_MAIL - len(link)
    if len(text) > most:
        text = text[:most].rsplit(maxsplit=1)[0] + " …"
    body = "\n\n".join(filter(None, (text, link)))
    lines = body.replace("\n", "\r\n")  # RFC 6068
    return f"mailto:?subject={quote(subject)}&body={quote(lines)}"


def _source(citation: Citation, wording: str) -> str:
    """A line for a source: its number, place and day, and where it is public."""
    document = citation.document
    as_of = (
        message(Text.AS_OF, wording, date=written_date(document.as_of, wording))
        if document.as_of
        else ""
    )
    public = safe_address(document.url) or ""
    words = ", ".join(filter(None, (f"[{citation.number}] {visible(citation.label)}", as_of)))
    return f"{words}\n{public}" if public else words
