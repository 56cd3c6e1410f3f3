"""Makes a state act as gii-norm XML, the format of gesetze-im-internet.de.

Format: https://www.gesetze-im-internet.de/dtd/1.01/gii-norm.dtd.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import SubElement, _Element
from source import Heading, Items, Source, Table, Text

REGISTER = "MLNR001120021"  # the act's number, in place of a federal BJNR
_NUMBERED = re.compile(r"(?P<number>(?:\(XXXX\) )?§§? \d+(?: bis \d+)?) (?P<title>.+)")
_CHAPTER = re.compile(r"(?P<number>Abschnitt \d+) (?P<title>.+)")


def make(source: Source) -> bytes:
    """The act as XML: its head, its chapters and its §, each a `norm` of its own."""
    act = _Act(source)
    for block in source.blocks:
        match block:
            case Heading(1, text):
                act.open_chapter(text)
            case Heading(_, text):
                act.open_section(text)
            case Text(text):
                act.add_paragraph(text)
            case Items(_, items):
                act.add_list(items)
            case Table():
                raise ValueError("The act has no tables.")
    return etree.tostring(act.root, xml_declaration=True, encoding="UTF-8") + b"\n"


class _Act:
    """The XML of an act while it grows."""

    def __init__(self, source: Source) -> None:
        self.abbreviation = str(source.act["abbreviation"])
        self.built = f"{source.made_at:%Y%m%d%H%M%S}"
        self.root = etree.Element("dokumente", builddate=self.built, doknr=REGISTER)
        self.chapters = 0
        self.norms = 0
        self.content: _Element | None = None
        head = self._open_norm("")
        SubElement(head, "amtabk").text = self.abbreviation
        SubElement(head, "ausfertigung-datum", manuell="ja").text = str(source.act["enacted"])
        found = SubElement(head, "fundstelle", typ="amtlich")
        SubElement(found, "periodikum").text = str(source.act["gazette"])
        SubElement(found, "zitstelle").text = str(source.act["place"])
        SubElement(head, "langue").text = source.title
        status = SubElement(head, "standangabe", checked="ja")
        SubElement(status, "standtyp").text = "Stand"
        SubElement(status, "standkommentar").text = str(source.act["status"])

    def open_chapter(self, text: str) -> None:
        self.chapters += 1
        number, title = _split(_CHAPTER, text)
        unit = SubElement(self._open_norm("BJNG"), "gliederungseinheit")
        SubElement(unit, "gliederungskennzahl").text = f"{self.chapters * 10:03}"
        SubElement(unit, "gliederungsbez").text = number
        SubElement(unit, "gliederungstitel").text = title

    def open_section(self, text: str) -> None:
        number, title = _split(_NUMBERED, text)
        metadata = self._open_norm("BJNE")
        SubElement(metadata, "enbez").text = number
        SubElement(metadata, "titel", format="XML").text = title
        data = metadata.getnext()
        if data is not None:
            self.content = SubElement(SubElement(data, "text", format="XML"), "Content")

    def add_paragraph(self, text: str) -> None:
        SubElement(self._section(), "P").text = text

    def add_list(self, items: tuple[str, ...]) -> None:
        """A numbered list, which stands inside the paragraph that it ends."""
        listing = SubElement(self._section()[-1], "DL", Font="normal", Type="arabic")
        for number, item in enumerate(items, 1):
            SubElement(listing, "DT").text = f"{number}."
            entry = SubElement(listing, "DD", Font="normal")
            SubElement(entry, "LA", Size="normal").text = item

    def _section(self) -> _Element:
        if self.content is None:
            raise ValueError("Text stands before the first §.")
        return self.content

    def _open_norm(self, kind: str) -> _Element:
        """The `metadaten` of a new norm, with its `textdaten` behind it."""
        number = f"{REGISTER}{kind}{self.norms:06}" if kind else REGISTER
        self.norms += 1
        norm = SubElement(self.root, "norm", builddate=self.built, doknr=number)
        norm.tail = "\n"
        metadata = SubElement(norm, "metadaten")
        SubElement(metadata, "jurabk").text = self.abbreviation
        SubElement(norm, "textdaten")
        return metadata


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"This heading has no number: {text}")
    return match["number"], match["title"]
