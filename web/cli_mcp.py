"""The command for programs that speak the Model Context Protocol: `auskunft mcp`."""

from __future__ import annotations

from core.errors import SettingInvalid
from core.settings import load_settings


def mcp() -> None:
    """Offer `search` and `get_passage` to a program that starts this command (Model Context
    Protocol, on standard input and output)."""
    try:
        from web.mcp_server import serve_mcp
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types"}:
            raise
        sentence = "This needs the extra mcp: pip install 'auskunft[mcp]'."
        raise SettingInvalid(sentence) from error
    serve_mcp(load_settings())
