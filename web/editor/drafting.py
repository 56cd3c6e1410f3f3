"""What a language model drafts from a document for editors: its essentials, what is new in a
version, and entries for the FAQ."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from core.errors import DocumentUnknown, ModelFailed
from core.proposals import Proposal, Wording, read_proposals, save_proposal
from core.types import Hit, Kind
from core.versions import Version
from ingest.approved_text import clean_answer, clean_question
from ingest.staging import require_version
from service.language_model import LanguageModel
from service.staff_drafts import DraftKind, write_draft
from service.staff_faq import ProposedEntry, propose_entries
from web.citizen.page import day_of_version
from web.documents import place_of
from web.drafting import MARK, ShownDraft, model_sentence, show_draft
from web.editor.drafting_changes import change_hits, earlier_documents
from web.editor.drafting_directions import changed_values, told_apart
from web.editor.pages import EditorPages, see
from web.editor.proposal_form import source_of
from web.editor.towns import town_options, usual_town
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

AREA = "/editor/documents/draft"
SECONDS = 120.0  # a whole document goes to the model in portions
WRITTEN_BY = "Sprachmodell"  # who a proposal is by until a person has saved it
NOTHING_NEW = "Zwischen diesen Fassungen hat sich kein Satz geändert."
COMPARED = "Beträge, Daten und Fristen, aus dem Vergleich der Fassungen:"
NO_ENTRY = "Das Sprachmodell hat keinen Vorschlag gemacht, der die Prüfung bestanden hat."


class Act(StrEnum):
    """What an editor has drafted from a document."""

    ESSENTIALS = "essentials"
    CHANGES = "changes"
    FAQ = "faq"


Id = Annotated[str, Query(alias="id", min_length=1, max_length=500)]
FormId = Annotated[str, Form(alias="id", min_length=1, max_length=500)]
Number = Annotated[int, Form(ge=1)]
# the number of a version, or the id of an earlier document behind this mark
EARLIER = "id:"
Before = Annotated[str, Form(pattern=rf"^(?:[1-9]\d{{0,8}}|{EARLIER}.{{1,500}})$")]


def drafting_routes(parts: Parts, pages: EditorPages) -> APIRouter:
    """`/editor/documents/draft`: what is not kept is the answer to its form; proposals are kept."""
    router = APIRouter(include_in_schema=False)
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806

    def page(
        visitor: Visitor,
        document_id: str,
        draft: ShownDraft | None = None,
        problem: str = "",
        values: Sequence[str] = (),
    ) -> Response:
        return pages.render(
            "draft.html",
            visitor,
            found=parts.editing.show(document_id),
            has_model=parts.model is not None,
            has_standing=bool(parts.store.registry.standing(document_id)),
            earlier=_earlier(parts, document_id),
            earlier_mark=EARLIER,
            mark=MARK,
            draft=draft,
            text=_text_of(draft, values) if draft else "",
            problem=problem,
        )

    @router.get(AREA)
    def show(visitor: Reader, document_id: Id) -> Response:
        return pages.attempt(visitor, document_id, lambda: page(visitor, document_id))

    @router.post(AREA)
    def draft(
        visitor: Writer,
        document_id: FormId,
        act: Annotated[Act, Form()],
        a: Before = "1",
        b: Number = 1,
    ) -> Response:
        def write(model: LanguageModel) -> Response:
            if act is Act.FAQ:
                return propose(visitor, document_id, model)
            kind = DraftKind(act)
            hits, values = _passages(parts, document_id), list[str]()
            if kind is DraftKind.CHANGES:
                hits, values = _changes(parts, document_id, a, b)
                if not hits:
                    return page(visitor, document_id, problem=NOTHING_NEW)
            written = write_draft(model, kind, hits, parts.store.encoder, seconds=SECONDS)
            if kind is DraftKind.CHANGES:
                written = told_apart(written)
            place = place_of(parts.store.registry, document_id)
            parts.staff.note(visitor, "draft_text", document_id, place=place, kind=kind.value)
            return page(visitor, document_id, show_draft(written), values=values)

        def try_it() -> Response:
            if parts.model is None:
                return page(visitor, document_id)
            try:
                return write(parts.model)
            except ModelFailed as error:
                return page(visitor, document_id, problem=model_sentence(error))

        return pages.attempt(visitor, document_id, try_it)

    def propose(visitor: Visitor, document_id: str, model: LanguageModel) -> Response:
        hits = _passages(parts, document_id)
        found = propose_entries(model, hits, parts.store.encoder, SECONDS)
        count = _keep(parts, visitor.person, found.entries)
        place = place_of(parts.store.registry, document_id)
        made = {"count": count, "dropped": found.dropped}
        parts.staff.note(visitor, "draft_faq", document_id, place=place, **made)
        if not count:
            return page(visitor, document_id, problem=NO_ENTRY)
        return see("/editor/answers?done=faq_drafted")

    return router


def _passages(parts: Parts, document_id: str) -> list[Hit]:
    """All passages of a document as in force today, else of its newest version that stands; raises
    DocumentUnknown where none does."""
    registry, today = parts.store.registry, date.today()
    version = registry.standing_version(document_id, today)
    if version is None:
        raise DocumentUnknown
    day = day_of_version(version.document) or today
    found = parts.store.index.fetch(document_id, registry.generation(), day)
    return [Hit(passage, version.document, 1.0, 1.0) for passage in found]


def _earlier(parts: Parts, document_id: str) -> list[Version]:
    """The documents that this one may have taken the place of."""
    history = parts.store.registry.history(document_id)
    return earlier_documents(parts.store.registry, history[-1].document) if history else []


def _changes(parts: Parts, document_id: str, a: str, b: int) -> tuple[list[Hit], list[str]]:
    """What changed from version `a`, or an earlier document, to version `b`, and its values as they
    were and are; raises DocumentUnknown, VersionUnknown."""
    later = require_version(parts.store.registry.history(document_id), b)
    if a.startswith(EARLIER):
        earlier = {version.document.id: version for version in _earlier(parts, document_id)}
        if (before := earlier.get(a.removeprefix(EARLIER))) is None:
            raise DocumentUnknown
        difference = parts.editing.diff_documents(before, later)
    else:
        difference = parts.editing.diff(document_id, int(a), b)
    return change_hits(difference, later.document), list(changed_values(difference))


def _keep(parts: Parts, person: Person, entries: tuple[ProposedEntry, ...]) -> int:
    """Keeps entries as drafts for approved answers, but for questions that are among them already;
    how many there are. A person saves a draft under their name, another one approves it."""
    engine = parts.store.registry.engine
    known = {(one.town, one.own.question.casefold()) for one in read_proposals(engine)}
    options = town_options(parts, person)
    count = 0
    for entry in entries:
        question, answer = clean_question(entry.question), clean_answer(entry.answer)
        document = entry.hits[0].document
        place = document.jurisdiction
        key = (place.key or place.name) if place else ""
        town = key if key in dict(options) else usual_town(options)
        if (town, question.casefold()) in known or document.kind is Kind.FAQ:
            continue
        if not person.may(Role.EDITOR, town):
            continue
        proposal = Proposal(
            town=town,
            wordings={"de": Wording(question, answer)},
            sources=tuple(dict.fromkeys(source_of(hit) for hit in entry.hits)),
        )
        save_proposal(engine, proposal, WRITTEN_BY)
        count += 1
    return count


def _text_of(draft: ShownDraft, values: Sequence[str]) -> str:
    """What stood up to the checks, point by point, each with its place, and the `values` that
    changed; "" for nothing."""
    points = [f"– {sentence.text} {sentence.places}" for sentence in draft.sound]
    compared = ["", COMPARED, *(f"– {value}" for value in values)] if values else []
    return "\n".join((f"[{MARK}]", "", *points, *compared)) if points else ""
