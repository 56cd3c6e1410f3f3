"""Whether a form was sent by a page of this site."""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import urlsplit

from starlette.requests import Request


class Origin(Enum):
    """Where a request comes from, as far as the browser says."""

    OURS = auto()
    UNKNOWN = auto()
    FOREIGN = auto()


def origin_of(request: Request, public_url: str | None) -> Origin:
    """What Sec-Fetch-Site says, which no page can forge; of older browsers what Origin says, which
    is `null` for pages that name no referrer."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return Origin.OURS if site in {"same-origin", "none"} else Origin.FOREIGN
    origin = request.headers.get("origin")
    if origin in {None, "null"}:
        return Origin.UNKNOWN
    host = urlsplit(str(origin)).netloc
    ours = {request.headers.get("host"), urlsplit(public_url or "").netloc} - {"", None}
    return Origin.OURS if host in ours else Origin.FOREIGN


def own_path(address: str) -> str:
    """The address where it is a path of this site, else "": no other host's, however it is
    written (`//host`, `/\\host`, with a tab between, which browsers leave out)."""
    is_own = address.startswith("/") and not address.startswith("//")
    is_plain = all("!" <= character <= "~" and character != "\\" for character in address)
    return address if is_own and is_plain and len(address) <= 2000 else ""
