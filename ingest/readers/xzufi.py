"""Service descriptions (XZuFi, of FIM and the Portalverbund) to sections, one for each module.

Followed: XZuFi 2.2 and 2.3 (namespaces http://xoev.de/schemata/xzufi/2_2_0 and …/2_3_0), by
element names alone, so that other versions are read as far as they agree. Of a `leistung`:
`referenzLeiKa`, `modulText`, `modulFrist`, `modulKosten`, `modulBearbeitungsdauer`,
`modulBegriffImKontext`, `modulDokument` or `modulFormular`, `modulUrsprungsportal`, `gueltigkeit`,
`versionsinformation`; of the message around it, each `organisationseinheit`.

What a text module is stands in `leikaTextmodul`: the name beside its code is the heading, else what
the code means in the LeiKa's list (urn:de:xzufi:codeliste:leistungstextmodulleika, 2024-02-16),
else the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from core.errors import DocumentEmpty, DocumentUnreadable
from core.types import Block, BlockKind, Paragraph, Reading, Section
from ingest.readers.html_blocks import parse_html, read_blocks
from ingest.readers.lines import join_lines
from ingest.readers.xzufi_elements import (
    LANGUAGE,
    all_inside,
    children,
    day_of,
    duration_of,
    first,
    is_german,
    languages,
    local_name,
    module_code,
    module_list,
    module_name,
    plain,
    position,
    text_of,
    value_of,
)

NAMESPACE_START = "{http://xoev.de/schemata/xzufi/"
NO_SERVICE = "The XZuFi file holds no service description (leistung)."
TITLE_CODES = ("03", "02")  # Leistungsbezeichnung II, as citizens read it, before the official one
TITLE_NAMES = ("leistungsbezeichnungii", "leistungsbezeichnung")

# Names of modules without their capitals, umlauts and signs, and what citizens read.
HEADINGS = {
    "teaser": "Kurz erklärt",
    "kurztext": "Kurz erklärt",
    "volltext": "Beschreibung",
    "leistungsbeschreibung": "Beschreibung",
    "voraussetzungen": "Voraussetzungen",
    "erforderlicheunterlagen": "Erforderliche Unterlagen",
    "gebuehren": "Gebühren",
    "kosten": "Kosten",
    "verfahrensablauf": "Verfahrensablauf",
    "bearbeitungsdauer": "Bearbeitungsdauer",
    "frist": "Fristen",
    "fristen": "Fristen",
    "formulare": "Formulare",
    "hinweise": "Hinweise",
    "rechtsbehelf": "Rechtsbehelf",
    "rechtsgrundlage": "Rechtsgrundlagen",
    "rechtsgrundlagen": "Rechtsgrundlagen",
    "handlungsgrundlagen": "Rechtsgrundlagen",
    "weiterfuehrendeinformationen": "Weiterführende Informationen",
    "zustaendigestelle": "Zuständige Stelle",
    "ansprechpunkt": "Ansprechpunkt",
}
CODE_LIST = "leistungstextmodulleika"  # how the name of the LeiKa's list ends
_CODES = {
    "05": "kurztext",
    "06": "volltext",
    "07": "handlungsgrundlagen",
    "08": "erforderlicheunterlagen",
    "09": "voraussetzungen",
    "11": "verfahrensablauf",
    "14": "formulare",
    "15": "weiterfuehrendeinformationen",
    "16": "hinweise",
    "22": "zustaendigestelle",
    "23": "ansprechpunkt",
    "24": "teaser",
    "25": "rechtsbehelf",
}
_MODULES = {  # modules that are no text modules: what they are, their names say
    "modulFrist": "Fristen",
    "modulKosten": "Kosten",
    "modulBearbeitungsdauer": "Bearbeitungsdauer",
    "modulDokument": "Formulare",
    "modulFormular": "Formulare",
}
_TERMS = {"modulFrist": "Frist", "modulBearbeitungsdauer": "Bearbeitungsdauer"}
_TEXTS = ("inhalt", "beschreibung", "bezeichnung")
_AMOUNTS = ("betrag", "betragFix", "betragUntergrenze", "betragObergrenze")
_BOUNDS = {"betragUntergrenze": "ab ", "betragObergrenze": "bis "}
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_LINK_SCHEMES = ("https://", "http://")


def read_services(root: etree._Element) -> Reading:
    """What the service descriptions of a file say in German; where there are several, each below
    its title. The LeiKa key stands in a section of its own, where a search finds it.

    Hints are the metadata of a single service, and its `links`: forms and pages to go on with, as
    mappings of title, kind and url. Raises DocumentUnreadable, DocumentEmpty.
    """
    services = [root] if local_name(root) == "leistung" else all_inside(root, "leistung")
    if not services:
        raise DocumentUnreadable(NO_SERVICE)
    sections: list[Section] = []
    foreign: set[str] = set()
    unnamed: set[str] = set()
    for service in services:
        around = (_title(service),) if len(services) > 1 else ()
        for heading, blocks in _modules(service):
            sections.extend(_sections((*around, heading), blocks))
        foreign |= languages(service) - {LANGUAGE}
        unnamed |= {h for h, _ in _modules(service) if h.startswith("Textmodul ")}
        unnamed |= _unread_units(service)
    for office in all_inside(root, "organisationseinheit"):
        sections.extend(_sections(("Zuständige Stelle",), _office(office)))
    if not sections:
        raise DocumentEmpty
    warnings = []
    if foreign:
        warnings.append(f"The texts in {', '.join(sorted(foreign))} were left out.")
    if unnamed:
        warnings.append(f"The file does not say what these are: {', '.join(sorted(unnamed))}.")
    hints = _hints(services[0]) if len(services) == 1 else {"kind": "service", "language": LANGUAGE}
    return Reading(tuple(sections), warnings=tuple(warnings), hints=tuple(hints.items()))


def _hints(service: etree._Element) -> dict[str, object]:
    changed = first(service, "versionsinformation", "geaendertDatumZeit")
    links = [
        {"title": title, "kind": "form" if heading == "Formulare" else "service", "url": url}
        for module in service
        for heading in [_heading(module)]
        for title, url in _links(module)
    ]
    origin = [
        url for module in all_inside(service, "modulUrsprungsportal") for _, url in _links(module)
    ]
    hints: dict[str, object] = {
        "title": _title(service),
        "kind": "service",
        "language": LANGUAGE,
        "url": origin[0] if len(origin) == 1 else "",
        "as_of": day_of(changed),
        "valid_from": day_of(first(service, "gueltigkeit", "beginn")),
        "valid_to": day_of(first(service, "gueltigkeit", "ende")),
        "links": [link for link in links if link["url"] not in origin],
    }
    return {name: value for name, value in hints.items() if value}


def _title(service: etree._Element) -> str:
    """The name that citizens know the service by, else the official one."""
    modules = list(children(service, "modulText"))
    for code, name in zip(TITLE_CODES, TITLE_NAMES, strict=True):
        for module in modules:
            if module_code(module) == code or plain(module_name(module)) == name:
                return " ".join(" ".join(block.text for block in _texts(module)).split())
    return ""


def _modules(service: etree._Element) -> Iterator[tuple[str, list[Block]]]:
    """Headings and texts of a service, in the order in which the file wants them shown."""
    for module in sorted(service, key=position):
        heading = _heading(module)
        is_title = module_code(module) in TITLE_CODES or plain(module_name(module)) in TITLE_NAMES
        if heading and not is_title:
            blocks = [*_texts(module), *_amounts(module), *_durations(module)]
            blocks += [Block(f"{title}: {url}" if title else url) for title, url in _links(module)]
            yield heading, blocks
    keys = [
        value_of(element, "code") or text_of(element)
        for name in ("referenzLeiKa", "leistungsschluessel")
        for element in children(service, name)
    ]
    terms = [text_of(term) for term in all_inside(service, "begriff")]
    rows = [Block(f"LeiKa-Schlüssel: {key}", BlockKind.ROW) for key in keys if key]
    if terms:
        rows.append(Block(f"Auch gesucht als: {', '.join(filter(None, terms))}", BlockKind.ROW))
    yield "Leistungsschlüssel", rows


def _heading(module: etree._Element) -> str:
    """What citizens read above a module, "" for what is none."""
    if local_name(module) in _MODULES:
        return _MODULES[local_name(module)]
    if local_name(module) != "modulText":
        return ""
    own = [
        text_of(e) for e in children(module, "leikaTextmodulAbweichendeBezeichnung") if is_german(e)
    ]
    if own and own[0]:
        return own[0]
    name = module_name(module)
    if not name and module_list(module).endswith(CODE_LIST):
        name = _CODES.get(module_code(module), "")
    return HEADINGS.get(plain(name), name) or f"Textmodul {module_code(module)}".strip()


def _sections(path: tuple[str, ...], blocks: Iterable[Block]) -> Iterator[Section]:
    """A module's text below its heading, and below the headings inside it."""
    inner, paragraphs = "", list[Paragraph]()
    for block in [*blocks, Block("", BlockKind.HEADING)]:
        if block.kind is not BlockKind.HEADING:
            paragraphs.append(Paragraph(block.text, kind=block.kind))
            continue
        if paragraphs:
            whole = (*path, inner) if inner else path
            yield Section(whole, "", whole[-1], tuple(paragraphs))
        inner, paragraphs = block.text, []


