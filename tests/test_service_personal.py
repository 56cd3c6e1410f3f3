"""Personal data are found and replaced by placeholders; what looks like them stays."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from core.settings import load_settings
from core.store import Store
from eval.dataset import read_rows
from eval.security import score_personal
from service.answerer import Answerer
from service.app import create_app
from service.guard import has_personal_data
from service.personal import find_personal, mask_personal

SHARED = Path(__file__).parent.parent.parent / "shared" / "data" / "security" / "pii.jsonl"


def found(text: str) -> list[str]:
    return [f"{span.kind}: {text[span.start : span.end]}" for span in find_personal(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mein Name ist anna müller, hilfe", ["PERSON: anna müller"]),
        ("ICH HEISSE ANNA MÜLLER UND SUCHE", ["PERSON: ANNA MÜLLER"]),
        ("Frau Dr. Müller-Lüdenscheidt war da", ["PERSON: Müller-Lüdenscheidt"]),
        ("Je m'appelle Jean-Pierre de la Fontaine.", ["PERSON: Jean-Pierre de la Fontaine"]),
        ("Benim adım Ayşe Özdemir'dir", ["PERSON: Ayşe Özdemir"]),
        ("Меня зовут Иван Петров", ["PERSON: Иван Петров"]),
        ("Мене звати Олена Коваленко", ["PERSON: Олена Коваленко"]),
        ("اسمي محمد الحسن وأسكن هنا", ["PERSON: محمد الحسن"]),
        ("نام من علی رضایی است", ["PERSON: علی رضایی"]),
        ("Nazywam się Łukasz Wiśniewski", ["PERSON: Łukasz Wiśniewski"]),
        ("Me llamo José García López", ["PERSON: José García López"]),
        ("Mi chiamo Marco D'Angelo", ["PERSON: Marco D'Angelo"]),
        ("Mă numesc Ion Popescu și caut", ["PERSON: Ion Popescu"]),
        ("Meine Frau Olena Kovalenko kommt mit", ["PERSON: Olena Kovalenko"]),
        ("Viele Grüße, Sabine Krause", ["PERSON: Sabine Krause"]),
        ("wohnhaft Am Anger 3, 99084 Erfurt", ["ADDRESS: Am Anger 3, 99084 Erfurt"]),
        ("Lange Str. 12, 60311 Bad Homburg.", ["ADDRESS: Lange Str. 12, 60311 Bad Homburg"]),
        ("Postfach 12 34 56, 78462 Konstanz", ["ADDRESS: Postfach 12 34 56, 78462 Konstanz"]),
        ("ul. Długa 7/9", ["ADDRESS: ul. Długa 7/9"]),
        ("DE89 3704 0044 0532 0130 00 bitte", ["IBAN: DE89 3704 0044 0532 0130 00"]),
        ("GB29NWBK60161331926819", ["IBAN: GB29NWBK60161331926819"]),
        ("Steuer-ID 54 921 706 304", ["TAX_ID: 54 921 706 304"]),
        ("Nr. 65 170839 J 003", ["SSN: 65 170839 J 003"]),
        ("Ausweis LJ57TKP963", ["ID_CARD: LJ57TKP963"]),
        ("geboren am 3. Februar 2001", ["DOB: 3. Februar 2001"]),
        ("I was born on May 24, 1990", ["DOB: May 24, 1990"]),
        ("народилася 3 травня 1985", ["DOB: 3 травня 1985"]),
        ("+49 (0) 7531 900123", ["PHONE: +49 (0) 7531 900123"]),
        ("٠١٥١ ٢٣٤٥٦٧٨٩", ["PHONE: ٠١٥١ ٢٣٤٥٦٧٨٩"]),
        ("jürgen.müller@größe.example", ["EMAIL: jürgen.müller@größe.example"]),
        (
            "c/o Familie Schmidt, Hauptstr. 5, 78462 Konstanz",
            ["PERSON: Schmidt", "ADDRESS: Hauptstr. 5, 78462 Konstanz"],
        ),
        ("Anna Schulz, geb. 12.4.1970", ["PERSON: Anna Schulz", "DOB: 12.4.1970"]),
    ],
)
def test_personal_data_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected
    assert has_personal_data(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gibt es in der Hauptstraße Parkplätze?",
        "Ist das Bürgerbüro unter 07531 900-0 erreichbar?",
        "Notruf 112, Behördennummer 115, Bereitschaft 116117",
        "Gilt § 5 Abs. 2 der Satzung vom 12.12.2024 in 78462 Konstanz?",
        "Rechnung mit Aktenzeichen 0262.0-3-0328 vom 23.12.2020: 1.234,56 EUR",
        "Geöffnet 08.00-12.00 und 14:00-16:00 Uhr?",
        "DE00 0000 0000 0000 0000 00 ist ungültig",
        "Kann meine Frau Elterngeld beantragen?",
        "Wie bekommt eine Familie Kindergeld?",
        "Frau Bürgermeisterin, wann ist Sprechstunde?",
        "Mein Name ist im Pass falsch geschrieben",
        "my name is misspelled on the passport",
        "Ich bin Deutsche Staatsangehörige",
        "أنا من سوريا وأريد التسجيل",
        "Kostet ein Kitaplatz 300 Euro?",
        "Am Montag 8-12 Uhr offen?",
    ],
)
def test_what_only_looks_like_personal_data_stays(text: str) -> None:
    assert found(text) == []


def test_a_number_with_a_wrong_check_digit_is_nobodys() -> None:
    assert found("54921706305 LJ57TKP964 65 170839 J 004") == []


def test_the_same_words_get_the_same_placeholder_and_can_be_put_back() -> None:
    text = "Herr Groß ruft Frau Adam an. Frau Adam (0170 1234567) ruft Herrn Groß zurück."
    masked = mask_personal(text)
    assert masked.text == (
        "Herr [PERSON-1] ruft Frau [PERSON-2] an. "
        "Frau [PERSON-2] ([PHONE-1]) ruft Herrn [PERSON-1] zurück."
    )
    restored = masked.text
    for placeholder, words in masked.words.items():
        restored = restored.replace(placeholder, words)
    assert restored == text


def test_a_placeholder_that_somebody_typed_is_not_taken_for_ours() -> None:
    masked = mask_personal("[PERSON-1] und Frau Adam")
    assert masked.text == "[PERSON-1] und Frau [PERSON-2]"
    assert masked.words == {"[PERSON-2]": "Adam"}


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, service.personal; print(*({'phonenumbers', 'stdnum'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


@pytest.mark.parametrize(
    "text", ["1 rue " + "de " * 320 + "x", "Hund " + ("0" + "1" * 60 + "x ") * 15]
)
def test_no_question_keeps_the_search_for_personal_data_busy(text: str) -> None:
    code = "import sys; from service.personal import find_personal; find_personal(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, text], check=True, timeout=30)


@pytest.mark.shared_data
def test_of_the_marked_messages_nearly_all_is_found_and_nothing_else() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED} is missing")
    rows = list(read_rows(SHARED))
    spans = [
        frozenset((span.start, span.end, str(span.kind)) for span in find_personal(row["text"]))
        for row in rows
    ]
    for name, scores in score_personal(rows, spans).items():
        assert scores.recall is None or scores.recall >= 0.95, name
        assert scores.falsely <= 0.02 * scores.harmless, name


def test_no_log_record_holds_a_citizens_words(
    auental: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = "Quittenbaum"
    question = f"Mein Name ist Xaver {words}, was kostet ein Reisepass?"
    settings = load_settings(rate_limit="off")
    app = create_app(settings, Answerer(auental, settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        asked = client.post("/api/v1/answers", json={"question": question})
        stream = {"Accept": "text/event-stream"}
        client.post("/api/v1/answers", json={"question": question}, headers=stream)
        client.get("/api/v1/search", params={"q": question})
        client.post("/api/v1/answers", json={"question": question, "town": words})
        client.post("/api/v1/answers", json={"question": question * 50})
        client.post("/api/v1/answers", json={"question": {"a": question}})
        client.post("/api/v1/answers", content=question.encode())
    assert asked.status_code == 200
    assert caplog.records
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    told = [f"{record.getMessage()} {record.exc_text or ''}" for record in ours]
    assert [text for text in told if words in text] == []
