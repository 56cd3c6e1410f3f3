"""`python -m eval.misgivings`: trains what tells a concern from a question's vector.

Trained on data/questions/concerns.jsonl and, as questions of no concern, our other questions. A
concern must be as probable as at most FALSE of the questions of no concern are when neither
they nor their translations were trained on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from core.encoder import Encoder, load_encoder
from core.languages import SUPPORTED
from core.settings import load_settings
from core.types import Vector
from eval.dataset import QUESTIONS, follow, read_rows
from service.concerns import EMERGENCIES, Concern
from service.misgivings import MISGIVINGS

NONE = "none"
HELP = str(Concern.CALL_FOR_HELP)  # all cries for help are one to the model
AS_ONE = {str(concern): HELP for concern in EMERGENCIES}
UNSEEN = {str(Concern.LEGAL_ADVICE), str(Concern.OWN_CASE)}  # too like what town halls are asked
FALSE = 0.0005  # of the questions of no concern, for each concern
FALSE_HELP = 0.0015  # rather give numbers to call once too often
STRENGTH = 10.0  # of the fit, the inverse of the penalty on large weights
FOLDS = 5
LONG = ("pages.jsonl", "laws.jsonl")  # of these, each line in one of its languages
SEEDS = ("parallel.jsonl", "towns.jsonl", "pages.jsonl", "laws.jsonl")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its concern or NONE, and the line that it and its translations stand in."""

    text: str
    language: str
    concern: str
    line: str


def load_examples() -> Iterator[Example]:
    """All that is trained on, in every language that it is there in."""
    for number, row in enumerate(read_rows(QUESTIONS / "concerns.jsonl")):
        concern = row["concern"] or NONE
        for language in SUPPORTED:
            if concern not in UNSEEN:
                named = AS_ONE.get(concern, concern)
                yield Example(row[language], language, named, f"concerns {number}")
    for name in SEEDS:
        for number, row in enumerate(read_rows(QUESTIONS / name)):
            texts = {row["lang"]: row["text"]} if "text" in row else row
            spoken = [language for language in SUPPORTED if texts.get(language)]
            if name in LONG:  # so that they do not outweigh the others
                spoken = [spoken[number % len(spoken)]]
            for language in spoken:
                yield Example(texts[language], language, NONE, f"{name} {number}")


def main() -> int:
    """Trains, prints what examples are told when they were not trained on, and writes the model."""
    encoder = load_encoder(load_settings())
    examples = list(load_examples())
    vectors = encode(encoder, examples)
    names = np.array([example.concern for example in examples])
    concerns = [str(concern) for concern in Concern if str(concern) in names]
    held_out = held_out_probabilities(vectors, examples, [*concerns, NONE])
    least = fit_least(held_out, names, concerns)
    for number, concern in enumerate(concerns):
        own = held_out[names == concern]
        told = own[:, :-1] >= least
        right = np.mean(told[:, number])
        print(f"{concern:18} {len(own):5} least {least[number]:.2f} told {right:.3f}", end=" ")
        print(f"as any {np.mean(told.any(axis=1)):.3f}")
    near = np.array([example.line.startswith("concerns") for example in examples])
    for label, which in (("near misses", near), ("other questions", ~near)):
        own = held_out[(names == NONE) & which]
        share = float(np.mean((own[:, :-1] >= least).any(axis=1)))
        print(f"{label:18} {len(own):5} told any concern {share:.4f}")
    weights, biases = fit(vectors, names, [*concerns, NONE])
    np.savez_compressed(
        MISGIVINGS,
        model=encoder.model_id,
        concerns=concerns,
        weights=weights.astype(np.float32),
        biases=biases.astype(np.float32),
        least=least,
    )
    return 0


def encode(encoder: Encoder, examples: Sequence[Example]) -> Vector:
    """Their vectors as the site makes them, shape (n, d)."""
    return np.stack(
        [encoder.encode_question(e.text, e.language) for e in follow(examples, "Encoding")]
    )


def fit(vectors: Vector, names: NDArray[np.str_], order: Sequence[str]) -> tuple[Vector, Vector]:
    """Weights, shape (len(order), d), and biases of a multinomial logistic regression."""
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(vectors, names)
    places = [list(model.classes_).index(name) for name in order]
    return model.coef_[places], model.intercept_[places]


def held_out_probabilities(
    vectors: Vector, examples: Sequence[Example], order: Sequence[str]
) -> Vector:
    """The probabilities of each example, shape (n, len(order)), by a model that has not seen its
    line."""
    names = np.array([example.concern for example in examples])
    lines = np.array([example.line for example in examples])
    found = np.zeros((len(examples), len(order)), np.float32)
    for seen, unseen in GroupKFold(FOLDS).split(vectors, names, lines):
        weights, biases = fit(vectors[seen], names[seen], order)
        scores = vectors[unseen] @ weights.T + biases
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        found[unseen] = powers / powers.sum(axis=1, keepdims=True)
    return found


def fit_least(held_out: Vector, names: NDArray[np.str_], concerns: Sequence[str]) -> Vector:
    """The probability that each concern must reach, shape (len(concerns),): so high that of the
    questions of no concern at most FALSE reach it, or FALSE_HELP."""
    none = held_out[names == NONE]
    shares = [FALSE_HELP if concern == HELP else FALSE for concern in concerns]
    return np.array(
        [np.quantile(none[:, number], 1 - share) for number, share in enumerate(shares)],
        np.float32,
    )


if __name__ == "__main__":
    sys.exit(main())
