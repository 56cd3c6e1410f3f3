"""An ingest from folder to report: what is new, what stays, what fails, what survives."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from children import run_child
from encoders import WordEncoder
from filelock import FileLock

from core.database import open_registry
from core.errors import IndexOutdated, PathMissing, WriterBusy
from core.index import IndexIdentity
from core.index_engines import open_index
from core.settings import Settings, load_settings
from core.store import Store
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest
from ingest.staging import publish_staged

TAX = "# Hundesteuersatzung\n\n## § 5 Steuersatz\n\n(1) Die Steuer beträgt {amount} Euro.\n\n"
TAX += "## § 6 Befreiung\n\n(1) Blindenhunde sind befreit.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(state_dir=tmp_path / "state")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    yield from open_store(settings)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "town"
    folder.mkdir()
    (folder / "hundesteuer.md").write_text(TAX.format(amount=96), "utf-8")
    (folder / "abfall.md").write_text("# Abfall\n\nDie Tonne kostet 60 Euro.\n", "utf-8")
    return folder


def open_store(settings: Settings, encoder: WordEncoder | None = None) -> Iterator[Store]:
    encoder = encoder or WordEncoder()
    registry = open_registry(settings)
    index = open_index(settings, IndexIdentity(encoder.model_id, encoder.dimensions))
    yield Store(encoder, index, registry, settings.state_dir / "originals")
    index.close()
    registry.close()


def run(store: Store, settings: Settings, *paths: Path, prune: bool = False) -> IngestReport:
    return ingest(paths, Publisher(store), settings, prune=prune)


def texts(store: Store, document_id: str) -> list[str]:
    passages = store.index.fetch(document_id, store.registry.generation())
    return [passage.text for passage in passages]


def test_new_documents_are_added_with_their_passages(
    store: Store, settings: Settings, town: Path
) -> None:
    report = run(store, settings, town)
    assert (report.added, report.failures) == (2, [])
    assert str(report) == "2 new"
    assert texts(store, "hundesteuer")[0] == "(1) Die Steuer beträgt 96 Euro."
    assert report.passages_added == store.index.count(store.registry.generation())


def test_unchanged_documents_are_skipped(store: Store, settings: Settings, town: Path) -> None:
    first = run(store, settings, town)
    generation = store.registry.generation()
    second = run(store, settings, town)
    assert str(second) == "2 unchanged"
    assert second.passages_unchanged == first.passages_added
    assert store.registry.generation() == generation


def test_a_changed_section_alone_is_written_anew(
    store: Store, settings: Settings, town: Path
) -> None:
    run(store, settings, town)
    (town / "hundesteuer.md").write_text(TAX.format(amount=108), "utf-8")
    report = run(store, settings, town)
    assert str(report) == "1 updated, 1 unchanged"
    assert (report.passages_added, report.passages_deleted) == (1, 1)
    assert texts(store, "hundesteuer") == [
        "(1) Die Steuer beträgt 108 Euro.",
        "(1) Blindenhunde sind befreit.",
    ]


def test_changed_metadata_reach_every_passage(store: Store, settings: Settings, town: Path) -> None:
    run(store, settings, town)
    (town / "hundesteuer.md.yaml").write_text("title: Neue Hundesteuersatzung\n", "utf-8")
    report = run(store, settings, town)
    assert report.updated == 1
    (version,) = [v for v in store.registry.standing() if v.document.id == "hundesteuer"]
    assert version.document.title == "Neue Hundesteuersatzung"


def test_prune_withdraws_what_is_gone_and_nothing_else(
    store: Store, settings: Settings, town: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "wasser.md").write_text("# Wasser\n\nDer Preis ist 2 Euro.\n", "utf-8")
    run(store, settings, town, elsewhere)
    (town / "abfall.md").unlink()
    (elsewhere / "wasser.md").unlink()
    assert run(store, settings, town).withdrawn == 0
    assert run(store, settings, town, prune=True).withdrawn == 1
    assert [v.document.id for v in store.registry.standing()] == ["hundesteuer", "wasser"]
    assert texts(store, "abfall") == []


def test_prune_of_an_emptied_folder_withdraws_all_of_it(
    store: Store, settings: Settings, town: Path
) -> None:
    run(store, settings, town)
    for path in town.iterdir():
        path.unlink()
    assert run(store, settings, town, prune=True).withdrawn == 2


def test_prune_keeps_what_lies_in_a_folder_that_cannot_be_looked_into(
    store: Store, settings: Settings, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is the system's words, as whoever runs the tests may look into every folder."""
    closed = town / "ortsrecht"
    closed.mkdir()
    (closed / "wasser.md").write_text("# Wasser\n\nDer Preis ist 2 Euro.\n", "utf-8")
    run(store, settings, town)
    (town / "abfall.md").unlink()
    scan = os.scandir

    def refuse(folder: str) -> object:
        if Path(folder) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    report = run(store, settings, town, prune=True)
    assert report.failures == [(closed, "The folder cannot be looked into: Permission denied.")]
    assert report.withdrawn == 1
    standing = [v.document.id for v in store.registry.standing()]
    assert standing == ["hundesteuer", "ortsrecht/wasser"]


