"""Blocks as HTML, for the web page and for what is printed from HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from source import Block, Heading, Items, Table, Text


def to_html(blocks: Iterable[Block], tables: str = "plain") -> str:
    """The blocks as HTML elements; § headings get the ids s1, s2, … for a table of contents."""
    return "\n".join(_elements(blocks, tables))


def _elements(blocks: Iterable[Block], tables: str) -> Iterator[str]:
    sections = 0
    for block in blocks:
        match block:
            case Heading(2, text):
                sections += 1
                yield f'<h2 id="s{sections}">{escape(text)}</h2>'
            case Heading(level, text):
                yield f"<h{level}>{escape(text)}</h{level}>"
            case Text(text):
                yield f"<p>{escape(text)}</p>"
            case Items(is_numbered, items):
                tag = "ol" if is_numbered else "ul"
                inner = "".join(f"<li>{escape(item)}</li>" for item in items)
                yield f"<{tag}>{inner}</{tag}>"
            case Table() if tables == "leaders":
                for label, amount in block.rows:
                    row = f"<span>{escape(label)}</span><span>{escape(amount)}</span>"
                    yield f'<p class="leader">{row}</p>'
            case Table():
                yield _table(block, tables)


def _table(table: Table, style: str) -> str:
    head = _row("th", table.header, table.is_amount)
    body = "".join(_row("td", row, table.is_amount) for row in table.rows)
    return f'<table class="{style}"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _row(tag: str, cells: tuple[str, ...], is_amount: tuple[bool, ...]) -> str:
    inner = "".join(
        f"<{tag}{' class=amount' if amount else ''}>{escape(cell)}</{tag}>"
        for cell, amount in zip(cells, is_amount, strict=True)
    )
    return f"<tr>{inner}</tr>"
