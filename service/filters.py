"""What a search is narrowed to: a law level, a kind of document, rules in force or to come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.index import Validity
from core.types import Kind, Level
from service.retrieve import Query
from service.scopes import EVERYWHERE
from service.towns import Gazetteer


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits have in common; None: all. Federal law stands with what applies everywhere."""

    level: Level | None = None
    kind: Kind | None = None
    validity: Validity = Validity.IN_FORCE
    document_id: str | None = None


UNFILTERED = Filters()


def narrow(query: Query, filters: Filters, gazetteer: Gazetteer) -> Query | None:
    """The query for hits that the filters let pass; None where there cannot be any."""
    if filters.level is not None:
        of_level = {town.scope for town in gazetteer.towns if town.level is filters.level}
        if filters.level is Level.FEDERAL:
            of_level.add(EVERYWHERE)
        scopes = of_level if query.scopes is None else of_level.intersection(query.scopes)
        if not scopes:
            return None
        query = replace(query, scopes=tuple(sorted(scopes)))
    return replace(
        query,
        kind=filters.kind and filters.kind.value,
        validity=filters.validity,
        document_id=filters.document_id,
    )
