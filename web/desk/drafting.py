"""A reply or a notice that a language model drafts from passages that a clerk has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from core.errors import ModelFailed, UsageError
from core.glossary import glossary
from core.languages import SUPPORTED, direction
from core.store import Store
from core.types import Hit
from service.staff_drafts import LONGEST_NOTE, MOST_PASSAGES, DraftKind, write_draft
from service.wording import SIMPLE_GERMAN, Text, message
from web.desk.inquiry import read_day
from web.documents import place_of
from web.drafting import MARK, ShownDraft, model_sentence, show_draft
from web.parts import Parts
from web.people.rights import Role, Visitor

LONGEST_SALUTATION = 200
LONGEST_CHOICE = 700  # characters of a place as the form sends it
DESK_KINDS = {DraftKind.REPLY: "Antwort", DraftKind.NOTICE: "Bekanntmachung"}
NOTHING_CHOSEN = "Bitte wählen Sie mindestens eine Fundstelle, auf der der Text beruhen soll."
TOO_MANY = f"Bitte wählen Sie höchstens {MOST_PASSAGES} Fundstellen."
TOO_LONG = f"Die Notiz ist zu lang. Bitte kürzen Sie auf {LONGEST_NOTE} Zeichen."
GONE = "Eine der Fundstellen gibt es nicht mehr. Bitte suchen Sie noch einmal."

Chosen = Annotated[list[str], Form(max_length=100)]


class DraftUnfit(UsageError):
    """Nothing can be drafted from this."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be drafted: from `places` (see `Inquiry.place`), with a note that the
    model sees without its personal data, and a salutation that it does not see; `is_simple`: in
    simple language, which is German alone."""

    kind: DraftKind
    places: tuple[str, ...]
    note: str
    salutation: str
    language: str
    is_simple: bool

    @property
    def wording(self) -> str:
        """What it is written in."""
        return SIMPLE_GERMAN if self.is_simple and self.language == "de" else self.language


def drafting_routes(parts: Parts) -> APIRouter:
    """`/desk/draft`: answers a form with a page, as nothing of it is kept."""
    router = APIRouter(include_in_schema=False)
    SendingClerk = Annotated[Visitor, Depends(parts.staff.needs_form(Role.CLERK))]  # noqa: N806

    @router.post("/draft")
    def draft(
        visitor: SendingClerk,
        place: Chosen = [],  # noqa: B006
        kind: Annotated[DraftKind, Form()] = DraftKind.REPLY,
        note: Annotated[str, Form()] = "",
        salutation: Annotated[str, Form(max_length=LONGEST_SALUTATION)] = "",
        language: Annotated[str, Form(max_length=10)] = "de",
        simple: Annotated[bool, Form()] = False,
    ) -> Response:
        kind = kind if kind in DESK_KINDS else DraftKind.REPLY
        spoken = language if language in SUPPORTED and kind is DraftKind.REPLY else "de"
        places = tuple(dict.fromkeys(place))
        wish = Wish(kind, places, note.strip(), salutation.strip(), spoken, simple)
        try:
            shown, text, problem = *_write(parts, visitor, wish), ""
        except DraftUnfit as error:
            shown, text, problem = None, "", str(error)
        except ModelFailed as error:
            shown, text, problem = None, "", model_sentence(error)
        return parts.pages.render(
            "desk/draft.html",
            visitor,
            area="/desk",
            has_model=parts.model is not None,
            mark=MARK,
            kinds=DESK_KINDS,
            wish=wish,
            draft=shown,
            text=text,
            problem=problem if parts.model else "",
            direction=direction(spoken),
            longest_note=LONGEST_NOTE,
        )

    return router


def _write(parts: Parts, visitor: Visitor, wish: Wish) -> tuple[ShownDraft | None, str]:
    """The draft and its text; nothing without a model. Raises DraftUnfit, ModelFailed."""
    if parts.model is None:
        return None, ""
    if not wish.places:
        raise DraftUnfit(NOTHING_CHOSEN)
    if len(wish.places) > MOST_PASSAGES:
        raise DraftUnfit(TOO_MANY)
    if len(wish.note) > LONGEST_NOTE:
        raise DraftUnfit(TOO_LONG)
    hits = [_find(parts.store, place) for place in wish.places]
    documents = list(dict.fromkeys(hit.document.id for hit in hits))
    registry = parts.store.registry
    place = max((place_of(registry, document) for document in documents), key=len)  # the nearest
    draft = write_draft(
        parts.model,
        wish.kind,
        hits,
        parts.store.encoder,
        wish.note,
        wish.wording,
        glossary(registry.engine, place, wish.language),
    )
    # not the clerk's note
    parts.staff.note(visitor, "draft_text", wish.kind.value, place=place, documents=documents)
    shown = show_draft(draft, wish.language)
    settings = parts.settings
    contact = "; ".join(filter(None, (settings.contact, settings.opening_hours)))
    return shown, compose_text(wish, shown, contact) if shown.sound else ""


def compose_text(wish: Wish, draft: ShownDraft, contact: str) -> str:
    """The text to go on with: what stood up to the checks, with its sources, between salutation and
    closing where it is a reply. Its first line says that it is a draft; a person takes that out."""

    def say(text: Text, **values: object) -> str:
        return message(text, wish.wording, **values)

    is_reply = wish.kind is DraftKind.REPLY
    body = "\n".join(f"{sentence.text} {sentence.numbers}" for sentence in draft.sound)
    sources = [f"[{source.number}] {source.label}" for source in draft.sources]
    parts: Sequence[str] = (
        f"[{MARK}]",
        (wish.salutation or say(Text.REPLY_SALUTATION)) if is_reply else "",
        body,
        "\n".join([say(Text.SOURCES_HEADING), *sources]),
        say(Text.REPLY_CONTACT, contact=contact) if contact else "",
        say(Text.REPLY_CLOSING) if is_reply else "",
    )
    return "\n\n".join(filter(None, parts))


def _find(store: Store, place: str) -> Hit:
    """The passage that a form named; raises DraftUnfit where it is gone."""
    passage_id, _, rest = place[:LONGEST_CHOICE].partition("|")
    written, _, document_id = rest.partition("|")
    try:
        day = read_day(written) or date.today()
    except UsageError:
        raise DraftUnfit(GONE) from None
    version = store.registry.standing_version(document_id, day)
    passages = store.index.fetch(document_id, store.registry.generation(), day)
    found = next((passage for passage in passages if passage.id == passage_id), None)
    if version is None or found is None:
        raise DraftUnfit(GONE)
    return Hit(found, version.document, 1.0, 1.0)
