"""An editor prepares a version, looks at it, publishes it, takes it back, withdraws it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.errors import DocumentUnknown, StageOutdated, VersionUnknown
from core.index import STAGED, IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.versions import EndedAs
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest
from ingest.staging import (
    discard,
    publish_staged,
    restage,
    roll_back,
    staged_change,
    withdraw,
)

TODAY = date.today()
NEW_YEAR = date(TODAY.year + 1, 1, 1)
TAX = "---\n{head}\n---\n# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n"
TAX += (
    "(1) Die Steuer beträgt {amount} Euro.\n\n## § 6 Befreiung\n\n(1) Blindenhunde sind befreit.\n"
)


class Town:
    """One by-law, its file, and the editor's desk."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store = store
        self.settings = settings
        self.file = folder / "hundesteuer.md"
        self.publisher = Publisher(store)

    def ingest(
        self, amount: int, head: str = "title: Hundesteuer", **options: bool
    ) -> IngestReport:
        self.file.write_text(TAX.format(amount=amount, head=head), "utf-8")
        return self.ingest_again(**options)

    def ingest_again(self, **options: bool) -> IngestReport:
        report = ingest([self.file], self.publisher, self.settings, by="Ada", **options)
        assert report.failures == []
        return report

    def amount(self, day: date = TODAY, generation: int | None = None) -> str:
        """What § 5 says on a day."""
        seen = self.store.registry.generation() if generation is None else generation
        texts = [p.text for p in self.store.index.fetch("hundesteuer", seen, day)]
        return " ".join(text for text in texts if "beträgt" in text)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Town(Store(encoder, index, registry, tmp_path / "originals"), settings, tmp_path)
    index.close()
    registry.close()


def test_an_amendment_to_come_stands_beside_the_law_of_today(town: Town) -> None:
    town.ingest(96, "valid_from: 2020-01-01")
    town.ingest(120, f"valid_from: {NEW_YEAR}")

    assert "96 Euro" in town.amount(TODAY)
    assert "96 Euro" in town.amount(NEW_YEAR - timedelta(days=1))
    assert "120 Euro" in town.amount(NEW_YEAR)
    assert town.amount(date(2019, 1, 1)) == ""


def test_the_law_of_last_year_still_answers_for_last_year(town: Town) -> None:
    town.ingest(96, "valid_from: 2020-01-01")
    town.ingest(120, "valid_from: 2024-01-01")
    assert "120 Euro" in town.amount(TODAY)
    assert "96 Euro" in town.amount(date(2023, 12, 31))


def test_only_what_changed_is_embedded_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.ingest(96, "as_of: 2024-01-01")
    embedded: list[str] = []
    encode = WordEncoder.encode_passages

    def counting(self: WordEncoder, passages: list[object]) -> object:
        embedded.extend(str(passage) for passage in passages)
        return encode(self, passages)  # type: ignore[arg-type]

    monkeypatch.setattr(WordEncoder, "encode_passages", counting)
    town.ingest(120, "as_of: 2026-01-01")  # the date alone changes what is stored of every passage
    assert len(embedded) == 1
    assert "120 Euro" in embedded[0]


