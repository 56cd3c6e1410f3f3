"""A text file's characters, and the front matter above them."""

from __future__ import annotations

from pathlib import Path

import yaml

from core.errors import DocumentEmpty, DocumentTooLarge, DocumentUnreadable, MetadataInvalid
from ingest.readers.limits import ReaderLimits

_FENCE = "---"


def read_bytes(path: Path, limits: ReaderLimits) -> bytes:
    """The file's bytes; raises DocumentUnreadable, DocumentEmpty or DocumentTooLarge."""
    try:
        size = path.stat().st_size
        if size > limits.file_mb * 2**20:
            raise DocumentTooLarge(f"The file is larger than {limits.file_mb} MiB.")
        content = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadable(f"The file cannot be opened: {error.strerror}.") from error
    if not content.strip():
        raise DocumentEmpty
    return content


def read_text(path: Path, limits: ReaderLimits) -> str:
    """The file's text from UTF-8, with line breaks as "\\n"; raises what `read_bytes` raises."""
    return decode_text(read_bytes(path, limits))


def decode_text(content: bytes) -> str:
    """UTF-8 bytes, with or without a mark in front, as text with "\\n" for line breaks.

    Raises DocumentUnreadable for other encodings, and for bytes that are no text at all.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentUnreadable(
            f"The text is not UTF-8 (line {line}); save it as UTF-8."
        ) from error
    if "\0" in text:
        raise DocumentUnreadable("The file holds binary data, not text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The front matter's fields, every value as text, and the text below it.

    Raises MetadataInvalid, naming the line, where a block between "---" lines opens the text and
    is not a YAML mapping.
    """
    lines = text.lstrip("\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, text
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in (_FENCE, "...")), None)
    if end is None:
        raise MetadataInvalid("The front matter that begins in line 1 is not closed with ---.")
    first_line = len(text) - len(text.lstrip("\n")) + 2
    try:
        # BaseLoader makes every value a text: keys such as 08117 keep their zero.
        fields = yaml.load("\n".join(lines[1:end]), Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        raise MetadataInvalid(f"The front matter is not valid YAML (line {line}).") from error
    except yaml.YAMLError as error:
        raise MetadataInvalid("The front matter holds characters that YAML forbids.") from error
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise MetadataInvalid(
            f"The front matter must hold `name: value` lines (line {first_line})."
        )
    return {str(name): value for name, value in fields.items()}, "\n".join(lines[end + 1 :])
