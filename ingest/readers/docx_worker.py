"""The process that reads one .docx: its bytes come in, its blocks go out as JSON, within limits.

`docx.py` starts it as `python -m ingest.readers.docx_worker SECONDS MEMORY_MB UNPACKED_MB`. The
text becomes HTML by mammoth, after `docx_parts` wrote into it what Word only shows, and the HTML
blocks; nothing is fetched or run, and pictures are not even unpacked.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
import resource
import signal
import sys
import zipfile
from collections.abc import Iterator, Sequence

import mammoth  # type: ignore[import-untyped]  # it ships no types
from lxml import etree
from lxml.html import HtmlElement, builder

from core.errors import DocumentEmpty, DocumentError, DocumentTooLarge, DocumentUnreadable
from core.types import Block, BlockKind
from ingest.headings import read_heading
from ingest.readers.docx_parts import STRICT, Styles, W, write_out
from ingest.readers.html_blocks import parse_html, read_blocks, tidy

NOT_DOCX = "The file is no Word document (.docx); save it as .docx or PDF and try again."
DOCUMENT = "word/document.xml"
CORE = "docProps/core.xml"
CHANGED = "The file has tracked changes; it was read as if all of them were accepted."
_DC = "{http://purl.org/dc/elements/1.1/}"
_USELESS_TITLE = re.compile(
    r"microsoft|^word document$|unbenannt|untitled|^\W*$|\.(?:docx?|dotx?|odt|pdf)\b"
    r"|^(?:dokument|document)\s*\d*$",
    re.IGNORECASE,
)
_NOT_TEXT = ("toc heading", *(f"toc {level}" for level in range(1, 10)), "table of figures")
_NOTE = re.compile(r"#((?:foot|end)note-\d+)")


def main(arguments: Sequence[str]) -> None:
    """Read the file on standard input; write what was found or the error to standard output."""
    seconds, memory_mb, unpacked_mb = map(float, arguments)
    memory = int(memory_mb) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no part of the answer
    try:
        found = read_content(sys.stdin.buffer.read(), int(unpacked_mb))
    except DocumentError as error:
        found = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        message = f"Reading the file took more than {memory_mb:,.0f} MiB of memory; split it."
        found = {"error": DocumentTooLarge.__name__, "message": message}
    except Exception as error:  # noqa: BLE001  # the border: a broken file may break anything
        message = f"The .docx is damaged ({type(error).__name__}); save it anew in Word."
        found = {"error": DocumentUnreadable.__name__, "message": message}
    with answer:
        json.dump(found, answer)


def read_content(content: bytes, unpacked_mb: int) -> dict[str, object]:
    """The `blocks`, `hints`, `declared` language and `warnings` of a .docx.

    Raises DocumentUnreadable, DocumentTooLarge or DocumentEmpty.
    """
    parts = _unpack(content, unpacked_mb)
    document = _parse(parts[DOCUMENT])
    styles_root = _parse(parts["word/styles.xml"]) if "word/styles.xml" in parts else None
    numbering = _parse(parts["word/numbering.xml"]) if "word/numbering.xml" in parts else None
    styles = Styles.read(styles_root)
    has_changes = write_out(document, numbering, styles)
    parts[DOCUMENT] = etree.tostring(document, encoding="utf-8", xml_declaration=True)
    converted = mammoth.convert_to_html(
        _pack(parts),
        style_map=_style_map(styles),
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(lambda _: {}),
    )
    markup = converted.value.replace("\u00ad", "").replace("\u2011", "-")
    if not markup.strip():
        raise DocumentEmpty
    page = parse_html(markup)
    _place_notes(page)
    for table in list(page.iter("table")):
        _mend_table(table)
    blocks = read_blocks(page.find("body"))
    core = _parse(parts[CORE]) if CORE in parts else None
    title = _title(core, document, styles, blocks)
    return {
        "blocks": [[block.text, block.kind, block.level] for block in blocks],
        "hints": {"title": title} if title else {},
        "declared": _declared_language(core, styles_root),
        "warnings": [CHANGED] if has_changes else [],
    }


def _unpack(content: bytes, unpacked_mb: int) -> dict[str, bytes]:
    """The parts of the package that text is read from, by their names."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentUnreadable(
            "The file is an old Word file or protected with a password; "
            "save it as .docx without a password."
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        names = package.namelist()
        if DOCUMENT not in names:
            raise DocumentUnreadable(NOT_DOCX)
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise DocumentUnreadable("The file holds macros; save it as .docx without them.")
        wanted = [i for i in package.infolist() if i.filename.endswith((".xml", ".rels"))]
        if sum(info.file_size for info in wanted) > unpacked_mb * 2**20:
            raise DocumentTooLarge(
                f"The file unpacks to more than {unpacked_mb} MiB; "
                "split it, or raise AUSKUNFT_READER_FILE_MB."
            )
        return {info.filename: _plain_xml(package.read(info)) for info in wanted}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise DocumentUnreadable(NOT_DOCX) from error


