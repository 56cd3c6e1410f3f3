"""The index is built anew beside the old one, and switched to at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.errors import IndexOutdated, WriterBusy
from core.index import STAGED, IndexIdentity
from core.index_engines import open_index, remove_index
from core.settings import Settings, load_settings
from core.store import Store, take_rebuilt
from core.writer import writing
from ingest.publish import Publisher
from ingest.reindex import reindex
from ingest.run import ingest
from ingest.staging import publish_staged

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


def test_nothing_is_published_meanwhile(settings: Settings) -> None:
    with writing(settings), pytest.raises(WriterBusy):
        reindex(settings, NEW)


STEPS = [
    "ingest.reindex._write = die",
    "ingest.reindex.mark_ready = die",
    "ingest.reindex.take_rebuilt = die",
    "Path.rename = lambda path, to: die() if path.name == 'index.next' else rename(path, to)",
]


@pytest.mark.parametrize("step", STEPS, ids=["write", "ready", "switch", "rename"])
def test_killed_anywhere_one_of_the_two_answers(step: str, settings: Settings) -> None:
    with opened(settings, WordEncoder()) as store:
        before = texts(store)
    assert killed_at(step, settings) == -signal.SIGKILL
    is_new = step in STEPS[2:]
    with opened(settings, NEW if is_new else WordEncoder()) as store:
        assert texts(store) == before
    assert reindex(settings, NEW).answers


def killed_at(step: str, settings: Settings) -> int:
    """The exit code of a reindex that is killed as soon as it comes to a step."""
    script = textwrap.dedent(f"""
        import os, signal, ingest.reindex
        from pathlib import Path
        from encoders import WordEncoder
        from core.settings import load_settings
        def die(*_, **__):
            os.kill(os.getpid(), signal.SIGKILL)
        settings = load_settings(state_dir=Path({str(settings.state_dir)!r}))
        rename = Path.rename
        {step}
        ingest.reindex.reindex(settings, WordEncoder("better words"))
    """)
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": f"{here.parent}:{here}"}
    return subprocess.run([sys.executable, "-c", script], env=environment).returncode
