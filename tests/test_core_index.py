"""Both engines of the passage index keep the same promises."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from qdrant_client import QdrantClient

from core import edge_folder
from core.edge import EdgeIndex
from core.errors import (
    IndexBusy,
    IndexDamaged,
    IndexFailure,
    IndexOutdated,
    IndexUnreachable,
    SettingInvalid,
    StorageFull,
)
from core.index import (
    KEPT_GENERATIONS,
    STAGED,
    IndexedPassage,
    IndexIdentity,
    IndexQuery,
    PassageIndex,
    Validity,
    rank,
)
from core.index_engines import open_index, remove_index
from core.payload import from_payload, point_id, to_payload
from core.server import ServerIndex
from core.server_collection import remove_collection
from core.settings import Settings
from core.types import (
    Document,
    Jurisdiction,
    Kind,
    Level,
    Passage,
    PassageVectors,
    Sentence,
    SparseVector,
    Vector,
)

DIMENSIONS = 8
IDENTITY = IndexIdentity("bundled/e5-small", DIMENSIONS)
TODAY = date(2026, 6, 1)
NO_TERMS = SparseVector((), ())
HALF_PRECISION = 1e-3

AICHELBERG = Jurisdiction(Level.MUNICIPALITY, "Aichelberg", "081175009002")
BOLL = Jurisdiction(Level.MUNICIPALITY, "Bad Boll", "081175009012")
STATE = Jurisdiction(Level.STATE, "Baden-Württemberg", "08")
FEDERAL = Jurisdiction(Level.FEDERAL, "Bund", "")

DOG_TAX = Document(
    id="hundesteuer",
    title="Satzung über die Erhebung der Hundesteuer",
    kind=Kind.STATUTE,
    jurisdiction=AICHELBERG,
    url="https://example.org/hundesteuer.pdf",
    valid_from=date(2024, 1, 1),
    as_of=date(2025, 6, 1),
    short_title="Hundesteuersatzung",
)
EVERYWHERE = Document(id="umzug", title="Umzug")

Opener = Callable[[], PassageIndex]


def towards(*weights: float) -> Vector:
    """A vector of length 1 that leans towards the first axes by these weights."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[: len(weights)] = weights
    return vector / np.linalg.norm(vector)


def indexed(
    section: str = "§ 5",
    document: Document = DOG_TAX,
    *,
    vector: Vector | None = None,
    sentences: Vector | None = None,
    terms: SparseVector = NO_TERMS,
    digest: str = "first",
    text: str = "Die Steuer beträgt 96,00 Euro. Sie gilt je Hund.",
    position: int = 0,
) -> IndexedPassage:
    passage = Passage(
        id=f"{document.id} {section}",
        document_id=document.id,
        section=section,
        heading="Steuersatz",
        context=f"{document.title} › {section}",
        text=text,
        page=3,
        sentences=(Sentence(0, 30, 3, "1"), Sentence(31, 48, 4)),
        language=document.language,
        digest=digest,
    )
    vectors = PassageVectors(
        passage=towards(1) if vector is None else vector,
        sentences=np.stack([towards(1), towards(0, 1)]) if sentences is None else sentences,
    )
    return IndexedPassage(passage, document, vectors, terms, position)


def ask(
    generation: int = 1,
    vector: Vector | None = None,
    terms: SparseVector = NO_TERMS,
    *,
    day: date = TODAY,
    scopes: tuple[str, ...] | None = None,
    language: str | None = None,
    lexical_weight: float = 0.0,
    limit: int = 10,
    with_sentences: bool = False,
) -> IndexQuery:
    vector = towards(1) if vector is None else vector
    return IndexQuery(
        vector, terms, generation, day, scopes, language, lexical_weight, limit, with_sentences
    )


def found(index: PassageIndex, query: IndexQuery) -> list[str]:
    return [hit.passage.section for hit in index.query(query)]


def key(item: IndexedPassage) -> tuple[str, str]:
    return item.passage.id, item.passage.digest


