"""A service description is read module by module, with its key, forms and office.

The file is written by hand after the schema; no real one was at hand.
"""

from pathlib import Path

import pytest

from core.errors import DocumentEmpty, DocumentUnreadable
from core.types import BlockKind, Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.xml import read_xml

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=2000, file_mb=1)


def module(name: str, content: str, *, code: str = "99", position: int = 9, more: str = "") -> str:
    named = f"<name>{name}</name>" if name else ""
    return f"""<x:modulText><x:positionDarstellung>{position}</x:positionDarstellung>
<x:inhalt languageCode="de-DE">{content}</x:inhalt>{more}
<x:leikaTextmodul listURI="urn:x"><code>{code}</code>{named}</x:leikaTextmodul></x:modulText>"""


FEES = "&lt;p&gt;Die Anmeldung kostet &lt;b&gt;nichts&lt;/b&gt;.&lt;/p&gt;"
PAPERS = """<![CDATA[<ul><li>Ausweis</li><li>Impfpass</li></ul><h3>Für Züchter</h3>
<p>Dazu der Nachweis nach § 11 Tierschutzgesetz.</p><p style="display:none">Geheim</p>]]>"""
FORM = """<![CDATA[<p>Bitte nutzen Sie die <a href="https://auental.example/hund.pdf">Anmeldung
eines Hundes</a>.</p>]]>"""
LINK = """<x:weiterfuehrenderLink languageCode="de"><x:uri>https://auental.example/hunde</x:uri>
<x:titel languageCode="de">Hunde in Auental</x:titel></x:weiterfuehrenderLink>"""
SERVICE = f"""<x:leistung><x:id schemeID="urn:leistung">L1</x:id>
<x:referenzLeiKa listURI="urn:leika"><code>99102013000000</code></x:referenzLeiKa>
{module("", "Hundesteuer Anmeldung", code="02", position=1)}
{module("", "Hund anmelden", code="03", position=2)}
{module("Erforderliche Unterlagen", PAPERS, position=5)}
{module("Gebuehren", FEES, position=4)}
{module("Volltext", "Wer einen Hund hält, meldet ihn an.", position=3)}
{module("Formulare", FORM, position=6, more=LINK)}
<x:modulFrist><x:positionDarstellung>7</x:positionDarstellung><x:beschreibung languageCode="de">
Binnen zwei Wochen.</x:beschreibung></x:modulFrist>
<x:modulKosten><x:positionDarstellung>8</x:positionDarstellung><x:kosten>
<x:betragUntergrenze waehrung="EUR">12.5</x:betragUntergrenze></x:kosten></x:modulKosten>
<x:modulBegriffImKontext><x:begriffImKontext><x:begriff languageCode="de">Hundemarke</x:begriff>
</x:begriffImKontext></x:modulBegriffImKontext>
<x:modulUrsprungsportal><x:uri>https://auental.example/hund</x:uri></x:modulUrsprungsportal>
<x:versionsinformation><x:geaendertDatumZeit>2026-03-01T09:30:00+01:00</x:geaendertDatumZeit>
</x:versionsinformation></x:leistung>"""
OFFICE = """<x:organisationseinheit><x:name><x:name languageCode="de">Steueramt</x:name></x:name>
<x:anschrift><x:strasse>Marktplatz</x:strasse><x:hausnummer>1</x:hausnummer>
<x:postleitzahl>73999</x:postleitzahl><x:ort>Auental</x:ort></x:anschrift>
<x:kommunikation><x:kanal><code>02</code><name>Telefon</name></x:kanal>
<x:kennung>07161 1234</x:kennung></x:kommunikation></x:organisationseinheit>"""


def read(folder: Path, content: str, version: str = "2_2_0") -> Reading:
    path = folder / "leistung.xml"
    name = f"http://xoev.de/schemata/xzufi/{version}"
    path.write_text(f'<x:antwort xmlns:x="{name}">{content}</x:antwort>', "utf-8")
    return read_xml(path, LIMITS)


@pytest.mark.parametrize("version", ["2_2_0", "2_3_0"])
def test_modules_are_sections_in_the_order_that_they_are_shown(
    tmp_path: Path, version: str
) -> None:
    reading = read(tmp_path, SERVICE + OFFICE, version)
    assert [(s.path, [p.text for p in s.paragraphs]) for s in reading.sections] == [
        (("Beschreibung",), ["Wer einen Hund hält, meldet ihn an."]),
        (("Gebühren",), ["Die Anmeldung kostet nichts."]),
        (("Erforderliche Unterlagen",), ["- Ausweis", "- Impfpass"]),
        (
            ("Erforderliche Unterlagen", "Für Züchter"),
            ["Dazu der Nachweis nach § 11 Tierschutzgesetz."],
        ),
        (
            ("Formulare",),
            [
                "Bitte nutzen Sie die Anmeldung eines Hundes.",
                "Hunde in Auental: https://auental.example/hunde",
                "Anmeldung eines Hundes: https://auental.example/hund.pdf",
            ],
        ),
        (("Fristen",), ["Binnen zwei Wochen."]),
        (("Kosten",), ["ab 12,50 Euro"]),
        (
            ("Leistungsschlüssel",),
            ["LeiKa-Schlüssel: 99102013000000", "Auch gesucht als: Hundemarke"],
        ),
        (
            ("Zuständige Stelle",),
            ["Steueramt", "Marktplatz 1, 73999 Auental", "Telefon: 07161 1234"],
        ),
    ]
    assert reading.sections[-2].paragraphs[0].kind is BlockKind.ROW


