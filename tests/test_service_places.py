"""The places of the world, kept in the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import places
from service.places import Place, known_places, load_places

STUTTGART = Place("Stuttgart", "08", 600_000, 48.78, 9.18, ("Штутгарт",))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one whenever the list of the package is gone through, which then has one place."""
    times: list[None] = []

    def find() -> tuple[Place, ...]:
        times.append(None)
        return (STUTTGART,)

    monkeypatch.setattr(places, "_find_places", find)
    return times


def test_places_are_the_same_from_the_package_and_from_the_cache(tmp_path: Path) -> None:
    found = load_places(tmp_path / "places")
    assert load_places(tmp_path / "places") == found == known_places()
    assert {"Konstanz", "Aichelberg", "Zürich", "Istanbul"} <= {place.name for place in found}


def test_places_are_sought_once(tmp_path: Path, found: list[None]) -> None:
    assert load_places(tmp_path / "places") == load_places(tmp_path / "places") == (STUTTGART,)
    assert len(found) == 1


@pytest.mark.parametrize("damage", ["", "[[", "{}", "[]", "[1, 2, 3, 4, 5, 6]", '[["Bonn"], []]'])
def test_a_damaged_file_is_made_anew(tmp_path: Path, found: list[None], damage: str) -> None:
    (tmp_path / "places").write_text(damage, "utf-8")
    assert load_places(tmp_path / "places") == (STUTTGART,)
    assert load_places(tmp_path / "places") == (STUTTGART,)
    assert len(found) == 1
