"""Everything is saved in one file, and comes back from it whole or not at all."""

from __future__ import annotations

import json
import signal
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from children import die_at, run_child
from databases import Cluster
from encoders import WordEncoder

from core.database import open_registry
from core.errors import (
    BackupUnusable,
    PathMissing,
    RestoreUnfinished,
    StateNotEmpty,
    WriterBusy,
)
from core.index import STAGED, IndexIdentity, StoredPoint
from core.index_engines import open_index
from core.rows import read_rows
from core.settings import Settings, load_settings
from core.store import RESTORING, Store, open_store
from core.writer import writing
from ingest.backup import back_up
from ingest.publish import Publisher
from ingest.restore import restore
from ingest.run import ingest
from ingest.staging import withdraw

HALF_PRECISION = 1e-3
TAX = "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n"
POOL = "# Badeordnung\n\n## § 2 Eintritt\n\n(1) Der Eintritt kostet 4 Euro.\n"
IDENTITY = IndexIdentity("words", WordEncoder.dimensions)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    with (
        closing(open_registry(settings)) as registry,
        closing(open_index(settings, IDENTITY)) as index,
    ):
        yield Store(WordEncoder(), index, registry, settings.state_dir / "originals")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A town with a by-law in its second version, a third one prepared, and another withdrawn."""
    settings = load_settings(state_dir=tmp_path / "state")
    folder = tmp_path / "town"
    folder.mkdir()
    with opened(settings) as store:
        publisher = Publisher(store)
        (folder / "bad.md").write_text(POOL, "utf-8")
        for amount in (96, 108):
            (folder / "hund.md").write_text(TAX.format(amount=amount), "utf-8")
            ingest([folder], publisher, settings, by="Ada")
        (folder / "hund.md").write_text(TAX.format(amount=120), "utf-8")
        ingest([folder], publisher, settings, is_staged=True)
        withdraw(publisher, "bad", "Ada", "Das Bad ist zu.")
    return settings


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar.gz"
    with opened(settings) as store:
        back_up(store, settings, file)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return load_settings(state_dir=tmp_path / "restored")


def points(settings: Settings) -> list[StoredPoint]:
    with opened(settings) as store:
        return sorted(store.index.points(), key=lambda point: point.id)


def repacked(backup: Path, **changed: bytes) -> Path:
    """The backup with other bytes in some of its members, by their names without suffix."""
    file = backup.with_name("changed.tar.gz")
    with tarfile.open(backup) as old, tarfile.open(file, "w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = changed.get(member.name.split(".")[0], content.read())
            member.size = len(data)
            with_data = backup.with_name("member")
            with_data.write_bytes(data)
            with with_data.open("rb") as opened_data:
                new.addfile(member, opened_data)
    return file


def manifest(backup: Path, **changed: object) -> bytes:
    """The backup's manifest with other values."""
    with tarfile.open(backup) as archive:
        content = archive.extractfile("manifest.json")
        assert content is not None
        return json.dumps(json.load(content) | changed).encode()


def test_what_was_saved_comes_back_in_every_version(
    settings: Settings, backup: Path, tmp_path: Path, database_url: str | None
) -> None:
    empty = load_settings(state_dir=tmp_path / "restored", database_url=database_url)
    restore(empty, backup)
    assert list(read_rows(empty)) == list(read_rows(settings))
    with opened(empty) as store:
        assert "108 Euro" in store.index.fetch("hund", store.registry.generation())[-1].text
        assert "120 Euro" in store.index.fetch("hund", STAGED)[-1].text
        originals = [version.original for version in store.registry.history("hund")]
        texts = [(store.originals / name).read_text("utf-8") for name in originals]
        assert texts == [TAX.format(amount=96), TAX.format(amount=108)]
    for saved, restored in zip(points(settings), points(empty), strict=True):
        assert (restored.id, restored.payload) == (saved.id, saved.payload)
        assert restored.terms == saved.terms
        for kind in ("passage", "sentences"):
            np.testing.assert_allclose(
                getattr(restored.vectors, kind), getattr(saved.vectors, kind), atol=HALF_PRECISION
            )


def test_a_restored_town_goes_on_where_it_was(
    backup: Path, empty: Settings, tmp_path: Path
) -> None:
    restore(empty, backup)
    with opened(empty) as store:
        report = ingest([tmp_path / "town"], Publisher(store), empty)
        assert (report.updated, report.unchanged) == (1, 1)  # 120 Euro; the pool stays withdrawn
        assert [version.number for version in store.registry.history("hund")] == [1, 2, 3]


def test_a_backup_takes_the_place_of_the_last_one_and_leaves_nothing_else(
    settings: Settings, backup: Path
) -> None:
    before = backup.stat().st_ino
    with opened(settings) as store:
        back_up(store, settings, backup)
    assert backup.stat().st_ino != before
    assert sorted(path.name for path in backup.parent.iterdir()) == [
        "backup.tar.gz",
        "state",
        "town",
    ]


