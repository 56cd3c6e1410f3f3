"""An answer of today says what will be otherwise once the next version is in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Citation, Coming, Document, Mode, Statement
from ingest.publish import Publisher
from ingest.run import ingest
from service.answerer import Answerer
from service.coming import ComingVersions, coming_changes

TODAY = date.today()
NEW_YEAR = date(TODAY.year + 1, 1, 1)
TAX = "---\ntitle: Hundesteuersatzung\nkind: statute\nvalid_from: {day}\n---\n"
TAX += "# Hundesteuersatzung\n\n"
TAX += "## § 5 Steuersatz\n\n(1) Die Steuer beträgt für jeden Hund {amount} Euro. "
TAX += "Sie ist am 15. Februar fällig.\n\n"
TAX += "## § 6 Befreiung\n\n(1) Blindenhunde sind auf Antrag befreit.\n"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Store, Settings, Path]]:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Store(encoder, index, registry, tmp_path / "originals"), settings, tmp_path
    index.close()
    registry.close()


def publish(town: tuple[Store, Settings, Path], name: str, day: date, amount: int) -> None:
    store, settings, folder = town
    (folder / name).write_text(TAX.format(day=day, amount=amount), "utf-8")
    assert ingest([folder / name], Publisher(store), settings).failures == []


def changes(store: Store, section: str, document_id: str = "hundesteuer") -> tuple[Coming, ...]:
    """What an answer of today that cites this section says about later."""
    generation = store.registry.generation()
    document = Document(document_id, "Hundesteuersatzung")
    (passage,) = [
        passage
        for passage in store.index.fetch(document_id, generation, TODAY)
        if passage.section == section
    ]
    citation = Citation(1, document, section, section, None, passage.text)
    statements = [Statement(passage.quote(s), "de", (1,)) for s in passage.sentences]
    versions = ComingVersions.of(store.registry.standing())
    return coming_changes(statements, [citation], versions, store, TODAY, generation)


def test_an_amended_amount_is_told_with_its_day_and_place(
    town: tuple[Store, Settings, Path],
) -> None:
    publish(town, "hundesteuer.md", date(2020, 1, 1), 96)
    publish(town, "hundesteuer.md", NEW_YEAR, 120)
    (change,) = changes(town[0], "§ 5")
    assert change.day == NEW_YEAR
    assert "120 Euro" in change.text
    assert change.citation.label.startswith("§ 5 Abs. 1 Hundesteuersatzung")


def test_a_section_that_stays_as_it_is_needs_no_words(town: tuple[Store, Settings, Path]) -> None:
    publish(town, "hundesteuer.md", date(2020, 1, 1), 96)
    publish(town, "hundesteuer.md", NEW_YEAR, 120)
    assert changes(town[0], "§ 6") == ()


def test_the_next_by_law_of_the_same_title_counts_too(town: tuple[Store, Settings, Path]) -> None:
    publish(town, "hundesteuer.md", date(2020, 1, 1), 96)
    publish(town, "hundesteuer-neu.md", NEW_YEAR, 120)
    (change,) = changes(town[0], "§ 5")
    assert change.citation.document.id == "hundesteuer-neu"


FAQ = """---
kind: faq
---
## Was kostet ein Hund? {#hund}

96 Euro im Jahr.

Sonst nichts.

Quelle: hundesteuer § 5; hundesteuer § 6

### tr: Bir köpek ne kadara mal olur?

Yılda 96,00 euro.

## Wer ist befreit? {#befreit}

Blindenhunde.

Quelle: hundesteuer § 6
"""


@pytest.mark.parametrize("question", ["Was kostet ein Hund?", "Bir köpek ne kadara mal olur?"])
def test_an_approved_answer_tells_what_its_source_will_say(
    question: str, town: tuple[Store, Settings, Path]
) -> None:
    store, settings, folder = town
    publish(town, "hundesteuer.md", date(2020, 1, 1), 96)
    (folder / "faq.md").write_text(FAQ, "utf-8")
    assert ingest([folder / "faq.md"], Publisher(store), settings).failures == []
    publish(town, "hundesteuer.md", NEW_YEAR, 120)
    answerer = Answerer(store, settings)

    answer = answerer.answer(question)
    assert answer.mode is Mode.CURATED
    (change,) = answer.changes
    assert (change.day, "120 Euro" in change.text, change.language) == (NEW_YEAR, True, "de")
    assert change.citation.document.id == "hundesteuer"

    assert answerer.answer("Wer ist befreit?").mode is Mode.CURATED
    assert answerer.answer("Wer ist befreit?").changes == ()
    assert answerer.answer(question, as_of=NEW_YEAR).changes == ()


def test_nothing_is_said_where_nothing_is_to_come(town: tuple[Store, Settings, Path]) -> None:
    publish(town, "hundesteuer.md", date(2020, 1, 1), 96)
    publish(town, "hundesteuer.md", date(2024, 1, 1), 120)
    assert changes(town[0], "§ 5") == ()
