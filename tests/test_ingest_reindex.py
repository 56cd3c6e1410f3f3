"""The index is built anew beside the old one, and switched to at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from children import die_at, run_child
from encoders import WordEncoder
from qdrant_client import QdrantClient

from core.database import open_registry
from core.errors import IndexOutdated, WriterBusy
from core.index import STAGED, IndexIdentity
from core.index_engines import open_index, remove_index
from core.settings import Settings, load_settings
from core.store import Store, take_rebuilt
from core.writer import writing
from ingest.copy_index import copy_points
from ingest.publish import Publisher
from ingest.reindex import reindex
from ingest.run import ingest
from ingest.staging import discard, publish_staged

NEW = WordEncoder("better words")
TAX = "---\nvalid_from: {year}-01-01\n---\n# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n"
TAX += "(1) Die Steuer beträgt {amount} Euro.\n"


@contextmanager
def opened(settings: Settings, encoder: WordEncoder) -> Iterator[Store]:
    """The store as a command opens it."""
    identity = IndexIdentity(encoder.model_id, encoder.dimensions)
    with closing(open_registry(settings)) as registry:
        take_rebuilt(settings, identity, registry)
        with closing(open_index(settings, identity)) as index:
            yield Store(encoder, index, registry, settings.state_dir / "originals")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A by-law of last year, its amendment of this one, and one that is prepared."""
    settings = load_settings(state_dir=tmp_path / "state")
    file = tmp_path / "hund.md"
    with opened(settings, WordEncoder()) as store:
        for year, amount in ((2020, 96), (2024, 108), (2099, 120)):
            file.write_text(TAX.format(year=year, amount=amount), "utf-8")
            ingest([file], Publisher(store), settings, is_staged=year == 2099)
    return settings


def texts(store: Store) -> dict[int, list[str]]:
    generation = store.registry.generation()
    return {
        seen: sorted(passage.text for passage in store.index.fetch("hund", seen))
        for seen in (generation, STAGED)
    }


def test_another_model_has_the_same_passages_in_every_version(settings: Settings) -> None:
    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    with pytest.raises(IndexOutdated, match="reindex"), opened(settings, NEW):
        pass
    done = reindex(settings, NEW)
    assert (done.documents, done.passages, done.answers) == (1, 2, True)
    with opened(settings, NEW) as store:
        assert texts(store) == before
        assert [len(found) for found in before.values()] == [2, 3]
        publish_staged(Publisher(store), ["hund"], by="Ada")
        assert texts(store)[store.registry.generation()] == before[STAGED]
    assert sorted(path.name for path in settings.state_dir.iterdir() if path.is_dir()) == [
        "index",
        "originals",
    ]


def test_what_is_unchanged_is_not_published_again(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, WordEncoder()) as store:
        publish_staged(Publisher(store), ["hund"], by="Ada")
    reindex(settings, NEW)
    with opened(settings, NEW) as store:
        report = ingest([tmp_path / "hund.md"], Publisher(store), settings)
        assert (report.updated, report.unchanged) == (0, 1)


def test_a_running_site_answers_from_the_old_index_and_starts_with_the_new(
    settings: Settings,
) -> None:
    with opened(settings, WordEncoder()) as site:
        before = texts(site)
        assert not reindex(settings, NEW).answers
        assert texts(site) == before
    with opened(settings, NEW) as site:
        assert texts(site) == before


def test_what_was_published_since_is_not_lost(settings: Settings, tmp_path: Path) -> None:
    with opened(settings, WordEncoder()) as site:
        reindex(settings, NEW)
        (tmp_path / "hund.md").write_text(TAX.format(year=2025, amount=110), "utf-8")
        ingest([tmp_path / "hund.md"], Publisher(site), settings)
        generation = site.registry.generation()
        before = texts(site)[generation]
    with pytest.raises(IndexOutdated), opened(settings, NEW):
        pass
    reindex(settings, NEW)
    with opened(settings, NEW) as site:
        assert texts(site)[generation] == before


