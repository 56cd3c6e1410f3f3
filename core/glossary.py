"""The glossary: how a town says German terms of its offices and laws, language by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from core import tables
from core.errors import UsageError
from core.schema import transaction
from core.stored import utc


class TermUnknown(UsageError):
    """There is no term of this id in the glossary; somebody may have deleted it."""


class TermChanged(UsageError):
    """Somebody else changed this term meanwhile; look at their words and save again."""


class TermExists(UsageError):
    """The glossary has this term for this place already."""


@dataclass(frozen=True, slots=True)
class Term:
    """A German term and its `wordings` by language. `edition` grows with every change, 0 before the
    first; `town`: the key or name of the place whose words these are, "" for all."""

    id: str = ""
    edition: int = 0
    town: str = ""
    german: str = ""
    wordings: Mapping[str, str] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: datetime | None = None  # given here


def glossary(engine: Engine, town: str, language: str) -> dict[str, str]:
    """German term → wording in a language, for a town by its key or name, "" for none: of the
    places that it lies in, the nearest one's words."""
    nearest: dict[str, str] = {}
    for term in sorted(read_terms(engine), key=lambda term: len(term.town)):
        is_there = town == term.town or (term.town.isdecimal() and town.startswith(term.town))
        if (not term.town or is_there) and term.wordings.get(language):
            nearest[term.german] = term.wordings[language]
    return nearest


def read_terms(engine: Engine) -> list[Term]:
    """All terms of all places, by their German words."""
    with transaction(engine) as connection:
        rows = connection.execute(select(tables.glossary_term)).mappings()
        found = [_from_row(row) for row in rows]
    return sorted(found, key=lambda term: (term.german.casefold(), term.town))


def read_term(engine: Engine, term_id: str) -> Term:
    """A term by its id; raises TermUnknown."""
    query = select(tables.glossary_term).where(tables.glossary_term.c.id == term_id)
    with transaction(engine) as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise TermUnknown
    return _from_row(row)


def save_term(engine: Engine, term: Term, by: str) -> Term:
    """Keeps what a person wrote; how it stands then. Raises TermChanged where its edition is no
    longer the last or it was deleted, TermExists where the place has another of the same words."""
    kept = replace(term, edition=term.edition + 1, changed_by=by, changed_at=datetime.now(UTC))
    table = tables.glossary_term
    try:
        with transaction(engine) as connection:
            if not term.id:
                kept = replace(kept, id=uuid4().hex)
                connection.execute(table.insert().values(_to_row(kept)))
                return kept
            is_same = table.c.id == term.id, table.c.edition == term.edition
            if connection.execute(table.update().where(*is_same).values(_to_row(kept))).rowcount:
                return kept
    except IntegrityError as error:
        raise TermExists from error
    raise TermChanged


def delete_term(engine: Engine, term: Term) -> None:
    """Forgets a term, as it was read; raises TermChanged."""
    table = tables.glossary_term
    is_same = table.c.id == term.id, table.c.edition == term.edition
    with transaction(engine) as connection:
        if not connection.execute(table.delete().where(*is_same)).rowcount:
            raise TermChanged


_FIELDS = ("id", "edition", "town", "german", "wordings", "changed_by", "changed_at")


def _to_row(term: Term) -> dict[str, Any]:
    return {name: getattr(term, name) for name in _FIELDS} | {"wordings": dict(term.wordings)}


def _from_row(row: Any) -> Term:
    return Term(**{name: row[name] for name in _FIELDS} | {"changed_at": utc(row["changed_at"])})
