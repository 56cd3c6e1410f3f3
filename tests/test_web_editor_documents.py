"""An editor's working day on the pages: look, upload, compare, publish, take back, withdraw."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from encoders import WordEncoder
from fastapi.testclient import TestClient
from lxml import html
from people import signed_in

from core import audit, tables
from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.writer import writing
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.border import LARGER_BODIES
from web.editor.german import warning_sentence
from web.editor.kept_uploads import KeptUploads
from web.parts import parts_of
from web.site import create_site

TAX = "---\nid: hundesteuer\ntitle: Hundesteuersatzung\nkind: statute\n"
TAX += 'jurisdiction: {{level: municipality, name: Auental, key: "081175009002"}}\n---\n'
TAX += "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n\n"
TAX += "## § 6 Befreiung\n\n(1) Blindenhunde sind befreit.\n"
LEAFLET = "# Merkblatt Hund\n\n(1) Die Steuer beträgt 96 Euro.\n"
PAGE = {"Accept": "text/html"}


class Desk:
    """A town with one by-law from a folder, and an editor in front of a screen."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store, self.settings, self.folder = store, settings, folder
        answerer = Answerer(store, settings)
        site = create_site(settings, answerer, parts_of(settings, store, answerer))
        self.client = TestClient(site, base_url="https://testserver", headers=PAGE)
        self.token = signed_in(self.client, store.registry.engine, "editor")

    def sign_in(self, name: str, town: str = "", role: str = "editor") -> None:
        """Somebody else sits down."""
        self.token = signed_in(self.client, self.store.registry.engine, role, name, town)

    def ingest(self, amount: int) -> None:
        """The by-law comes from its folder, by the command line."""
        file = self.folder / "hundesteuer.md"
        file.write_text(TAX.format(amount=amount), "utf-8")
        assert ingest([self.folder], Publisher(self.store), self.settings).failures == []

    def get(self, address: str, status: int = 200) -> Any:
        response = self.client.get(address)
        assert response.status_code == status, response.text
        return html.fromstring(response.text)

    def post(self, address: str, status: int = 200, **fields: object) -> Any:
        response = self.client.post(address, data={"form_token": self.token, **fields})
        assert response.status_code == status, response.text
        return html.fromstring(response.text)

    def upload(self, *files: tuple[str, str | bytes], status: int = 200, **fields: str) -> Any:
        """The page after files were read."""
        sent = [("files", (name, content)) for name, content in files]
        data = {"form_token": self.token, **fields}
        response = self.client.post("/editor/uploads", data=data, files=sent)  # type: ignore[arg-type]
        assert response.status_code == status, response.text
        return self.wait(response) if status == 200 else html.fromstring(response.text)

    def wait(self, response: Any) -> Any:
        """The page that a job leads to, also where it ended before it was looked at."""
        address = response.history[0].headers["location"]
        for _ in range(200):
            if self.client.get(f"{address}.json").json()["is_over"]:
                return self.get(address)
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    def decide(self, act: str, subject: str, status: int = 200, **fields: object) -> Any:
        """The page after what is prepared was looked at and published, or scheduled."""
        stage = self.get(f"/editor/documents/stage?id={subject}")
        (form,) = stage.xpath(f"//form[@action='/editor/documents/{act}']")
        (seen,) = form.xpath("input[@name='seen']/@value")
        return self.post(f"/editor/documents/{act}", status, id=subject, seen=seen, **fields)

    def said(self, page: Any) -> str:
        return " ".join(page.find(".//main").text_content().split())

    def answer(self, **options: str) -> str:
        """What citizens find."""
        found = self.client.get("/api/v1/search", params={"q": "Steuer Euro", **options}).json()
        return " ".join(passage["text"] for passage in found["passages"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = load_settings(state_dir=tmp_path / "state", rate_limit="off", reader_file_mb=1)
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    folder = tmp_path / "town"
    folder.mkdir()
    yield Desk(Store(encoder, index, registry, settings.state_dir / "originals"), settings, folder)
    index.close()
    registry.close()


def test_an_upload_is_prepared_compared_and_published(desk: Desk) -> None:
    desk.ingest(96)

    read = desk.upload(("hundesteuer.md", TAX.format(amount=120)), reason="Ratsbeschluss")
    assert "Prüfen und veröffentlichen" in desk.said(read)
    assert "96 Euro" in desk.answer()

    stage = desk.get("/editor/documents/stage?id=hundesteuer")
    assert [v.text_content() for v in stage.xpath("//*[@class='values']//del")] == ["96 Euro"]
    assert [v.text_content() for v in stage.xpath("//*[@class='values']//ins")] == ["120 Euro"]
    assert "1 Abschnitt geändert. 1 Abschnitt bleibt gleich." in desk.said(stage)
    beside = desk.get("/editor/documents/stage?id=hundesteuer&view=beside")
    (row,) = beside.xpath("//table[@class='sides']//tbody/tr")
    assert [" ".join(cell.text_content().split()) for cell in row] == [
        "(1) Die Steuer beträgt 96 Euro.",
        "(1) Die Steuer beträgt 120 Euro.",
    ]

    shown = desk.decide("publish", "hundesteuer")
    assert "Die neue Fassung ist veröffentlicht." in desk.said(shown)
    assert "Ratsbeschluss" in desk.said(shown)
    assert "120 Euro" in desk.answer()
    acts = [(entry.act, entry.by) for entry in audit.read(desk.store.registry.engine)]
    assert acts[:2] == [("publish", "ada"), ("prepare", "ada")]


def test_an_upload_follows_the_document_that_came_from_a_folder_and_is_not_undone_by_it(
    desk: Desk,
) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    desk.decide("publish", "hundesteuer")

    desk.ingest(96)
    assert "120 Euro" in desk.answer()
    desk.ingest(130)
    assert "130 Euro" in desk.answer()

    desk.upload(("hundesteuer.md", TAX.format(amount=140).split("---\n")[2]))
    desk.decide("publish", "hundesteuer")
    (version,) = desk.store.registry.standing("hundesteuer")
    place = version.document.jurisdiction
    assert (version.document.title, version.document.kind) == ("Hundesteuersatzung", "statute")
    assert place
    assert place.key == "081175009002"


def test_the_form_says_what_a_file_is_and_what_is_discarded_is_forgotten(desk: Desk) -> None:
    desk.upload(
        ("scan.md", LEAFLET),
        title="Merkblatt für Hunde",
        kind="leaflet",
        as_of="2026-02-01",
        place="new",
        level="municipality",
        name="Auental",
        key="081175009002",
    )
    (staged,) = desk.store.registry.staged()
    document = staged.publication.version.document
    assert (document.id, document.title) == ("scan", "Merkblatt für Hunde")
    assert (document.kind, document.as_of) == ("leaflet", date(2026, 2, 1))
    assert document.jurisdiction
    assert document.jurisdiction.key == "081175009002"
    discarded = desk.decide("discard", "scan")
    assert "ist verworfen" in desk.said(discarded)
    assert desk.store.registry.staged() == []


def test_bad_files_are_named_and_the_rest_goes_on(desk: Desk) -> None:
    desk.ingest(96)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    page = desk.upload(
        ("kaputt.pdf", b"%PDF-1.7 broken"),
        ("umbenannt.pdf", packed.getvalue()),
        ("leer.md", b""),
        ("tabelle.xlsx", b"PK"),
        ("riesig.md", b"x" * (2**20 + 1)),
        ("../../merkblatt.md", LEAFLET),
        ("hundesteuer.md", TAX.format(amount=96)),
        ("kopie.md", TAX.format(amount=130)),
    )
    said = [" ".join(card.text_content().split()) for card in page.xpath("//li[@class='card']")]
    assert "beschädigt" in said[0]
    assert "Office or ZIP file" in said[1]
    assert "steht kein Text" in said[2]
    assert "Diese Art von Datei" in said[3]
    assert "zu groß" in said[4]
    assert "Prüfen und veröffentlichen" in said[5]
    assert "gilt schon so" in said[6]
    assert "dieselbe Kennung" in said[7]
    forgotten = desk.get("/editor/uploads/0123", status=404)
    assert forgotten.xpath("//main//a/@href") == ["/editor?state=prepared"]
    kept = sorted(p.name for p in (desk.settings.state_dir / "uploads").rglob("*") if p.is_file())
    assert kept == ["merkblatt.md"]


def test_too_much_is_refused_with_a_sentence(desk: Desk) -> None:
    many = desk.upload(*[(f"{n}.md", LEAFLET) for n in range(500)], status=422)
    assert "höchstens 200" in many.xpath("//*[@role='alert']")[0].text_content()
    none = desk.upload(status=422, reason="Nur so")
    assert "mindestens eine Datei" in desk.said(none)
    assert none.xpath("//input[@name='reason']/@value") == ["Nur so"]
    two = desk.upload(("a.md", LEAFLET), ("b.md", LEAFLET), status=422, title="Merkblatt")
    assert "einzeln" in desk.said(two)
    length = {"Content-Length": str(LARGER_BODIES["POST", "/editor/uploads"] + 1)}
    large = desk.client.post("/editor/uploads", headers=length, content=b"")
    assert large.status_code == 413
    assert "500 MB" in large.text
    assert desk.store.registry.staged() == []


def test_who_is_not_signed_in_sees_and_sends_nothing(desk: Desk) -> None:
    desk.client.cookies.clear()
    for address in ("/editor", "/editor/uploads", "/editor/documents/show?id=a"):
        assert desk.client.get(address, follow_redirects=False).status_code == 303
    response = desk.client.post("/editor/uploads", files={"files": ("a.md", LEAFLET)})
    assert response.status_code == 401
    assert not (desk.settings.state_dir / "uploads").exists()


def end_session(desk: Desk) -> None:
    """Nobody did anything for a while."""
    with desk.store.registry.engine.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(tables.session.update().values(seen_at=earlier))


def test_files_that_were_sent_after_the_session_ended_wait_for_who_sent_them(desk: Desk) -> None:
    end_session(desk)
    ended = desk.upload(("hundesteuer.md", TAX.format(amount=96)), status=401, reason="Beschluss")
    assert "Ihre Dateien sind noch da" in desk.said(ended)
    (address,) = ended.xpath("//input[@name='next']/@value")
    assert desk.store.registry.staged() == []
    desk.sign_in("bea")
    assert "nicht mehr" in desk.said(desk.get(address, status=404))  # they are not hers
    desk.post(address, status=404)
    desk.sign_in("ada")
    waiting = desk.get(address)
    assert "hundesteuer.md" in desk.said(waiting)
    assert desk.store.registry.staged() == []
    read = desk.wait(desk.client.post(address, data={"form_token": desk.token}))
    assert "Prüfen und veröffentlichen" in desk.said(read)
    assert desk.store.registry.staged()[0].publication.version.reason == "Beschluss"
    assert "nicht mehr" in desk.said(desk.get(address, status=404))
    assert not list((desk.settings.state_dir / "uploads" / "kept").iterdir())


def test_files_wait_with_a_bound_and_not_for_strangers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = desk.settings.state_dir / "uploads" / "kept"
    end_session(desk)
    desk.upload(("a.md", LEAFLET), status=401)
    desk.upload(("b.md", LEAFLET), status=401)
    (place,) = kept.iterdir()  # the last one of a person
    assert (place / "0").read_text() == LEAFLET
    hour_ago = time.time() - 3601
    os.utime(place, (hour_ago, hour_ago))
    desk.token = "guessed"
    desk.upload(("c.md", LEAFLET), status=401)
    KeptUploads(desk.settings.state_dir)
    assert not list(kept.iterdir())
    monkeypatch.setattr("web.editor.kept_uploads.ROOM", 3)
    desk.sign_in("ada")
    end_session(desk)
    refused = desk.upload(("d.md", LEAFLET), status=401)
    assert "Dateien kann die Auskunft nicht aufheben" in desk.said(refused)
    desk.client.cookies.set("__Host-session", "nobody's")
    desk.upload(("e.md", LEAFLET), status=401)
    assert not list(kept.iterdir())


def test_an_upload_in_another_format_names_the_file_that_it_stands_in_for(desk: Desk) -> None:
    desk.ingest(96)
    page = "<html><body><h1>Hundesteuersatzung</h1><p>Die Steuer beträgt 99 Euro.</p></body></html>"
    desk.upload(("hundesteuer.html", page))
    stage = desk.get("/editor/documents/stage?id=hundesteuer")
    assert "Hochgeladen als .html-Datei, an Stelle von hundesteuer.md" in desk.said(stage)
    assert "wird die hochgeladene Datei" in desk.said(stage)
    shown = desk.decide("publish", "hundesteuer")
    assert "an Stelle von hundesteuer.md" in desk.said(shown)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    assert "an Stelle von" not in desk.said(desk.get("/editor/documents/stage?id=hundesteuer"))


def test_how_scanned_pages_were_read_is_shown(desk: Desk) -> None:
    desk.ingest(96)
    scans = [[3, 61, True, ""]]
    with desk.store.registry.engine.begin() as connection:
        connection.execute(tables.reading.update().values(scans=scans))
    shown = desk.said(desk.get("/editor/documents/show?id=hundesteuer"))
    assert "1 gescannte Seite, 1 davon vom Bild gelesen" in shown
    assert "3vom Bild61 %" in shown  # three cells
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    with desk.store.registry.engine.begin() as connection:
        connection.execute(tables.staged.update().values(scans=scans))
    stage = desk.said(desk.get("/editor/documents/stage?id=hundesteuer"))
    assert "1 gescannte Seite" in stage


def test_a_form_without_its_token_changes_nothing(desk: Desk) -> None:
    desk.ingest(96)
    for address in ("publish", "discard", "withdraw"):
        response = desk.client.post(f"/editor/documents/{address}", data={"id": "hundesteuer"})
        assert response.status_code in (403, 409)
    response = desk.client.post("/editor/uploads", files={"files": ("a.md", LEAFLET)})
    assert response.status_code in (403, 409)
    assert "96 Euro" in desk.answer()
    assert desk.store.registry.staged() == []


def test_an_editor_of_another_town_may_neither_see_nor_replace(desk: Desk) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    desk.sign_in("bea", town="091620000000")

    assert "Hundesteuersatzung" not in desk.said(desk.get("/editor"))
    for page in ("show", "stage", "withdraw", "original"):
        desk.get(f"/editor/documents/{page}?id=hundesteuer", status=403)
    for act in ("publish", "discard", "withdraw", "preview"):
        desk.post(f"/editor/documents/{act}", status=403, id="hundesteuer", seen="now")
    read = desk.upload(("hundesteuer.md", TAX.format(amount=9)), ("neu.md", LEAFLET))
    assert desk.said(read).count("keine Rechte") == 2
    assert "96 Euro" in desk.answer()

    desk.sign_in("cem", town="08117")  # the district that the town lies in
    assert "Hundesteuersatzung" in desk.said(desk.get("/editor"))
    assert "Prüfen und" in desk.said(desk.upload(("hundesteuer.md", TAX.format(amount=9))))


def test_a_version_can_be_scheduled(desk: Desk) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    day = date.today() + timedelta(days=40)
    desk.decide("schedule", "hundesteuer", day=day.isoformat())
    assert "96 Euro" in desk.answer()
    assert "120 Euro" not in desk.answer()
    assert "120 Euro" in desk.answer(as_of=day.isoformat())
    assert f"ab {day.day}.{day.month}.{day.year}" in desk.said(desk.get("/editor"))


def test_an_editor_takes_back_and_withdraws(desk: Desk) -> None:
    desk.ingest(96)
    desk.ingest(120)
    confirm = desk.get("/editor/documents/rollback?id=hundesteuer&version=1")
    assert "Fassung 1 wieder gelten lassen?" in desk.said(confirm)
    back = desk.post("/editor/documents/rollback", id="hundesteuer", version=1, reason="Zu früh")
    assert "Zu früh" in desk.said(back)
    assert "96 Euro" in desk.answer()
    both = desk.get("/editor/documents/show?id=hundesteuer&a=1&b=2")
    assert [v.text_content() for v in both.xpath("//*[@class='values']//ins")] == ["120 Euro"]
    first = desk.client.get("/editor/documents/original?id=hundesteuer&version=1")
    assert "96 Euro" in first.text

    desk.get("/editor/documents/withdraw?id=hundesteuer")
    gone = desk.post("/editor/documents/withdraw", id="hundesteuer", reason="Veraltet")
    assert "zurückgezogen" in desk.said(gone)
    assert desk.answer() == ""
    assert "Hundesteuersatzung" in desk.said(desk.get("/editor?state=withdrawn"))


def test_the_preview_shows_answers_and_what_other_documents_still_say(desk: Desk) -> None:
    desk.ingest(96)
    entry = "---\nkind: faq\n---\n# Hund\n\n## Wie hoch ist die Steuer für den Hund?\n\n"
    (desk.folder / "faq.md").write_text(entry + "96 Euro im Jahr.\n\nQuelle: hundesteuer § 5\n")
    (desk.folder / "merkblatt.md").write_text(LEAFLET)
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))

    token = {"form_token": desk.token, "id": "hundesteuer"}
    stage = desk.wait(desk.client.post("/editor/documents/preview", data=token))

    assert "1 Frage gestellt, 1 Antwort ändert sich." in desk.said(stage)
    assert "nennt noch 96 Euro statt 120 Euro" in desk.said(stage)
    assert "96 Euro" in desk.answer()  # looking changes nothing
    shown = desk.decide("publish", "hundesteuer")
    assert "Eine freigegebene Antwort ruht deshalb" in desk.said(shown)


