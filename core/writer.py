"""The place of the one writer, held in the state folder and, with PostgreSQL, in the database; and
the line of those in this process who wait for it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import RegistryUnreachable, WriterBusy
from core.settings import Settings

StillWriting = Callable[[], None]

PATIENCE = 30.0  # seconds that a person at a page waits for another writer to be done

_POLL_SECONDS = 0.2  # between two looks whether a writer on another machine is done
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
def writing(settings: Settings, patience: float = 0.0) -> Iterator[StillWriting]:
    """Holds the place of the one writer among all processes that share the state folder or the
    PostgreSQL database, on whichever machine; a process that dies gives it up.
    Waits `patience` seconds at most for others to be done, those of this process in their order.

    Yields a function to call before every write that takes long to come: it raises
    RegistryUnreachable where the connection that held the place was lost meanwhile, as another
    may write then. Raises WriterBusy, RegistryUnreachable or SettingInvalid.
    """
    until = time.monotonic() + patience
    folder = settings.state_dir.resolve()
    with _line_of(folder).stand(until), _place_in_folder(folder, until):
        if settings.database_url is None:
            yield lambda: None
        else:
            with _place_in_database(settings, until) as still_writing:
                yield still_writing


class _Line:
    """Those of a process who write or want to, the first one first. Without it, one who writes
    file after file would hardly ever let another in."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._standing: deque[object] = deque()

    @contextmanager
    def stand(self, until: float) -> Iterator[None]:
        """Holds the first place in the line; raises WriterBusy where it is not free in time."""
        me = object()
        with self._moved:
            self._standing.append(me)
        try:
            patience = max(0.0, until - time.monotonic())
            with self._moved:
                if not self._moved.wait_for(lambda: self._standing[0] is me, patience):
                    raise WriterBusy
            yield
        finally:
            with self._moved:
                self._standing.remove(me)
                self._moved.notify_all()


@cache
def _line_of(_: Path) -> _Line:
    """The line before a state folder."""
    return _Line()


@contextmanager
def _place_in_folder(folder: Path, until: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "writer.lock", timeout=max(0.0, until - time.monotonic()))
    try:
        lock.acquire()
    except Timeout as error:
        raise WriterBusy from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _place_in_database(settings: Settings, until: float) -> Iterator[StillWriting]:
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
                while not connection.scalar(select(func.pg_try_advisory_lock(_PLACE))):
                    if time.monotonic() >= until:
                        raise WriterBusy
                    time.sleep(_POLL_SECONDS)

        def still_writing() -> None:
            if connection.invalidated:  # SQLAlchemy would open another, without the place
                raise RegistryUnreachable
            with named_failures():
                connection.execute(text("SELECT 1"))

        yield still_writing
