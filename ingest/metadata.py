"""Metadata as people write it (front matter, sidecar, defaults) becomes a Document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from core.errors import MetadataInvalid
from core.labels import short_title
from core.types import Document, Jurisdiction, Kind, Level, Related

Fields = Mapping[str, object]

KEY_DIGITS = {
    Level.FEDERAL: 0,
    Level.STATE: 2,
    Level.DISTRICT: 5,
    Level.ASSOCIATION: 9,
    Level.MUNICIPALITY: 12,
}

LONGEST_ID = 500  # characters that the registry has room for

_MAY_BE_EMPTY = frozenset({"jurisdiction", "url", "valid_from", "valid_to", "as_of"})

_Choice = TypeVar("_Choice", bound=StrEnum)


def load_metadata(path: Path) -> dict[str, object]:
    """The mapping in a YAML file, every value as text; raises MetadataInvalid."""
    return parse_metadata(path.read_bytes(), path.name)


def parse_metadata(content: bytes, name: str) -> dict[str, object]:
    """The mapping in YAML of a name, every value as text; raises MetadataInvalid."""
    try:
        fields = yaml.load(content.decode("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 texts only: keys such as 08117 keep their zero
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise MetadataInvalid(f"{name} is not valid YAML.") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise MetadataInvalid(f"{name} must hold `name: value` lines.")
    return fields


def make_document(default_id: str, sources: Iterable[Fields]) -> Document:
    """A Document from several layers of fields, the first layer that has a field winning, also with
    an empty one where a document may go without.

    Raises MetadataInvalid, naming the field and what it may be.
    """
    fields: dict[str, object] = {}
    for source in sources:
        for name, value in source.items():
            is_empty = _is_empty(value)
            if not is_empty or name in _MAY_BE_EMPTY:
                fields.setdefault(name, "" if is_empty else value)
    document_id = _text(fields, "id") or default_id
    if len(document_id) > LONGEST_ID:
        raise MetadataInvalid(f"The id has more than {LONGEST_ID} characters; give a shorter one.")
    title = _text(fields, "title") or default_id.rsplit("/", 1)[-1]
    valid_from, valid_to = _day(fields, "valid_from"), _day(fields, "valid_to")
    if valid_from and valid_to and valid_from > valid_to:
        raise MetadataInvalid(f"valid_from ({valid_from}) is after valid_to ({valid_to}).")
    return Document(
        id=document_id,
        title=title,
        kind=_choice(fields, "kind", Kind, Kind.SERVICE),
        language=_language(fields),
        jurisdiction=_jurisdiction(fields.get("jurisdiction")),
        url=_text(fields, "url") or None,
        valid_from=valid_from,
        valid_to=valid_to,
        as_of=_day(fields, "as_of"),
        short_title=_text(fields, "short_title") or short_title(title),
        links=_links(fields.get("links")),
    )


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", "~", "null", "Null"))


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    if isinstance(value, dict | list):
        raise MetadataInvalid(f"{name} must be a single value.")
    return str(value).strip()


def _language(fields: Fields) -> str:
    """The language as two or three letters; "de-AT" is "de"."""
    text = _text(fields, "language").lower() or "de"
    language = re.split("[-_]", text)[0]
    if not re.fullmatch("[a-z]{2,3}", language):
        raise MetadataInvalid(f"language is not a code like de or tr: {text}")
    return language


def _day(fields: Fields, name: str) -> date | None:
    text = _text(fields, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MetadataInvalid(f"{name} is not a date like 2026-01-31: {text}") from error


def _choice(fields: Fields, name: str, choices: type[_Choice], default: _Choice) -> _Choice:
    text = _text(fields, name)
    try:
        return choices(text) if text else default
    except ValueError as error:
        raise MetadataInvalid(f"{name} must be one of {', '.join(choices)}, not {text}.") from error


def _links(value: object) -> tuple[Related, ...]:
    """Forms and pages that a document leads to: a list of `{title, kind, url}`."""
    if _is_empty(value):
        return ()
    if not isinstance(value, list) or not all(isinstance(link, Mapping) for link in value):
        raise MetadataInvalid("links must be a list of title, kind and url.")
    return tuple(
        Related(
            _text(link, "title") or _text(link, "url"),
            _choice(link, "kind", Kind, Kind.SERVICE),
            _text(link, "url") or None,
        )
        for link in value
    )


def _jurisdiction(value: object) -> Jurisdiction | None:
    if _is_empty(value):
        return None
    if not isinstance(value, Mapping):
        raise MetadataInvalid("jurisdiction needs level, name and key.")
    level = _choice(value, "level", Level, Level.MUNICIPALITY)
    name, key = _text(value, "name"), _text(value, "key").replace(" ", "")
    if level is Level.FEDERAL:
        return Jurisdiction(level, name or "Bund", "")
    if not key:
        if not name:
            raise MetadataInvalid("jurisdiction needs a name or a key.")
        return Jurisdiction(level, name, None)
    if not (key.isascii() and key.isdigit() and len(key) == KEY_DIGITS[level]):
        raise MetadataInvalid(f"key of a {level} has {KEY_DIGITS[level]} digits, not {key}.")
    return Jurisdiction(level, name or key, key)
