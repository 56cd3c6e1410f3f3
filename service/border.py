"""What every request passes first: security headers, the size limit and the rate limit."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address

from limits import parse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import AuskunftError
from core.unanswered import asking_network
from service.allowance import Allowances

MAX_BODY_BYTES = 32 * 1024  # 1,000 characters fit, each escaped as \uXXXX\uXXXX or %XX%XX%XX%XX
# What may be larger, by method and path; its route sees who sends it before it reads on.
LARGER_BODIES = {
    ("POST", "/api/v1/answers"): 192 * 2**10,  # with the six turns before it
    ("POST", "/v1/chat/completions"): 2**20,  # with the whole conversation
    ("POST", "/editor/uploads"): 500 * 2**20,
    ("POST", "/desk/draft"): 2**17,  # a note in any script
    ("POST", "/prompts/edit"): 2**17,
    ("POST", "/editor/answers/edit"): 2**20,  # one answer in twelve languages
    ("POST", "/sign-in"): 2**20,  # with such an answer, where the session ended meanwhile
    ("POST", "/sign-in/continue"): 2**20,
}
LARGER_BELOW = {("PUT", "/api/v1/documents/"): 500 * 2**20}  # likewise, whatever the path ends with
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class TooManyRequests(AuskunftError):
    """Too many questions in a short time; please wait a moment and ask again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after  # seconds


class SecurityHeaders:
    """ASGI middleware that adds the security headers a response does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; adds headers as the response starts."""

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_secured)


def secure(headers: MutableHeaders) -> None:
    """Adds what is missing of the security headers; only files (with an ETag) may be cached."""
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if "ETag" not in headers:
        headers.setdefault("Cache-Control", "no-store")


class BodyLimit:
    """ASGI middleware that stops reading a body at `limit` bytes, or at what LARGER_BODIES and
    LARGER_BELOW say, with HTTP 413."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; counts the body's bytes as they are read."""
        size = 0
        limit = _larger_limit(scope.get("method", ""), scope.get("path", "")) or self.limit

        async def receive_limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, receive_limited, send)


def _larger_limit(method: str, path: str) -> int | None:
    below = (
        limit
        for (used, start), limit in LARGER_BELOW.items()
        if used == method and path.startswith(start)
    )
    return LARGER_BODIES.get((method, path)) or next(below, None)


def rate_limit(rate: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets each client make `rate` requests (`30/minute`, or `off`); it raises
    TooManyRequests. Counts live in this process's memory and end with their window."""
    if rate == "off":
        return _let_pass
    allowance = parse(rate)
    counts = Allowances()

    async def check(request: Request) -> None:
        client = client_network(request.client.host if request.client else "")
        if not counts.hit(allowance, client):
            raise TooManyRequests(max(1, math.ceil(counts.wait(allowance, client))))

    return check


def client_network(host: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> 64 << 64))


async def know_network(request: Request) -> None:
    """A dependency that tells the answerer, who knows no clients, which network a question comes
    from: so that it can be told how many people asked in vain (`core.unanswered`)."""
    asking_network.set(client_network(request.client.host if request.client else ""))


async def _let_pass(_: Request) -> None:
    return None
