"""An act is read from the zip that gesetze-im-internet.de gives; other zips are named."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from core.errors import DocumentTooLarge, DocumentUnreadable
from ingest.readers.archive import read_zip
from ingest.readers.limits import ReaderLimits
from ingest.readers.xml import read_xml

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=2000, file_mb=2)
STATUTES = Path(__file__).parent.parent.parent / "shared" / "data" / "statutes" / "gii-xml"
ACT = b"""<dokumente><norm><metadaten><jurabk>HuStG</jurabk></metadaten></norm><norm><metadaten>
<enbez>\xc2\xa7 1</enbez><titel>Steuersatz</titel></metadaten><textdaten><text><Content>
<P>Die Steuer ist 96 Euro.</P></Content></text></textdaten></norm></dokumente>"""


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return content.getvalue()


def test_an_act_is_read_beside_its_pictures(tmp_path: Path) -> None:
    path = tmp_path / "hustg.zip"
    path.write_bytes(zipped(BJNR1_xml=ACT, bild_gif=b"GIF89a"))
    (section,) = read_zip(path, LIMITS).sections
    assert (section.number, section.paragraphs[0].text) == ("§ 1", "Die Steuer ist 96 Euro.")


def scratched() -> bytes:
    content = bytearray(zipped(act_xml=ACT))
    content[50:60] = bytes(10)
    return bytes(content)


def locked() -> bytes:
    """A zip whose one file is marked as encrypted."""
    content = bytearray(zipped(act_xml=ACT))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1
    return bytes(content)


def lying() -> bytes:
    """A bomb whose directory says that it unpacks to 9 bytes."""
    content = bytearray(zipped(act_xml=b" " * 50 * 2**20))
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(sign) + place, 9)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"", DocumentUnreadable, "damaged"),
        (zipped(act_xml=ACT)[:200], DocumentUnreadable, "damaged"),
        (zipped(act_xml=ACT).replace(b"act.xml", b"ACT.XML", 1), DocumentUnreadable, "damaged"),
        (scratched(), DocumentUnreadable, "damaged"),
        (zipped(), DocumentUnreadable, "one XML file"),
        (zipped(a_xml=ACT, b_xml=ACT), DocumentUnreadable, "one XML file"),
        (zipped(act_xml=ACT, setup_exe=b"MZ"), DocumentUnreadable, "one XML file"),
        (zipped(inner_zip=zipped(act_xml=ACT)), DocumentUnreadable, "one XML file"),
        (zipped(act_xml=b"<rss/>"), DocumentUnreadable, "gii-norm"),
        (zipped(act_xml=b" " * 50 * 2**20), DocumentTooLarge, "2 MiB"),
        (lying(), DocumentUnreadable, "damaged"),
        (locked(), DocumentUnreadable, "password"),
    ],
)
def test_any_other_zip_fails_in_one_sentence(
    tmp_path: Path, content: bytes, error: type[Exception], reason: str
) -> None:
    path = tmp_path / "other.zip"
    path.write_bytes(content)
    with pytest.raises(error, match=reason) as caught:
        read_zip(path, LIMITS)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.shared_data
@pytest.mark.skipif(not STATUTES.is_dir(), reason="the measuring data is not there")
def test_a_federal_act_reads_the_same_zipped_and_not(tmp_path: Path) -> None:
    path = tmp_path / "bmg.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(STATUTES / "bmg.xml", "BJNR108410013.xml")
    assert read_zip(path, LIMITS) == read_xml(STATUTES / "bmg.xml", LIMITS)
