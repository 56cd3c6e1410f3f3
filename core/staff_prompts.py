"""The prompt collection: what staff orders of a language model, kept, shared and rated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, select

from core import tables
from core.errors import UsageError
from core.schema import transaction
from core.stored import utc

STARS = range(1, 6)


class PromptUnknown(UsageError):
    """There is no prompt of this id; somebody may have deleted it."""


class PromptChanged(UsageError):
    """Somebody else changed this prompt meanwhile; look at their text and save again."""


class RatingInvalid(UsageError):
    """A rating has 1 to 5 stars."""


@dataclass(frozen=True, slots=True)
class StaffPrompt:
    """A prompt. `edition` grows with every change, 0 before the first; `town`: the key or name of
    the place whose staff may use it where it `is_shared`, "" for all; `ratings`: stars by name."""

    id: str = ""
    edition: int = 0
    town: str = ""
    title: str = ""
    purpose: str = ""
    text: str = ""
    is_shared: bool = False
    made_by: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None  # given here
    ratings: tuple[tuple[str, int], ...] = ()

    @property
    def mean(self) -> float:
        """The mean rating in stars, 0 where nobody rated it."""
        return sum(stars for _, stars in self.ratings) / len(self.ratings) if self.ratings else 0

    def stars_of(self, name: str) -> int:
        """A person's rating, 0 for none."""
        return dict(self.ratings).get(name, 0)


def read_prompts(engine: Engine) -> list[StaffPrompt]:
    """All prompts, the best rated first, then the last changed."""
    table, rating = tables.staff_prompt, tables.prompt_rating
    ratings: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    with transaction(engine) as connection:
        for row in connection.execute(select(rating).order_by(rating.c.by)):
            ratings[row.prompt_id].append((row.by, row.stars))
        rows = connection.execute(select(table).order_by(table.c.changed_at.desc())).mappings()
        found = [_from_row(row, ratings[row["id"]]) for row in rows]
    return sorted(found, key=lambda prompt: -prompt.mean)


def read_prompt(engine: Engine, prompt_id: str) -> StaffPrompt:
    """A prompt by its id; raises PromptUnknown."""
    table, rating = tables.staff_prompt, tables.prompt_rating
    of_prompt = select(rating).where(rating.c.prompt_id == prompt_id).order_by(rating.c.by)
    with transaction(engine) as connection:
        row = connection.execute(select(table).where(table.c.id == prompt_id)).mappings().first()
        ratings = [(found.by, found.stars) for found in connection.execute(of_prompt)]
    if row is None:
        raise PromptUnknown
    return _from_row(row, ratings)


def save_prompt(engine: Engine, prompt: StaffPrompt, by: str) -> StaffPrompt:
    """Keeps what a person wrote; how it stands then. Raises PromptChanged where its edition is no
    longer the last, PromptUnknown where it was deleted."""
    kept = replace(
        prompt, edition=prompt.edition + 1, changed_by=by, changed_at=datetime.now(UTC), ratings=()
    )
    table = tables.staff_prompt
    if not prompt.id:
        kept = replace(kept, id=uuid4().hex, made_by=by)
        with transaction(engine) as connection:
            connection.execute(table.insert().values(_to_row(kept)))
        return kept
    standing = read_prompt(engine, prompt.id)
    kept = replace(kept, made_by=standing.made_by)
    is_same = table.c.id == prompt.id, table.c.edition == prompt.edition
    with transaction(engine) as connection:
        if not connection.execute(table.update().where(*is_same).values(_to_row(kept))).rowcount:
            raise PromptChanged
    return replace(kept, ratings=standing.ratings)


def delete_prompt(engine: Engine, prompt: StaffPrompt) -> None:
    """Forgets a prompt, as it was read, and its ratings; raises PromptChanged."""
    table, rating = tables.staff_prompt, tables.prompt_rating
    is_same = table.c.id == prompt.id, table.c.edition == prompt.edition
    with transaction(engine) as connection:
        connection.execute(rating.delete().where(rating.c.prompt_id == prompt.id))
        if not connection.execute(table.delete().where(*is_same)).rowcount:
            raise PromptChanged  # and the ratings stay: nothing of this is written


def rate_prompt(engine: Engine, prompt_id: str, by: str, stars: int) -> None:
    """Keeps a person's rating in place of the one they gave before. Raises RatingInvalid or
    PromptUnknown."""
    if stars not in STARS:
        raise RatingInvalid
    read_prompt(engine, prompt_id)
    table = tables.prompt_rating
    is_same = table.c.prompt_id == prompt_id, table.c.by == by
    with transaction(engine) as connection:
        connection.execute(table.delete().where(*is_same))
        connection.execute(table.insert().values(prompt_id=prompt_id, by=by, stars=stars))


_FIELDS = (
    "id",
    "edition",
    "town",
    "title",
    "purpose",
    "text",
    "is_shared",
    "made_by",
    "changed_by",
    "changed_at",
)


def _to_row(prompt: StaffPrompt) -> dict[str, Any]:
    return {name: getattr(prompt, name) for name in _FIELDS}


def _from_row(row: Any, ratings: list[tuple[str, int]]) -> StaffPrompt:
    fields = {name: row[name] for name in _FIELDS} | {"changed_at": utc(row["changed_at"])}
    return StaffPrompt(**fields, ratings=tuple(ratings))