def test_the_preview_asks_the_evaluation_set_of_the_settings(desk: Desk) -> None:
    questions = desk.folder.parent / "fragen.jsonl"
    questions.write_text('{"question": {"de": "Wie hoch ist die Steuer?"}}\n', "utf-8")
    set_up = desk.settings.model_copy(update={"evaluation_set": questions})
    desk = Desk(desk.store, set_up, desk.folder)
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    token = {"form_token": desk.token, "id": "hundesteuer"}
    stage = desk.wait(desk.client.post("/editor/documents/preview", data=token))
    assert "1 Frage gestellt, 1 Antwort ändert sich." in desk.said(stage)
    questions.write_text("Wie hoch ist die Steuer?", "utf-8")
    failed = desk.wait(desk.client.post("/editor/documents/preview", data=token))
    assert "Prüffragen (AUSKUNFT_EVALUATION_SET) ist nicht lesbar" in desk.said(failed)


def test_two_editors_notice_each_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    monkeypatch.setattr("web.editing.PATIENCE", 0.1)
    with writing(desk.settings):
        busy = desk.decide("publish", "hundesteuer", status=409)
        assert "an anderer Stelle geschrieben" in desk.said(busy)
        busy = desk.post("/editor/documents/withdraw", 409, id="hundesteuer", reason="Veraltet")
    (form,) = busy.xpath("//main//form")
    assert form.get("action") == "/editor/documents/withdraw"
    assert dict(form.form_values())["reason"] == "Veraltet"  # nothing typed is lost
    desk.ingest(108)
    for act in ("publish", "schedule"):
        overtaken = desk.decide(act, "hundesteuer", status=409, day="2099-01-01")
        assert "eine andere Fassung" in desk.said(overtaken)
    assert "eine andere Fassung" in desk.said(desk.get("/editor/documents/stage?id=hundesteuer"))
    assert "108 Euro" in desk.answer()