@pytest.fixture(scope="module", params=["edge", "memory", "server"])
def opener(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opener]:
    """Opens one and the same index, as often as called."""
    if request.param == "edge":
        folder = tmp_path_factory.mktemp("state") / "index"
        yield lambda: EdgeIndex(folder, IDENTITY)
        return
    url = os.environ.get("AUSKUNFT_TEST_QDRANT_URL")
    if request.param == "server" and url is None:
        pytest.skip("AUSKUNFT_TEST_QDRANT_URL names no server")
    client = QdrantClient(":memory:") if request.param == "memory" else QdrantClient(url=url)
    remove_collection(client)
    yield lambda: ServerIndex(client, IDENTITY)
    remove_collection(client)
    client.close()


@pytest.fixture(scope="module")
def opened(opener: Opener) -> Iterator[PassageIndex]:
    index = opener()
    yield index
    if isinstance(index, EdgeIndex):
        index.close()


@pytest.fixture
def index(opened: PassageIndex) -> PassageIndex:
    """An empty index: generation 0 comes before every passage."""
    opened.sweep(0)
    return opened


pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant")


def test_a_passage_is_found_with_all_that_is_known_of_it(index: PassageIndex) -> None:
    stored = indexed()
    index.upsert([stored], gen_from=1)

    [hit] = index.query(ask())

    assert hit.passage == stored.passage
    assert hit.document == stored.document
    assert hit.sentence_vectors is None


def test_passages_come_nearest_first_and_no_more_than_asked_for(index: PassageIndex) -> None:
    index.upsert(
        [
            indexed("far", vector=towards(1, 3)),
            indexed("near", vector=towards(3, 1)),
            indexed("exact", vector=towards(1)),
        ],
        gen_from=1,
    )

    assert found(index, ask(limit=2)) == ["exact", "near"]


def test_equally_good_candidates_always_come_in_the_same_order() -> None:
    first, second = sorted((point_id("§ 5", "a"), point_id("§ 6", "b")))

    assert [candidate.point for candidate in rank({first: 0.9, second: 0.9}, {}, {}, ask())] == [
        candidate.point for candidate in rank({second: 0.9, first: 0.9}, {}, {}, ask())
    ]


def test_a_passage_is_not_found_before_its_generation(index: PassageIndex) -> None:
    index.upsert([indexed()], gen_from=2)

    assert found(index, ask(generation=1)) == []
    assert found(index, ask(generation=2)) == ["§ 5"]


def test_a_retired_passage_is_found_up_to_the_generation_that_retires_it(
    index: PassageIndex,
) -> None:
    old = indexed()
    index.upsert([old], gen_from=1)

    index.retire([key(old)], gen_to=2)

    assert found(index, ask(generation=1)) == ["§ 5"]
    assert found(index, ask(generation=2)) == []


def test_points_of_one_index_are_found_in_another_as_they_were(
    index: PassageIndex, tmp_path: Path
) -> None:
    wordy = indexed("§ 5", terms=SparseVector((3, 7), (1.0, 2.0)))
    silent = indexed("§ 6", sentences=np.empty((0, DIMENSIONS), np.float32))
    index.upsert([wordy, silent], gen_from=1)
    index.upsert([indexed("§ 7")], gen_from=STAGED)
    index.retire([key(silent)], gen_to=2)

    with closing(EdgeIndex(tmp_path / "index", IDENTITY)) as other:
        other.insert(list(index.points()))
        points = sorted(other.points(), key=lambda point: point.id)

        assert [sorted(found(other, ask(generation))) for generation in (1, 2, STAGED)] == [
            ["§ 5", "§ 6"],
            ["§ 5"],
            ["§ 5", "§ 7"],
        ]
        for point, original in zip(
            points, sorted(index.points(), key=lambda point: point.id), strict=True
        ):
            assert point.payload == original.payload
            assert point.terms == original.terms
            assert_allclose(
                point.vectors.sentences, original.vectors.sentences, atol=HALF_PRECISION
            )


def test_retiring_what_is_not_there_changes_nothing(index: PassageIndex) -> None:
    index.upsert([indexed()], gen_from=1)

    index.retire([("unknown", "digest")], gen_to=2)
    index.retire([], gen_to=2)

    assert index.count(generation=2) == 1