def test_one_bad_file_is_named_and_the_rest_goes_on(
    store: Store, settings: Settings, town: Path
) -> None:
    (town / "kaputt.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (town / "leer.md").write_bytes(b"")
    (town / "liste.xlsx").write_bytes(b"PK")
    (town / "falsch.md").write_text("---\ntitle: [\n---\nText.\n", "utf-8")
    (town / "datum.md").write_text("---\nvalid_from: gestern\n---\nText.\n", "utf-8")
    report = run(store, settings, town)
    assert report.added == 2
    assert [path.name for path, _ in report.failures] == [
        "datum.md",
        "falsch.md",
        "kaputt.pdf",
        "leer.md",
        "liste.xlsx",
    ]
    assert all(text.endswith(".") or ":" in text for _, text in report.failures)


def test_a_file_name_that_is_not_text_stops_nothing(
    store: Store, settings: Settings, town: Path
) -> None:
    (town / os.fsdecode(b"Geb\xfchr.md")).write_text("# Gebühr\n\nSie kostet 5 Euro.\n", "utf-8")
    report = run(store, settings, town)
    assert report.added == 2
    assert [text for _, text in report.failures] == [
        "The file's name is not UTF-8; rename the file."
    ]


def test_front_matter_nested_without_end_stops_nothing(
    store: Store, settings: Settings, town: Path
) -> None:
    (town / "tief.md").write_text("---\ntitle: " + "[" * 5000 + "\n---\nText.\n", "utf-8")
    report = run(store, settings, town)
    assert (report.added, len(report.failures)) == (2, 1)


def test_a_document_that_became_unreadable_keeps_answering(
    store: Store, settings: Settings, town: Path
) -> None:
    run(store, settings, town)
    (town / "abfall.md").write_bytes(b"\xff\xfe\x00broken")
    report = run(store, settings, town, prune=True)
    assert len(report.failures) == 1
    assert texts(store, "abfall") == ["Die Tonne kostet 60 Euro."]


def test_two_files_with_one_id_are_named(store: Store, settings: Settings, town: Path) -> None:
    (town / "zweite.md").write_text("---\nid: abfall\n---\nAnderes.\n", "utf-8")
    report = run(store, settings, town)
    ((path, text),) = report.failures
    assert path.name == "zweite.md"
    assert "abfall" in text
    assert texts(store, "abfall") == ["Die Tonne kostet 60 Euro."]


def test_two_towns_with_like_named_files_do_not_overwrite_each_other(
    store: Store, settings: Settings, town: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "abfall.md").write_text("# Abfall\n\nDie Tonne kostet 99 Euro.\n", "utf-8")
    run(store, settings, town)
    assert len(run(store, settings, other).failures) == 1
    assert texts(store, "abfall") == ["Die Tonne kostet 60 Euro."]


def test_a_renamed_file_keeps_its_id(store: Store, settings: Settings, town: Path) -> None:
    (town / "abfall.md").write_text("---\nid: abfall\n---\nDie Tonne kostet 60 Euro.\n", "utf-8")
    run(store, settings, town)
    (town / "abfall.md").rename(town / "muell.md")
    report = run(store, settings, town, prune=True)
    assert (report.failures, report.withdrawn) == ([], 0)
    assert texts(store, "abfall") == ["Die Tonne kostet 60 Euro."]


def test_a_file_that_gets_another_id_withdraws_the_old_one(
    store: Store, settings: Settings, town: Path
) -> None:
    run(store, settings, town)
    (town / "abfall.md").write_text("---\nid: muell\n---\nDie Tonne kostet 60 Euro.\n", "utf-8")
    run(store, settings, town)
    assert [v.document.id for v in store.registry.standing()] == ["hundesteuer", "muell"]


def test_defaults_of_the_folders_above_count(
    store: Store, settings: Settings, town: Path, tmp_path: Path
) -> None:
    place = "jurisdiction: {level: municipality, name: Auental, key: '990010001001'}\n"
    (tmp_path / "_defaults.yaml").write_text(place, "utf-8")
    run(store, settings, town)
    assert {
        v.document.jurisdiction.name for v in store.registry.standing() if v.document.jurisdiction
    } == {"Auental"}


def test_a_missing_path_and_an_empty_folder_are_named(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(PathMissing, match="no file or folder"):
        run(store, settings, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(PathMissing, match="no document below"):
        run(store, settings, tmp_path / "empty")


def test_a_second_writer_is_turned_away(store: Store, settings: Settings, town: Path) -> None:
    with FileLock(settings.state_dir / "writer.lock"), pytest.raises(WriterBusy):
        run(store, settings, town)
    assert run(store, settings, town).added == 2


def test_another_model_is_named_before_anything_is_written(
    store: Store, settings: Settings, town: Path
) -> None:
    run(store, settings, town)
    with pytest.raises(IndexOutdated, match=r"words .* new-model .* reindex"):
        run(replace(store, encoder=WordEncoder("new-model")), settings, town)


@pytest.mark.parametrize("phase", ["upsert", "retire", "place", "flush", "commit"])
def test_killed_in_any_phase_the_old_text_answers_and_the_next_run_completes(
    phase: str, settings: Settings, town: Path
) -> None:
    for store in open_store(settings):
        run(store, settings, town)
    (town / "hundesteuer.md").write_text(TAX.format(amount=108), "utf-8")
    assert run_child(die_after, phase, settings.state_dir, town) == -signal.SIGKILL
    for store in open_store(settings):
        assert "96" in texts(store, "hundesteuer")[0]
        assert len(texts(store, "hundesteuer")) == 2
        assert run(store, settings, town).updated == 1
        assert "108" in texts(store, "hundesteuer")[0]
        assert len(texts(store, "hundesteuer")) == 2


class DiesAfter:
    """Passes everything on, and kills the process when the named call has been made."""

    def __init__(self, part: object, method: str) -> None:
        self._part, self._method = part, method

    def __getattr__(self, name: str) -> object:
        real = getattr(self._part, name)
        if name != self._method:
            return real

        def call(*arguments: object) -> None:
            if name != "commit":  # a commit that is done is done: die just before
                real(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        return call


def die_after(phase: str, state: Path, folder: Path) -> None:
    """In a child: an ingest that is killed."""
    doomed = load_settings(state_dir=state)
    for store in open_store(doomed):
        index, registry = DiesAfter(store.index, phase), DiesAfter(store.registry, phase)
        mortal = replace(store, index=index, registry=registry)  # type: ignore[arg-type]
        run(mortal, doomed, folder)


def test_an_ingest_says_what_looks_like_a_mistake(
    store: Store, settings: Settings, town: Path
) -> None:
    tax = town / "hundesteuer.md"
    tax.write_text(TAX.format(amount=96) + "## § 7 Ende\n\nDas war es.\n", "utf-8")
    run(store, settings, town)
    tax.write_text(TAX.format(amount=96), "utf-8")
    (town / "kopie.md").write_bytes((town / "abfall.md").read_bytes())
    assert [text for _, text in run(store, settings, town).warnings] == [
        "It has 2 sections, the version before has 3.",
        "The same file stands already as abfall.",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\nas_of: 2025-01-01\n---\n" + TAX.format(amount=120), "older than the version before"),
        ("# Hundesteuersatzung\n\n120 Euro.\n", "of the text of the version before"),
    ],
)
def test_what_lost_half_its_text_or_is_older_is_published_by_a_person_only(
    text: str, why: str, store: Store, settings: Settings, town: Path
) -> None:
    tax = town / "hundesteuer.md"
    tax.write_text("---\nas_of: 2026-01-01\n---\n" + TAX.format(amount=96), "utf-8")
    run(store, settings, town)
    tax.write_text(text, "utf-8")
    (town / "wald.md").write_text("# Wald\n\nDer Wald ist offen.\n", "utf-8")

    report = run(store, settings, town, prune=True)
    assert (str(report), report.standing) == ("1 new, 1 unchanged, 1 failed", 3)
    ((path, sentence),) = report.failures
    assert path == tax
    assert why in sentence
    assert f"prepare it (`auskunft ingest --stage {tax}`) and publish it" in sentence
    assert "96 Euro" in texts(store, "hundesteuer")[0]

    staged = ingest([tax], Publisher(store), settings, is_staged=True)
    assert why in " ".join(warning for _, warning in staged.warnings)
    publish_staged(Publisher(store), ["hundesteuer"], "Ada")
    assert "120 Euro" in texts(store, "hundesteuer")[0]
    assert str(run(store, settings, town)) == "3 unchanged"


def test_a_copied_site_is_its_pages(store: Store, settings: Settings, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "hund.htm").write_text("<h1>Hund</h1><p>Bitte anmelden.</p>", "utf-8")
    (site / "style.css").write_text("p {}", "utf-8")
    (site / "logo.png").write_bytes(b"\x89PNG")
    (site / "notes.txt").write_text("Nur Text", "utf-8")
    report = run(store, settings, site)
    assert report.added == 1
    assert [path.name for path, _ in report.failures] == ["notes.txt"]
