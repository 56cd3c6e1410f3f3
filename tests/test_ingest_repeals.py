"""An editor is told of a by-law that another one repeals and that goes on answering."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from encoders import WordEncoder

from core.database import open_registry
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Document, Jurisdiction, Kind, Level
from core.versions import Version
from ingest.publish import Publisher
from ingest.readers.limits import ReaderLimits
from ingest.readers.markdown import read_markdown
from ingest.repeals import find_repeals, warn_of_repealed
from ingest.run import IngestReport, ingest
from web.preview import compare_staged

LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=200, file_mb=10)
TOWNS = Path(__file__).parents[2] / "shared" / "data" / "ortsrecht-bw" / "towns.jsonl"
OLD, TITLE = "alt", "Satzung über die Erhebung der Hundesteuer"
CLOSING = "Diese Satzung vom 1.12.2025 tritt am 1. Januar 2026 in Kraft. "
REPEAL = CLOSING + "Gleichzeitig tritt die {name} vom 12. Dezember 2014 außer Kraft."
WARNING = (
    f"It repeals “{TITLE}” ({OLD}), which goes on answering; "
    "set valid_to there (to 2025-12-31), or withdraw it once it is repealed."
)


class Town:
    """A folder of by-laws, and what an ingest of it says."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self.store = store
        self.settings = settings
        self.folder = folder

    def write(self, name: str, title: str, closing: str, head: str = "") -> None:
        text = f"---\ntitle: {title}\nkind: statute\n{head}---\n## § 1 Steuer\n\n100 Euro.\n\n"
        (self.folder / f"{name}.md").write_text(f"{text}## § 9 Schluss\n\n{closing}\n", "utf-8")

    def write_old(self, title: str = TITLE, head: str = "", day: str = "12.12.2014") -> None:
        self.write(OLD, title, f"Diese Satzung tritt am 1.1.2015 in Kraft.\n\nAu, den {day}", head)

    def ingest(self, **options: bool) -> IngestReport:
        report = ingest([self.folder], Publisher(self.store), self.settings, **options)
        assert report.failures == []
        return report

    def warnings(self) -> list[str]:
        return [text for _, text in self.ingest().warnings]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    settings = load_settings(state_dir=tmp_path / "state")
    encoder = WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    folder = tmp_path / "town"
    folder.mkdir()
    yield Town(Store(encoder, index, registry, tmp_path / "originals"), settings, folder)
    index.close()
    registry.close()


@pytest.mark.parametrize(
    "name",
    [
        "Satzung über die Erhebung der Hundesteuer",
        "Hundesteuersatzung",
        "Satzung",  # of the same name as the new one
        "bisherige Hundesteuersatzung der Stadt",
    ],
)
def test_a_repealed_by_law_that_goes_on_answering_is_named(town: Town, name: str) -> None:
    town.write_old()
    town.write("neu", "Hundesteuersatzung", REPEAL.format(name=name))
    assert town.warnings() == [WARNING]


def test_it_is_named_before_the_new_by_law_is_published(town: Town) -> None:
    town.write_old()
    town.ingest()
    town.write("neu", "Hundesteuersatzung", REPEAL.format(name="Hundesteuersatzung"))
    report = town.ingest(is_staged=True)
    (staged,) = town.store.registry.staged()
    assert [text for _, text in report.warnings] == [WARNING]
    assert compare_staged(town.store, staged)[1]["warnings"] == [WARNING]


def test_a_by_law_that_tells_no_day_is_known_by_its_name_and_beginning(town: Town) -> None:
    town.write(OLD, TITLE, "Diese Satzung tritt am 1.1.2015 in Kraft.")
    town.write("neu", "Hundesteuersatzung", REPEAL.format(name="Hundesteuersatzung"))
    assert town.warnings() == [WARNING]


def test_what_is_not_surely_the_repealed_one_gives_no_warning(town: Town) -> None:
    new = REPEAL.format(name="Hundesteuersatzung")
    town.write("neu", "Hundesteuersatzung", new)
    for title, head, day in (
        (TITLE, "valid_to: 2025-12-31\n", "12.12.2014"),  # it has its end
        (TITLE, "valid_from: 2026-06-01\n", "12.12.2014"),  # a later one
        (TITLE, "valid_from: 2019-01-01\n", "12.12.2018"),  # another day
        ("Satzung über die Zweitwohnungsteuer", "", "12.12.2014"),  # another name
        (TITLE, "kind: leaflet\n", "12.12.2014"),
        (TITLE, "jurisdiction: {level: municipality, name: Bach, key: ''}\n", "12.12.2014"),
    ):
        town.write_old(title, head, day)
        town.write("neu", "Hundesteuersatzung", new + f"\n\n{title} {head.strip()} {day}")
        assert not [text for text in town.warnings() if "repeals" in text], (title, head)


def test_two_that_repeal_the_same_one_do_not_repeal_each_other(town: Town) -> None:
    closing = REPEAL.format(name="Betriebssatzung")
    town.write("wasser", "Betriebssatzung für die Wasserversorgung", closing)
    town.write("abwasser", "Betriebssatzung für die Abwasserbeseitigung", closing)
    assert town.warnings() == []


@pytest.mark.shared_data
@pytest.mark.skipif(not TOWNS.is_file(), reason="the measuring data is not there")
def test_of_the_by_laws_of_real_towns_only_a_repealed_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    found = {}
    for row in map(json.loads, TOWNS.read_text("utf-8").splitlines()):
        path.write_text(row["text"], "utf-8")
        place = Jurisdiction(Level.MUNICIPALITY, row["town"], row["ars"])
        document = Document(row["_id"], row["title"], Kind.STATUTE, jurisdiction=place)
        found[row["_id"]] = document, read_markdown(path, LIMITS).sections

    class Registry:
        def standing(self) -> list[Version]:
            return [Version(document, "", "", "", 0, 0, number=1) for document, _ in found.values()]

        def sections(self, document_id: str, _: int) -> object:
            return found[document_id][1]

    repeals = {id_: find_repeals(*both) for id_, both in found.items()}
    named = [
        text
        for id_, (document, _) in found.items()
        for text in warn_of_repealed(Registry(), document, repeals[id_])  # type: ignore[arg-type]
    ]
    assert sum(map(bool, repeals.values())) >= 115
    assert len(named) == 1
    assert "bekanntmachungen-bis-20260430" in named[0]
