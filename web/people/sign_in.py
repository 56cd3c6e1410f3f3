"""Checks a name and a password, a few times in a quarter of an hour."""

from __future__ import annotations

import math

from limits import parse
from sqlalchemy import Engine

from core.errors import AuskunftError
from core.passwords import Passwords
from core.people import LONGEST_NAME, Account, find_person, normal_name, renew_hash
from service.allowance import Allowances

# One network alone cannot use up the tries of an account, and so shut its owner out.
OF_NETWORK = parse("20/15 minutes")
OF_ACCOUNT = parse("40/15 minutes")


class WrongPassword(AuskunftError):
    """Name or password are not right."""


class TooManyTries(AuskunftError):
    """There were too many wrong tries; wait, then try again."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = max(1, math.ceil(seconds))

    @property
    def minutes(self) -> int:
        """How long to wait, rounded up."""
        return math.ceil(self.seconds / 60)


class SignIn:
    """The accounts of a database; wrong tries are counted in this process's memory."""

    def __init__(self, engine: Engine, passwords: Passwords) -> None:
        self._engine = engine
        self._passwords = passwords
        self._tries = Allowances()

    def check(self, name: str, password: str, network: str) -> Account:
        """The account of a name and a password that was typed in a network.

        Raises TooManyTries, or WrongPassword, whether it is the name or the password that is not
        right, or the account is closed."""
        name = normal_name(name[:LONGEST_NAME])
        counted = ((OF_NETWORK, "network", network), (OF_ACCOUNT, "account", name))
        for allowance, *key in counted:
            if not self._tries.test(allowance, *key):
                raise TooManyTries(self._tries.wait(allowance, *key))
        account = find_person(self._engine, name)
        stored = account.password if account else ""
        if not self._passwords.fits(stored, password) or account is None or account.is_disabled:
            for allowance, *key in counted:
                self._tries.hit(allowance, *key)
            raise WrongPassword
        if self._passwords.is_outdated(stored):
            renewed = self._passwords.hash(password)
            renew_hash(self._engine, account.id, stored, renewed)
        return account