def test_what_is_prepared_is_not_seen_by_citizens(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    assert "96 Euro" in town.amount()
    assert "120 Euro" in town.amount(generation=STAGED)
    assert [version.number for version in town.store.registry.standing()] == [1]


def test_publishing_shows_what_was_prepared_and_says_who_did(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    assert "120 Euro" in town.amount()
    assert town.store.registry.staged() == []
    first, second = town.store.registry.history("hundesteuer")
    assert second.published_by == "Grace"
    assert first.end is not None
    assert (first.end.as_, first.end.by) == (EndedAs.REPLACED, "Grace")
    assert town.ingest_again().unchanged == 1


def test_preparing_moves_nothing_that_citizens_read(town: Town) -> None:
    town.ingest(96)
    before = town.store.index.fetch("hundesteuer", 1)
    head, tax, exempt = town.file.read_text("utf-8").split("## ")
    moved = "## ".join([head, exempt + "\n", tax, "§ 7 Neu\n\n(1) Katzen sind frei.\n"])
    town.file.write_text(moved, "utf-8")
    town.ingest_again(is_staged=True)
    assert town.store.index.fetch("hundesteuer", 1) == before

    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    sections = [passage.section for passage in town.store.index.fetch("hundesteuer", 2)]
    assert sections == ["§ 6", "§ 5", "§ 7"]


def test_what_is_discarded_leaves_no_trace(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    discard(town.publisher, "hundesteuer")
    assert "96 Euro" in town.amount(generation=STAGED)
    with pytest.raises(DocumentUnknown, match="Nothing is prepared"):
        publish_staged(town.publisher, ["hundesteuer"], by="Grace")


def test_two_editors_on_one_document_the_second_is_told(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    town.ingest(108)
    with pytest.raises(StageOutdated, match="prepare it again, or discard it"):
        publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    assert "108 Euro" in town.amount()


def test_a_publish_of_another_document_leaves_what_is_prepared(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    other = town.file.with_name("abfall.md")
    other.write_text("# Abfall\n\nDie Tonne kostet 60 Euro.\n", "utf-8")
    ingest([other], town.publisher, town.settings)
    assert "120 Euro" in town.amount(generation=STAGED)
    assert "96 Euro" in town.amount()


def test_what_a_crash_swept_away_is_prepared_again(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    (staged,) = town.store.registry.staged()
    # A publish that was killed after it wrote the passages, and the next writer's sweep.
    town.publisher.write([staged_change(town.publisher, staged)], 2)
    town.store.index.sweep(1)
    restage(town.publisher)
    assert "120 Euro" in town.amount(generation=STAGED)
    assert "96 Euro" in town.amount()


def test_taking_back_brings_the_earlier_text_and_the_file_does_not_undo_it(town: Town) -> None:
    town.ingest(96)
    town.ingest(120)
    version = roll_back(town.publisher, "hundesteuer", 1, by="Grace", reason="Wrong amount")
    assert "96 Euro" in town.amount()
    assert (version.number, version.published_by, version.reason) == (3, "Grace", "Wrong amount")
    assert town.store.registry.page_text("hundesteuer", None, 3, TODAY)
    assert town.ingest_again().unchanged == 1
    assert "96 Euro" in town.amount()
    assert town.ingest(108).updated == 1
    assert "108 Euro" in town.amount()


def test_taking_back_an_amendment_takes_it_back_for_its_days_too(town: Town) -> None:
    town.ingest(96, "valid_from: 2020-01-01")
    town.ingest(120, f"valid_from: {NEW_YEAR}")
    roll_back(town.publisher, "hundesteuer", 1)
    assert "96 Euro" in town.amount(NEW_YEAR)


def test_the_version_that_stands_cannot_be_brought_back(town: Town) -> None:
    town.ingest(96)
    with pytest.raises(VersionUnknown, match="is the one that stands"):
        roll_back(town.publisher, "hundesteuer", 1)
    town.ingest(120, f"valid_from: {NEW_YEAR}")
    with pytest.raises(VersionUnknown, match="is the one that stands"):
        roll_back(town.publisher, "hundesteuer", 2)
    with pytest.raises(VersionUnknown, match="it has 1 to 2"):
        roll_back(town.publisher, "hundesteuer", 7)


def test_a_withdrawn_document_stays_away_until_its_file_changes(town: Town) -> None:
    town.ingest(96)
    withdraw(town.publisher, "hundesteuer", by="Grace", reason="Repealed")
    assert town.amount() == ""
    report = town.ingest_again()
    assert (report.added, report.unchanged) == (0, 1)
    assert "auskunft documents rollback hundesteuer 1" in report.warnings[0][1]
    assert town.amount() == ""

    roll_back(town.publisher, "hundesteuer", 1)
    assert "96 Euro" in town.amount()

    withdraw(town.publisher, "hundesteuer")
    assert town.ingest(108).added == 1
    assert "108 Euro" in town.amount()


def test_a_file_that_was_gone_for_a_while_comes_back(town: Town) -> None:
    town.ingest(96)
    text = town.file.read_text("utf-8")
    town.file.unlink()
    ingest([town.file.parent], town.publisher, town.settings, prune=True)
    town.file.write_text(text, "utf-8")
    assert town.ingest_again().added == 1


def test_a_document_that_never_was_cannot_be_withdrawn(town: Town) -> None:
    with pytest.raises(DocumentUnknown):
        withdraw(town.publisher, "katzensteuer")
