"""Labels as a lawyer writes them, "§ 5 Abs. 1 Hundesteuersatzung, S. 3", and their short titles."""

from __future__ import annotations

import re

from core.types import Document

LONGEST_SHORT_TITLE = 75

_NUMBER = re.compile(r"(§|Art\.) \d+[a-z]{0,2}|(Anlage|Anhang)( \d+[a-z]?| [A-Z]| [IVX]+)?( E)?")
# A town's own filing number in front: "IV.1 01 Gesellschaftsvertrag …"
_FILING = re.compile(r"^[IVX]+(\.| )\d+(\.\d+)?( \d+)? ")
_CHANGING = re.compile(r"Änderung|Aufhebung|Neufassung|Anpassung")
_NAMED = re.compile(
    r"\((?!Anlage|Fassung)(?P<name>[^()]*?(satzung|ordnung|gesetz|richtlinien?|statut))\b[^()]*\)?",
    re.IGNORECASE,
)
_PLACE = (
    r"(?:der|des|für die|für den|im|in der) "
    r"(?:(?:Großen )?(?:Kreis|Landeshaupt)?[Ss]tadt|(?:Markt)?[Gg]emeinde|Markt(?:es)?"
    r"|Landkreis(?:es)?|Landratsamt(?:e?s)?|Gemeindeverwaltungsverband(?:e?s)?) "
)
_PLACE_WITHIN = re.compile(
    rf" {_PLACE}(?:Bad )?[A-ZÄÖÜ]\S+(?: \S\. ?\S\.)?(?= (?:über|für|zu[rm])\b)"
)
_TAIL = re.compile(
    r"[ ,]+(?:(?:vom|ab|Stand|gültig ab) \d.*|(?:in der )?Fassung .*"
    rf"|(?<!zwischen ){_PLACE}[A-ZÄÖÜ].*)$"
)
_LEVY = re.compile(
    r"^Satzung (?:über|für) die Erhebung (?:einer|der|von) "
    r"(?P<levy>[A-ZÄÖÜ]\w+(?:steuer|beiträgen|gebühren))(?= (?:in|im|der|vom)\b| \(|$)"
)
_BORDER = re.compile(r" [-–—] |[,;:(]| (?=(?:über|für|zu[rm]|der|des|in|im|bei|mit|nach|gemäß)\b)")
_DANGLING = re.compile(r"( (und|oder|der|des|die|das|für|in|im|von|zwischen|\S+-))+$")


def label(document: Document, section: str, page: int | None, mark: str = "") -> str:
    """Where a quote stands: section, Absatz, short title and page, as far as they are known.

    "§ 5 Abs. 1 Hundesteuersatzung, S. 3", "Art. 3 Abs. 2 GG", "„Öffnungszeiten“, Merkblatt Umzug,
    S. 1". An Absatz is named only below a § or an article.
    """
    title = document.short_title or short_title(document.title)
    if _NUMBER.fullmatch(section):
        paragraph = f" Abs. {mark}" if mark and section.startswith(("§", "Art.")) else ""
        place = f"{section}{paragraph} {title}"
    elif section and section not in (title, document.title):
        place = f"„{section}“, {title}"
    else:
        place = title
    return place if page is None else f"{place}, S. {page}"


def short_title(title: str) -> str:
    """The title as citations use it: the name that the title itself gives in brackets ("…
    (Hundesteuersatzung - HStS) der Gemeinde X"), else the title without town and date, cut at a
    sensible border with "…" where it is long."""
    title = _FILING.sub("", " ".join(title.split()))
    if not _CHANGING.search(title) and (named := _NAMED.search(title)):
        return named["name"].strip(" „“\"'")
    title = _PLACE_WITHIN.sub("", title)
    if levied := _LEVY.match(title):
        return levied["levy"].replace("beiträgen", "beitrags") + "satzung"
    title = _TAIL.sub("", title).strip(" ,–—-") or title
    if len(title) <= LONGEST_SHORT_TITLE:
        return title
    borders = [m.start() for m in _BORDER.finditer(title, 15, LONGEST_SHORT_TITLE)]
    end = borders[-1] if borders else title.rfind(" ", 0, LONGEST_SHORT_TITLE)
    kept = _DANGLING.sub("", title[: end if end > 0 else LONGEST_SHORT_TITLE])
    return kept.rstrip(" ,;:–—-") + " …"
