"""Federal and state acts in the XML of gesetze-im-internet.de (gii-norm) to sections.

Format: https://www.gesetze-im-internet.de/dtd/1.01/gii-norm.dtd. An act is a list of `norm`
elements: its head, its chapters (`gliederungseinheit`), and its §, articles and annexes (`enbez`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from core.errors import DocumentEmpty, DocumentUnreadable
from core.types import Block, Paragraph, Reading, Section
from ingest.readers.tables import join_rows

NOT_GII = "The XML is not an act in the format of gesetze-im-internet.de (gii-norm)."
ROOT = "dokumente"
CHAPTER_DIGITS = 3  # of the gliederungskennzahl, for each level

_SKIPPED = {"kommentar", "noindex", "Footnotes", "fussnoten", "FnR", "FnArea", "TOC", "IMG", "FILE"}
_NOT_CITED = {"Inhaltsübersicht", "Inhaltsverzeichnis"}
_REPEALED = re.compile(r"\(?\s*(weggefallen|aufgehoben)\s*\)?")
_EMPTY_ITEM = re.compile(r"[\W_]*|(\d+|[a-z]{1,2})[.)]")  # a picture stood there
_MARK = re.compile(r"\((\d+[a-z]*)\)")
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SOCIAL_CODE = re.compile(r"(?<=^SGB )\d{1,2}$")  # "SGB 2", in practice SGB II
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
_YEAR_BEHIND = re.compile(r"\s+(19|20)\d{2}$")


def read_act(root: etree._Element) -> Reading:
    """What an act says, exactly: every § with its heading, chapters, Absätze, lists and tables.
    Repealed §, tables of contents and footnotes are left out.

    Raises DocumentUnreadable for an act without a head, DocumentEmpty.
    """
    norms = root.findall("norm")
    if not norms:
        raise DocumentUnreadable(NOT_GII)
    sections: list[Section] = []
    chapters: list[tuple[str, str]] = []  # gliederungskennzahl, heading
    for norm in norms:
        for unit in norm.iterfind("metadaten/gliederungseinheit"):
            key = unit.findtext("gliederungskennzahl") or ""
            chapters = [open_one for open_one in chapters if _holds(open_one[0], key)]
            names = (_words(unit.find(tag)) for tag in ("gliederungsbez", "gliederungstitel"))
            chapters.append((key, " ".join(name for name in names if name)))
        if section := _read_section(norm, tuple(heading for _, heading in chapters)):
            sections.append(section)
    if not sections:
        raise DocumentEmpty
    return Reading(tuple(sections), hints=tuple(_read_hints(norms[0]).items()))


def _holds(outer: str, inner: str) -> bool:
    return len(outer) + CHAPTER_DIGITS <= len(inner) and inner.startswith(outer)


def _read_hints(head: etree._Element) -> dict[str, object]:
    metadata = head.find("metadaten")
    if metadata is None:
        raise DocumentUnreadable(NOT_GII)
    abbreviation = _words(metadata.find("amtabk")) or _words(metadata.find("jurabk"))
    short = _SOCIAL_CODE.sub(_roman, _YEAR_BEHIND.sub("", abbreviation))
    title = _words(metadata.find("langue")) or _words(metadata.find("kurzue")) or short
    if not title:
        raise DocumentUnreadable(NOT_GII)
    hints: dict[str, object] = {
        "title": title,
        "short_title": short,
        "kind": "statute",
        "language": "de",
        "jurisdiction": {"level": "federal", "name": "Bund", "key": ""},
    }
    if as_of := _read_as_of(head, metadata):
        hints["as_of"] = as_of
    return hints


def _read_as_of(head: etree._Element, metadata: etree._Element) -> str:
    """The day of the last change that the text holds; where none is named, of the edition."""
    for note in metadata.iterfind("standangabe"):
        if note.findtext("standtyp") == "Stand" and (
            day := _DAY.search(note.findtext("standkommentar") or "")
        ):
            return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    built = head.get("builddate", "")
    return f"{built[:4]}-{built[4:6]}-{built[6:8]}" if re.fullmatch(r"\d{8,14}", built) else ""


def _read_section(norm: etree._Element, chapters: tuple[str, ...]) -> Section | None:
    """The § of a norm; None for heads, chapters, tables of contents and what was repealed."""
    number = _words(norm.find("metadaten/enbez"))
    title = _words(norm.find("metadaten/titel"))
    content = norm.find("textdaten/text")
    if not number or number in _NOT_CITED or content is None:
        return None
    if number.startswith("(") or _REPEALED.fullmatch(title):
        return None
    paragraphs = tuple(_read_paragraphs(content))
    if not paragraphs or _REPEALED.fullmatch(paragraphs[0].text):
        return None
    number = re.sub(r"^Art(ikel)? ", "Art. ", number)
    is_provision = number.startswith(("§", "Art.", "Anlage", "Anhang"))
    own = f"{number} {title}".strip()
    if not is_provision:  # Eingangsformel, Schlussformel
        return Section((own,), "", own, paragraphs)
    path = (own,) if number.startswith("An") else (*chapters, own)
    return Section(path, number, title, paragraphs)


def _read_paragraphs(content: etree._Element) -> Iterator[Paragraph]:
    mark = ""
    for block in _Text().read(content):
        if _EMPTY_ITEM.fullmatch(block.text):
            continue
        if own := _MARK.match(block.text):
            mark = own[1]
        yield Paragraph(block.text, mark=mark, kind=block.kind)


class _Text:
    """Collects an element's words into lines: running text, list items, table rows."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.words: list[str] = []

    def read(self, element: etree._Element) -> list[Block]:
        """The lines of an element in reading order."""
        self._walk(element)
        self._flush()
        return self.blocks

    def _line(self) -> str:
        return " ".join("".join(self.words).split())

    def _flush(self) -> None:
        text = self._line()
        self.words = []
        if text:
            self.blocks.append(Block(text))

    def _flush_before(self, child: etree._Element) -> None:
        """Ends the line, unless it is a bare "8." whose words are the list that begins here."""
        begins_list = child.tag == "DL" or (child.tag == "DT" and child.getprevious() is None)
        if not (begins_list and _EMPTY_ITEM.fullmatch(self._line())):
            self._flush()

    def _walk(self, element: etree._Element) -> None:
        self.words.append(element.text or "")
        for child in element:
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                pass
            elif child.tag == "table":
                self._flush()
                self.blocks.extend(_read_table(child))
            elif child.tag in ("P", "Title", "Subtitle", "DL", "pre"):
                self._flush_before(child)
                self._walk(child)
                self._flush()
            elif child.tag == "DT":  # "1.": the item's text follows in its DD
                self._flush_before(child)
                self._walk(child)
                self.words.append(" ")
            elif child.tag == "LA":
                self._walk(child)
                self._flush()
            elif child.tag == "BR":
                self.words.append(" ")
            else:
                self._walk(child)
            self.words.append(child.tail or "")


