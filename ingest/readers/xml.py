"""XML files: acts of gesetze-im-internet.de and service descriptions, told apart by their root."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from core.errors import DocumentUnreadable
from core.types import Reading
from ingest.readers import gii, xzufi
from ingest.readers.limits import ReaderLimits
from ingest.readers.source import read_bytes

NEITHER = (
    "The XML is neither an act in the format of gesetze-im-internet.de (gii-norm) "
    "nor a service description (XZuFi)."
)


def read_xml(path: Path, limits: ReaderLimits) -> Reading:
    """What an act (see `gii`) or a service description (see `xzufi`) says.

    Raises DocumentUnreadable for any other XML and where it declares entities, DocumentEmpty,
    DocumentTooLarge.
    """
    return read_content(read_bytes(path, limits))


def read_content(content: bytes) -> Reading:
    """The same from the bytes of a file."""
    root = _parse(content)
    if root.tag == gii.ROOT:
        return gii.read_act(root)
    if str(root.tag).startswith(xzufi.NAMESPACE_START):
        return xzufi.read_services(root)
    raise DocumentUnreadable(NEITHER)


def _parse(content: bytes) -> etree._Element:
    """The root of an XML text that declares no entities; nothing is ever fetched for it."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        reason = str(error.msg).split(",")[0]
        raise DocumentUnreadable(f"The XML is not well-formed: {reason}.") from error
    if b"<!ENTITY" in content or next(root.iter(etree.Entity), None) is not None:
        raise DocumentUnreadable("The XML declares entities, which are not read.")
    return root
