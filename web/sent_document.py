"""A document as a program sends it: as the request's body, or in a form with its metadata."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from core.errors import DocumentEmpty, DocumentTooLarge, DocumentTypeUnknown, MetadataInvalid
from ingest.metadata import parse_metadata
from web.editor.files import Upload

ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/xml": ".xml",
}
FORM = "multipart/form-data"
FILE, METADATA = "file", "metadata"  # the parts of a form
MAX_METADATA_BYTES = 64 * 1024
# what a request may be, for the description of the routes
SENT: dict[str, object] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": [FILE],
                "properties": {
                    FILE: {"type": "string", "format": "binary"},
                    METADATA: {"type": "string", "description": "YAML, as in front matter"},
                },
            }
        },
        **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in ENDINGS},
    },
}
_IN_MEMORY = 2**20


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A file, and the metadata that were sent beside it, as in its front matter."""

    upload: Upload
    fields: dict[str, object] = field(default_factory=dict)


@asynccontextmanager
async def read_document(
    request: Request, name: str, largest_mb: int
) -> AsyncIterator[SentDocument]:
    """What a request sends, until it is left; `name` is the file's where the body is the file.

    Raises DocumentTypeUnknown, DocumentTooLarge, DocumentEmpty, MetadataInvalid.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM:
        async with request.form(max_files=2, max_fields=2) as form:
            yield await _read_form(form, largest_mb)
        return
    if not name and kind not in ENDINGS:
        raise DocumentTypeUnknown(
            "Say what kind of file it is: by its name (?name=satzung.pdf) or its Content-Type, "
            f"such as {', '.join(ENDINGS)}."
        )
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            _require_small(size, largest_mb)
            body.write(chunk)
        yield SentDocument(_upload(name or f"dokument{ENDINGS[kind]}", size, body))


async def _read_form(form: FormData, largest_mb: int) -> SentDocument:
    file, metadata = form.get(FILE), form.get(METADATA) or ""
    if not isinstance(file, UploadFile):
        raise DocumentEmpty(f"The form has no file; send it as its part `{FILE}`.")
    size = file.size or 0
    _require_small(size, largest_mb)
    if isinstance(metadata, UploadFile):
        content = await metadata.read(MAX_METADATA_BYTES + 1)
    else:
        content = metadata.encode()
    if len(content) > MAX_METADATA_BYTES:
        raise MetadataInvalid(f"The metadata have more than {MAX_METADATA_BYTES // 1024} KiB.")
    upload = _upload(file.filename or "dokument", size, file.file)
    return SentDocument(upload, parse_metadata(content, f"The part `{METADATA}`"))


def _upload(name: str, size: int, content: IO[bytes]) -> Upload:
    if not size:
        raise DocumentEmpty("The file that was sent is empty.")
    content.seek(0)
    return Upload(name, size, content)


def _require_small(size: int, largest_mb: int) -> None:
    if size > largest_mb * 2**20:
        raise DocumentTooLarge(
            f"The file has more than {largest_mb} MiB, all that AUSKUNFT_READER_FILE_MB allows."
        )
