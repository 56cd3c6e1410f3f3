"""What Word shows but its text does not hold, written into the text: the numbers that Word counts
("§ 5", "(2)", "a)"), the depth of headings; and what it holds but does not show, taken out.

Format: ECMA-376 part 1, chapter 17 (WordprocessingML): 17.9 numbering, 17.7 styles, 17.13.5
tracked changes, which are read as if all were accepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same elements, another name
NOT_SHOWN = (
    f"{W}del",
    f"{W}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice",
)
HEADING_LEVELS = 6
_OFF = ("0", "false", "off")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph and character styles of a document by their ids."""

    elements: dict[str, etree._Element]

    @classmethod
    def read(cls, root: etree._Element | None) -> Styles:
        """The styles in `word/styles.xml`, none where it is missing."""
        found = [] if root is None else root.iterfind(f"{W}style")
        return cls({style.get(f"{W}styleId", ""): style for style in found})

    def property(self, style_id: str, path: str) -> etree._Element | None:
        """A property of a style, its own or that of the styles it is based on."""
        seen: set[str] = set()
        while style_id in self.elements and style_id not in seen:
            seen.add(style_id)
            style = self.elements[style_id]
            if (own := style.find(path)) is not None:
                return own
            style_id = _value(style.find(f"{W}basedOn"))
        return None

    def heading_levels(self) -> dict[str, int]:
        """Names of the paragraph styles that are headings, with their depth from 1."""
        levels: dict[str, int] = {}
        for style_id, style in self.elements.items():
            outline = _value(self.property(style_id, f"{W}pPr/{W}outlineLvl"))
            name = _value(style.find(f"{W}name"))
            if name and outline.isdecimal() and int(outline) < HEADING_LEVELS:
                levels[name] = int(outline) + 1
        return levels


