"""Who watches a store sees what was found in it meanwhile, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sets import open_words, write_set

from core.settings import load_settings
from core.store import Store
from core.types import Hit
from eval.watched import watch, watching
from service.answerer import Answerer

PAGES = {"hund": "Die Hundesteuer beträgt 96 Euro.", "bad": "Das Freibad öffnet im Mai."}
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("watched")
    with open_words(write_set(folder / "set", PAGES, []), folder / "state") as store:
        yield store


@pytest.fixture
def watched(plain: Store) -> Store:
    return watch(plain)


def find(store: Store, text: str) -> list[Hit]:
    return Answerer(store, load_settings(town=None)).search(text, as_of=TODAY)


def names(hits: list[Hit]) -> list[str]:
    return [hit.document.id for hit in hits]


def test_what_is_found_is_seen_and_still_found(plain: Store, watched: Store) -> None:
    with watching() as seen:
        found = find(watched, "Hundesteuer")
        assert names(seen) == names(found) == names(find(plain, "Hundesteuer")) == ["hund", "bad"]
        find(watched, "Freibad")
    assert names(seen) == ["hund", "bad", "bad", "hund"], "of several queries, one after the other"


def test_what_is_found_before_or_after_is_not_seen(watched: Store) -> None:
    find(watched, "Hundesteuer")
    with watching() as seen:
        pass
    find(watched, "Hundesteuer")
    assert seen == []


def test_who_does_not_watch_a_store_sees_nothing(plain: Store) -> None:
    with watching() as seen:
        assert find(plain, "Hundesteuer")
    assert seen == []


def test_what_is_found_in_another_thread_is_not_seen(watched: Store) -> None:
    with watching() as seen, ThreadPoolExecutor(1) as pool:
        assert pool.submit(find, watched, "Hundesteuer").result()
    assert seen == []


def test_two_threads_see_each_their_own(watched: Store) -> None:
    both = Barrier(2, timeout=30)

    def look(text: str) -> list[str]:
        with watching() as seen:
            both.wait()
            find(watched, text)
            both.wait()
            return names(seen)

    with ThreadPoolExecutor(2) as pool:
        dog, pool_hits = pool.map(look, ("Hundesteuer", "Freibad"))
    assert (dog, pool_hits) == (["hund", "bad"], ["bad", "hund"])


def test_the_innermost_watcher_sees_what_is_found(watched: Store) -> None:
    with watching() as outer:
        with watching() as inner:
            find(watched, "Freibad")
        find(watched, "Hundesteuer")
    assert (names(inner), names(outer)) == (["bad", "hund"], ["hund", "bad"])


def test_after_an_error_nobody_watches_any_more(watched: Store) -> None:
    with pytest.raises(KeyError), watching() as seen:
        raise KeyError
    find(watched, "Hundesteuer")
    assert seen == []


def test_all_else_of_a_watched_store_is_as_it_was(plain: Store, watched: Store) -> None:
    generation = plain.registry.generation()
    assert watched.index.count(generation) == plain.index.count(generation) == 2
    assert watched.index.fetch("hund", generation) == plain.index.fetch("hund", generation)
    assert (watched.encoder, watched.registry) == (plain.encoder, plain.registry)
