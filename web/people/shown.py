"""How towns are called on the pages of accounts."""

from __future__ import annotations

from web.parts import Parts


def town_names(parts: Parts) -> dict[str, str]:
    """The towns of the index, key → name, by name; "" stands for all."""
    towns = sorted(parts.answerer.towns())
    return {"": "alle Orte"} | {key: name for name, key in towns}
