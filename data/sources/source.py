"""Sources of the sample town: a Markdown file with front matter becomes metadata and blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 for chapters, 2 for § and sections, 3 inside those."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered from 1 or with bullets."""

    is_numbered: bool
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `is_amount` says which columns stand to the right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_amount: tuple[bool, ...]


Block = Heading | Text | Items | Table


@dataclass(frozen=True, slots=True)
class Print:
    """How a document is made: by whom, and what is special about it."""

    maker: str
    style: str = "leaflet"  # by-law | leaflet | notice
    sender: str = "Stadt Auental"
    columns: int = 1
    tables: str = "plain"  # plain | ruled | leaders
    contents: bool = False
    scanned: bool = False
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the town. `document` is the metadata of the contract, written as sidecar;
    `act` is what only the head of a state act says."""

    name: str
    document: dict[str, object]
    print: Print
    blocks: tuple[Block, ...]
    act: dict[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The document's title."""
        return str(self.document["title"])

    @property
    def as_of(self) -> date:
        """The day the text was made, which all files built from it carry as their date."""
        day = self.document["as_of"]
        if not isinstance(day, date):
            raise ValueError(f"{self.name}: as_of is not a date.")
        return day

    @property
    def made_at(self) -> datetime:
        """Noon of that day, UTC, for formats that want a time."""
        return datetime(self.as_of.year, self.as_of.month, self.as_of.day, 12, tzinfo=UTC)


def read_source(path: Path) -> Source:
    """The source in a Markdown file; raises ValueError where the front matter is missing."""
    _, front_matter, body = path.read_text("utf-8").split("---\n", 2)
    fields = yaml.safe_load(front_matter)
    return Source(
        name=path.stem,
        document=fields["document"],
        print=Print(**fields["print"]),
        blocks=tuple(_read_blocks(body)),
        act=fields.get("act", {}),
    )


def _read_blocks(markdown: str) -> list[Block]:
    parser = MarkdownIt("commonmark").enable("table")
    return [_read_block(node) for node in SyntaxTreeNode(parser.parse(markdown)).children]


def _read_block(node: SyntaxTreeNode) -> Block:
    match node.type:
        case "heading":
            return Heading(int(node.tag[1:]), _words(node))
        case "paragraph":
            return Text(_words(node))
        case "bullet_list" | "ordered_list":
            return Items(node.type == "ordered_list", tuple(_words(item) for item in node.children))
        case "table":
            head, body = node.children
            cells = head.children[0].children
            return Table(
                header=tuple(_words(cell) for cell in cells),
                rows=tuple(tuple(_words(cell) for cell in row.children) for row in body.children),
                is_amount=tuple("right" in str(cell.attrs.get("style", "")) for cell in cells),
            )
    raise ValueError(f"{node.type} is not a block that the makers know.")


def _words(node: SyntaxTreeNode) -> str:
    return " ".join(leaf.content for leaf in node.walk() if leaf.type == "text")