def test_old_and_new_text_of_a_passage_stand_side_by_side(index: PassageIndex) -> None:
    old = indexed(text="Die Steuer beträgt 96 Euro.", digest="old")
    new = indexed(text="Die Steuer beträgt 120 Euro.", digest="new")
    index.upsert([old], gen_from=1)
    index.upsert([new], gen_from=2)
    index.retire([key(old)], gen_to=2)

    [before] = index.query(ask(generation=1))
    [after] = index.query(ask(generation=2))

    assert before.passage.text == "Die Steuer beträgt 96 Euro."
    assert after.passage.text == "Die Steuer beträgt 120 Euro."


def test_a_sweep_undoes_an_interrupted_publish_and_deletes_what_ended(index: PassageIndex) -> None:
    ended, kept, changed = indexed("ended"), indexed("kept"), indexed("changed")
    index.upsert([ended, kept, changed], gen_from=1)
    index.retire([key(ended)], gen_to=2)
    # A publish of generation 3 was killed before it was committed.
    index.upsert([indexed("changed", digest="new"), indexed("added")], gen_from=3)
    index.retire([key(changed)], gen_to=3)

    index.sweep(generation=2)

    standing = {key(kept), key(changed)}
    assert index.standing("hundesteuer", 2).keys() == standing
    assert index.standing("hundesteuer", 3).keys() == standing
    assert index.count(generation=1) == 3  # somebody may still be looking at what ended

    index.sweep(generation=2 + KEPT_GENERATIONS)

    assert index.count(generation=1) == 2  # now it is gone for good


def test_a_rule_is_found_from_its_first_to_its_last_day(index: PassageIndex) -> None:
    rule = replace(DOG_TAX, valid_from=date(2024, 1, 1), valid_to=date(2025, 12, 31))
    index.upsert([indexed(document=rule)], gen_from=1)

    assert found(index, ask(day=date(2023, 12, 31))) == []
    assert found(index, ask(day=date(2024, 1, 1))) == ["§ 5"]
    assert found(index, ask(day=date(2025, 12, 31))) == ["§ 5"]
    assert found(index, ask(day=date(2026, 1, 1))) == []


def test_rules_to_come_and_those_of_any_time_are_found_where_asked_for(index: PassageIndex) -> None:
    past = replace(DOG_TAX, id="past", valid_to=date(2025, 12, 31))
    coming = replace(DOG_TAX, id="coming", valid_from=date(2027, 1, 1))
    items = [indexed("past", past), indexed("now"), indexed("coming", coming)]
    index.upsert([*items, indexed("always", EVERYWHERE)], gen_from=1)

    def asked_for(**chosen: Any) -> set[str]:
        return set(found(index, replace(ask(), **chosen)))

    assert asked_for() == {"now", "always"}
    assert asked_for(validity=Validity.COMING) == {"coming"}
    assert asked_for(validity=Validity.ANY) == {"past", "now", "coming", "always"}
    assert asked_for(kind="statute") == {"now"}


def test_a_rule_without_days_is_found_on_any(index: PassageIndex) -> None:
    index.upsert([indexed(document=EVERYWHERE)], gen_from=1)

    for day in (date.min, date.max):
        [hit] = index.query(ask(day=day))
        assert (hit.document.valid_from, hit.document.valid_to) == (None, None)


def test_a_town_finds_its_own_rules_and_those_from_above(index: PassageIndex) -> None:
    documents = {
        "town": replace(DOG_TAX, jurisdiction=AICHELBERG),
        "neighbour": replace(DOG_TAX, jurisdiction=BOLL),
        "state": replace(DOG_TAX, jurisdiction=STATE),
        "federal": replace(DOG_TAX, jurisdiction=FEDERAL),
        "everywhere": replace(DOG_TAX, jurisdiction=None),
        "keyless": replace(DOG_TAX, jurisdiction=replace(BOLL, key=None)),
    }
    index.upsert([indexed(name, document) for name, document in documents.items()], gen_from=1)

    aichelberg = ("", "08", "08117", "081175009", "081175009002")
    assert set(found(index, ask(scopes=aichelberg))) == {"town", "state", "federal", "everywhere"}
    assert set(found(index, ask(scopes=("municipality:bad boll",)))) == {"keyless"}
    assert set(found(index, ask(scopes=None))) == documents.keys()
    assert found(index, ask(scopes=())) == []