def test_a_backup_waits_for_no_half_published_generation(settings: Settings, backup: Path) -> None:
    with opened(settings) as store, writing(settings), pytest.raises(WriterBusy):
        back_up(store, settings, backup.with_name("second.tar.gz"))
    assert not backup.with_name("second.tar.gz").exists()


def test_a_backup_into_nowhere_names_the_folder(settings: Settings, tmp_path: Path) -> None:
    with opened(settings) as store, pytest.raises(PathMissing, match="nowhere"):
        back_up(store, settings, tmp_path / "nowhere" / "backup.tar.gz")


def test_nothing_is_restored_over_what_is_there(settings: Settings, backup: Path) -> None:
    before = list(read_rows(settings))
    with pytest.raises(StateNotEmpty):
        restore(settings, backup)
    assert list(read_rows(settings)) == before
    assert len(points(settings)) == 4


def test_a_backup_cut_off_anywhere_is_refused(backup: Path, empty: Settings) -> None:
    whole = backup.read_bytes()
    for length in (0, 10, len(whole) // 4, len(whole) // 2, len(whole) - 200):
        backup.write_bytes(whole[:length])
        with pytest.raises(BackupUnusable):
            restore(empty, backup)
        assert [path.name for path in empty.state_dir.iterdir()] == ["writer.lock"]
    backup.write_bytes(whole)
    restore(empty, backup)


@pytest.mark.parametrize("member", ["registry", "passages"])
def test_a_changed_member_is_refused(member: str, backup: Path, empty: Settings) -> None:
    with pytest.raises(BackupUnusable, match=member):
        restore(empty, repacked(backup, **{member: b"[]\n"}))
    assert not (empty.state_dir / "index").exists()


@pytest.mark.parametrize("newer", [{"format": 2}, {"revision": "9999"}, {"schema_version": 99}])
def test_a_backup_of_a_newer_version_asks_for_an_update(
    newer: dict[str, object], backup: Path, empty: Settings
) -> None:
    changed = repacked(backup, manifest=manifest(backup, **newer))
    with pytest.raises(BackupUnusable, match="newer"):
        restore(empty, changed)


@pytest.mark.parametrize(
    "name", ["../stolen", "originals/../../stolen", "/tmp/stolen", "originals/..", "index"]
)
def test_a_member_that_leads_elsewhere_is_refused(name: str, backup: Path, empty: Settings) -> None:
    file = backup.with_name("evil.tar.gz")
    head = backup.with_name("manifest.json")
    head.write_bytes(manifest(backup, members={name: "0" * 64}))
    with tarfile.open(file, "w:gz") as archive:
        archive.add(head, "manifest.json")
        archive.add(head, name)
    with pytest.raises(BackupUnusable):
        restore(empty, file)
    assert [path.name for path in empty.state_dir.iterdir()] == ["writer.lock"]
    assert not list(backup.parent.rglob("stolen"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_a_member_that_is_no_file_is_refused(kind: bytes, backup: Path, empty: Settings) -> None:
    file = backup.with_name("evil.tar.gz")
    link = tarfile.TarInfo("manifest.json")
    link.type, link.linkname = kind, "/etc/passwd"
    with tarfile.open(file, "w:gz") as archive:
        archive.addfile(link)
    with pytest.raises(BackupUnusable):
        restore(empty, file)


STEPS = [f"ingest.restore.{name}" for name in ("open_index", "write_rows", "_move_in")]
LAST_MOVE = "registry.sqlite"


@pytest.mark.parametrize("step", [*STEPS, LAST_MOVE])
def test_killed_anywhere_it_is_not_taken_for_whole_and_can_be_done_again(
    step: str, settings: Settings, backup: Path, empty: Settings
) -> None:
    assert run_child(restore_and_die, step, backup, empty) == -signal.SIGKILL
    with pytest.raises(RestoreUnfinished), open_store(empty):
        pass
    restore(empty, backup)
    assert list(read_rows(empty)) == list(read_rows(settings))
    assert not (empty.state_dir / RESTORING).exists()


def test_killed_after_the_database_was_filled_it_can_be_done_again(
    settings: Settings, backup: Path, tmp_path: Path, postgresql: Cluster
) -> None:
    url = postgresql.create_database()
    empty = load_settings(state_dir=tmp_path / "restored", database_url=url)
    assert run_child(restore_and_die, STEPS[2], backup, empty) == -signal.SIGKILL
    restore(empty, backup)
    assert list(read_rows(empty)) == list(read_rows(settings))
    with pytest.raises(StateNotEmpty):  # the folder is empty, the database is not
        restore(empty.model_copy(update={"state_dir": tmp_path / "another"}), backup)


def restore_and_die(step: str, backup: Path, settings: Settings) -> None:
    """In a child: a restore that is killed as soon as it comes to a step."""
    die_at(step)
    restore(settings, backup)