@dataclass(slots=True)
class Numbers:
    """The numbering of a document: its levels, and how far each list has counted."""

    root: etree._Element | None
    styles: Styles
    counts: dict[str, list[int]] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)

    def next(self, paragraph: etree._Element) -> str:
        """The number that stands before a paragraph, "" where there is none or a bullet."""
        num_id, level = self._place(paragraph)
        num = self._find("num", "numId", num_id)
        if self.root is None or num is None:
            return ""
        list_id = _value(num.find(f"{W}abstractNumId"))
        levels = self._levels(list_id)
        if level not in levels:
            return ""
        counts = self.counts.setdefault(list_id, [])
        del counts[level + 1 :]  # what stands deeper begins again
        while len(counts) <= level:
            counts.append(_start(levels.get(len(counts))) - (len(counts) == level))
        own_start = num.find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}startOverride")
        if own_start is not None and (num_id, level) not in self.restarted:
            self.restarted.add((num_id, level))
            counts[level] = int(_value(own_start) or 1) - 1
        counts[level] += 1
        return _show(levels, level, counts)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """The list that a paragraph is in, by itself or by its style, and its depth there."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style_id = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        of_style = self.styles.property(style_id, f"{W}pPr/{W}numPr")
        for properties in (own, of_style):
            num_id = _value(properties.find(f"{W}numId")) if properties is not None else ""
            if properties is not None and num_id:
                level = _value(properties.find(f"{W}ilvl"))
                return num_id, int(level) if level.isdecimal() else self._level_of(style_id, num_id)
        return "", 0

    def _level_of(self, style_id: str, num_id: str) -> int:
        num = self._find("num", "numId", num_id)
        list_id = _value(num.find(f"{W}abstractNumId")) if num is not None else ""
        for level, element in self._levels(list_id).items():
            if style_id and _value(element.find(f"{W}pStyle")) == style_id:
                return level
        return 0

    def _levels(self, list_id: str) -> dict[int, etree._Element]:
        abstract = self._find("abstractNum", "abstractNumId", list_id)
        if abstract is None:
            return {}
        return {int(lvl.get(f"{W}ilvl", 0)): lvl for lvl in abstract.iterfind(f"{W}lvl")}

    def _find(self, tag: str, attribute: str, value: str) -> etree._Element | None:
        if self.root is None or not value.isdecimal():
            return None
        return self.root.find(f"{W}{tag}[@{W}{attribute}='{value}']")


def write_out(document: etree._Element, numbering: etree._Element | None, styles: Styles) -> bool:
    """Changes a document's tree to what a reader of the page sees; returns whether it had tracked
    changes, which are read as accepted."""
    has_changes = any(next(document.iter(f"{W}{tag}"), None) is not None for tag in ("ins", "del"))
    for hidden in [*document.iter(*NOT_SHOWN), *_hidden_runs(document, styles)]:
        parent = hidden.getparent()
        if parent is not None and parent.tag != f"{W}rPr" and parent.tag != f"{W}trPr":
            parent.remove(hidden)
    numbers = Numbers(numbering, styles)
    for paragraph in document.iter(f"{W}p"):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            continue  # a deleted paragraph mark: its text belongs to the next paragraph
        if number := numbers.next(paragraph):
            _put_before(paragraph, f"{number} ")
    return has_changes


def _hidden_runs(document: etree._Element, styles: Styles) -> Iterator[etree._Element]:
    for run in document.iter(f"{W}r"):
        own = run.find(f"{W}rPr/{W}vanish")
        style_id = _value(run.find(f"{W}rPr/{W}rStyle"))
        vanish = own if own is not None else styles.property(style_id, f"{W}rPr/{W}vanish")
        if (vanish is not None and vanish.get(f"{W}val") not in _OFF) or (
            _value(run.find(f"{W}rPr/{W}color")).upper() == "FFFFFF" and not _has_ground(run)
        ):
            yield run


def _has_ground(run: etree._Element) -> bool:
    """Whether white letters stand on a coloured ground: of the run, the paragraph or the cell."""
    own = [run.find(f"{W}rPr/{W}shd"), run.find(f"{W}rPr/{W}highlight")]
    around = [
        outer.find(f"{W}{properties}/{W}shd")
        for outer in run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl")
        for properties in ("pPr", "tcPr", "tblPr")
    ]
    has_styled_table = any(
        table.find(f"{W}tblPr/{W}tblStyle") is not None for table in run.iterancestors(f"{W}tbl")
    )
    return has_styled_table or any(shade is not None for shade in (*own, *around))


def _put_before(paragraph: etree._Element, number: str) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    if (numbering := properties.find(f"{W}numPr")) is not None:
        properties.remove(numbering)
    numbering = etree.SubElement(properties, f"{W}numPr")  # no list any more, whatever its style
    etree.SubElement(numbering, f"{W}ilvl").set(f"{W}val", "0")
    etree.SubElement(numbering, f"{W}numId").set(f"{W}val", "0")
    run = etree.Element(f"{W}r")
    if (look := paragraph.find(f"{W}r/{W}rPr/{W}b")) is not None:
        etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}b").attrib.update(look.attrib)
    text = etree.SubElement(run, f"{W}t")
    text.text = number
    paragraph.insert(paragraph.index(properties) + 1, run)


def _show(levels: dict[int, etree._Element], level: int, counts: list[int]) -> str:
    if _value(levels[level].find(f"{W}numFmt")) == "bullet":
        return ""
    text = _value(levels[level].find(f"{W}lvlText"))
    for depth in range(min(len(counts), 9)):
        shown = levels.get(depth, levels[level])
        format_ = _value(shown.find(f"{W}numFmt")) or "decimal"
        text = text.replace(f"%{depth + 1}", _spell(counts[depth], format_))
    return " ".join(text.split())


def _spell(number: int, format_: str) -> str:
    if format_ in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if format_ == "upperLetter" else letters
    if format_ in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (number // value)
            number %= value
        return roman.upper() if format_ == "upperRoman" else roman
    if format_ == "none":
        return ""
    return f"{number:02}" if format_ == "decimalZero" else str(number)


def _start(level: etree._Element | None) -> int:
    start = _value(level.find(f"{W}start")) if level is not None else ""
    return int(start) if start.isdecimal() else 1


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")
