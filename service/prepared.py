"""The registry and the store as they will be once everything that is prepared is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from core.index import STAGED
from core.registry import Registry
from core.store import Store
from core.timeline import on_day, stays_beside
from core.types import Document, Section
from core.versions import Version


class PreparedRegistry:
    """Passes everything on to a registry, but for what is prepared: it stands already, in place of
    what it will end. What is prepared later is not seen."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._versions: dict[str, list[Version]] = {}
        self._pages: dict[str, Mapping[int, str]] = {}
        self._sections: dict[tuple[str, int], tuple[Section, ...]] = {}
        today = date.today()
        for staged in registry.staged():
            prepared = replace(
                staged.publication.version,
                number=staged.base + 1,
                gen_from=STAGED,
                published_at=staged.at,
            )
            document = prepared.document
            standing = registry.standing(document.id)
            beside = [v for v in standing if stays_beside(v.document, document, today)]
            self._versions[document.id] = [*beside, prepared]
            self._pages[document.id] = staged.publication.pages
            self._sections[document.id, prepared.number] = staged.publication.sections

    def __getattr__(self, name: str) -> Any:
        return getattr(self._registry, name)

    @property
    def prepared(self) -> tuple[Document, ...]:
        """The documents of which a version is prepared, as they are in it."""
        return tuple(versions[-1].document for versions in self._versions.values())

    def generation(self) -> int:
        """The generation that sees what is prepared."""
        return STAGED

    def standing(self, document_id: str | None = None) -> list[Version]:
        """As the registry."""
        if document_id is not None:
            return self._versions.get(document_id) or self._registry.standing(document_id)
        others = [v for v in self._registry.standing() if v.document.id not in self._versions]
        changed = [version for versions in self._versions.values() for version in versions]
        return sorted([*others, *changed], key=lambda v: (v.document.id, v.number))

    def standing_version(self, document_id: str, day: date) -> Version | None:
        """As the registry."""
        versions = self.standing(document_id)
        found = on_day(((version.document, version) for version in versions), day)
        return found or (versions[-1] if versions else None)

    def sections(self, document_id: str, number: int) -> tuple[Section, ...] | None:
        """As the registry."""
        prepared = self._sections.get((document_id, number))
        return self._registry.sections(document_id, number) if prepared is None else prepared

    def page_text(
        self, document_id: str, page: int | None, generation: int, day: date
    ) -> str | None:
        """As the registry; `generation` is the one of `generation()`."""
        versions = self._versions.get(document_id)
        if versions is None:
            return self._registry.page_text(document_id, page, generation, day)
        version = on_day(((version.document, version) for version in versions), day)
        if version is None:
            return None
        is_prepared = version.gen_from == STAGED
        pages = (
            self._pages[document_id]
            if is_prepared
            else self._registry.pages(document_id, version.number)
        )
        return pages.get(page or 0)


def prepared_store(store: Store) -> Store:
    """A store that answers as if everything that is prepared were published."""
    return replace(store, registry=cast(Registry, PreparedRegistry(store.registry)))