def test_a_translation_is_found_by_those_who_ask_in_its_language(index: PassageIndex) -> None:
    german, turkish = indexed("Frage"), indexed("Soru")
    turkish = replace(turkish, passage=replace(turkish.passage, language="tr"))
    index.upsert([german, turkish], 1)

    def found(language: str | None) -> set[str]:
        return {hit.passage.section for hit in index.query(ask(language=language))}

    assert found("tr") == {"Frage", "Soru"}
    assert found("uk") == {"Frage"}
    assert found(None) == {"Frage", "Soru"}


def test_one_document_can_be_asked_alone(index: PassageIndex) -> None:
    words = SparseVector((5,), (1.0,))
    index.upsert([indexed("§ 5", vector=towards(1, 3), terms=words)], gen_from=1)
    index.upsert([indexed("Anmeldung", EVERYWHERE, terms=words)], gen_from=1)

    for query in (ask(), ask(terms=words, lexical_weight=0.5)):
        assert found(index, query) == ["Anmeldung", "§ 5"]
        assert found(index, replace(query, document_id="hundesteuer")) == ["§ 5"]
        assert found(index, replace(query, document_id="nowhere")) == []


def test_lexical_weight_brings_up_the_passage_with_the_very_words(index: PassageIndex) -> None:
    section_5, steuer = 5, 17
    index.upsert(
        [
            indexed("§ 5", vector=towards(2, 1), terms=SparseVector((section_5, steuer), (1, 1))),
            indexed("§ 6", vector=towards(5, 1), terms=SparseVector((steuer,), (1,))),
            indexed("§ 7", vector=towards(6, 1)),
        ],
        gen_from=1,
    )
    words = SparseVector((section_5,), (1.0,))

    assert found(index, ask(terms=words)) == ["§ 7", "§ 6", "§ 5"]
    assert found(index, ask(terms=words, lexical_weight=0.5)) == ["§ 5", "§ 7", "§ 6"]


def test_the_score_is_the_cosine_plus_the_weighted_share_of_the_best_bm25(
    index: PassageIndex,
) -> None:
    index.upsert(
        [
            indexed("strong", vector=towards(1, 1), terms=SparseVector((1,), (2.0,))),
            indexed("weak", vector=towards(1, 2), terms=SparseVector((1,), (0.5,))),
            indexed("none", vector=towards(1)),
        ],
        gen_from=1,
    )

    hits = index.query(ask(terms=SparseVector((1,), (1.0,)), lexical_weight=0.4))

    bonus = {hit.passage.section: hit.score - hit.similarity for hit in hits}
    assert bonus == pytest.approx({"strong": 0.4, "weak": 0.1, "none": 0.0}, abs=1e-6)


def test_a_passage_that_only_its_words_put_forward_is_found_with_its_cosine(
    index: PassageIndex,
) -> None:
    """60 nearer passages fill the candidates by vector; the words' own passage is none of them."""
    crowd = [indexed(f"{n}", vector=towards(1, 0.01 * n)) for n in range(60)]
    worded = indexed("worded", vector=towards(1, 1), terms=SparseVector((1,), (1.0,)))
    index.upsert([*crowd, worded], gen_from=1)

    hits = index.query(ask(terms=SparseVector((1,), (1.0,)), lexical_weight=0.5, limit=3))

    assert hits[0].passage.section == "worded"
    assert hits[0].similarity == pytest.approx(np.sqrt(0.5), abs=HALF_PRECISION)
    assert hits[0].score == pytest.approx(np.sqrt(0.5) + 0.5, abs=HALF_PRECISION)


