"""Makes a page of the town's web site, with the navigation and footer that sites have."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from source import Source

from makers.markup import to_html

TEMPLATE = Path(__file__).parent.parent / "styles" / "website.html"


def make(source: Source) -> bytes:
    """The HTML page; its head carries the metadata."""
    metadata = "\n  ".join(
        f'<meta name="auskunft:{name}" content="{escape(str(value))}">'
        for name, value in source.document.items()
    )
    page = Template(TEMPLATE.read_text("utf-8")).substitute(
        metadata=metadata,
        title=escape(source.title),
        content=to_html(source.blocks),
        as_of=f"{source.as_of:%d.%m.%Y}",
    )
    return page.encode()
