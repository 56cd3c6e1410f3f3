"""What was found to the questions of a message, and how it comes together in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.types import Hit, Kind, Level, Related
from service.extract import Pick
from service.towns import Town

TOWN_MARGIN = 0.03  # another town's rule this near the best: the answer differs by town
MOST_RELATED = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences that answer a question, among all hits, in the town that it is asked of;
    whether they are approved words."""

    town: Town | None
    hits: Sequence[Hit]
    picks: Sequence[Pick]
    is_curated: bool

    @property
    def is_sure(self) -> bool:
        """Whether these sentences answer without doubt."""
        return self.is_curated or any(pick.is_sure for pick in self.picks)


def without_repeats(findings: Iterable[Found]) -> list[Pick]:
    """The sentences of all findings in order, without those that answer an earlier question."""
    picks: list[Pick] = []
    for found in findings:
        said = {(pick.hit.passage.id, pick.sentence) for pick in picks}
        picks += [p for p in found.picks if (p.hit.passage.id, p.sentence) not in said]
    return picks


def rival_places(quoted: Sequence[Hit], hits: Sequence[Hit]) -> tuple[str, ...]:
    """The names of places of one level whose rules would answer, when there are several."""
    near = [hit for hit in hits if hits[0].score - hit.score <= TOWN_MARGIN]
    for level in (Level.MUNICIPALITY, Level.ASSOCIATION, Level.DISTRICT, Level.STATE):
        found = [_place_on(level, group) for group in (quoted, near)]
        if found[0] and len(rivals := found[0] | found[1]) > 1:
            return tuple(dict.fromkeys(rivals.values()))
    return ()


def related(hits: Iterable[Hit], cited: set[str]) -> tuple[Related, ...]:
    """What the cited documents lead to, then forms and pages among the hits that are not cited
    themselves."""
    found = {hit.document.id: hit.document for hit in hits}
    links = [link for name, document in found.items() if name in cited for link in document.links]
    beside = [
        Related(document.title, document.kind, document.url)
        for name, document in found.items()
        if name not in cited and document.kind in (Kind.FORM, Kind.SERVICE, Kind.LEAFLET)
    ]
    return tuple(dict.fromkeys(links + beside))[:MOST_RELATED]


def _place_on(level: Level, hits: Sequence[Hit]) -> dict[str, str]:
    """The places of a level that hits are of: scope → name."""
    places = [hit.document.jurisdiction for hit in hits]
    return {place.scope: place.name for place in places if place and place.level is level}
