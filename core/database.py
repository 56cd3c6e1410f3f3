"""Opens the registry's database: SQLite in the state folder, or the one that a URL names."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError

from core.errors import SettingInvalid
from core.registry import Registry
from core.settings import Settings

CONNECT_SECONDS = "10"  # psycopg would wait for more than two minutes


def open_registry(settings: Settings) -> Registry:
    """The registry of these settings, created and migrated where needed.

    Raises RegistryUnreachable, RegistryDamaged, StorageFull or SettingInvalid.
    """
    engine = open_engine(settings)
    if settings.database_url:
        return _open(engine)
    with FileLock(settings.state_dir / "registry.lock"):  # two first starts at once: one migrates
        return _open(engine)


def open_engine(settings: Settings) -> Engine:
    """The database of these settings as it is; raises SettingInvalid."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)  # originals and the site's socket, always
    if settings.database_url:
        return _connect(settings.database_url.get_secret_value())
    path = settings.state_dir / "registry.sqlite"
    if not path.exists():
        path.touch()
    # mode=rw: where the file is gone meanwhile, an error instead of an empty database.
    address = f"{path.resolve().as_uri()}?mode=rw"
    connect = partial(sqlite3.connect, address, uri=True, check_same_thread=False)
    engine = create_engine(f"sqlite:///{path}", creator=connect)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", partial(_require_same_file, path))
    event.listen(engine, "begin", _begin)
    return engine


def _open(engine: Engine) -> Registry:
    try:
        return Registry(engine)
    except BaseException:
        engine.dispose()
        raise


def _connect(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
            if "connect_timeout" not in url.query:
                url = url.update_query_dict({"connect_timeout": CONNECT_SECONDS})
        return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingInvalid("The setting AUSKUNFT_DATABASE_URL is not a database URL.") from error
    except ModuleNotFoundError as error:
        raise SettingInvalid(
            f"The database of AUSKUNFT_DATABASE_URL needs the package {error.name}: "
            "pip install 'auskunft[postgres]'."
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver begins a transaction of its own accord only for rows: a migration that was killed
    # would stay half done. So `_begin` does, for everything.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _require_same_file(path: Path, _connection: object, record: Any, _fairy: object) -> None:
    """Has the pool connect anew where the file was replaced or is gone: a connection would go on
    with the old one."""
    file = path.stat().st_ino if path.exists() else None
    if record.info.setdefault("file", file) != file:
        raise DisconnectionError


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
