"""Signing in and out, one's own account, people for admins."""

from __future__ import annotations

from fastapi import APIRouter

from core.passwords import Passwords
from web.parts import Parts
from web.people.account_routes import account_routes
from web.people.administration import Administration
from web.people.people_routes import administration_routes
from web.people.sign_in import SignIn
from web.people.sign_in_routes import sign_in_routes


def people_routes(parts: Parts, passwords: Passwords | None = None) -> APIRouter:
    """`/sign-in`, `/sign-out`, `/account`, `/people`; raises SettingInvalid."""
    engine, passwords = parts.store.registry.engine, passwords or Passwords()
    sign_in = SignIn(engine, passwords)
    router = APIRouter(include_in_schema=False)
    router.include_router(sign_in_routes(parts, sign_in))
    router.include_router(account_routes(parts, passwords, sign_in))
    administration = Administration(engine, passwords, parts.staff)
    router.include_router(administration_routes(parts, administration))
    if parts.settings.oidc_issuer:
        from web.people.provider import provider_of  # takes a while to import
        from web.people.provider_routes import provider_routes

        provider = provider_of(parts.settings)
        router.include_router(provider_routes(parts, provider))
    return router
