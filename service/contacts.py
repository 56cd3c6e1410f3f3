"""The contacts in a text: links, e-mail addresses, telephone numbers, handles and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s,;)\]]+|(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)*"
    r"(?:\.(?:de|com|org|net|eu|info|gov|example)\b(?:/[^\s,;)\]]*)?|\.[a-z]{2,}/[a-z0-9][^\s,;)\]]*)"
)
# Any other "word.tld"; not "z.B.", nor what is shortened before a word.
_SITE = re.compile(
    r"(?<![\w.@/-])(?!(?:abs|alin|art|bzw|ca|dr|evtl|ext|ggf|inkl|max|mind?|nr|prof|st|str|tel|ul|ust|usw"
    r"|vgl|zzgl)\.)(?:[a-z0-9-]+\.)*(?=[0-9-]*[a-z])[a-z0-9-]{2,}\.[a-z]{2,24}\b(?:/[^\s,;)\]]*)?"
)
_HANDLE = re.compile(r"(?<![\w.])@\w[\w.]+")
_ACCOUNT = re.compile(r"\b[a-z]{2}\d{2}(?: ?\d{4}){3,7}(?: ?\d{1,3})?\b")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|0)(?:[ /()-]{0,2}\d){6,15}(?![\d:])")
_CONTACTS = (MAIL, _LINK, _SITE, _HANDLE, _ACCOUNT, _PHONE)


def find_contacts(normal: str) -> Iterator[tuple[str, int, int]]:
    """The contacts of a normal text, each in one writing, with where it starts and ends."""
    seen = 0
    for match in sorted(
        [match for pattern in _CONTACTS for match in pattern.finditer(normal)],
        key=lambda match: match.start(),
    ):
        if match.start() < seen:
            continue
        value = match[0].rstrip(".,:;/-( ")
        seen = match.start() + len(value)
        if match.re is _PHONE:
            value = re.sub(r"\D", "", value.replace("(0)", ""))
            value = re.sub(r"^(?:00|(?=49))49", "0", value)
        elif match.re is _ACCOUNT:
            value = value.replace(" ", "")
        elif match.re is _LINK:
            value = re.sub(r"^https?://", "", value)
        yield value, match.start(), seen
