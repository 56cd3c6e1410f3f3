"""Opens the registry's database: SQLite in the state folder, or the one that a URL names."""

from __future__ import annotations

from typing import Any

from filelock import FileLock
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from core.errors import SettingInvalid
from core.registry import Registry
from core.settings import Settings


def open_registry(settings: Settings) -> Registry:
    """The registry of these settings, created and migrated where needed.

    Raises RegistryUnreachable, RegistryDamaged, StorageFull or SettingInvalid.
    """
    if settings.database_url:
        return Registry(_connect(settings.database_url.get_secret_value()))
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{settings.state_dir / 'registry.sqlite'}")
    event.listen(engine, "connect", _prepare_sqlite)
    with FileLock(settings.state_dir / "registry.lock"):  # two first starts at once: one migrates
        return Registry(engine)


def _connect(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingInvalid("The setting AUSKUNFT_DATABASE_URL is not a database URL.") from error
    except ModuleNotFoundError as error:
        raise SettingInvalid(
            f"The database of AUSKUNFT_DATABASE_URL needs the package {error.name}: "
            "pip install 'auskunft[postgres]'."
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