def test_a_lost_index_is_built_from_the_registry(settings: Settings) -> None:
    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    remove_index(settings)
    reindex(settings, WordEncoder())
    with opened(settings, WordEncoder()) as store:
        assert texts(store) == before


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, QdrantClient]:
    """The same on a Qdrant server, in memory, and a client that looks at it."""

    class Server(QdrantClient):
        def close(self, *_: object, **__: object) -> None:
            """Goes on: the next one finds everything as it is."""

    client = Server(":memory:")
    monkeypatch.setattr("core.index_engines._connect", lambda *_: client)
    there = settings.model_copy(update={"qdrant_url": "http://qdrant:6333"})
    with opened(settings, WordEncoder()) as store, opened(there, WordEncoder()) as copy:
        copy_points(store.index, copy.index, store.registry.generation())
    return there, client


def collections(client: QdrantClient) -> set[str]:
    return {found.name for found in client.get_collections().collections}


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")
def test_on_a_server_too_another_model_has_the_same_passages_in_every_version(
    server: tuple[Settings, QdrantClient],
) -> None:
    settings, client = server
    client.create_collection("auskunft-of-others", vectors_config={})
    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    for model in (NEW, WordEncoder("best words")):
        done = reindex(settings, model)
        assert (done.documents, done.passages, done.answers) == (1, 2, True)
        with pytest.raises(IndexOutdated, match="reindex"), opened(settings, WordEncoder()):
            pass
        with opened(settings, model) as store:
            assert texts(store) == before
    with opened(settings, model) as store:
        publish_staged(Publisher(store), ["hund"], by="Ada")
        assert texts(store)[store.registry.generation()] == before[STAGED]
    assert len(collections(client)) == 2  # the one in use, and that of others


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")
def test_a_site_on_the_servers_old_index_answers_and_publishes_nothing(
    server: tuple[Settings, QdrantClient],
) -> None:
    settings, _ = server
    with opened(settings, WordEncoder()) as site:
        before = texts(site)
        reindex(settings, NEW)
        assert texts(site) == before
        with pytest.raises(IndexOutdated, match="start this site or command again"):
            publish_staged(Publisher(site), ["hund"], by="Ada")
        with pytest.raises(IndexOutdated):
            discard(Publisher(site), "hund")
        assert texts(site) == before
    with opened(settings, NEW) as site:
        assert texts(site) == before


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")
@pytest.mark.parametrize("step", ["core.server.switch_to", "ingest.reindex._write"])
def test_broken_off_on_a_server_the_old_one_answers_and_the_next_one_clears_up(
    step: str, server: tuple[Settings, QdrantClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, client = server

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    with monkeypatch.context() as broken:
        broken.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            reindex(settings, NEW)
    with opened(settings, WordEncoder()) as store:
        assert texts(store) == before
    assert len(collections(client)) == 2
    reindex(settings, NEW)
    assert len(collections(client)) == 2  # the new one, and the one that sites may still run on
    with opened(settings, NEW) as store:
        assert texts(store) == before


def test_nothing_is_published_meanwhile(settings: Settings) -> None:
    with writing(settings), pytest.raises(WriterBusy):
        reindex(settings, NEW)


STEPS = [
    "ingest.reindex._write",
    "ingest.reindex.replace_index",
    "ingest.reindex.take_rebuilt",
    "index.next",
]


@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_one_of_the_two_answers(step: str, settings: Settings) -> None:
    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    assert run_child(reindex_and_die, step, settings) == -signal.SIGKILL
    is_new = step in STEPS[2:]
    with opened(settings, NEW if is_new else WordEncoder()) as store:
        assert texts(store) == before
    assert reindex(settings, NEW).answers


def reindex_and_die(step: str, settings: Settings) -> None:
    """In a child: a reindex that is killed as soon as it comes to a step."""
    die_at(step)
    reindex(settings, NEW)