def test_who_decides_while_files_are_read_waits_in_line(desk: Desk) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with writing(desk.settings):
            is_writing.set()
            may_end.wait()
            time.sleep(0.3)

    thread = threading.Thread(target=write)
    thread.start()
    is_writing.wait()
    may_end.set()
    desk.decide("publish", "hundesteuer")
    thread.join()
    assert "120 Euro" in desk.answer()


def test_an_id_of_approved_answers_is_taken_from_nowhere_else(desk: Desk) -> None:
    faq = "---\nkind: faq\n---\n# Hund\n\n## Was kostet der Hund?\n\nNichts.\n"
    read = desk.upload(("freigegebene-antworten-auental.md", faq))
    assert "Geben Sie dem Dokument eine andere." in desk.said(read)
    (desk.folder / "faq.md").write_text(faq.replace("kind", "id: freigegebene-antworten\nkind"))
    report = ingest([desk.folder], Publisher(desk.store), desk.settings)
    assert [error.code for error in report.errors] == ["document_reserved"]
    assert desk.store.registry.standing() == []


def test_approved_answers_are_withdrawn_by_an_approver(desk: Desk) -> None:
    faq = "---\nkind: faq\n---\n# Hund\n\n## Was kostet der Hund?\n\nDie Steuer: 50 Euro.\n"
    (desk.folder / "faq.md").write_text(faq)
    desk.ingest(96)
    for page in ("show", "withdraw"):
        shown = desk.get(f"/editor/documents/{page}?id=faq")
        assert "nur eine Person mit der Rolle „Freigabe“" in desk.said(shown)
        assert not shown.xpath("//main//form | //main//a[contains(@href, '/withdraw')]")
    refused = desk.post("/editor/documents/withdraw", 409, id="faq")
    assert "Rolle Freigabe" in refused.xpath("//*[@role='alert']")[0].text_content()
    assert "50 Euro" in desk.answer()
    desk.sign_in("bea", role="approver")
    assert desk.get("/editor/documents/show?id=faq").xpath("//a[contains(@href, '/withdraw')]")
    desk.post("/editor/documents/withdraw", id="faq")
    assert "50 Euro" not in desk.answer()


