"""The office that a matter is in the hands of, as the documents about it name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.labels import label
from core.store import Store
from core.types import Citation, Document, Hit, Kind, Passage
from service.contacts import MAIL
from web.citizen.page_text import visible
from web.citizen.telephones import telephone

LONGEST = 400  # characters of an office's lines; opening hours often follow
SILENT = (Kind.STATUTE, Kind.FAQ)  # what names offices there is part of a rule, or of many matters

# Headings above which public services name who is in charge (XZuFi: „Zuständige Stelle“).
_HEADING = re.compile(
    r"\b(?:zuständige[rs]? (?:stelle|behörde|amt)|ansprech(?:partner(?:in(?:nen)?)?|punkt|stelle)"
    r"|kontakt|anschrift|adresse|auskunft|auskünfte|wohin|wenden)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Office:
    """Name, address and telephone as they stand in a document, and where: its label and passage."""

    text: str
    label: str
    document: Document
    passage: Passage


def find_office(
    store: Store, citations: Iterable[Citation], hits: Iterable[Hit], day: date
) -> Office | None:
    """The office that the first of the cited documents names, or of the services that these lead to
    and that were found too; None where none names one."""
    cited = {citation.document.id: citation.document for citation in citations}
    leads = {link.url for document in cited.values() for link in document.links if link.url}
    linked = {hit.document.id: hit.document for hit in hits if hit.document.url in leads}
    generation = store.registry.generation()
    for document in (cited | linked).values():
        if document.kind in SILENT:
            continue
        for passage in store.index.fetch(document.id, generation, day):
            if text := read_office(passage.heading or passage.section, passage.text):
                place = label(document, passage.section, passage.page)
                return Office(text, visible(place), document, passage)
    return None


def read_office(heading: str, text: str) -> str:
    """The lines of a section that name an office, on one; "" where it names none: where its heading
    is another, or neither telephone nor e-mail stands there."""
    if not _HEADING.search(heading) or not (telephone(text) or MAIL.search(text)):
        return ""
    kept: list[str] = []
    for line in filter(None, (visible(line).strip() for line in text.splitlines())):
        if kept and sum(map(len, kept)) + len(line) > LONGEST:
            break
        kept.append(line)
    return "; ".join(line.rstrip(".;") for line in kept)