def test_a_passage_that_only_its_vector_puts_forward_is_scored_by_its_words_too(
    index: PassageIndex,
) -> None:
    """60 passages have more of the words; the nearest is none of the candidates by words."""
    words = SparseVector((1,), (1.0,))
    crowd = [indexed(f"{n}", vector=towards(0, 1), terms=words) for n in range(60)]
    nearest = indexed("nearest", terms=SparseVector((1,), (0.5,)))
    index.upsert([*crowd, nearest], gen_from=1)

    [hit] = index.query(ask(terms=words, lexical_weight=0.4, limit=1))

    assert hit.passage.section == "nearest"
    assert hit.score - hit.similarity == pytest.approx(0.2, abs=1e-6)


def test_sentence_weight_brings_up_the_passage_with_the_nearest_sentence(
    index: PassageIndex,
) -> None:
    index.upsert(
        [
            indexed("whole", vector=towards(4, 1), sentences=np.stack([towards(1, 1)])),
            indexed("part", vector=towards(1, 1), sentences=np.stack([towards(0, 1), towards(1)])),
            indexed("bare", vector=towards(1, 2), sentences=np.zeros((0, DIMENSIONS), np.float32)),
        ],
        gen_from=1,
    )
    query = replace(ask(vector=towards(1)), sentence_weight=0.5)
    hits = index.query(query)
    assert found(index, ask(vector=towards(1))) == ["whole", "part", "bare"]
    assert [hit.passage.section for hit in hits] == ["part", "whole", "bare"]
    cosine = float(towards(1) @ towards(1, 1))
    assert_allclose(hits[0].score, 0.5 * cosine + 0.5, atol=HALF_PRECISION)
    assert_allclose(hits[0].similarity, cosine, atol=HALF_PRECISION)
    assert_allclose(hits[2].score, hits[2].similarity)


def test_words_do_not_bring_up_what_the_filter_hides(index: PassageIndex) -> None:
    words = SparseVector((1,), (1.0,))
    index.upsert(
        [indexed("neighbour", replace(DOG_TAX, jurisdiction=BOLL), terms=words)], gen_from=1
    )

    assert found(index, ask(terms=words, lexical_weight=1.0, scopes=("", "08"))) == []


def test_words_that_no_passage_has_leave_the_order_alone(index: PassageIndex) -> None:
    index.upsert([indexed("far", vector=towards(1, 3)), indexed("near")], gen_from=1)

    hits = index.query(ask(terms=SparseVector((99,), (1.0,)), lexical_weight=0.5))

    assert [hit.passage.section for hit in hits] == ["near", "far"]
    assert all(hit.score == hit.similarity for hit in hits)


def test_similarity_is_the_plain_cosine(index: PassageIndex) -> None:
    index.upsert(
        [indexed("opposite", vector=towards(-1)), indexed("half", vector=towards(1, np.sqrt(3)))],
        gen_from=1,
    )

    similarity = {hit.passage.section: hit.similarity for hit in index.query(ask())}

    assert similarity == pytest.approx({"opposite": -1.0, "half": 0.5}, abs=HALF_PRECISION)


def test_sentence_vectors_come_back_in_order(index: PassageIndex) -> None:
    sentences = np.stack([towards(*weights) for weights in ((0, 1), (1, 2, 3), (-1,), (4, 0, 1))])
    index.upsert([indexed(sentences=sentences)], gen_from=1)

    [hit] = index.query(ask(with_sentences=True))

    assert hit.sentence_vectors is not None
    assert hit.sentence_vectors.dtype == np.float32
    assert_allclose(hit.sentence_vectors, sentences, atol=HALF_PRECISION)


def test_a_passage_without_sentences_has_none(index: PassageIndex) -> None:
    index.upsert([indexed(sentences=np.zeros((0, DIMENSIONS), dtype=np.float32))], gen_from=1)

    [hit] = index.query(ask(with_sentences=True))

    assert hit.sentence_vectors is not None
    assert hit.sentence_vectors.shape == (0, DIMENSIONS)


