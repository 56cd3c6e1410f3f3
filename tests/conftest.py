"""What tests of several modules share: the bundled model and the sample town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Cluster, find_binaries, run_cluster

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.model import provide_bundled_model
from core.openvino_encoder import OpenVinoEncoder, load_openvino_encoder
from core.settings import load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import ingest

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
    """The sample town, read, embedded and indexed once."""
    settings = load_settings(state_dir=tmp_path_factory.mktemp("auental"))
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    store = Store(encoder, index, registry, settings.state_dir / "originals")
    report = ingest([DOCUMENTS], Publisher(store), settings)
    assert report.failures == []
    yield store
    index.close()
    registry.close()