def _plain_xml(part: bytes) -> bytes:
    if b"<!DOCTYPE" in part:
        raise DocumentUnreadable("The .docx declares XML entities, which are not read.")
    return part.replace(STRICT, W.strip("{}").encode())


def _parse(part: bytes) -> etree._Element:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _pack(parts: dict[str, bytes]) -> io.BytesIO:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    package.seek(0)
    return package


def _style_map(styles: Styles) -> str:
    """How mammoth turns styles into HTML: headings by their depth, whatever their name."""
    levels = {"Title": 1, **styles.heading_levels()}
    lines = [f"p[style-name='{name}'] => !" for name in _NOT_TEXT]
    for name, level in levels.items():
        quoted = name.replace("\\", "\\\\").replace("'", "\\'")
        lines.append(f"p[style-name='{quoted}'] => h{level}:fresh")
    return "\n".join(lines)


def _place_notes(page: HtmlElement) -> None:
    """Moves footnotes and endnotes from the end to below what they belong to, without marks."""
    notes = {note.get("id"): note for note in page.iter("li") if note.get("id")}
    lists = {note.getparent() for note in notes.values()}
    for mark in list(page.iter("a")):
        match = _NOTE.fullmatch(mark.get("href", ""))
        if not match or match[1] not in notes:
            continue
        for back in list(notes[match[1]].iter("a")):
            if back.get("href", "").startswith(("#footnote-ref-", "#endnote-ref-")):
                back.drop_tree()
        outer = [e for e in mark.iterancestors() if e.tag in ("table", "p", "li") or _is_heading(e)]
        note = builder.P(tidy(notes[match[1]].text_content()))
        if outer:
            tables = [e for e in outer if e.tag == "table"]
            place = tables[-1] if tables else outer[0]
            while (later := place.getnext()) is not None and later.get("class") == "note":
                place = later
            note.set("class", "note")
            place.addnext(note)
        mark.drop_tree()
    for one in lists:
        if one is not None and one.getparent() is not None:
            one.drop_tree()


def _is_heading(element: HtmlElement) -> bool:
    return re.fullmatch(r"h[1-6]", str(element.tag)) is not None


def _mend_table(table: HtmlElement) -> None:
    """A box around text is no table; bold cells above others name columns; a cell over several
    rows stands in each."""
    rows = list(table.iter("tr"))
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if sum(map(len, cells)) == 1:
        for element in (table, *rows, *cells[0], *table.iter("tbody", "thead")):
            element.tag = "div"
        return
    for place, row in enumerate(cells):
        for column, cell in _columns(row):
            span = cell.attrib.pop("rowspan", "1")
            for below in range(place + 1, min(place + int(span), len(rows))):
                before = [c for at, c in _columns(cells[below]) if at < column]
                cells[below].insert(len(before), copy.deepcopy(cell))
                rows[below].insert(len(before), cells[below][len(before)])
    if len(cells) > 1 and _is_bold(cells[0]) and not _is_bold(cells[1]):
        for cell in cells[0]:
            cell.tag = "th"


def _columns(row: Sequence[HtmlElement]) -> Iterator[tuple[int, HtmlElement]]:
    column = 0
    for cell in list(row):
        yield column, cell
        column += int(cell.get("colspan", "1"))


def _is_bold(row: Sequence[HtmlElement]) -> bool:
    """Whether all that the cells say is in bold, and there is something."""
    said = [tidy(cell.text_content()) for cell in row]
    bold = [tidy(" ".join(s.text_content() for s in cell.iter("strong"))) for cell in row]
    return any(said) and said == bold


def _title(
    core: etree._Element | None, document: etree._Element, styles: Styles, blocks: Sequence[Block]
) -> str:
    """The title that the page shows, else that of the properties, else the first heading."""
    titles = [i for i, s in styles.elements.items() if _name(s).lower() == "title"]
    for paragraph in document.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") in titles:
            text = tidy("".join(t.text or "" for t in paragraph.iter(f"{W}t")))
            if text:
                return text
    own = tidy(core.findtext(f"{_DC}title") or "") if core is not None else ""
    if own and not _USELESS_TITLE.search(own):
        return own
    first = blocks[0] if blocks else Block("")
    heading = read_heading(first) if first.kind is BlockKind.HEADING else None
    return first.text if heading and not heading.is_provision else ""


def _name(style: etree._Element) -> str:
    name = style.find(f"{W}name")
    return "" if name is None else name.get(f"{W}val", "")


def _declared_language(core: etree._Element | None, styles: etree._Element | None) -> str:
    """The language that the properties name, else that of the spelling check, "" for neither."""
    named = core.findtext(f"{_DC}language") if core is not None else ""
    if not named and styles is not None:
        default = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        named = default.get(f"{W}val") if default is not None else ""
    return (named or "").split("-")[0].lower()


if __name__ == "__main__":
    main(sys.argv[1:])
