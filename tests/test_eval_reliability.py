"""How sure the no is: questions by how far the best sentence lies from the threshold."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from encoders import WordEncoder
from rich.console import Console
from rows import row_of
from sets import write_set

from core.settings import load_settings
from core.types import Mode, Status
from eval.reliability import (
    EDGES,
    GERMAN,
    OTHERS,
    Bin,
    answer_reliability,
    fill_bins,
    is_right,
    measure_reliability,
    reliability_charts,
    reliability_table,
)
from service.certainty import SIGNS, Certainty
from service.selector import Selector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = {
        "hund": "Hundesteuer\nEin Hund kostet 96 Euro im Jahr.",
        "rathaus": "Rathaus\nGeöffnet ist es von 8 bis 12 Uhr.",
    }
    queries = [
        {"_id": "q1", "text": "Was kostet ein Hund im Jahr?", "split": "dev"},
        {"_id": "q2", "text": "Ist es von 8 bis 12 Uhr geöffnet?", "split": "dev"},
        {"_id": "q3", "text": "Wo wohnt der Bürgermeister?", "split": "dev"},
        {"_id": "q4", "text": "Was kostet ein Hund?", "split": "train"},
    ]
    answers = [
        {"query_id": "q1", "sentences": [1], "doc_id": "hund"},
        {"query_id": "q2", "sentences": [1], "doc_id": "rathaus"},
        {"query_id": "q3", "sentences": [], "doc_id": "rathaus"},
        {"query_id": "q4", "sentences": [1], "doc_id": "hund"},
    ]
    return write_set(tmp_path / "set", pages, queries, answers)


def test_a_bin_holds_its_lower_end_and_not_its_upper() -> None:
    bins = fill_bins([(-9.0, False), (-0.001, False), (0.0, True), (0.2, False), (2.5, True)])
    found = {(b.low, b.high): (b.questions, b.share) for b in bins if b.questions}
    assert found == {
        (None, EDGES[0]): (1, 0.0),
        (-0.5, 0.0): (1, 0.0),
        (0.0, 0.5): (2, 0.5),
        (EDGES[-1], None): (1, 1.0),
    }
    assert [b.high for b in bins[:-1]] == [b.low for b in bins[1:]] == list(EDGES)
    assert bins[1].share is None


def test_an_answer_is_right_if_it_ends_as_it_must_with_a_place_that_proves_it() -> None:
    silent = {"status": Status.NOT_IN_DOCUMENTS, "citations": (), "statements": ()}
    unknown = {"wanted": Status.NOT_IN_DOCUMENTS, "sources": ()}
    cited: dict[str, float | None] = {"citation_correct": 0.5}
    assert is_right(row_of(scores=cited)), "one of two places proves it"
    assert not is_right(row_of(scores={"citation_correct": 0.0}))
    assert not is_right(row_of(scores=cited, **silent))
    assert is_right(row_of(**silent, **unknown))
    assert not is_right(row_of(**unknown)), "there is nothing to be said"
    assert not is_right(row_of(**silent, wanted=Status.REFUSED)), "another no"


def test_answers_are_counted_by_how_sure_they_were_german_ones_apart() -> None:
    right, wrong = {"citation_correct": 1.0}, {"citation_correct": 0.0}
    rows = [
        row_of("a", "de", right, certainty=0.7),
        row_of("b", "de", wrong, certainty=0.6),
        row_of("a", "tr", wrong, certainty=0.1),
        row_of("a", "ar", wrong, certainty=0.2),
        row_of("c", "tr", right, certainty=2.5, mode=Mode.CURATED),
        row_of("d", "tr", right),
    ]
    found = answer_reliability(rows)
    counted = {name: [(b.low, b.questions, b.share) for b in bins if b.questions]
               for name, bins in found.items()}  # fmt: skip
    assert counted == {GERMAN: [(0.5, 2, 0.5)], OTHERS: [(0.0, 2, 0.0)]}
    assert list(answer_reliability(rows[:1])) == [GERMAN]
    assert answer_reliability(rows[4:]) == {}, "approved answers are chosen otherwise"


def test_questions_are_asked_of_their_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.load_encoder", lambda _: WordEncoder())
    first_sign = np.eye(SIGNS + 1, dtype=np.float32)[0]  # the best cosine, beside a typical one
    selector = Selector(({},), 0.2, Certainty(first_sign, {"unknown": -3.0}, {"unknown": -3.0}))
    monkeypatch.setattr("eval.reliability.load_selector", lambda _: selector)
    monkeypatch.setattr("service.selector._run", lambda _, form, *__: np.zeros(form.shape[:2]))
    found = measure_reliability(folder, load_settings(), "dev")
    assert list(found) == ["de"]
    assert sum(b.questions for b in found["de"]) == 3
    assert found["de"][0] == Bin(None, EDGES[0], 1, 0.0)
    assert found["de"][-1] == Bin(EDGES[-1], None, 2, 1.0)


def test_the_table_and_the_chart_give_the_share_and_of_how_many() -> None:
    reliability = {
        "de": fill_bins([(-0.01, False), (0.01, True)]),
        "en": fill_bins([(-0.01, True), (-0.02, False)]),
    }
    file = io.StringIO()
    Console(file=file, width=100).print(reliability_table(reliability))
    lines = [re.split(r"\s{2,}", line.strip()) for line in file.getvalue().splitlines()]
    rows = {name: cells for name, *cells in lines}
    assert rows["−0.50 to 0.00"] == ["0.00 of 1", "0.50 of 2"]
    assert rows["0.00 to 0.50"] == ["1.00 of 1", "–"]
    assert rows["below −1.00"] == ["–", "–"]
    ((name, chart),) = reliability_charts(reliability).items()
    texts = list(ElementTree.fromstring(chart).itertext())
    assert name == "reliability.svg"
    assert {"de", "en", "−0.50", "to 0.00", "0.50", "of 2", "from", "2.00"} <= set(texts)


def test_bars_where_the_answer_is_no_are_pale() -> None:
    rows = [(-0.01, True), (0.01, True)]
    (chart,) = reliability_charts({"de": fill_bins(rows)}).values()
    bars = [e for e in ElementTree.fromstring(chart).iter() if e.tag.endswith("rect")]
    pale, strong = (float(bar.get("fill-opacity", "")) for bar in bars)
    assert pale < strong
