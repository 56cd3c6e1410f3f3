"""The towns of a store's documents, and the one that a question is asked in."""

from __future__ import annotations

from core.settings import Settings
from core.store import Store
from service.towns import ForeignPlace, Gazetteer, Town


class KnownTowns:
    """The gazetteer of the standing generation, and what the site's town means in it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._known: tuple[int, Gazetteer] | None = None

    def at(self, generation: int | None = None) -> Gazetteer:
        """The towns at a generation, by default the standing one; read anew when it moves."""
        if generation is None:
            generation = self._store.registry.generation()
        known = self._known
        if known is None or known[0] != generation:
            places = {v.document.jurisdiction for v in self._store.registry.standing()} - {None}
            self._known = known = generation, Gazetteer(place for place in places if place)
        return known[1]

    def home(self, gazetteer: Gazetteer, town: str | None) -> Town | None:
        """The town that is asked in: of the request, else of the site. Raises TownUnknown or
        TownAmbiguous."""
        name = town or self._settings.town
        return gazetteer.resolve(name) if name else None

    def is_elsewhere(self, place: Town | ForeignPlace, gazetteer: Gazetteer) -> bool:
        """Whether this index or site has nothing of a place."""
        if isinstance(place, ForeignPlace):  # documents that name no place may be of any
            return not place.is_country and bool(gazetteer.towns or self._settings.town)
        if not self._settings.town:
            return False
        site = gazetteer.resolve(self._settings.town)
        return place.scope not in gazetteer.scopes(site) and site.scope not in gazetteer.scopes(
            place
        )
