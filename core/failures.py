"""What a database's failures are called here, whichever database it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DataError, OperationalError

from core.errors import (
    AuskunftError,
    RegistryDamaged,
    RegistryUnreachable,
    StorageFull,
    UsageError,
)

# PostgreSQL's codes, as its words are in the server's language:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_DISK_FULL = "53100"
_NO_RIGHT = ("42501", "25006")  # insufficient privilege, read-only transaction
_LIMIT_EXCEEDED = "54"
_NO_ROOM_TO_READ = "SQLITE_IOERR_SHMSIZE"  # readers share a file too, which grows when it is opened


@contextmanager
def named_failures() -> Iterator[None]:
    """Raises StorageFull, RegistryUnreachable, RegistryDamaged or UsageError for what SQLAlchemy
    raises; a mistake of ours stays what it is."""
    try:
        yield
    except DatabaseError as error:
        named = _name(error)
        if named is None:
            raise
        raise named from error


def _name(error: DatabaseError) -> AuskunftError | None:
    words = str(error.orig)
    code = getattr(error.orig, "sqlstate", None) or ""
    is_full = getattr(error.orig, "sqlite_errorname", "") == _NO_ROOM_TO_READ
    if is_full or code == _DISK_FULL or "disk is full" in words or "No space left" in words:
        return StorageFull()
    if code in _NO_RIGHT:
        return RegistryUnreachable(
            "The database does not let its user write; make the user the database's owner, and "
            "check that AUSKUNFT_DATABASE_URL names no read-only server."
        )
    if isinstance(error, DataError) or code.startswith(_LIMIT_EXCEEDED):
        return UsageError("A name is too long for the database, or holds a character it refuses.")
    if "malformed" in words or "not a database" in words:
        return RegistryDamaged()
    if isinstance(error, OperationalError):
        return RegistryUnreachable()
    return None