def test_an_address_that_is_not_there_is_a_page_of_the_staff(desk: Desk) -> None:
    for address in ("/editor/nowhere", "/people/a/b/c", "/desk/nowhere"):
        page = desk.get(address, status=404)
        assert "Diese Seite gibt es nicht" in desk.said(page)
        assert page.xpath("//nav[@aria-label='Bereiche']//a/@href")[0] == "/desk"
    wrong = desk.get("/editor/documents/show?id=a&a=x", status=422)
    assert "nicht vollständig" in desk.said(wrong)
    desk.client.cookies.clear()
    assert "/sign-in" in desk.get("/editor/nowhere", status=404).xpath("//main//a/@href")
    citizen = desk.client.get("/nowhere", headers={"Accept-Language": "en"})
    assert "für das Team" not in citizen.text


def test_only_what_was_seen_is_published_or_discarded(desk: Desk) -> None:
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    stage = desk.get("/editor/documents/stage?id=hundesteuer")
    (seen,) = set(stage.xpath("//input[@name='seen']/@value"))
    desk.upload(("hundesteuer.md", TAX.format(amount=999)))
    for act in ("publish", "schedule", "discard"):
        address = f"/editor/documents/{act}"
        changed = desk.post(address, 409, id="hundesteuer", seen=seen, day="2099-01-01")
        assert "etwas anderes" in changed.xpath("//*[@role='alert']")[0].text_content()
        assert "/editor/documents/stage?id=hundesteuer" in changed.xpath("//main//a/@href")
        desk.post(address, 422, id="hundesteuer", day="2099-01-01")
    assert len(desk.store.registry.history("hundesteuer")) == 1
    desk.decide("publish", "hundesteuer")
    assert "999 Euro" in desk.answer()


