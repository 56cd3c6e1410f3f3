"""The front desk, as a browser without JavaScript sees it: somebody stands there, she types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import pytest
from desks import Desk, open_desk
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in
from sqlalchemy import select

from core import tables
from core.feedback import DESK, read_feedback, take_back_feedback
from core.openvino_encoder import OpenVinoEncoder
from core.types import Answer, Citation, Coming, Document, Mode, Statement, Status
from web.citizen.sources import LONGEST_QUOTE
from web.desk.marks import mark_words, snippet
from web.desk.offices import read_office
from web.desk.reply import LONGEST_MAIL, write_reply
from web.staff_pages import StaffPages

DOG_TAX = "hundesteuer zweiter hund"


@pytest.fixture(scope="module")
def desk(encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk"), encoder) as opened:
        yield opened


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def texts(page: Any, path: str) -> list[str]:
    return [text_of(element) for element in page.xpath(path)]


HITS = "//ol[@class='hits']//a"
NEAR = "//ol[@class='hits near']//a"


@pytest.mark.parametrize("path", ["", "/results?q=hund", "/page?document=hundesteuersatzung"])
def test_nobody_gets_to_the_desk_without_signing_in(desk: Desk, path: str) -> None:
    response = desk.stranger().get(f"/desk{path}", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/sign-in")


def test_an_empty_desk_offers_towns_and_filters_with_labels(desk: Desk) -> None:
    page = desk.get()

    assert texts(page, "//select[@id='town']/option") == ["Alle Orte", "Auental", "Talheim"]
    fields = page.xpath("//form[@id='search']//*[self::input or self::select]")
    assert {field.get("name") for field in fields} == {
        "q", "town", "level", "valid", "kind", "as_of", "compare", "language"
    }  # fmt: skip
    for field in fields:
        assert page.xpath(f"//label[@for='{field.get('id')}']")
    assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")


def test_a_few_words_find_passages_and_show_where_they_stand(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX)

    assert "§ 5 Hundesteuersatzung, S. 3" in texts(page, HITS)
    assert {"Hund", "zweiten"} <= set(texts(page, "//ol[@class='hits']//mark"))


def test_what_is_far_from_the_best_stands_below_a_line(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX)

    assert texts(page, "//h2[@class='near']") == ["Vielleicht auch"]
    near = texts(page, NEAR)
    assert near
    assert not set(near) & set(texts(page, HITS))


def test_the_answer_stands_above_as_a_citizen_reads_it_and_is_not_counted(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX, town="Auental")

    [answer] = page.xpath("//section[@data-answer]")
    assert "Beantwortet" in text_of(answer)
    assert "216,00 Euro" in text_of(answer)
    assert "§ 5 Abs. 1 Hundesteuersatzung, S. 3" in texts(answer, ".//ol[@class='sources']//a")
    engine = desk.store.registry.engine
    desk.answerer.usage.write(engine)
    with engine.connect() as connection:
        for table in (tables.answer_count, tables.citation_use):
            assert connection.execute(select(table)).all() == []


def test_typing_fetches_passages_alone(desk: Desk) -> None:
    page = desk.get("/results", q=DOG_TAX)

    assert texts(page, HITS)
    assert not page.xpath("//section[@data-answer] | //header")
    assert desk.get("/results", q=DOG_TAX, answer="1").xpath("//section[@data-answer]")


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"kind": "form"}, {"Formular"}),
        ({"kind": "statute"}, {"Satzung oder Gesetz"}),
        ({"level": "state"}, {"Land Mittelland"}),
        ({"town": "Talheim"}, {"Talheim", "Land Mittelland"}),
        ({"valid": "coming"}, {"künftig"}),
        ({"valid": "any"}, {"künftig", "außer Kraft", "in Kraft"}),
    ],
)
def test_filters_narrow_what_is_found(desk: Desk, chosen: dict[str, str], found: set[str]) -> None:
    page = desk.get("/results", q="gebühren steuer hund", **chosen)

    about = [set(texts(hit, "./span")) for hit in page.xpath("//ol//p[@class='about']")]
    assert about
    for hit in about:
        assert hit & found
    assert found <= set.union(*about)


def test_a_filter_that_nothing_passes_says_so(desk: Desk) -> None:
    assert "Nichts gefunden" in text_of(desk.get("/results", q="hund", level="federal"))


def test_an_earlier_day_shows_what_was_in_force_then(desk: Desk) -> None:
    def documents(**chosen: str) -> set[str]:
        links = desk.get("/results", q=DOG_TAX, kind="statute", **chosen).xpath(f"{HITS}/@href")
        return {link.split("document=")[1].split("&")[0] for link in links}

    assert "hundesteuersatzung-2020" in documents(as_of="2023-05-01")
    assert "hundesteuersatzung-2020" not in documents()


def test_two_towns_stand_side_by_side(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX, town="Auental", compare="Talheim")

    columns = page.xpath("//div[@class='column']")
    assert [texts(column, "./h2[@class='town']") for column in columns] == [
        ["Auental"],
        ["Talheim"],
    ]
    amounts = [text_of(column.xpath(".//section[@data-answer]")[0]) for column in columns]
    assert "216,00 Euro" in amounts[0]
    assert "77,00 Euro" not in amounts[0]
    assert "77,00 Euro" in amounts[1]
    assert "216,00 Euro" not in amounts[1]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "?"}, "Bitte geben Sie ein paar Wörter ein."),
        ({"q": "hund", "town": "Atlantis"}, "Diesen Ort gibt es hier nicht."),
        ({"q": "hund", "as_of": "2026-02-31"}, "Diesen Tag gibt es nicht."),
        ({"q": "hund " * 210}, "Die Frage ist zu lang."),
        ({"document": "atlantis"}, "Dieses Dokument gibt es nicht."),
        ({"document": "hundesteuersatzung", "page": "99"}, "Diese Seite hat das Dokument nicht."),
        ({"document": "hundesteuersatzung", "day": "gestern"}, "Diesen Tag gibt es nicht."),
    ],
)
def test_what_cannot_be_looked_up_is_said_in_a_sentence(
    desk: Desk, query: dict[str, str], sentence: str
) -> None:
    [alert] = desk.get(**query).xpath("//*[@role='alert']")
    assert text_of(alert).startswith(sentence)


def opened(desk: Desk, label: str, **query: str) -> Any:
    page = desk.get(**query)
    [link] = page.xpath(f"//a[@class='hit' and text()='{label}']/@href")
    return desk.follow(link)


def test_a_passage_opens_the_page_of_the_pdf_with_the_passage_marked(desk: Desk) -> None:
    page = opened(desk, "§ 5 Hundesteuersatzung, S. 3", q=DOG_TAX)

    assert texts(page, "//*[@id='opened']") == ["§ 5 Hundesteuersatzung, S. 3"]
    [picture] = page.xpath("//section[@id='pane']//img")
    assert "die Stelle ist markiert" in picture.get("alt")
    height = int(picture.get("height"))
    [spacer] = page.xpath("//section[@id='pane']//span[@class='place']/svg/@viewbox")
    assert 0 < int(spacer.split()[-1]) < height
    assert page.xpath("//a[@href='#mark']")
    drawn = desk.client.get(picture.get("src"))
    assert drawn.headers["content-type"] == "image/png"
    assert "für den zweiten Hund" in " ".join(texts(page, "//*[@id='text']//mark"))
    assert texts(page, "//ol//a[@aria-current]") == ["§ 5 Hundesteuersatzung, S. 3"]


def test_the_way_leads_to_other_pages_and_other_passages_of_the_document(desk: Desk) -> None:
    page = opened(desk, "§ 5 Hundesteuersatzung, S. 3", q=DOG_TAX)

    def go(page: Any, name: str) -> Any:
        [address] = page.xpath(f"//a[@data-pane='{name}']/@href")
        return desk.follow(address)

    next_page = go(page, "next-page")
    assert texts(next_page, "//*[@id='opened']") == ["Hundesteuersatzung, S. 4"]
    assert not next_page.xpath("//*[@id='text']//mark")
    assert texts(go(next_page, "previous-page"), "//*[@id='opened']") == texts(
        page, "//*[@id='opened']"
    )
    other = go(page, "previous-hit")
    assert texts(other, "//*[@id='opened']") != texts(page, "//*[@id='opened']")
    assert texts(go(other, "next-hit"), "//*[@id='opened']") == texts(page, "//*[@id='opened']")


def test_a_passage_is_quoted_with_its_source_and_sent_as_a_link(desk: Desk) -> None:
    page = opened(desk, "§ 5 Hundesteuersatzung, S. 3", q=DOG_TAX)

    quotation = page.xpath("//textarea[@id='quotation']")[0].text.strip()
    assert quotation.startswith("»(1) Die Steuer beträgt im Kalenderjahr")
    assert quotation.endswith("« (§ 5 Hundesteuersatzung, S. 3, Stand 12.11.2025)")
    body = mail_of(page, "Link")[1]
    assert "https://testserver/source?document=hundesteuersatzung" in body
    [public] = [line for line in body.splitlines() if line.startswith("https://testserver")]
    assert desk.stranger().get(public).status_code == 200


def test_what_an_answer_rests_on_is_quoted_whole_however_long_it_is(desk: Desk) -> None:
    page = desk.get(q="Was kostet der Eintritt ins Freibad?", town="Talheim")

    [source] = page.xpath("//section[@data-answer]//a[@class='source']/@href")
    assert len(parse_qs(source)["quote"][0]) <= LONGEST_QUOTE
    for shown in (page, desk.follow(source)):
        quotation = shown.xpath("//textarea[@id='quotation']")[0].text.strip()
        assert quotation.startswith("»Eine Einzelkarte kostet")
        assert "seit dem 1. Mai 2024.« (" in quotation
        marked = " ".join(texts(shown, "//*[@id='text']//mark"))
        assert marked.endswith("seit dem 1. Mai 2024.")


def reply_of(page: Any) -> str:
    text: str = page.xpath("//section[@data-answer]//textarea")[0].text
    return text.strip()


def mail_of(page: Any, name: str) -> tuple[str, str]:
    """The address that a link opens a mail program with, and the text in it."""
    [address] = page.xpath(f"//a[starts-with(@href, 'mailto:')][contains(., '{name}')]/@href")
    return address, unquote(address.partition("&body=")[2]).replace("\r\n", "\n")


def test_a_reply_is_mailed_whole_or_else_copied(desk: Desk) -> None:
    short = desk.get(q=DOG_TAX, town="Auental")
    assert mail_of(short, "Als E-Mail")[1] == reply_of(short)

    long = desk.get(q=DOG_TAX, town="Auental", language="ru")
    address, body = mail_of(long, "Leere E-Mail")
    assert len(address) <= LONGEST_MAIL < len(quote(reply_of(long)))
    assert body == ""
    assert "ist der Text zu lang" in text_of(long.xpath("//section[@data-answer]")[0])
    assert "ist der Text zu lang" not in text_of(short)


def test_a_quotation_is_mailed_whole_or_else_its_source_alone(desk: Desk) -> None:
    short = opened(desk, "§ 5 Hundesteuersatzung Talheim", q=DOG_TAX, town="Talheim")
    assert mail_of(short, "Link")[1].startswith("»(1) Die Steuer beträgt für den ersten Hund 33,00")

    long = opened(desk, "§ 5 Hundesteuersatzung, S. 3", q=DOG_TAX)
    address, body = mail_of(long, "Link")
    assert len(address) <= LONGEST_MAIL
    source, _, link = body.partition("\n\n")
    assert source == "§ 5 Hundesteuersatzung, S. 3, Stand 12.11.2025"
    assert desk.stranger().get(link).status_code == 200
    assert "ist das Zitat zu lang" in text_of(long.xpath("//section[@id='pane']")[0])


def test_a_reply_says_what_will_change() -> None:
    now, later = (
        Citation(1, Document("gebuehren", "Gebühren", as_of=day), "§ 8 Gebühren", "§ 8", None, "")
        for day in (date(2024, 11, 20), date(2026, 10, 21))
    )
    statement = Statement("Altholz: 7,50 Euro.", "de", (1,))
    change = Coming(date(2027, 1, 1), "Altholz: 8,50 Euro.", "de", later)
    answer = Answer(
        "1", Status.ANSWERED, Mode.EXTRACTIVE, "en", "It says:", (statement,), (now,), (), (change,)
    )

    reply = write_reply(answer, "").text

    said = "From 1 January 2027: Altholz: 8,50 Euro. (§ 8 Gebühren, as of 21 October 2026)"
    assert said in reply.split("\n\n")
    assert reply.index("7,50") < reply.index("8,50") < reply.index("as of 20 November 2024")


def test_the_reply_is_in_the_language_of_the_citizen(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX, town="Auental", language="tr")

    [field] = page.xpath("//section[@data-answer]//textarea")
    reply = field.text.strip()
    assert (field.get("lang"), field.get("dir")) == ("tr", "ltr")
    assert reply.startswith("Merhaba,")
    assert "216,00 Euro" in reply
    assert "[1] § 5 Abs. 1 Hundesteuersatzung, S. 3" in reply
    assert "Bürgerbüro, Tel. 0123; Mo–Fr 8–12 Uhr" in reply
    assert reply.endswith("Saygılarımızla")
    [arabic] = desk.get(q=DOG_TAX, town="Auental", language="ar").xpath(
        "//section[@data-answer]//textarea"
    )
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")


def test_the_office_that_the_cited_document_names_is_shown_and_stands_in_the_reply(
    desk: Desk,
) -> None:
    page = desk.get(q="Was kostet der Fischereischein?", town="Talheim")

    [office] = page.xpath("//section[@data-answer]//p[@class='office']")
    assert "Ordnungsamt Talheim, Rathaus, Zimmer 4, Telefon 07777 12-34" in text_of(office)
    reply = page.xpath("//section[@data-answer]//textarea")[0].text
    assert "Telefon 07777 12-34" in reply
    assert "Bürgerbüro, Tel. 0123" not in reply
    there = desk.follow(office.xpath(".//a/@href")[0])
    assert texts(there, "//*[@id='opened']") == ["„Zuständige Stelle“, Fischereischein"]
    assert not desk.get(q=DOG_TAX, town="Auental").xpath("//p[@class='office']")


@pytest.mark.parametrize(
    ("heading", "text", "office"),
    [
        ("Kontakt", "Gewerbeamt, Zimmer 8, Telefon 09999 123-310.", True),
        ("Zuständige Stelle", "Amt\nTelefon: 0123 456", True),
        ("An wen kann ich mich wenden?", "an amt@auental.example", True),
        ("Anschrift und Öffnungszeiten", "Schlossallee 4, Telefon 09998 700-230", True),
        ("Kontakt", "Fragen Sie uns gern.", False),
        ("Steuersatz", "Die Steuer beträgt 96 Euro, Telefon 0123 456.", False),
        ("Kontaktpersonen in der Probezeit", "Telefon 0123 456", False),
    ],
)
def test_an_office_is_read_below_a_heading_that_says_so(
    heading: str, text: str, office: bool
) -> None:
    assert bool(read_office(heading, text)) is office


def test_the_lines_of_an_office_end_before_its_opening_hours() -> None:
    hours = "\n".join(f"Tag: {day} | Vormittag: 8:00 bis 12:00 Uhr" for day in range(20))
    read = read_office("Kontakt", f"Amt, Telefon 0123 456.\n{hours}")
    assert read.startswith("Amt, Telefon 0123 456; Tag: 0")
    assert len(read) < 450


def test_a_wrong_answer_is_marked_with_what_it_cites_and_can_be_unmarked(desk: Desk) -> None:
    def marks() -> list[Any]:
        return read_feedback(desk.store.registry.engine, origin=DESK)

    page = desk.get(q=DOG_TAX, town="Auental")
    marked = desk.send(page.forms[-1])
    assert "als falsch gemeldet" in text_of(marked.xpath("//*[@id='done']")[0])
    [mark] = marks()
    assert not mark.feedback.is_helpful
    assert mark.feedback.documents[0] == "hundesteuersatzung"
    assert DOG_TAX not in repr(mark)

    [undo] = [form for form in marked.forms if form.action.startswith("/desk/wrong/undo")]
    undone = desk.send(undo)
    assert "zurückgenommen" in text_of(undone.xpath("//*[@id='done']")[0])
    assert marks() == []


def test_a_clerk_marks_only_answers_of_her_towns(desk: Desk) -> None:
    page = desk.get(q=DOG_TAX, town="Auental")
    said = dict(page.forms[-1].form_values())
    registry = desk.store.registry
    [version] = registry.standing("hundesteuersatzung")
    place = version.document.jurisdiction
    assert place
    assert place.key
    client = desk.client
    for number, (town, status) in enumerate((("99999", 403), (place.key[:5], 303), ("", 303))):
        token = signed_in(client, registry.engine, "clerk", f"clerk{number}", town)
        answer = said | {"form_token": token, "document": "hundesteuersatzung", "of_town": ""}
        sent = client.post("/desk/wrong", data=answer, follow_redirects=False)
        assert sent.status_code == status, town
    marks = read_feedback(registry.engine, origin=DESK)
    assert len(marks) == 2
    for mark in marks:
        take_back_feedback(registry.engine, mark.id, DESK)


def test_a_form_of_another_site_marks_nothing(desk: Desk) -> None:
    said = {"status": "answered", "mode": "extractive", "form_token": "guessed"}
    assert desk.client.post("/desk/wrong", data=said).status_code == 403
    assert read_feedback(desk.store.registry.engine, origin=DESK) == []


def test_a_hostile_document_shows_as_text(desk: Desk) -> None:
    page = desk.get(q="Katzenklappe")

    shown = text_of(page)
    assert "<script>alert(1)</script>" in shown
    assert "onerror=alert(1)" in shown
    assert "\u202e" not in shown
    assert not page.xpath("//img[@src='x'] | //*[starts-with(@href, 'javascript:')]")
    scripts = page.xpath("//script")
    assert scripts
    assert all(script.get("src") and not script.text for script in scripts)


def test_marks_follow_spellings_and_endings() -> None:
    def marked(text: str, query: str) -> list[str]:
        return [piece.text for piece in mark_words(text, query) if piece.is_marked]

    assert marked("Müllgebühr, MUELL, Straße", "mull strasse") == ["Müllgebühr", "MUELL", "Straße"]
    assert marked("§ 5 und § 55", "§ 5") == ["5"]
    assert marked("der Hund und die Katze", "der und die") == []
    assert marked("a(b", "(") == []


def test_a_long_passage_is_cut_around_what_was_typed() -> None:
    text = "Wort " * 100 + "Hundesteuer " + "Ende " * 100
    shown = "".join(piece.text for piece in snippet(text, "hundesteuer"))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "Hundesteuer" in shown
    assert len(shown) < 260


def test_fields_of_forms_are_labelled_and_say_what_is_wrong() -> None:
    template = """{% from "staff/forms.html" import text_field, select, checkbox, pagination %}
    {{ text_field("name", "Name", hint="So heißen Sie.", error="Fehlt <noch>.") }}
    {{ text_field("word", "Wort", value="<b>", rows=3, is_required=false) }}
    {{ select("kind", "Art", [("a", "A"), ("b", "B")], "b") }}{{ checkbox("yes", "Ja") }}
    {{ pagination(2, 3, "/x?page=") }}"""
    page: Any = html.fromstring(StaffPages()._templates.from_string(template).render())

    for field in page.xpath("//input | //textarea | //select"):
        assert page.xpath(f"//label[@for='{field.get('id')}']")
    name = page.get_element_by_id("name")
    assert name.get("aria-invalid") == "true"
    described = [page.get_element_by_id(part) for part in name.get("aria-describedby").split()]
    assert list(map(text_of, described)) == ["So heißen Sie.", "Fehlt <noch>."]
    assert described[1].get("role") == "alert"
    assert page.get_element_by_id("word").text.strip() == "<b>"
    assert texts(page, "//option[@selected]") == ["B"]
    assert page.xpath("//nav//a[@aria-current]/@href") == ["/x?page=2"]


def test_what_was_done_is_said_once_by_a_code_and_never_by_the_address(desk: Desk) -> None:
    assert not desk.get(done="<b>gewonnen</b>").xpath("//*[@id='done']")


def test_without_kern_the_pages_link_nothing_that_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("web.staff_pages.KERN", tmp_path)
    client = TestClient(desk.app(), base_url="https://testserver")
    signed_in(client, desk.store.registry.engine, "clerk", "ben")

    page: Any = html.fromstring(client.get("/desk").text)
    addresses = page.xpath("//link/@href | //script/@src")
    assert addresses
    for address in addresses:
        assert "kern" not in address
        assert client.get(address).status_code == 200
