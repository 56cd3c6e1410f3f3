"""The page of a document that lies open beside the passages: its picture, its text, the way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.labels import label
from core.store import Store
from core.types import Document, Passage
from ingest.page_images import WIDTHS, PageImage, PageImages
from service.answerer import Answerer
from web.citizen.page import safe_address
from web.citizen.page_text import CUT, PageText, visible
from web.citizen.source_view import SHOWN_WIDTH, FoundPage, Wanted, find_page, image_of
from web.citizen.sources import cut_quote, image_address, source_address
from web.desk.columns import NEAR
from web.desk.inquiry import Inquiry, read_day
from web.desk.reply import Mail, quotation, write_mail
from web.desk.words import KINDS, LEVELS, days_of, place_of, short_day, validity_of

IN_DOCUMENT = 50  # passages among which the next hit is sought


@dataclass(frozen=True, slots=True)
class Hits:
    """Where an open passage stands among the hits of its document, in reading order: the addresses
    of those beside it, "" where there is none."""

    number: int
    count: int
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Pane:
    """What lies open. `pictures`: address by width, empty for a format without pages; `image`: the
    one it is laid out with, None where it cannot be drawn right now; `original`, `public` and the
    addresses of other pages are "" where there are none."""

    label: str
    title: str
    place: str
    level: str
    kind: str
    validity: str
    days: tuple[str, ...]
    number: int
    count: int
    has_pages: bool
    text: PageText
    is_marked: bool
    pictures: dict[int, str]
    shown_width: int
    image: PageImage | None
    previous_page: str
    next_page: str
    hits: Hits | None
    words: str
    source: str
    quotation: str
    page_address: str
    language: str
    original: str
    public: str
    mail: Mail


def open_page(
    store: Store, answerer: Answerer, images: PageImages, inquiry: Inquiry, site: str
) -> Pane:
    """What an inquiry has open; `site`: the address that links for others begin with.

    Raises DayInvalid, DocumentUnknown, DocumentWithdrawn, or HTTPException where the document has
    no such page.
    """
    day = read_day(inquiry.day)
    passages = _passages(store, inquiry.document, day)
    passage = next((p for p in passages if p.id == inquiry.passage), None)
    around = passage or next((p for p in passages if _quoted(p, inquiry.quote)), None)
    whole = _quoted(around, inquiry.quote) if around else ""
    words = _on_first_page(passage) if passage else whole or inquiry.quote
    number = _number(inquiry.page) or (passage.page if passage else None)
    found = find_page(store, Wanted(inquiry.document, number, words, day))
    document, has_pages = found.document, found.version.page_count > 0
    page = found.number if has_pages else None
    is_marked = bool(found.text.quote)
    if passage and is_marked:
        name = label(document, passage.section, page, _shared_mark(passage))
    else:
        name = found.label or label(document, "", page)
    source = f"{name}, Stand {short_day(document.as_of)}" if document.as_of else name
    quoted = passage.text if passage else words
    picture = words if is_marked else ""
    page_address = source_address(document.id, page, picture, day)
    quote = quotation(visible(quoted), source) if is_marked and quoted else ""
    link = site + page_address
    bare_link = site + source_address(document.id, page, "", day)
    return Pane(
        label=visible(name),
        title=visible(document.title),
        place=visible(place_of(document)),
        level=LEVELS[document.jurisdiction.level] if document.jurisdiction else "",
        kind=KINDS[document.kind],
        validity=validity_of(document, read_day(inquiry.as_of) or date.today()),
        days=days_of(document, date.today()),
        number=found.number,
        count=found.count,
        has_pages=has_pages,
        text=found.text,
        is_marked=is_marked,
        pictures=_pictures(document, found.number, picture, day) if found.original else {},
        shown_width=SHOWN_WIDTH,
        image=_image(store, images, found, Wanted(document.id, found.number, picture, day)),
        previous_page=_page(inquiry, found.number - 1) if found.number > 1 else "",
        next_page=_page(inquiry, found.number + 1) if found.number < found.count else "",
        hits=_hits(answerer, inquiry, passages, around.id, day) if around else None,
        words=visible(quoted),
        source=visible(source),
        quotation=quote,
        page_address=page_address,
        language=document.language,
        original=_original(document, day, page),
        public=safe_address(document.url) or "",
        mail=write_mail(
            visible(document.title),
            f"{quote}\n\n{link}",
            f"{visible(source)}\n\n{link}",
            f"{visible(source)}\n\n{bare_link}",
        ),
    )


def _passages(store: Store, document_id: str, day: date | None) -> list[Passage]:
    """The passages of a document as in force on a day, in reading order."""
    generation = store.registry.generation()
    return store.index.fetch(document_id, generation, day or date.today())


def _quoted(passage: Passage, quote: str) -> str:
    """What an address quotes of a passage, with the middle that is left out there; "" where it does
    not stand in it."""
    text = " ".join(passage.text.split())
    begins, _, ends = " ".join(quote.split()).partition(CUT)
    start = text.find(begins) if begins else -1
    end = text.find(ends, start + len(begins))
    return text[start : end + len(ends)] if start >= 0 and end >= 0 else ""


def _on_first_page(passage: Passage) -> str:
    """The words of a passage that stand on its first page."""
    sentences = [s for s in passage.sentences if s.page == passage.page]
    return passage.text[sentences[0].start : sentences[-1].end] if sentences else passage.text


def _shared_mark(passage: Passage) -> str:
    """The Absatz that a passage is, "" where it holds several."""
    marks = {sentence.mark for sentence in passage.sentences}
    return marks.pop() if len(marks) == 1 else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) else None


def _pictures(document: Document, number: int, quote: str, day: date | None) -> dict[int, str]:
    return {width: image_address(document.id, number, quote, day, width) for width in WIDTHS}


def _image(store: Store, images: PageImages, found: FoundPage, wanted: Wanted) -> PageImage | None:
    """The picture that is laid out: the same that its address gives, whose quote is cut."""
    if found.original is None:
        return None
    return image_of(images, find_page(store, replace(wanted, quote=cut_quote(wanted.quote))))


def _page(inquiry: Inquiry, number: int) -> str:
    return inquiry.address(page=str(number))


def _original(document: Document, day: date | None, page: int | None) -> str:
    version = f"?as_of={day}" if day else ""
    return f"/documents/{document.id}/original{version}{f'#page={page}' if page else ''}"


def _hits(
    answerer: Answerer, inquiry: Inquiry, passages: Sequence[Passage], here: str, day: date | None
) -> Hits | None:
    """The open passage among those of its document that a search finds; None without a search."""
    if not inquiry.q:
        return None
    filters = replace(inquiry.filters, level=None, kind=None, document_id=inquiry.document)
    hits = answerer.search(inquiry.q, as_of=day, limit=IN_DOCUMENT, filters=filters)
    least = max((hit.score for hit in hits), default=0.0) - NEAR
    found = {hit.passage.id for hit in hits if hit.score >= least} | {here}
    order = [passage.id for passage in passages if passage.id in found]
    place = order.index(here)

    def address(place: int) -> str:
        inside = 0 <= place < len(order)
        return inquiry.address(passage=order[place], page="", quote="") if inside else ""

    return Hits(place + 1, len(order), address(place - 1), address(place + 1))