def _texts(module: etree._Element) -> Iterator[Block]:
    for element in module.iter():
        is_of_link = any(
            local_name(outer) == "weiterfuehrenderLink" for outer in element.iterancestors()
        )
        if local_name(element) in _TEXTS and is_german(element) and not is_of_link:
            yield from _read_markup(_inner(element))


def _read_markup(text: str) -> Iterator[Block]:
    if _TAG.search(text):
        content = parse_html(f"<main>{text}</main>").find(".//main")
        yield from read_blocks(content) if content is not None else []
    else:
        yield from (Block(line) for line in join_lines(text.split("\n")))


def _inner(element: etree._Element) -> str:
    """What stands in an element: escaped HTML as HTML, elements as they are written."""
    inside = (etree.tostring(child, encoding="unicode") for child in element)
    return "".join([element.text or "", *inside]).strip()


def _amounts(module: etree._Element) -> Iterator[Block]:
    for element in module.iter():
        if local_name(element) in _AMOUNTS and (amount := text_of(element)):
            if re.fullmatch(r"\d+\.\d{1,2}", amount):
                amount = f"{float(amount):.2f}".replace(".", ",")
            currency = element.get("waehrung") or element.get("currencyID") or "Euro"
            currency = "Euro" if currency == "EUR" else currency
            yield Block(f"{_BOUNDS.get(local_name(element), '')}{amount} {currency}", BlockKind.ROW)