def test_an_empty_index_finds_nothing(index: PassageIndex) -> None:
    words = SparseVector((1,), (1.0,))

    assert index.query(ask(terms=words, lexical_weight=1.0)) == []
    assert index.count(generation=1) == 0
    assert index.standing("hundesteuer", 1) == {}
    assert index.fetch("hundesteuer", 1) == []


def test_a_documents_passages_are_fetched_in_its_order(index: PassageIndex) -> None:
    sections = [f"§ {number}" for number in range(12, 0, -1)]
    index.upsert([indexed(s, position=place) for place, s in enumerate(sections)], gen_from=1)
    index.upsert([indexed("elsewhere", EVERYWHERE)], gen_from=1)

    assert [passage.section for passage in index.fetch("hundesteuer", 1)] == sections
    assert index.fetch("hundesteuer", 0) == []
    assert index.count(generation=1) == 13


def test_unchanged_passages_move_when_another_is_inserted(index: PassageIndex) -> None:
    first, last = indexed("§ 1", position=0), indexed("§ 2", position=1)
    index.upsert([first, last], gen_from=1)

    index.upsert([indexed("§ 1a", position=1)], gen_from=2)
    index.place({key(first): 0, key(last): 2})

    assert [passage.section for passage in index.fetch("hundesteuer", 2)] == ["§ 1", "§ 1a", "§ 2"]
    assert [passage.section for passage in index.fetch("hundesteuer", 1)] == ["§ 1", "§ 2"]


def test_more_passages_than_one_read_or_write_holds_are_all_there(index: PassageIndex) -> None:
    index.upsert([indexed(f"§ {n}", position=n) for n in range(1100)], gen_from=1)

    assert index.count(generation=1) == 1100
    assert len(index.standing("hundesteuer", 1)) == 1100
    assert [passage.section for passage in index.fetch("hundesteuer", 1)][-1] == "§ 1099"


def test_optimizing_changes_no_answer(index: PassageIndex) -> None:
    vectors = np.random.default_rng(7).normal(size=(300, DIMENSIONS)).astype(np.float32)
    index.upsert([indexed(f"§ {n}", vector=vector) for n, vector in enumerate(vectors)], gen_from=1)
    before = found(index, ask())

    index.optimize()
    index.flush()

    assert found(index, ask()) == before


def test_another_model_is_a_clear_error(index: PassageIndex) -> None:
    index.check(IDENTITY)

    with pytest.raises(IndexOutdated) as raised:
        index.check(IndexIdentity("intfloat/multilingual-e5-base", 768))

    message = str(raised.value)
    assert "bundled/e5-small" in message
    assert "intfloat/multilingual-e5-base" in message
    assert "auskunft reindex" in message


def test_another_schema_is_a_clear_error(index: PassageIndex) -> None:
    with pytest.raises(IndexOutdated, match="schema 99"):
        index.check(replace(IDENTITY, schema_version=99))


def test_the_server_keeps_everything_for_the_next_process() -> None:
    client = QdrantClient(":memory:")
    ServerIndex(client, IDENTITY).upsert([indexed()], gen_from=1)

    second = ServerIndex(client, IndexIdentity("other", 16))

    assert found(second, ask()) == ["§ 5"]
    with pytest.raises(IndexOutdated):
        second.check(IndexIdentity("other", 16))
    second.close()


def test_the_folder_keeps_everything_for_the_next_process(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path / "index", IDENTITY)
    first.upsert([indexed()], gen_from=1)
    first.close()

    second = EdgeIndex(tmp_path / "index", IndexIdentity("other", 16))

    [hit] = second.query(ask(with_sentences=True))
    assert hit.passage == indexed().passage
    assert_allclose(hit.sentence_vectors, indexed().vectors.sentences, atol=HALF_PRECISION)
    with pytest.raises(IndexOutdated):
        second.check(IndexIdentity("other", 16))
    second.close()


def test_the_stored_form_reads_back_whole() -> None:
    bare = indexed(document=EVERYWHERE)
    full = indexed(document=replace(DOG_TAX, valid_to=date(2027, 12, 31)))

    for stored in (bare, full):
        payload = json.loads(json.dumps(to_payload(stored, gen_from=1)))
        assert from_payload(payload) == (stored.passage, stored.document)


