"""Questions that ask about the same come together, whatever language they are in.

All questions to a town hall point the same way in the encoder's space, and their cosines lie close
together. So what they have in common is taken away first: their mean, drawn towards that of
questions that say nothing but that something is asked, as few questions have no mean of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.encoder import Encoder
from core.types import Vector
from core.unanswered import Unanswered, count_askers

MOST = 500  # different questions that are compared; more are not looked through in one page
ENOUGH = 3  # people who asked its like, before anybody sees a question
# The mean cosine of groups that are one, and as how many questions the empty ones count. So, among
# 500 questions that the adapter was not trained on (data/questions/parallel.jsonl), 99 % of the
# pairs in a group belong together, and 93 % of the pairs that do are in one group; among twelve
# 94 % and 98 %. In quite other words, fewer come together.
ALIKE, COMMON = 0.45, 200

_EMPTY = {
    "de": ("Was kostet das?", "Wo bekomme ich Hilfe?", "Wann ist geöffnet?", "Wer ist zuständig?"),
    "en": ("How much does it cost?", "Where can I apply?"),
    "tr": ("Ne kadar tutuyor?", "Nereye başvurmalıyım?"),
    "uk": ("Скільки це коштує?", "Куди звернутися?"),
    "ru": ("Какие документы нужны?",),
    "ar": ("كم يكلف ذلك؟", "أين يمكنني التقديم؟"),
    "fr": ("Quels documents faut-il ?",),
    "pl": ("Gdzie mogę to załatwić?",),
    "es": ("¿Cuánto cuesta?",),
    "it": ("Quali documenti servono?",),
    "ro": ("Unde pot depune cererea?",),
    "fa": ("هزینهٔ آن چقدر است؟", "چه مدارکی لازم است؟"),
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions about the same, those asked most often first, each once; all rows behind them; and
    how many people asked at least."""

    questions: tuple[tuple[str, str], ...]  # text, language
    rows: tuple[Unanswered, ...]
    askers: int

    @property
    def id(self) -> str:
        """What tells it apart: the id of its oldest row."""
        return min(self.rows, key=lambda row: (row.day, row.id)).id

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that were asked in, the most frequent first."""
        spoken = [row.language for row in self.rows]
        return tuple(sorted(set(spoken), key=lambda language: (-spoken.count(language), language)))

    @property
    def question(self) -> tuple[str, str]:
        """The question to show first, with its language: German where there is one."""
        german = (asked for asked in self.questions if asked[1] == "de")
        return next(german, self.questions[0])

    def asked_since(self, day: str) -> int:
        """How often it was asked on a day or later."""
        return sum(row.day >= day for row in self.rows)


class QuestionClusters:
    """Finds clusters; keeps the vectors of the questions it has seen last."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[tuple[str, str], Vector] = {}
        self._empty: Vector | None = None

    def find(self, rows: Sequence[Unanswered]) -> list[Cluster]:
        """The clusters that ENOUGH people asked, the largest first. Only the newest questions are
        compared where there are more than MOST."""
        asked: dict[tuple[str, str], list[Unanswered]] = {}
        for row in sorted(rows, key=lambda row: (row.day, row.id), reverse=True):
            asked.setdefault((row.question, row.language), []).append(row)
        newest = dict(list(asked.items())[:MOST])
        if not newest:
            return []
        self._vectors = {key: self._vector(key) for key in newest}
        keys = list(newest)
        groups = group_alike(self._apart(np.stack([self._vectors[key] for key in keys])), ALIKE)
        found = [_cluster({keys[n]: newest[keys[n]] for n in group}) for group in groups]
        return sorted(
            (cluster for cluster in found if cluster.askers >= ENOUGH),
            key=lambda cluster: (-len(cluster.rows), cluster.id),
        )

    def _apart(self, vectors: Vector) -> Vector:
        """The vectors without what all have in common, at length 1; shape (n, d)."""
        if self._empty is None:
            said = [(text, language) for language, texts in _EMPTY.items() for text in texts]
            self._empty = np.mean([self._encoder.encode_question(*asked) for asked in said], axis=0)
        common = (vectors.sum(axis=0) + COMMON * self._empty) / (len(vectors) + COMMON)
        apart = vectors - common
        lengths = np.linalg.norm(apart, axis=1, keepdims=True)
        unit: Vector = (apart / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit

    def _vector(self, key: tuple[str, str]) -> Vector:
        known = self._vectors.get(key)
        return self._encoder.encode_question(*key) if known is None else known


def group_alike(vectors: Vector, threshold: float) -> list[list[int]]:
    """The row numbers of vectors, shape (n, d) and of length 1, in groups: the two nearest groups
    become one as long as the mean cosine between them reaches the threshold (average linkage)."""
    groups = [[number] for number in range(len(vectors))]
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    while len(vectors) > 1:
        first, second = divmod(int(cosines.argmax()), len(vectors))
        if cosines[first, second] < threshold:
            break
        sizes = len(groups[first]), len(groups[second])
        mean = (sizes[0] * cosines[first] + sizes[1] * cosines[second]) / sum(sizes)
        mean[cosines[first] == -1] = -1  # groups that went into others, and the group itself
        mean[second] = -1
        cosines[first], cosines[:, first] = mean, mean
        cosines[second], cosines[:, second] = -1, -1
        groups[first] += groups[second]
        groups[second] = []
    return [group for group in groups if group]


def _cluster(asked: dict[tuple[str, str], list[Unanswered]]) -> Cluster:
    questions = tuple(sorted(asked, key=lambda key: (-len(asked[key]), key)))
    rows = tuple(row for key in questions for row in asked[key])
    return Cluster(questions, rows, count_askers(rows))
