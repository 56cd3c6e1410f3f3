"""Makes the sample town's documents: data/sources → data/documents (`make documents`).

Needs no network and no fonts but those of Python packages. A second run writes the same bytes; an
encrypted file, whose key is random, is only written again when what it holds has changed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import yaml
from makers import form, gii, website, with_fpdf, with_reportlab, with_typst, with_weasyprint
from makers.lock import lock
from makers.scan import scan
from source import Source, read_source

SOURCES = Path(__file__).parent / "documents"
DOCUMENTS = Path(__file__).parent.parent / "documents"

MAKERS: dict[str, tuple[Callable[[Source], bytes], str]] = {
    "form": (form.make, ".pdf"),
    "fpdf2": (with_fpdf.make, ".pdf"),
    "gii": (gii.make, ".xml"),
    "reportlab": (with_reportlab.make, ".pdf"),
    "typst": (with_typst.make, ".pdf"),
    "weasyprint": (with_weasyprint.make, ".pdf"),
    "website": (website.make, ".html"),
}


def build(source: Source, folder: Path) -> Path:
    """The path of the document made from a source, its sidecar beside it."""
    make, suffix = MAKERS[source.print.maker]
    path = folder / f"{source.name}{suffix}"
    content = make(source)
    if source.print.scanned:
        content = scan(content, source)
    if source.print.encrypted:
        content = lock(content, path)
    path.write_bytes(content)
    if suffix != ".html":  # a web page says in its head what it is
        sidecar = yaml.safe_dump(source.document, allow_unicode=True, sort_keys=False, width=100)
        path.with_name(f"{path.name}.yaml").write_text(sidecar, "utf-8")
    return path


def main() -> None:
    """Builds every document, or those of the sources named, and prints what was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", type=Path, default=sorted(SOURCES.glob("*.md")))
    parser.add_argument("--to", type=Path, default=DOCUMENTS, metavar="FOLDER")
    chosen = parser.parse_args()
    for source_path in chosen.sources:
        source = read_source(source_path)
        path = build(source, chosen.to)
        print(f"{path.name:40} {source.print.maker:11} {path.stat().st_size / 1000:7.1f} kB")


if __name__ == "__main__":
    main()