def test_reading_goes_on_while_another_thread_writes(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path / "index", IDENTITY)
    index.upsert([indexed(f"§ {n}", vector=towards(1, n)) for n in range(50)], gen_from=1)
    expected = found(index, ask())

    def write() -> None:
        for generation in range(2, 8):
            index.upsert([indexed(f"g{generation} {n}") for n in range(50)], gen_from=generation)

    writer = threading.Thread(target=write)
    writer.start()
    answers = [found(index, ask())]
    while writer.is_alive():
        answers.append(found(index, ask()))
        time.sleep(0.001)  # readers without a pause make the engine's writer wait
    writer.join()

    assert all(answer == expected for answer in answers)
    assert index.count(generation=7) == 350
    index.close()


def test_a_second_opener_is_told_that_the_index_is_busy(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path / "index", IDENTITY)

    with pytest.raises(IndexBusy):
        EdgeIndex(tmp_path / "index", IDENTITY)

    first.close()
    EdgeIndex(tmp_path / "index", IDENTITY).close()


def test_a_creation_that_was_killed_leaves_no_index_behind(tmp_path: Path) -> None:
    draft = tmp_path / "index.new"
    draft.mkdir()
    (draft / "identity.json").write_text("{")

    index = EdgeIndex(tmp_path / "index", IDENTITY)

    assert index.count(generation=1) == 0
    index.close()


@pytest.mark.parametrize("file", ["identity.json", "shard/edge_config.json", "shard/segments"])
def test_damaged_files_are_a_clear_error(tmp_path: Path, file: str) -> None:
    EdgeIndex(tmp_path / "index", IDENTITY).close()
    damaged = tmp_path / "index" / file
    if damaged.is_dir():
        [damaged] = damaged.glob("*/segment.json")
    damaged.write_bytes(b"\xff\xfe")

    with pytest.raises(IndexDamaged):
        EdgeIndex(tmp_path / "index", IDENTITY)