def test_the_head_and_the_links_become_hints(tmp_path: Path) -> None:
    assert dict(read(tmp_path, SERVICE).hints) == {
        "title": "Hund anmelden",
        "kind": "service",
        "language": "de",
        "url": "https://auental.example/hund",
        "as_of": "2026-03-01",
        "links": [
            {"title": "Hunde in Auental", "kind": "form", "url": "https://auental.example/hunde"},
            {
                "title": "Anmeldung eines Hundes",
                "kind": "form",
                "url": "https://auental.example/hund.pdf",
            },
        ],
    }


def test_a_code_without_a_name_is_not_guessed_at(tmp_path: Path) -> None:
    reading = read(tmp_path, f"<x:leistung>{module('', 'Text.', code='17')}</x:leistung>")
    assert reading.sections[0].path == ("Textmodul 17",)
    assert "Textmodul 17" in reading.warnings[0]


def test_a_code_of_the_leikas_list_says_what_a_text_is(tmp_path: Path) -> None:
    texts = "".join(module("", "Text.", code=code) for code in ("08", "18"))
    texts = texts.replace("urn:x", "urn:de:xzufi:codeliste:leistungstextmodulleika")
    reading = read(tmp_path, f"<x:leistung>{texts}</x:leistung>")
    assert [section.path for section in reading.sections] == [
        ("Erforderliche Unterlagen",),
        ("Textmodul 18",),
    ]


def test_other_languages_are_left_out_and_named(tmp_path: Path) -> None:
    english = '<x:inhalt languageCode="en">It is free.</x:inhalt>'
    service = f"<x:leistung>{module('Kosten', 'Nichts.', more=english)}</x:leistung>"
    reading = read(tmp_path, service)
    assert [p.text for p in reading.sections[0].paragraphs] == ["Nichts."]
    assert reading.warnings == ("The texts in en were left out.",)


def test_several_services_stand_below_their_titles(tmp_path: Path) -> None:
    second = SERVICE.replace("Hund anmelden", "Hund abmelden")
    paths = [section.path for section in read(tmp_path, SERVICE + second).sections]
    assert ("Hund anmelden", "Gebühren") in paths
    assert ("Hund abmelden", "Gebühren") in paths


@pytest.mark.parametrize(
    ("content", "error"),
    [("", DocumentUnreadable), ("<x:leistung/>", DocumentEmpty), ("<x:leis", DocumentUnreadable)],
)
def test_a_file_without_a_service_fails_in_one_sentence(
    tmp_path: Path, content: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        read(tmp_path, content)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("<x:dauer>1</x:dauer><x:einheit>Tag</x:einheit>", "1 Tag"),
        (
            "<x:dauer>2</x:dauer><x:einheit><code>4</code><name>Woche</name></x:einheit>"
            "<x:dauerBis>4</x:dauerBis>",
            "2 bis 4 Wochen",
        ),
        (
            "<x:dauer>6</x:dauer><x:einheit>week</x:einheit>"
            "<x:dauerBis>3</x:dauerBis><x:einheitBis>Monate</x:einheitBis>",
            "6 Wochen bis 3 Monate",
        ),
    ],
)
def test_terms_that_are_given_as_numbers_are_read(term: str, said: str, tmp_path: Path) -> None:
    module = f"<x:modulBearbeitungsdauer><x:frist>{term}</x:frist></x:modulBearbeitungsdauer>"
    reading = read(tmp_path, SERVICE.replace("</x:leistung>", f"{module}</x:leistung>"))
    (found,) = (s for s in reading.sections if s.heading == "Bearbeitungsdauer")
    assert [p.text for p in found.paragraphs] == [f"Bearbeitungsdauer: {said}"]
    assert reading.warnings == ()


def test_a_unit_that_has_only_a_code_is_named_not_guessed_at(tmp_path: Path) -> None:
    term = "<x:modulFrist><x:frist><x:dauer>3</x:dauer><x:einheit>7</x:einheit></x:frist>"
    reading = read(
        tmp_path, SERVICE.replace("</x:leistung>", f"{term}</x:modulFrist></x:leistung>")
    )
    assert reading.warnings == ("The file does not say what these are: Frist 3 7.",)
    assert "3 7" not in str(reading.sections)
