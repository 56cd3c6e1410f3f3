"""Makes a PDF from HTML and CSS with WeasyPrint; the look is in styles/*.css."""

from __future__ import annotations

import hashlib
from html import escape
from importlib.resources import files
from pathlib import Path

from source import Heading, Source
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from makers.markup import to_html

STYLES = Path(__file__).parent.parent / "styles"
FONTS = files("font_source_sans_pro") / "files"


def make(source: Source) -> bytes:
    """The PDF: Source Sans from its Python package, hyphenated by Pango."""
    fonts = FontConfiguration()
    css = CSS(
        string=_fonts() + (STYLES / f"{source.print.style}.css").read_text("utf-8"),
        font_config=fonts,
    )
    html = HTML(string=_page(source))
    pdf = html.write_pdf(
        stylesheets=[css],
        font_config=fonts,
        pdf_identifier=hashlib.md5(source.name.encode(), usedforsecurity=False).digest(),
        hinting=False,
    )
    return bytes(pdf)


def _page(source: Source) -> str:
    title, sender = escape(source.title), escape(source.print.sender)
    moment = source.made_at.isoformat().replace("+00:00", "Z")
    return f"""<html lang="de"><head><title>{title}</title><meta name="author" content="{sender}">
<meta name="dcterms.created" content="{moment}"><meta name="dcterms.modified" content="{moment}">
</head><body><div class="sender">{sender}</div><div class="running">{title}</div>
<h1 class="title">{title}</h1>
{_contents(source) if source.print.contents else ""}
{to_html(source.blocks, source.print.tables)}</body></html>"""


def _contents(source: Source) -> str:
    headings = [b.text for b in source.blocks if isinstance(b, Heading) and b.level == 2]
    entries = "".join(
        f'<p><a href="#s{number}">{escape(text)}</a></p>' for number, text in enumerate(headings, 1)
    )
    return f'<section class="contents"><h3>Inhaltsübersicht</h3>{entries}</section>'


def _fonts() -> str:
    faces = (
        ("Regular", "normal", "normal"),
        ("Bold", "bold", "normal"),
        ("It", "normal", "italic"),
    )
    return "".join(
        f'@font-face {{ font-family: "Town Sans"; font-weight: {weight}; font-style: {slope};'
        f' src: url("{Path(str(FONTS / f"SourceSansPro-{cut}.ttf")).as_uri()}"); }}\n'
        for cut, weight, slope in faces
    )
