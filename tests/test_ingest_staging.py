"""An editor prepares a version, looks at it, publishes it, takes it back, withdraws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    postpone,
    publish_staged,
    restage,
    roll_back,
    staged_change,
    withdraw,
)
from web.editing import EditorDesk

Change = Callable[[], None]
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

    def upload(self, amount: int) -> None:
        """Prepares another file in place of the by-law's own."""
        file = self.file.parent / "uploads" / "hundesteuer.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(TAX.format(amount=amount, head="title: Hundesteuer"), "utf-8")
        report = ingest([file], self.publisher, self.settings, is_staged=True, admit=lambda _: None)
        assert report.failures == []

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


@pytest.fixture(params=["the metadata around it", "its folder", "the release"])
def elsewhere(
    request: pytest.FixtureRequest, town: Town, monkeypatch: pytest.MonkeyPatch
) -> Change:
    """Changes what shapes a document, and not its file."""

    def change() -> None:
        match request.param:
            case "the metadata around it":
                defaults = town.file.with_name("_defaults.yaml")
                defaults.write_text("url: https://auental.example\n", "utf-8")
            case "its folder":
                moved = town.file.parent / "moved" / town.file.name
                moved.parent.mkdir()
                town.file = town.file.rename(moved)
            case _:
                monkeypatch.setattr("ingest.library.READER_VERSION", "next")

    return change


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


def test_what_was_taken_back_stays_so_until_the_file_itself_changes(
    town: Town, elsewhere: Change
) -> None:
    town.ingest(96)
    town.ingest(120)
    roll_back(town.publisher, "hundesteuer", 1)
    elsewhere()
    for _ in range(2):
        assert (town.ingest_again().unchanged, "96 Euro" in town.amount()) == (1, True)
    assert town.store.registry.standing()[-1].source == str(town.file)
    assert town.ingest(108).updated == 1
    assert "108 Euro" in town.amount()


def test_what_was_taken_back_comes_back_once_the_file_said_something_else_meanwhile(
    town: Town,
) -> None:
    town.ingest(96)
    town.ingest(120)
    roll_back(town.publisher, "hundesteuer", 1)
    town.ingest(108)
    assert town.ingest(120).updated == 1
    assert "120 Euro" in town.amount()


def test_what_was_withdrawn_stays_so_until_the_file_itself_changes(
    town: Town, elsewhere: Change
) -> None:
    town.ingest(96)
    withdraw(town.publisher, "hundesteuer", by="Grace", reason="Repealed")
    elsewhere()
    for _ in range(2):
        report = town.ingest_again()
        assert (report.added, report.unchanged, town.amount()) == (0, 1, "")
        assert "auskunft documents rollback hundesteuer 1" in report.warnings[0][1]
    assert town.ingest(108).added == 1
    assert "108 Euro" in town.amount()


def test_what_a_person_scheduled_is_read_anew_for_the_same_day(
    town: Town, elsewhere: Change
) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    postpone(town.publisher, ["hundesteuer"], NEW_YEAR)
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    elsewhere()
    assert town.ingest_again().updated == 1
    assert "96 Euro" in town.amount(TODAY)
    assert "120 Euro" in town.amount(NEW_YEAR)


def test_what_was_discarded_stays_away_until_a_person_publishes_it(
    town: Town, elsewhere: Change
) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    discard(town.publisher, "hundesteuer")
    elsewhere()
    report = town.ingest_again()
    assert (report.updated, report.unchanged) == (0, 1)
    assert "It was discarded and stays so" in report.warnings[0][1]
    assert "96 Euro" in town.amount()

    town.ingest_again(is_staged=True)
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    assert "120 Euro" in town.amount()
    town.ingest(108)
    assert town.ingest(120).updated == 1  # decided otherwise by now


def test_new_metadata_reach_a_file_that_stands_though_others_were_discarded(town: Town) -> None:
    town.ingest(96)
    defaults = town.file.with_name("_defaults.yaml")
    defaults.write_text("url: https://wrong.example\n", "utf-8")
    town.ingest_again(is_staged=True)
    discard(town.publisher, "hundesteuer")
    assert town.ingest_again().unchanged == 1
    defaults.write_text("url: https://auental.example\n", "utf-8")
    assert town.ingest_again().updated == 1


def test_an_upload_stays_until_the_file_it_stands_in_for_changes(
    town: Town, elsewhere: Change
) -> None:
    town.ingest(96)
    town.upload(120)
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    town.upload(130)
    elsewhere()
    assert town.ingest_again().unchanged == 1
    assert "120 Euro" in town.amount()
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    assert town.ingest_again().unchanged == 1
    assert "130 Euro" in town.amount()
    assert town.ingest(108).updated == 1


