"""Lets the town's own websites call what the widget needs, and no others."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

FOR_WIDGETS = frozenset({"/api/v1/answers", "/api/v1/feedback", "/api/v1/suggestions"})


class CrossOrigin:
    """ASGI middleware: the routes FOR_WIDGETS may be called by scripts of `origins`, without
    cookies; every other route by our own pages only."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self.app = app
        self.opened = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["X-Word-Dropped"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        is_open = scope["type"] == "http" and scope["path"] in FOR_WIDGETS
        await (self.opened if is_open else self.app)(scope, receive, send)