def _durations(module: etree._Element) -> Iterator[Block]:
    """Terms that the file gives as numbers, "Bearbeitungsdauer: 4 bis 6 Wochen"."""
    name = _TERMS.get(local_name(module))
    if name:
        for element in module.iter():
            if words := duration_of(element):
                yield Block(f"{name}: {words}", BlockKind.ROW)


def _unread_units(service: etree._Element) -> set[str]:
    """The terms whose unit has a code and no name."""
    return {
        f"{name} {value_of(element, 'dauer')} {value_of(element, 'einheit')}".strip()
        for tag, name in _TERMS.items()
        for module in children(service, tag)
        for element in module.iter()
        if value_of(element, "dauer") and not duration_of(element)
    }


def _links(module: etree._Element) -> Iterator[tuple[str, str]]:
    """Titles and addresses of what a module leads to, in its links and in its text."""
    for uri in all_inside(module, "uri"):
        parent = uri.getparent()
        if parent is not None and text_of(uri).startswith(_LINK_SCHEMES) and is_german(parent):
            yield (
                next((text_of(t) for t in children(parent, "titel") if is_german(t)), ""),
                text_of(uri),
            )
    for element in all_inside(module, "inhalt"):
        markup = _inner(element)
        if is_german(element) and "<a" in markup:
            for link in parse_html(markup).iter("a"):
                if (url := link.get("href", "")).startswith(_LINK_SCHEMES):
                    yield " ".join(link.text_content().split()), url


def _office(office: etree._Element) -> Iterator[Block]:
    """Name, address, telephone and mail of an office."""
    for name in children(office, "name"):
        if is_german(name):
            yield Block(text_of(name))
    for address in children(office, "anschrift"):
        street = [value_of(address, name) for name in ("strasse", "hausnummer")]
        town = [value_of(address, name) for name in ("postleitzahl", "ort")]
        lines = [" ".join(filter(None, part)) for part in (street, town)]
        yield Block(", ".join(filter(None, lines)), BlockKind.ROW)
    for contact in children(office, "kommunikation"):
        kind, number = value_of(contact, "kanal"), value_of(contact, "kennung")
        named = kind if kind and not kind.isdecimal() else ""
        yield Block(f"{named}: {number}" if named else number, BlockKind.ROW)