def test_approved_answers_are_published_by_an_approver_who_did_not_upload_them(desk: Desk) -> None:
    faq = '---\nkind: faq\njurisdiction: {level: municipality, name: A, key: "081175009002"}\n'
    faq += "---\n# Hund\n\n## Was kostet der Hund?\n\nDie Steuer beträgt 50 Euro.\n"
    desk.upload(("faq.md", faq))
    desk.decide("publish", "faq", status=409)
    desk.sign_in("bea", role="approver")
    desk.upload(("faq.md", faq.replace("50", "60")))
    for act in ("publish", "schedule"):
        refused = desk.decide(act, "faq", status=409, day="2099-01-01")
        assert "zweite Person" in refused.xpath("//*[@role='alert']")[0].text_content()
    assert desk.answer() == ""
    desk.sign_in("cem", role="approver")
    desk.decide("publish", "faq")
    desk.upload(("faq.md", faq.replace("50", "70")))
    desk.sign_in("bea")
    desk.decide("publish", "faq")
    desk.sign_in("ada")
    desk.post("/editor/documents/rollback", 409, id="faq", version=1)
    assert "70 Euro" in desk.answer()
    desk.sign_in("cem")
    desk.post("/editor/documents/rollback", id="faq", version=1)
    assert "60 Euro" in desk.answer()