def test_what_was_prepared_before_a_withdrawal_is_not_published(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    withdraw(town.publisher, "hundesteuer", by="Ada", reason="A court's decision")
    restage(town.publisher)  # looking at it does not make it current
    with pytest.raises(StageOutdated, match="withdrawn since"):
        publish_staged(town.publisher, ["hundesteuer"], by="Bob")
    assert town.amount() == ""

    town.ingest_again(is_staged=True)
    publish_staged(town.publisher, ["hundesteuer"], by="Bob")
    assert "120 Euro" in town.amount()


def test_what_is_prepared_is_forgotten_when_its_file_is_put_back(town: Town) -> None:
    town.ingest(96)
    town.ingest(1200, is_staged=True)
    report = town.ingest(96, is_staged=True)
    assert report.unchanged == 1
    assert "what was prepared from it is forgotten" in report.warnings[0][1]
    assert town.store.registry.staged() == []
    assert "96 Euro" in town.amount(generation=STAGED)


def test_an_upload_stays_prepared_while_its_folder_is_looked_through(town: Town) -> None:
    town.ingest(96)
    town.upload(120)
    assert town.ingest_again(is_staged=True).warnings == []
    assert "120 Euro" in town.amount(generation=STAGED)


def test_a_correction_without_dates_leaves_what_is_to_come(town: Town) -> None:
    town.ingest(96)
    town.ingest(120, is_staged=True)
    postpone(town.publisher, ["hundesteuer"], NEW_YEAR)
    publish_staged(town.publisher, ["hundesteuer"], by="Grace")
    town.ingest(97)
    assert "97 Euro" in town.amount(NEW_YEAR - timedelta(days=1))
    assert "120 Euro" in town.amount(NEW_YEAR)


def test_taking_back_what_was_taken_back_leaves_the_days_before_it(town: Town) -> None:
    for amount, year in ((90, 2023), (100, 2024), (120, 2025)):
        town.ingest(amount, f"valid_from: {year}-01-01")
    roll_back(town.publisher, "hundesteuer", 2)
    roll_back(town.publisher, "hundesteuer", 3)
    for amount, year in ((90, 2023), (100, 2024), (120, 2025)):
        assert f" {amount} Euro" in town.amount(date(year, 6, 1))


def test_what_was_taken_back_stays_so_when_its_file_was_gone_for_a_while(town: Town) -> None:
    town.ingest(96)
    town.ingest(120)
    roll_back(town.publisher, "hundesteuer", 1)
    text = town.file.read_text("utf-8")
    town.file.unlink()
    ingest([town.file.parent], town.publisher, town.settings, prune=True)
    town.file.write_text(text, "utf-8")
    assert "auskunft documents rollback hundesteuer 3" in town.ingest_again().warnings[0][1]
    assert town.amount() == ""


def test_a_correction_is_compared_with_the_law_of_its_days_not_with_what_is_to_come(
    town: Town,
) -> None:
    town.ingest(96, "as_of: 2025-01-01")
    town.ingest(120, f"valid_from: {NEW_YEAR}\nas_of: 2026-01-01")
    town.ingest(97, "as_of: 2025-06-01")  # of a later day than what it corrects
    assert town.amount() == "(1) Die Steuer beträgt 97 Euro."
    assert town.amount(NEW_YEAR) == "(1) Die Steuer beträgt 120 Euro."
    town.ingest(98, "as_of: 2025-06-01", is_staged=True)
    desk = EditorDesk(town.store, town.settings)
    for found in (desk.diff("hundesteuer"), desk.prepared("hundesteuer")["diff"]):
        (value,) = found["values"]
        assert (value["before"], value["after"]) == ("97 Euro", "98 Euro")
    assert desk.prepared("hundesteuer")["replaces"] == 3


def test_versions_that_were_withdrawn_together_come_back_together(town: Town) -> None:
    town.ingest(96, "valid_from: 2020-01-01")
    town.ingest(120, f"valid_from: {NEW_YEAR}")
    withdraw(town.publisher, "hundesteuer")
    assert town.amount() == ""
    back = roll_back(town.publisher, "hundesteuer", 2, by="Grace")
    assert town.amount() == "(1) Die Steuer beträgt 96 Euro."
    assert town.amount(NEW_YEAR) == "(1) Die Steuer beträgt 120 Euro."
    standing = town.store.registry.standing("hundesteuer")
    assert [(v.number, v.published_by) for v in standing] == [(3, "Grace"), (4, "Grace")]
    assert back.number == 4
    assert str(town.ingest_again()) == "1 unchanged"
    withdraw(town.publisher, "hundesteuer")
    roll_back(town.publisher, "hundesteuer", 3)  # without the amendment, as it was then
    assert town.amount(NEW_YEAR) == "(1) Die Steuer beträgt 96 Euro."


def test_an_upload_that_is_to_come_is_taken_back(town: Town) -> None:
    town.upload(96)
    publish_staged(town.publisher, ["hundesteuer"], "Ada")
    town.upload(120)
    postpone(town.publisher, ["hundesteuer"], NEW_YEAR)
    publish_staged(town.publisher, ["hundesteuer"], "Ada")
    roll_back(town.publisher, "hundesteuer", 1)
    assert town.amount(NEW_YEAR) == "(1) Die Steuer beträgt 96 Euro."
