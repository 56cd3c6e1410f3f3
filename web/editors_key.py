"""Whether a request shows the editors' key."""

from __future__ import annotations

import secrets

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr
from starlette.exceptions import HTTPException

bearer = HTTPBearer(auto_error=False, description="the key of AUSKUNFT_EDITOR_KEY")


def check_key(key: SecretStr | None, given: HTTPAuthorizationCredentials | None) -> None:
    """Raises HTTPException where the key is not the one of the settings, or these have none."""
    wanted = key.get_secret_value().encode() if key else b""
    shown = given.credentials.encode() if given else b""
    if not wanted or not secrets.compare_digest(shown, wanted):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
