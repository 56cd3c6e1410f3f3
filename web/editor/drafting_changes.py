"""What changed between two versions, as passages that a language model explains, and between which
it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.registry import Registry
from core.timeline import begin
from core.types import Document, Hit, Passage, Sentence
from core.versions import Version

Json = Mapping[str, Any]

# what the prompt `changes` says of these words
BEFORE, AFTER, GONE = "Bisher: ", "Neu: ", "Entfallen: "


def earlier_documents(registry: Registry, document: Document) -> list[Version]:
    """The documents of the same kind, title and place that were there first, the newest of them
    last: a by-law that is issued anew often comes as a document of its own."""

    def named(one: Document) -> tuple[object, ...]:
        return one.kind, one.title.casefold(), one.jurisdiction and one.jurisdiction.scope

    newest = {version.document.id: version for version in registry.standing()}
    found = (
        version
        for version in newest.values()
        if version.document.id != document.id
        and named(version.document) == named(document)
        and begin(version.document) < begin(document)
    )
    return sorted(found, key=lambda version: begin(version.document))


def change_hits(difference: Json, document: Document) -> list[Hit]:
    """A passage for each section whose words changed, of a difference as `difference_json` gives
    it: its sentences are those of both versions. `document` is the later version's."""
    return [
        Hit(passage, document, 1.0, 1.0)
        for number, section in enumerate(difference["sections"])
        if (passage := _passage(section, f"{document.id}-change-{number}", document))
    ]


def _passage(section: Json, passage_id: str, document: Document) -> Passage | None:
    place = section["after"] or section["before"]
    text = ""
    sentences: list[Sentence] = []
    for change in section["sentences"]:
        for lead, words in _lines(change):
            start = len(text) + len(lead)
            text += f"{lead}{words}\n"
            sentences.append(Sentence(start, start + len(words), change["page"], change["mark"]))
    if not sentences:
        return None
    return Passage(
        id=passage_id,
        document_id=document.id,
        section=place["section"],
        heading=place["heading"],
        context=f"{document.title} › {place['section']} {place['heading']}".strip(),
        text=text.strip(),
        page=place["page"],
        sentences=tuple(sentences),
        language=document.language,
        digest="",
    )


def _lines(change: Json) -> Iterator[tuple[str, str]]:
    """The wordings of a changed sentence, each with what stands before it; none of one that only
    moved."""
    before, after = change["before"], change["after"]
    if change["kind"] == "moved":
        return
    if before:
        yield (BEFORE if after else GONE), before
    if after:
        yield AFTER, after
