"""Who watches a store sees what was found in it meanwhile, and nothing of others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import numpy as np
import pytest
from sets import open_words, write_set

from core.settings import load_settings
from core.store import Store
from core.types import Hit
from eval.watched import certainty_of, watch, watching
from service.answerer import Answerer
from service.certainty import SIGNS, Certainty
from service.selector import Selector

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
        assert (
            names(seen.hits) == names(found) == names(find(plain, "Hundesteuer")) == ["hund", "bad"]
        )
        find(watched, "Freibad")
    assert names(seen.hits) == ["hund", "bad", "bad", "hund"], (
        "of several queries, one after the other"
    )


def test_what_is_found_before_or_after_is_not_seen(watched: Store) -> None:
    find(watched, "Hundesteuer")
    with watching() as seen:
        pass
    find(watched, "Hundesteuer")
    assert seen.hits == []


def test_who_does_not_watch_a_store_sees_nothing(plain: Store) -> None:
    with watching() as seen:
        assert find(plain, "Hundesteuer")
    assert seen.hits == []


def test_what_is_found_in_another_thread_is_not_seen(watched: Store) -> None:
    with watching() as seen, ThreadPoolExecutor(1) as pool:
        assert pool.submit(find, watched, "Hundesteuer").result()
    assert seen.hits == []


def test_two_threads_see_each_their_own(watched: Store) -> None:
    both = Barrier(2, timeout=30)

    def look(text: str) -> list[str]:
        with watching() as seen:
            both.wait()
            find(watched, text)
            both.wait()
            return names(seen.hits)

    with ThreadPoolExecutor(2) as pool:
        dog, pool_hits = pool.map(look, ("Hundesteuer", "Freibad"))
    assert (dog, pool_hits) == (["hund", "bad"], ["bad", "hund"])


def test_the_innermost_watcher_sees_what_is_found(watched: Store) -> None:
    with watching() as outer:
        with watching() as inner:
            find(watched, "Freibad")
        find(watched, "Hundesteuer")
    assert (names(inner.hits), names(outer.hits)) == (["bad", "hund"], ["hund", "bad"])


def test_after_an_error_nobody_watches_any_more(watched: Store) -> None:
    with pytest.raises(KeyError), watching() as seen:
        raise KeyError
    find(watched, "Hundesteuer")
    assert seen.hits == []


def test_all_else_of_a_watched_store_is_as_it_was(plain: Store, watched: Store) -> None:
    generation = plain.registry.generation()
    assert watched.index.count(generation) == plain.index.count(generation) == 2
    assert watched.index.fetch("hund", generation) == plain.index.fetch("hund", generation)
    assert watched.encoder.model_id == plain.encoder.model_id
    assert watched.registry == plain.registry


def test_a_lookup_is_seen_in_the_words_that_were_encoded(watched: Store) -> None:
    settings = load_settings(town=None)
    with watching() as seen:
        Answerer(watched, settings).search("Freibad", as_of=TODAY)
        Answerer(watched, settings).answer("Wann öffnet das Freibad?", as_of=TODAY)
    ((query, hits),) = seen.lookups()
    assert (query.text, query.language, query.day) == ("Wann öffnet das Freibad?", "de", TODAY)
    assert names(hits) == ["bad", "hund"]


def test_the_certainty_is_that_of_the_surest_reading(
    watched: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_sign = np.eye(SIGNS + 1, dtype=np.float32)[0]  # the best cosine
    selector = Selector(({},), 0.2, Certainty(first_sign, {"unknown": 0.5}, {"unknown": 0.5}))
    monkeypatch.setattr("eval.watched.load_selector", lambda _: selector)
    monkeypatch.setattr("service.selector._run", lambda _, form, *__: np.zeros(form.shape[:2]))

    def certainty(*questions: str) -> float | None:
        with watching() as seen:
            for question in questions:
                Answerer(watched, load_settings(town=None)).answer(question, as_of=TODAY)
        return certainty_of(seen, "any")

    near, far = "Wann öffnet das Freibad?", "Wo wohnt der Bürgermeister?"
    sure, unsure = certainty(near), certainty(far)
    assert sure is not None
    assert unsure is not None
    assert sure > unsure
    assert certainty(far, near) == certainty(near, far) == sure
    assert certainty() is None


def test_without_a_selector_there_is_no_certainty(watched: Store) -> None:
    with watching() as seen:
        Answerer(watched, load_settings(town=None)).answer("Wann öffnet das Freibad?", as_of=TODAY)
    assert certainty_of(seen, watched.encoder.model_id) is None
