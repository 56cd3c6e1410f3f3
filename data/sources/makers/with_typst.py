"""Makes a PDF with Typst; the look is in styles/town.typ, the fonts are Typst's own."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst
from source import Source

TEMPLATE = Path(__file__).parent.parent / "styles" / "town.typ"


def make(source: Source) -> bytes:
    """The PDF; the blocks travel to the template as JSON."""
    blocks = [{"kind": type(block).__name__, **asdict(block)} for block in source.blocks]
    content = {"title": source.title, "print": asdict(source.print), "blocks": blocks}
    pdf = typst.compile(
        TEMPLATE,
        sys_inputs={"source": json.dumps(content)},
        format="pdf",
        ignore_system_fonts=True,
        timestamp=int(source.made_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave more than one file.")
    return pdf
