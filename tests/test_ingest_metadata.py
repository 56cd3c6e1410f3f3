"""Metadata as people write it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.errors import MetadataInvalid
from core.types import Jurisdiction, Kind, Level, Related
from ingest.metadata import load_metadata, make_document


def test_the_nearest_layer_wins_and_the_others_fill_the_gaps() -> None:
    sidecar = {"title": "Hundesteuersatzung", "kind": "statute"}
    defaults = {"title": "Ohne Titel", "language": "de", "as_of": "2026-01-01"}
    document = make_document("satzungen/hund", [sidecar, defaults])
    assert document.id == "satzungen/hund"
    assert (document.title, document.kind) == ("Hundesteuersatzung", Kind.STATUTE)
    assert document.as_of == date(2026, 1, 1)


def test_a_null_means_none_where_a_document_may_go_without_and_else_the_next_layer() -> None:
    defaults = {
        "title": "Abfall",
        "url": "https://a.example",
        "valid_to": "2025-12-31",
        "jurisdiction": {"level": "state", "name": "Hessen", "key": "06"},
    }
    bare = {"title": "null", "url": "~", "valid_to": "null", "jurisdiction": ""}
    document = make_document("a", [bare, defaults])
    assert document.title == "Abfall"
    assert (document.url, document.valid_to, document.jurisdiction) == (None, None, None)
    assert make_document("a", [{}, defaults]).url == "https://a.example"


def test_a_key_keeps_its_leading_zero(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("jurisdiction: {level: state, name: Schleswig-Holstein, key: 01}\n")
    document = make_document("a", [load_metadata(path)])
    assert document.jurisdiction == Jurisdiction(Level.STATE, "Schleswig-Holstein", "01")


def test_a_regional_language_is_the_language() -> None:
    assert make_document("a", [{"language": "de-AT"}]).language == "de"


def test_a_town_without_a_key_is_known_by_its_name() -> None:
    place = {"level": "municipality", "name": "München"}
    jurisdiction = make_document("a", [{"jurisdiction": place}]).jurisdiction
    assert jurisdiction is not None
    assert jurisdiction.scope == "municipality:münchen"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"valid_from": "1.1.2026"}, "valid_from is not a date like 2026-01-31: 1.1.2026"),
        ({"as_of": "2026-02-30"}, "as_of is not a date"),
        ({"valid_from": "2026-01-01", "valid_to": "2025-01-01"}, "is after valid_to"),
        ({"language": "deutsch"}, "language is not a code like de or tr: deutsch"),
        ({"kind": "law"}, "kind must be one of statute, service"),
        ({"id": "a" * 501}, "The id has more than 500 characters"),
        ({"title": ["a", "b"]}, "title must be a single value"),
        ({"jurisdiction": "Auental"}, "jurisdiction needs level, name and key"),
        ({"jurisdiction": {"level": "town", "name": "A"}}, "level must be one of federal, state"),
        ({"jurisdiction": {"name": "A", "key": "08"}}, "key of a municipality has 12 digits"),
        ({"jurisdiction": {"level": "district"}}, "jurisdiction needs a name or a key"),
    ],
)
def test_wrong_metadata_are_named_in_one_sentence(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(MetadataInvalid, match=sentence):
        make_document("a", [fields])


@pytest.mark.parametrize("text", ["title: [unclosed", "- a\n- b\n", "title: \xff"])
def test_a_file_that_is_not_metadata_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf.yaml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(MetadataInvalid, match=r"x\.pdf\.yaml"):
        load_metadata(path)


def test_a_document_names_the_forms_it_leads_to() -> None:
    form = {"title": "Anmeldung eines Hundes", "kind": "form", "url": "https://auental.example/f"}
    document = make_document("hund", [{"links": [form]}])
    assert document.links == (
        Related("Anmeldung eines Hundes", Kind.FORM, "https://auental.example/f"),
    )
    with pytest.raises(MetadataInvalid, match="links must be a list"):
        make_document("hund", [{"links": "https://auental.example/f"}])
