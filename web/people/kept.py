"""A form that was sent when nobody was signed in any more, carried along until somebody is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.requests import Request

from web.people.origin import own_path

TOKEN = "form_token"  # noqa: S105  the field's name
SECRETS = frozenset({"current", "password", "again"})  # typed anew: they stand in no page
LONGEST = 200_000  # characters of a form that is kept
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, in order, and where it was sent to. Files are not kept."""

    path: str
    fields: tuple[tuple[str, str], ...]
    has_files: bool = False

    def packed(self) -> str:
        """As the value of a hidden field; `unpack` reads it."""
        kept = {"path": self.path, "fields": self.fields, "has_files": self.has_files}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> KeptForm | None:
    """The form that `packed` wrote; None where it is none, or would be sent to another site."""
    if not text or len(text) > 2 * LONGEST:
        return None
    try:
        kept = json.loads(text)
        fields = tuple((str(name), str(value)) for name, value in kept["fields"])
        path = own_path(str(kept["path"]))
        has_files = bool(kept["has_files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return KeptForm(path, fields, has_files) if path else None


async def keep_form(request: Request, *, are_files_wanted: bool = False) -> KeptForm | None:
    """What was typed into the form of a request, without its token and passwords; None where it is
    no form, or too long to be carried along. Lets go of its files where nobody wants them."""
    path = own_path(address_of(request))
    is_form = request.headers.get("content-type", "").startswith(_FORM_TYPES)
    if not is_form or not path:
        return None
    form = await request.form()
    typed = form.multi_items()
    if not are_files_wanted:
        await form.close()
    values = [(name, value) for name, value in typed if name not in {TOKEN, *SECRETS}]
    fields = tuple((name, value) for name, value in values if isinstance(value, str))
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    return KeptForm(path, fields, has_files=len(fields) < len(values))


async def sent_token(request: Request) -> str:
    """The token that a form or a script sent back, "" for none."""
    header = request.headers.get("x-form-token")
    if header is not None:
        return header
    value = (await request.form()).get(TOKEN)
    return value if isinstance(value, str) else ""


def address_of(request: Request) -> str:
    """The path of a request with its query."""
    path = str(request.scope.get("raw_path", b""), "latin-1").partition("?")[0] or request.url.path
    return f"{path}?{request.url.query}" if request.url.query else path
