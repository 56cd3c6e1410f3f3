"""The websites that may carry the widget and frame `/ask`."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from core.errors import SettingInvalid
from core.settings import Settings

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")  # an origin is put into headers as it stands
_USUAL_PORTS = {"https": 443, "http": 80}


def allowed_origins(settings: Settings) -> tuple[str, ...]:
    """The origins of the setting `sites` as browsers write them, each once, in its order. Raises
    SettingInvalid."""
    return tuple(dict.fromkeys(_origin(site) for site in settings.sites.split()))


def _origin(site: str) -> str:
    """An address such as "HTTPS://Müllheim.example:443" as browsers send it in `Origin`."""
    try:
        parts = urlsplit(site)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError as error:  # UnicodeError too
        raise _unusable(site) from error
    is_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if is_more or parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host):
        raise _unusable(site)
    is_usual = port is None or port == _USUAL_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{port}"


def _unusable(site: str) -> SettingInvalid:
    return SettingInvalid(
        f"The setting AUSKUNFT_SITES cannot be used: {site} is not an origin such as "
        "https://www.auental.example, without path and wildcard."
    )
