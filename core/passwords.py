"""Passwords: which may be taken, and their argon2 hashes."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from core.errors import UsageError

SHORTEST = 12
LONGEST = 200  # characters; a longer one only costs time


class PasswordTooShort(UsageError):
    """The password is too short; please take at least 12 characters."""


class PasswordTooLong(UsageError):
    """The password is too long; please take at most 200 characters."""


class PasswordIsName(UsageError):
    """The password is little more than the account's name; please take another one."""


class PasswordTooPlain(UsageError):
    """The password repeats the same few characters; please take another one."""


class Passwords:
    """Hashes and checks passwords, two at a time: each hash takes 64 MiB for its time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turns = threading.Semaphore(2)
        self._lock = threading.Lock()
        self._nobodys = ""

    def hash(self, password: str) -> str:
        """The hash to store."""
        with self._turns:
            return self._hasher.hash(password)

    def fits(self, stored: str, password: str) -> bool:
        """Whether a password is the stored hash's. Where there is none, "", another hash is checked
        all the same, so that an answer takes as long whether or not an account exists."""
        if len(password) > LONGEST:
            return False
        compared = stored or self._hash_of_nobody()
        with self._turns:
            try:
                is_right = self._hasher.verify(compared, password)
            except (VerificationError, InvalidHashError):
                return False
        return is_right and bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with weaker parameters than new ones are."""
        return self._hasher.check_needs_rehash(stored)

    def _hash_of_nobody(self) -> str:
        with self._lock:
            if not self._nobodys:
                self._nobodys = self.hash(secrets.token_urlsafe())
            return self._nobodys


def require_good(password: str, name: str) -> None:
    """Raises a UsageError that says what is wrong with a password for an account's name."""
    if len(password) < SHORTEST:
        raise PasswordTooShort
    if len(password) > LONGEST:
        raise PasswordTooLong
    if len(password.casefold().replace(name.casefold(), "")) < 6:
        raise PasswordIsName
    if len(set(password)) < 5:
        raise PasswordTooPlain


def random_password() -> str:
    """Four groups that can be read aloud and typed: 78 bits of chance, without 0, 1, i, l, o, u."""
    letters = "abcdefghjkmnpqrstvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