def test_a_full_disk_stops_writing_and_keeps_what_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reserve is raised instead of filling the disk; the check is the same."""
    index = EdgeIndex(tmp_path / "index", IDENTITY)
    index.upsert([indexed()], gen_from=1)
    monkeypatch.setattr(edge_folder, "RESERVE_BYTES", 2**62)

    for write in (
        lambda: index.upsert([indexed("§ 6")], gen_from=2),
        lambda: index.retire([key(indexed())], gen_to=2),
        index.optimize,
        lambda: EdgeIndex(tmp_path / "other", IDENTITY),
    ):
        with pytest.raises(StorageFull):
            write()
    assert found(index, ask(generation=2)) == ["§ 5"]
    index.close()

    reopened = EdgeIndex(tmp_path / "index", IDENTITY)
    assert found(reopened, ask(generation=2)) == ["§ 5"]
    reopened.close()


def test_a_process_killed_while_writing_leaves_the_standing_generation_whole(
    tmp_path: Path,
) -> None:
    standing = [indexed(f"§ {n}", vector=towards(1, n)) for n in range(40)]
    index = EdgeIndex(tmp_path / "index", IDENTITY)
    index.upsert(standing, gen_from=1)
    index.close()
    writer = """
        import itertools, sys
        from pathlib import Path
        from tests.test_core_index import EdgeIndex, IDENTITY, indexed, key
        index = EdgeIndex(Path(sys.argv[1]), IDENTITY)
        for n in itertools.count():
            index.upsert([indexed(f"new {n} {m}") for m in range(20)], gen_from=2)
            index.retire([key(indexed(f"§ {n % 40}"))], gen_to=2)
            print(n, flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(writer), str(tmp_path / "index")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "8":
                process.send_signal(signal.SIGKILL)

    reopened = EdgeIndex(tmp_path / "index", IDENTITY)
    names = {item.passage.section for item in standing}
    assert set(found(reopened, ask(generation=1, limit=100))) == names
    assert reopened.count(generation=2) >= 20 * 9
    reopened.sweep(generation=1)
    assert set(found(reopened, ask(generation=2, limit=100))) == names
    reopened.close()


def test_settings_without_a_server_open_the_embedded_index(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    index = open_index(settings, IDENTITY)
    index.upsert([indexed()], gen_from=1)
    with pytest.raises(IndexBusy):
        remove_index(settings)
    index.close()

    with pytest.raises(IndexOutdated):
        open_index(settings, IndexIdentity("other", 16))
    remove_index(settings)  # the refused opening let go of the folder

    rebuilt = open_index(settings, IndexIdentity("other", 16))
    assert rebuilt.count(generation=1) == 0
    rebuilt.close()


def test_a_damaged_index_can_be_removed(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path)
    open_index(settings, IDENTITY).close()
    (tmp_path / "index" / "shard" / "edge_config.json").write_text("{")

    remove_index(settings)
    remove_index(settings)  # nothing there is fine too

    open_index(settings, IDENTITY).close()


def test_a_server_that_is_down_is_a_clear_error(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, qdrant_url="http://127.0.0.1:1")

    with pytest.raises(IndexUnreachable, match="AUSKUNFT_QDRANT_URL"):
        open_index(settings, IDENTITY)


def test_a_server_address_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, qdrant_url="not an address")

    with pytest.raises(SettingInvalid, match="AUSKUNFT_QDRANT_URL"):
        open_index(settings, IDENTITY)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, "Must provide an API key", IndexUnreachable),
        (404, "Not found: Collection `auskunft` doesn't exist!", IndexOutdated),
        (500, "Service internal error: No space left on device", StorageFull),
        (500, "Service internal error: task panicked", IndexFailure),
    ],
)
def test_what_a_server_refuses_is_a_clear_error(
    tmp_path: Path, status: int, body: str, error: type[IndexFailure]
) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its own name
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever).start()
        settings = Settings(state_dir=tmp_path, qdrant_url=f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(IndexFailure) as raised:
            open_index(settings, IDENTITY)
        server.shutdown()

    assert type(raised.value) is error


def test_what_is_prepared_is_seen_at_its_own_generation_only(index: PassageIndex) -> None:
    old, new = indexed(digest="old"), indexed(digest="new")
    index.upsert([old], gen_from=1)
    index.upsert([new], gen_from=STAGED)
    index.retire([key(old)], gen_to=STAGED)

    assert index.standing("hundesteuer", 1).keys() == {key(old)}
    assert index.standing("hundesteuer", STAGED).keys() == {key(new)}

    index.sweep(generation=1)  # another document is published meanwhile
    assert index.standing("hundesteuer", STAGED).keys() == {key(new)}

    index.unstage("hundesteuer")
    assert index.standing("hundesteuer", STAGED).keys() == {key(old)}


def test_vectors_come_back_as_they_were_stored(index: PassageIndex) -> None:
    stored = indexed()
    index.upsert([stored], gen_from=1)

    found = index.vectors([key(stored), ("gone", "gone")])

    assert found.keys() == {key(stored)}
    np.testing.assert_allclose(found[key(stored)].passage, stored.vectors.passage, atol=1e-3)
    np.testing.assert_allclose(found[key(stored)].sentences, stored.vectors.sentences, atol=1e-3)


def test_two_versions_of_a_document_stand_side_by_side_on_their_own_days(
    index: PassageIndex,
) -> None:
    until = replace(DOG_TAX, valid_from=None, valid_to=date(2026, 12, 31))
    after = replace(DOG_TAX, valid_from=date(2027, 1, 1), valid_to=None)
    index.upsert([indexed(document=until, text="96 Euro", digest="a")], gen_from=1)
    index.upsert([indexed(document=after, text="120 Euro", digest="b")], gen_from=1)

    def read(day: date | None) -> list[str]:
        return [passage.text for passage in index.fetch("hundesteuer", 1, day)]

    assert read(date(2026, 12, 31)) == ["96 Euro"]
    assert read(date(2027, 1, 1)) == ["120 Euro"]
    assert sorted(read(None)) == ["120 Euro", "96 Euro"]