def _read_table(table: etree._Element) -> list[Block]:
    rows: list[Block] = []
    for group in table.iterfind("tgroup"):
        columns = [spec.get("colname", "") for spec in group.iterfind("colspec")]
        heads = [_read_row(row, columns, spread=True) for row in group.iterfind("thead/row")]
        header = [
            " ".join(dict.fromkeys(filter(None, cells))) for cells in zip(*heads, strict=True)
        ]
        body = (_read_row(row, columns) for row in group.iterfind("tbody/row"))
        rows.extend(join_rows(header, body))
    return rows


def _read_row(row: etree._Element, columns: list[str], *, spread: bool = False) -> list[str]:
    """The cells of a row, one to a column; a cell over several columns stands in the first, or in
    each of them where `spread` asks for it."""
    cells = [""] * len(columns)
    place = 0
    for entry in row.iterfind("entry"):
        name = entry.get("namest") or entry.get("colname", "")
        place = columns.index(name) if name in columns else place
        last = entry.get("nameend", "")
        end = columns.index(last) + 1 if spread and last in columns else place + 1
        text = " ".join(block.text for block in _Text().read(entry))
        for column in range(place, min(end, len(cells))):
            cells[column] = text
        place = max(end, place + 1)
    return cells


def _roman(number: re.Match[str]) -> str:
    value = int(number[0])
    return _ROMAN[value - 1] if 0 < value <= len(_ROMAN) else number[0]


def _words(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join(block.text for block in _Text().read(element))
