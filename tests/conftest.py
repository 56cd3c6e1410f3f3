"""What tests of several modules share: the bundled model and the sample town."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsers import run_browser
from databases import Cluster, find_binaries, run_cluster
from filelock import FileLock

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.model import provide_bundled_model
from core.openvino_encoder import OpenVinoEncoder, load_openvino_encoder
from core.settings import load_settings
from core.store import Store
from ingest.backup import back_up
from ingest.publish import Publisher
from ingest.restore import restore
from ingest.run import ingest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The bundled model in the user's cache, where the product keeps it too."""
    return provide_bundled_model(load_settings().cache_dir)


@pytest.fixture(scope="session")
def encoder(model_folder: Path) -> OpenVinoEncoder:
    return load_openvino_encoder(model_folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole run."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (apt install postgresql)")
    with run_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """A new registry's database, of either kind; None is SQLite in the state folder."""
    if request.param == "sqlite":
        return None
    cluster: Cluster = request.getfixturevalue("postgresql")
    return cluster.create_database()


@pytest.fixture(scope="session")
def auental(encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample town, read, embedded and indexed once, by the first process that needs it."""
    settings = load_settings(state_dir=tmp_path_factory.mktemp("auental"))
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    saved = (base.parent if is_worker else base) / "auental.tar.gz"
    identity = IndexIdentity(encoder.model_id, encoder.dimensions)
    with ExitStack() as stack:
        with FileLock(f"{saved}.lock"):
            if saved.exists():
                restore(settings, saved)
            registry = stack.enter_context(closing(open_registry(settings)))
            index = stack.enter_context(closing(open_index(settings, identity)))
            store = Store(encoder, index, registry, settings.state_dir / "originals")
            if not saved.exists():
                report = ingest([DOCUMENTS], Publisher(store), settings)
                assert report.failures == []
            if is_worker and not saved.exists():
                back_up(store, settings, saved)
        yield store


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with run_browser() as chromium:
        yield chromium


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: a killed process needs no slow disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, in memory, with room for the engine's reserve and little more."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "none", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("to make a small disk takes root")
    # a disk that is full of nothing would have the size 0, which means any
    (tmp_path / "something").write_text("something", "utf-8")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)
