"""Questions about the same come together across languages, and show only when several asked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import numpy as np
import pytest

from core.askers import KEY_DAYS, Askers
from core.languages import detect_language
from core.openvino_encoder import OpenVinoEncoder
from core.types import Status
from core.unanswered import Unanswered, count_askers
from service.clusters import ENOUGH, QuestionClusters, group_alike

SKATING = (
    "Wo ist der Skatepark?",
    "Gibt es hier einen Skatepark für Jugendliche?",
    "Is there a skate park in town?",
    "Чи є в Ауенталі скейт-парк?",
)
SHED = (
    "Brauche ich für ein Gartenhaus eine Baugenehmigung?",
    "Do I need a permit for a garden shed?",
    "Bahçe kulübesi için izin gerekir mi?",
)
LIBRARY = (
    "Wann hat die Bücherei offen?",
    "Öffnungszeiten Stadtbibliothek",
    "Kütüphane saat kaça kadar açık?",
)
BURNING = (
    "Darf ich Gartenabfälle verbrennen?",
    "Feuer im Garten erlaubt?",
    "Bahçede yaprak yakmak yasak mı?",
)
WATER = ("Welche Wasserhärte haben wir?", "What is the water hardness?")
_numbers = count()


def asked(text: str, asker: str, day: str = "2026-11-20") -> Unanswered:
    language = detect_language(text) or "de"
    row_id = f"{next(_numbers):032x}"
    return Unanswered(row_id, day, text, language, "", Status.NOT_IN_DOCUMENTS, f"k:{asker}")


@pytest.fixture(scope="module")
def clusters(encoder: OpenVinoEncoder) -> QuestionClusters:
    return QuestionClusters(encoder)


def test_the_same_matter_in_several_languages_is_one_cluster(clusters: QuestionClusters) -> None:
    rows = [asked(text, f"{n}") for texts in (SKATING, SHED) for n, text in enumerate(texts)]
    found = clusters.find([*rows, asked(SKATING[0], "9")])
    assert [{text for text, _ in cluster.questions} for cluster in found] == [
        set(SKATING),
        set(SHED),
    ]
    assert (len(found[0].rows), found[0].askers) == (5, 5)
    assert found[0].question == (SKATING[0], "de")
    assert set(found[0].languages) == {"de", "en", "uk"}


def test_other_words_in_another_language_are_of_the_same_cluster(
    clusters: QuestionClusters,
) -> None:
    rows = [asked(text, f"{n}") for texts in (LIBRARY, BURNING) for n, text in enumerate(texts)]
    found = [{text for text, _ in cluster.questions} for cluster in clusters.find(rows)]
    assert sorted(found, key=min) == sorted(map(set, (LIBRARY, BURNING)), key=min)


def test_what_fewer_than_three_people_asked_is_not_shown(clusters: QuestionClusters) -> None:
    often = [asked(SKATING[0], "1") for _ in range(10)]
    assert clusters.find([*often, asked(SKATING[1], "2")]) == []
    assert len(clusters.find([*often, asked(SKATING[1], "2"), asked(SKATING[0], "3")])) == 1
    assert ENOUGH == 3


def test_people_are_told_apart_under_one_key_only() -> None:
    one, other = Askers(), Askers()
    day, next_day = date(2026, 11, 20), date(2026, 11, 20) + timedelta(days=KEY_DAYS)
    names = {
        one.name("198.51.100.7", day),
        one.name("198.51.100.7", next_day),
        other.name("198.51.100.7", day),
    }
    assert len(names) == 3  # nothing tells that they are one
    assert one.name("198.51.100.7", next_day) in names
    rows = [asked("?", "") for _ in names]
    rows = [
        Unanswered(r.id, r.day, r.question, r.language, r.town, r.status, name)
        for r, name in zip(rows, names, strict=True)
    ]
    assert count_askers(rows) == 1  # so no more than one is sure
    assert count_askers([]) == 0


def test_no_more_are_compared_than_a_page_has_time_for(
    clusters: QuestionClusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.clusters.MOST", 3)
    old = [asked(SHED[0], f"{n}", "2026-01-01") for n in range(3)]
    new = [asked(SKATING[0], f"{n}") for n in range(3)]
    others = [asked(text, "1", "2026-02-01") for text in WATER]
    found = clusters.find([*old, *others, *new])
    assert SKATING[0] in {cluster.question[0] for cluster in found}
    assert SHED[0] not in {cluster.question[0] for cluster in found}


def test_groups_grow_by_their_mean_cosine() -> None:
    def unit(degrees: float) -> np.ndarray:
        angle = np.radians(degrees)
        return np.array([np.cos(angle), np.sin(angle)], np.float32)

    near = np.stack([unit(0), unit(10), unit(90), unit(20)])
    assert sorted(map(sorted, group_alike(near, 0.9))) == [[0, 1, 3], [2]]
    assert group_alike(near[:1], 0.9) == [[0]]
    chain = np.stack([unit(step * 20) for step in range(6)])  # each near the next, ends far apart
    assert len(group_alike(chain, 0.9)) == 3