def test_a_preview_shows_nothing_of_other_towns(desk: Desk) -> None:
    desk.ingest(96)
    faq = (
        "---\nid: {0}-faq\nkind: faq\njurisdiction: {{level: municipality, name: B, key: '{1}'}}\n"
    )
    faq += "---\n# Hund\n\n## Was kostet der Hund in {0}?\n\nDie Steuer.\n\nQuelle: {2} § 5\n"
    other = TAX.replace("081175009002", "091620000000").replace("id: hundesteuer", "id: fremd")
    (desk.folder / "a.md").write_text(faq.format("Auental", "081175009002", "hundesteuer"))
    (desk.folder / "b.md").write_text(faq.format("Bestadt", "091620000000", "fremd"))
    (desk.folder / "fremd.md").write_text(other.format(amount=96))
    desk.ingest(96)
    desk.upload(("hundesteuer.md", TAX.format(amount=120)))
    desk.upload(("fremd.md", other.format(amount=777)))

    def preview() -> str:
        token = {"form_token": desk.token, "id": "hundesteuer"}
        return desk.said(desk.wait(desk.client.post("/editor/documents/preview", data=token)))

    everything = preview()
    assert "Was kostet der Hund in Bestadt?" in everything
    assert "Mitgeprüft" in everything
    desk.sign_in("bea", town="08117")
    mine = preview()
    assert "Was kostet der Hund in Auental?" in mine
    assert "Bestadt" not in mine
    assert "Mitgeprüft" not in mine


