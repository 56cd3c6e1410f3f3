"""Acts of gesetze-im-internet.de are read exactly."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from core.errors import DocumentEmpty, DocumentTooLarge, DocumentUnreadable
from core.types import BlockKind, Reading
from ingest.readers.limits import ReaderLimits
from ingest.readers.xml import read_xml

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=2000, file_mb=1)
STATUTES = Path(__file__).parent.parent.parent / "shared" / "data" / "statutes"

ACT = """<?xml version="1.0" encoding="UTF-8"?>
<dokumente builddate="20260217215506" doknr="BJNR1">
<norm builddate="20260217215506"><metadaten><jurabk>HuStG 1986</jurabk>{short}
<langue>Gesetz über die Hundesteuer</langue><standangabe><standtyp>Neuf</standtyp>
<standkommentar>Neugefasst durch Bek. v. 1.2.2003</standkommentar></standangabe><standangabe>
<standtyp>Stand</standtyp><standkommentar>zuletzt geändert durch Art. 3 G v. 7.10.2025 I Nr. 256
</standkommentar></standangabe></metadaten><textdaten/></norm>
<norm><metadaten><enbez>Inhaltsübersicht</enbez></metadaten><textdaten><text><Content><TOC>
<Ident>§ 1</Ident></TOC></Content></text></textdaten></norm>
<norm><metadaten><gliederungseinheit><gliederungskennzahl>010</gliederungskennzahl>
<gliederungsbez>Abschnitt 1</gliederungsbez><gliederungstitel>Allgemeines</gliederungstitel>
</gliederungseinheit></metadaten></norm>
<norm><metadaten><enbez>§ 1</enbez><titel>Steuersatz<BR/>und Befreiung</titel></metadaten>
<textdaten><text><Content><P>(1) Die Steuer<FnR ID="f1"/> beträgt für
<DL><DT>1.</DT><DD><LA>den ersten Hund 96 Euro,<DL><DT>a)</DT><DD><LA>ermäßigt 48 Euro;</LA></DD>
</DL></LA></DD><DT>2.</DT><DD><LA><IMG SRC="x.gif"/></LA></DD></DL>im Kalenderjahr.</P>
<P>(2) Es gilt die Tabelle:<table><tgroup cols="3"><colspec colname="c1"/><colspec colname="c2"/>
<colspec colname="c3"/><thead><row><entry namest="c1" nameend="c2">Hund</entry><entry>Steuer</entry>
</row></thead><tbody><row><entry>1.</entry><entry>Zweit-<BR/>hund</entry><entry>192 Euro</entry>
</row></tbody></tgroup></table></P></Content><Footnotes><Footnote ID="f1">Weg damit</Footnote>
</Footnotes></text></textdaten></norm>
<norm><metadaten><enbez>§ 2</enbez><titel>(weggefallen)</titel></metadaten><textdaten><text>
<Content><P>-</P></Content></text></textdaten></norm>
<norm><metadaten><gliederungseinheit><gliederungskennzahl>020</gliederungskennzahl>
<gliederungsbez>Abschnitt 2</gliederungsbez></gliederungseinheit></metadaten></norm>
<norm><metadaten><enbez>Art 3</enbez></metadaten><textdaten><text><Content><P>Schluss.</P>
</Content></text></textdaten></norm>
<norm><metadaten><enbez>Anlage 1</enbez><titel>(zu § 1)</titel></metadaten><textdaten><text>
<Content><P>Muster.</P></Content></text></textdaten></norm>
</dokumente>"""


def read(folder: Path, content: str | bytes) -> Reading:
    path = folder / "act.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_xml(path, LIMITS)


@pytest.fixture
def act(tmp_path: Path) -> Reading:
    return read(tmp_path, ACT.format(short="<amtabk>HuStG</amtabk>"))


def test_an_item_that_is_a_list_keeps_its_number(tmp_path: Path) -> None:
    bare = ACT.replace("<LA>den ersten Hund 96 Euro,<DL>", "<LA><DL>")
    section = read(tmp_path, bare.format(short="")).sections[0]
    assert "1. a) ermäßigt 48 Euro;" in [p.text for p in section.paragraphs]


def test_sections_have_number_heading_and_chapters(act: Reading) -> None:
    assert [(s.number, s.heading, s.path[:-1]) for s in act.sections] == [
        ("§ 1", "Steuersatz und Befreiung", ("Abschnitt 1 Allgemeines",)),
        ("Art. 3", "", ("Abschnitt 2",)),
        ("Anlage 1", "(zu § 1)", ()),
    ]


def test_absaetze_lists_and_tables_become_lines(act: Reading) -> None:
    lines = [(p.mark, p.kind, p.text) for p in act.sections[0].paragraphs]
    assert lines == [
        ("1", BlockKind.TEXT, "(1) Die Steuer beträgt für"),
        ("1", BlockKind.TEXT, "1. den ersten Hund 96 Euro,"),
        ("1", BlockKind.TEXT, "a) ermäßigt 48 Euro;"),
        ("1", BlockKind.TEXT, "im Kalenderjahr."),
        ("2", BlockKind.TEXT, "(2) Es gilt die Tabelle:"),
        ("2", BlockKind.ROW, "Hund: 1. Zweit- hund | Steuer: 192 Euro"),
    ]


def test_the_head_gives_the_metadata(act: Reading) -> None:
    assert dict(act.hints) == {
        "title": "Gesetz über die Hundesteuer",
        "short_title": "HuStG",
        "kind": "statute",
        "language": "de",
        "jurisdiction": {"level": "federal", "name": "Bund", "key": ""},
        "as_of": "2025-10-07",
    }


def test_the_abbreviation_of_the_database_loses_its_year(tmp_path: Path) -> None:
    assert dict(read(tmp_path, ACT.format(short="")).hints)["short_title"] == "HuStG"


BOMB = '<!DOCTYPE dokumente [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><dokumente>&b;</dokumente>'
THEFT = '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><dokumente>&f;</dokumente>'


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", DocumentEmpty),
        ("<html><p>Hallo</p></html>", DocumentUnreadable),
        ("<dokumente/>", DocumentUnreadable),
        ("<dokumente><norm/></dokumente>", DocumentEmpty),
        ("<dokumente><norm>", DocumentUnreadable),
        ("%PDF-1.7", DocumentUnreadable),
        (BOMB, DocumentUnreadable),
        (THEFT, DocumentUnreadable),
        (BOMB.encode("utf-16"), DocumentUnreadable),
        ("<" + "x" * 2**20 + "/>", DocumentTooLarge),
    ],
)
def test_anything_else_fails_in_one_sentence(
    tmp_path: Path, content: str | bytes, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        read(tmp_path, content)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.shared_data
@pytest.mark.skipif(not STATUTES.is_dir(), reason="the measuring data is not there")
def test_numbers_and_headings_of_federal_acts_agree_with_an_independent_reading() -> None:
    truth: dict[str, dict[str, str]] = defaultdict(dict)
    for line in (STATUTES / "sections.jsonl").read_text("utf-8").splitlines():
        section = json.loads(line)
        if section["number"].startswith("§") and len(section["text"]) > 40:
            truth[section["law"]][section["number"]] = " ".join(section["title"].split())
    for name in ("bmg", "passg", "pauswg", "stag", "wogg"):
        reading = read_xml(STATUTES / "gii-xml" / f"{name}.xml", LIMITS)
        ours = {section.number: section.heading for section in reading.sections}
        expected = truth[str(dict(reading.hints)["short_title"])]
        assert expected
        different = {
            number: heading
            for number, heading in expected.items()
            if "weggefallen" not in heading and not ours.get(number, "").startswith(heading)
        }
        assert different == {}
