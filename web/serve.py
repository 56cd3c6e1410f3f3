"""Serves the site on a port, and its own socket in the state folder, until stopped."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout

from core.errors import SettingInvalid
from core.glossary import glossary
from core.settings import Settings
from core.store import open_store
from core.usage import writing_usage
from service.answerer import Answerer, warm_up
from service.models import open_model
from web.jobs import create_jobs
from web.parts import parts_of
from web.remote_office import socket_path
from web.site import create_site


def serve_site(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Blocks until the process is asked to stop; announces its address once it listens.

    Raises SettingInvalid where the port is taken, the town is not in the index or a site runs on
    the state folder already, and what opening the store and the language model raises.
    """
    with (
        _only_site(settings.state_dir),
        open_store(settings) as store,
        _listen(host, port) as public,
    ):
        store.index.optimize()  # it stops everything else, so never later while questions come
        model = open_model(settings)
        words = partial(glossary, store.registry.engine)
        answerer = Answerer(store, settings, model, words)
        answerer.check_town()
        warm_up()
        answerer.warm_up()
        with (
            writing_usage(answerer.usage, store.registry.engine),
            _serve_jobs(create_jobs(settings, store, answerer), settings.state_dir),
        ):
            config = uvicorn.Config(
                create_site(settings, answerer, parts_of(settings, store, answerer, model)),
                log_level="warning",
                access_log=False,  # addresses hold citizens' words
                server_header=False,
            )
            announce(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
            uvicorn.Server(config).run(sockets=[public])


@contextmanager
def _only_site(state_dir: Path) -> Iterator[None]:
    """Holds the place of the one site on a state folder, whose socket takes commands; a process
    that dies gives it up."""
    lock = FileLock(state_dir / "site.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise SettingInvalid(
            f"A site runs on the state folder {state_dir} already; stop it, or give this one a "
            "folder of its own with AUSKUNFT_STATE_DIR."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise SettingInvalid(f"{host}:{port} cannot be used: {error.strerror}.") from error
        listener.listen()  # so that whoever reads the announcement can connect
        yield listener


@contextmanager
def _serve_jobs(app: FastAPI, state_dir: Path) -> Iterator[None]:
    """The jobs on a socket that only this user can open, in a thread of its own."""
    with socket_path(state_dir) as path, socket.socket(socket.AF_UNIX) as listener:
        Path(path).unlink(missing_ok=True)  # left by a killed site: the place is ours
        mask = os.umask(0o177)
        try:
            listener.bind(path)
        finally:
            os.umask(mask)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="jobs", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            Path(path).unlink(missing_ok=True)
            server.should_exit = True
            thread.join()