def test_documents_are_found_filtered_sorted_and_paged(desk: Desk) -> None:
    for number in range(60):
        file = desk.folder / f"{number:02}.md"
        day = date.today() - timedelta(days=500 + number)
        file.write_text(
            f"---\ntitle: Blatt {number:02}\nas_of: {day}\n---\n# Blatt\n\nText {number}.\n"
        )
    desk.ingest(96)

    def titles(address: str) -> list[str]:
        return [a.text_content() for a in desk.get(address).xpath("//tbody//th//a")]

    assert len(titles("/editor")) == 50
    assert len(titles("/editor?page=2")) == 11
    assert titles("/editor?kind=statute") == ["Hundesteuersatzung"]
    assert titles("/editor?level=municipality") == ["Hundesteuersatzung"]
    assert titles("/editor?q=blatt+07") == ["Blatt 07"]
    assert titles("/editor?state=old&order=age")[0] == "Blatt 59"
    assert titles("/editor?state=prepared") == []


def test_a_place_is_called_by_its_level_once(desk: Desk) -> None:
    cars = (
        "---\ntitle: Kfz\njurisdiction: {level: district, name: Landkreis Auenkreis}\n---\n# Kfz\n"
    )
    (desk.folder / "kfz.md").write_text(f"{cars}\nDie Zulassung kostet 30 Euro.\n")
    desk.ingest(96)
    said = desk.said(desk.get("/editor"))
    assert "· Landkreis Auenkreis ·" in said
    assert "· Gemeinde Auental ·" in said


def test_a_hostile_document_shows_as_text(desk: Desk) -> None:
    hostile = (
        "---\ntitle: <script>alert(1)</script>\nurl: javascript:alert(1)\n---\n# <img src=x>\n"
    )
    desk.upload(("boese.md", hostile + "\n<b onclick=a()>Text</b> steht hier.\n"))
    for page in ("stage", "show"):
        shown = desk.get(f"/editor/documents/{page}?id=boese")
        assert "<script>alert(1)</script>" in desk.said(shown)
        assert not shown.xpath("//main//script | //main//img | //@onclick")
    desk.decide("publish", "boese")
    shown = desk.get("/editor/documents/show?id=boese")
    assert not shown.xpath("//a[starts-with(@href, 'javascript')]")


@pytest.mark.parametrize(
    ("warning", "said"),
    [
        ("It has 1 section, the version before has 2.", "Diese Fassung hat 1 Abschnitte"),
        ("It has 40% of the text of the version before.", "nur 40 % des Textes"),
        (
            "It is as of 2024-01-31, older than the version before (2025-12-01).",
            "Der Stand ist 31.01.2024, älter als bei der vorigen Fassung (01.12.2025).",
        ),
        ("Pages 1 to 5 and 9 cannot be read.", "Nicht lesbar: Seite 1 bis 5 und 9."),
        (
            "“Amt” is no document's id or title: nothing stops the approved answer to “Wie?” when "
            "it changes.",
            "„Amt“ ist weder Kennung noch Titel eines Dokuments",
        ),
        (
            "“Satzung” may be any of a, b: nothing stops the approved answer to "
            "“Wie?” when it changes.",
            "„Satzung“ kann mehrere Dokumente meinen (a, b).",
        ),
        ("Page 3 has no text layer; install tesseract to read it.", "Seite 3 ist nur ein Bild"),
    ],
)
def test_warnings_are_read_in_german(warning: str, said: str) -> None:
    assert said in warning_sentence(warning).text


def test_a_warning_that_has_no_german_is_marked_as_english() -> None:
    assert warning_sentence("Something new.").language == "en"
