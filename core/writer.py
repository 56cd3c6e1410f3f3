"""The place of the one writer, held in the state folder and, with PostgreSQL, in the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import RegistryUnreachable, WriterBusy
from core.settings import Settings

StillWriting = Callable[[], None]

_PLACE = 0x6175736B  # PostgreSQL's locks are numbers; this one has no meaning but to be ours

# A machine that lost its power says no goodbye: its place is free after 15 + 3 · 5 seconds. And
# this connection, which only waits, is not to be closed for that, whatever the server's rule is.
_SESSION = {
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
}


@contextmanager
def writing(settings: Settings) -> Iterator[StillWriting]:
    """Holds the place of the one writer among all processes that share the state folder or the
    PostgreSQL database, on whichever machine; a process that dies gives it up.

    Yields a function to call before every write that takes long to come: it raises
    RegistryUnreachable where the connection that held the place was lost meanwhile, as another
    may write then. Raises WriterBusy, RegistryUnreachable or SettingInvalid.
    """
    with _place_in_folder(settings.state_dir):
        if settings.database_url is None:
            yield lambda: None
        else:
            with _place_in_database(settings) as still_writing:
                yield still_writing


@contextmanager
def _place_in_folder(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "writer.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise WriterBusy from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _place_in_database(settings: Settings) -> Iterator[StillWriting]:
    from sqlalchemy import func, select, text  # takes a third of a second to import

    from core.database import open_engine
    from core.failures import named_failures

    engine = open_engine(settings).execution_options(isolation_level="AUTOCOMMIT")
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        with named_failures():
            connection = stack.enter_context(engine.connect())
            if engine.dialect.name == "postgresql":
                for name, value in _SESSION.items():
                    change = text("UPDATE pg_settings SET setting = :value WHERE name = :name")
                    connection.execute(change, {"name": name, "value": value})
                if not connection.scalar(select(func.pg_try_advisory_lock(_PLACE))):
                    raise WriterBusy

        def still_writing() -> None:
            if connection.invalidated:  # SQLAlchemy would open another, without the place
                raise RegistryUnreachable
            with named_failures():
                connection.execute(text("SELECT 1"))

        yield still_writing
