"""A small OpenID Connect provider on the loopback interface, which signs who the test says."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "auskunft", "client-secret"


@dataclass
class TownProvider:
    """Signs in `claims` at once, without asking; `changes` are what is wrong with its token."""

    claims: dict[str, Any]
    changes: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing_key: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> FastAPI:
        """The provider's pages."""
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def describe() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize(
            client_id: str,
            redirect_uri: str,
            state: str,
            nonce: str,
            code_challenge: str,
            code_challenge_method: str,
            scope: str,
        ) -> RedirectResponse:
            assert (client_id, code_challenge_method) == (CLIENT, "S256")
            assert scope.split()[0] == "openid"
            code = f"code-{len(self.codes)}"
            self.codes[code] = {
                "nonce": nonce,
                "challenge": code_challenge,
                "redirect_uri": redirect_uri,
            }
            return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}")

        @app.post("/token")
        def token(
            code: Annotated[str, Form()],
            code_verifier: Annotated[str, Form()],
            redirect_uri: Annotated[str, Form()],
            authorization: Annotated[str, Header()],
        ) -> JSONResponse:
            begun = self.codes.pop(code, None)
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            if (
                begun is None
                or begun["challenge"] != challenge
                or begun["redirect_uri"] != redirect_uri
                or authorization != f"Basic {known}"
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
            now = int(time.time())
            claims = {
                "iss": self.issuer,
                "aud": CLIENT,
                "iat": now,
                "exp": now + 60,
                "nonce": begun["nonce"],
                **self.claims,
                **self.changes,
            }
            signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signing_key or self.key)
            return JSONResponse(
                {"access_token": "a", "token_type": "Bearer", "id_token": signed, "expires_in": 60}
            )

        return app
