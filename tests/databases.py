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
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

DEBIAN = Path("/usr/lib/postgresql")
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server. It listens on a socket in its folder, so no port can be taken."""

    folder: Path

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
    # the server refuses root, and its user may not enter pytest's folders
    user = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
    # the server stops where pytest is killed
    as_server = ["setpriv", "--pdeathsig", "INT", *(user if os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory(
        prefix="auskunft-postgresql-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        # German rules of order, as on a town's server: "ä" comes before "b", and "B" after "a"
        initdb = f"{binaries}/initdb -D {folder}/data -U postgres -E UTF8 --no-sync --auth trust"
        german = "--locale C --locale-provider icu --icu-locale de"
        initialise = [*as_server, *initdb.split(), *german.split()]
        subprocess.run(initialise, cwd=folder, check=True, capture_output=True)
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        serve = [*as_server, f"{binaries}/postgres", "-D", f"{folder}/data", *options.split()]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(serve, cwd=folder, stdout=log, stderr=log) as server,
        ):
            try:
                _wait(binaries, folder)
                cluster = Cluster(folder)
                cluster.run("CREATE ROLE auskunft LOGIN")
                yield cluster
            finally:
                server.send_signal(signal.SIGINT)  # stops at once, whoever is connected


def _wait(binaries: Path, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready = [f"{binaries}/pg_isready", "--quiet", "--host", str(folder)]
    while subprocess.run(ready, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise TimeoutError((folder / "log").read_text("utf-8"))
        time.sleep(0.05)
