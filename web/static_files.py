"""Our own scripts, style sheets and pictures as they are served: compressed, and to any page."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A town's website loads the widget's modules; there is nothing in them that is not public.
FOR_ANY_PAGE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def serve_files(folder: Path) -> ASGIApp:
    """An application that serves the files of a folder; browsers keep them and ask whether they
    changed, so that scripts which belong together always are of one version."""
    return GZipMiddleware(_ForAnyPage(StaticFiles(directory=folder)))


class _ForAnyPage:
    """ASGI middleware that lets pages of other sites load a file."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; adds headers as the response starts."""

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**FOR_ANY_PAGE, "Cache-Control": "no-cache"})
            await send(message)

        await self.app(scope, receive, send_open)
