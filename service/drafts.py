"""What an approved answer may begin with: the nearest sentences of the best passages."""

from __future__ import annotations

from collections.abc import Sequence

from core.encoder import Encoder, PassageInput
from core.types import Hit

PASSAGES, SENTENCES = 3, 3


def draft_answer(
    encoder: Encoder, question: str, language: str, hits: Sequence[Hit]
) -> list[tuple[Hit, str]]:
    """The sentences of the first hits that are nearest to a question, in the order in which they
    stand, each with its hit. They may not answer it: a person has to see to that."""
    first = hits[:PASSAGES]
    if not first:
        return []
    asked = encoder.encode_question(question, language)
    vectors = encoder.encode_passages(
        [
            PassageInput(p.context, p.text, tuple((s.start, s.end) for s in p.sentences))
            for p in (hit.passage for hit in first)
        ]
    )
    cosines = [
        (float(cosine), number, place)
        for number, found in enumerate(vectors)
        for place, cosine in enumerate(found.sentences @ asked)
    ]
    chosen = sorted((number, place) for _, number, place in sorted(cosines)[-SENTENCES:])
    return [
        (first[number], first[number].passage.quote(first[number].passage.sentences[place]))
        for number, place in chosen
    ]
