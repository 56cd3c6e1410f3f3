"""An OpenID Connect provider that says who somebody is: code flow with PKCE, state and nonce."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from core.errors import AuskunftError, SettingInvalid
from core.settings import Settings

SECONDS = 10  # for each request to the provider
CLOCKS_APART = 60  # seconds
# Signed with the provider's own key; never with a secret that we share, and never not at all.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderUnreachable(AuskunftError):
    """The service that signs staff in does not answer; check AUSKUNFT_OIDC_ISSUER."""


class NotVouchedFor(AuskunftError):
    """The service that signs staff in did not say who this is."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that has begun: everything that ties its end to its beginning comes from a secret
    that only the browser keeps."""

    secret: str

    @classmethod
    def begin(cls) -> Attempt:
        """A new one."""
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        """Comes back in the address, so that nobody is signed in by somebody else's link."""
        return self._of("state")

    @property
    def nonce(self) -> str:
        """Comes back in the signed token, so that none can be used twice."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """Proves to the provider that who fetches the token is who began (RFC 7636)."""
        return self._of("verifier")

    def _of(self, purpose: str) -> str:
        return hashlib.sha256(f"{purpose} {self.secret}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is for a provider. `email`: None where the provider has not verified it."""

    subject: str
    email: str | None


class Provider:
    """A provider; what it says of itself is read anew for every sign-in, as its keys change."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret

    def address(self, attempt: Attempt, back: str) -> str:
        """Where the browser goes to sign in, to return to the address `back`.

        Raises ProviderUnreachable."""
        with self._client(back) as client:
            endpoint = self._describe(client)["authorization_endpoint"]
            address, _ = client.create_authorization_url(
                endpoint, state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(address)

    def identify(self, attempt: Attempt, back: str, code: str) -> Identity:
        """Who signed in, for the code that the browser came back with.

        Raises ProviderUnreachable or NotVouchedFor."""
        with self._client(back) as client:
            described = self._describe(client)
            methods = described.get("token_endpoint_auth_methods_supported", [])
            if methods and "client_secret_basic" not in methods:
                client.token_endpoint_auth_method = "client_secret_post"  # noqa: S105  no secret
            try:
                token = client.fetch_token(
                    described["token_endpoint"], code=code, code_verifier=attempt.verifier
                )
                keys = client.request("GET", described["jwks_uri"], withhold_token=True)
                keys.raise_for_status()
                claims = self._claims(token, keys.json(), attempt)
            except httpx2.HTTPError as error:
                raise ProviderUnreachable from error
            except (AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
                raise NotVouchedFor from error
        subject, email = f"{self._issuer} {claims['sub']}", claims.get("email")
        is_verified = claims.get("email_verified") is True and isinstance(email, str)
        if len(subject) > 500:
            raise NotVouchedFor
        return Identity(subject, email if is_verified else None)

    def _client(self, back: str) -> Any:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope="openid email",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=SECONDS,
        )

    def _describe(self, client: Any) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        address = f"{self._issuer}/.well-known/openid-configuration"
        try:
            found = client.request("GET", address, withhold_token=True)
            found.raise_for_status()
            described = dict(found.json())
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            raise ProviderUnreachable from error
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        is_itself = str(described.get("issuer", "")).rstrip("/") == self._issuer
        if not is_itself or not all(_is_safe(described.get(name)) for name in needed):
            raise ProviderUnreachable("The service that signs staff in describes itself wrongly.")
        return described

    def _claims(self, token: Any, keys: Any, attempt: Attempt) -> CodeIDToken:
        """What the signed token says, checked (OpenID Connect Core 1.0, 3.1.3.7)."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)
        issuers = [self._issuer, f"{self._issuer}/"]
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            {"iss": {"values": issuers}, "aud": {"essential": True, "value": self._client_id}},
            {
                "nonce": attempt.nonce,
                "client_id": self._client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=CLOCKS_APART)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotVouchedFor
        return claims


def provider_of(settings: Settings) -> Provider:
    """The provider that these settings name; raises SettingInvalid."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        raise SettingInvalid("AUSKUNFT_OIDC_ISSUER needs AUSKUNFT_OIDC_CLIENT_ID too.")
    if not _is_safe(settings.oidc_issuer):
        raise SettingInvalid("AUSKUNFT_OIDC_ISSUER must be an address that begins with https://.")
    secret = settings.oidc_client_secret
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, secret.get_secret_value() if secret else None
    )


def _is_safe(address: object) -> bool:
    """Whether nobody can listen on the way: https, or this very machine."""
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
