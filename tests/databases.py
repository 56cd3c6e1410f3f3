"""A PostgreSQL server of the tests' own, from the distribution's package; it ends with them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
START_SECONDS = 60


class Cluster:
    """A server of its own. It listens on a socket in its folder, so no port can be taken."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        """Makes the server's files; `start` starts it."""
        self.folder = folder
        self._binaries = binaries
        # German rules of order, as on a town's server: "ä" comes before "b", and "B" after "a"
        initdb = f"{binaries}/initdb -D {folder}/data -U postgres -E UTF8 --no-sync --auth trust"
        german = "--locale C --locale-provider icu --icu-locale de"
        initialise = [*_as_server(), *initdb.split(), *german.split()]
        # its user may not enter the folder that pytest runs in
        subprocess.run(initialise, cwd=folder, check=True, capture_output=True)

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        serve = [f"{self._binaries}/postgres", "-D", f"{self.folder}/data", *options.split()]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [*_as_server(), *serve], cwd=self.folder, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        ready = [f"{self._binaries}/pg_isready", "--quiet", "--host", str(self.folder)]
        while subprocess.run(ready, check=False).returncode != 0:
            if time.monotonic() > deadline:
                raise TimeoutError((self.folder / "log").read_text("utf-8"))
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops the server at once, whoever is connected."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stops the server; it is back on leaving."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def create_database(self, owner: str = "auskunft") -> str:
        """The URL of a new, empty database, for the ordinary user `auskunft`."""
        name = f"town_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} OWNER {owner}")
        return f"postgresql://auskunft@/{name}?host={self.folder}"

    def end_connections(self) -> None:
        """Ends every connection of `auskunft`, as a restart of the server does."""
        end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = "
        self.run(f"{end}'auskunft'")

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """Runs a statement as the server's administrator; returns the rows, if any."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server that is installed."""
    versions = [folder for folder in DEBIAN.glob("*/bin") if (folder / "initdb").exists()]
    if versions:
        return max(versions, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def run_cluster(binaries: Path) -> Iterator[Cluster]:
    """A new server; stopped and deleted on leaving."""
    with tempfile.TemporaryDirectory(
        prefix="auskunft-postgresql-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        cluster = Cluster(binaries, folder)
        try:
            cluster.start()
            cluster.run("CREATE ROLE auskunft LOGIN")
            yield cluster
        finally:
            cluster.stop()


def _as_server() -> list[str]:
    """What a command of the server begins with: it ends where pytest is killed, and where that is
    root, it has a user of its own, as the server refuses root."""
    user = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
    return ["setpriv", "--pdeathsig", "INT", *(user if os.geteuid() == 0 else [])]
