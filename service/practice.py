"""Exercises in checking answers: sentences of a town's own documents, some with a mistake put in.

The same seed makes the same exercise as long as the documents say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from core.labels import label
from core.types import Document, Hit, Sentence, Status
from service.answerer import Answerer
from service.practice_mistakes import Claim, Mistake, make_mistake

SENTENCES = 5  # of an exercise, at most
FEWEST = 2
SHORTEST, LONGEST = 25, 400  # characters of a sentence
HITS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A true sentence and where it stands: `text` as the document has it."""

    document: Document
    page: int | None
    text: str
    label: str
    around: str = ""  # the passage, "" where it is not known

    @property
    def claim(self) -> Claim:
        """What a true answer says."""
        return Claim(self.text, self.label)


@dataclass(frozen=True, slots=True)
class PracticeSentence:
    """A sentence of an exercise: what is `shown`, the true one's place, and what was changed."""

    shown: Claim
    place: Place
    mistake: Mistake | None


def make_exercise(places: Sequence[Place], seed: int) -> tuple[PracticeSentence, ...]:
    """The places as an answer with one mistake or more, in at most half of its sentences; nothing
    where they are fewer than FEWEST or have no room for a mistake."""
    if len(places) < FEWEST:
        return ()
    # an exercise is no secret, and is to be the same again
    random = Random(f"{seed} {places[0].text}")  # noqa: S311
    labels = [place.label for place in places]
    wanted = random.randint(1, len(places) // 2)
    sentences = [PracticeSentence(place.claim, place, None) for place in places]
    order = list(range(len(places)))
    random.shuffle(order)
    used: list[Mistake] = []
    for number in order:
        if len(used) == wanted:
            break
        place = places[number]
        kinds = list(Mistake)
        random.shuffle(kinds)
        for mistake in sorted(kinds, key=used.count):  # what was not put in yet comes first
            shown = make_mistake(place.claim, mistake, labels, random)
            if shown != place.claim:
                sentences[number] = PracticeSentence(shown, place, mistake)
                used.append(mistake)
                break
    return tuple(sentences) if used else ()


def find_places(
    answerer: Answerer, question: str, town: str | None, day: date
) -> tuple[Place, ...]:
    """The German sentences that answer a question, then those that stand beside them: SENTENCES at
    most, each once. `answerer` has no language model; raises what it raises. The question stays out
    of the figures on what citizens ask."""
    found: dict[str, Place] = {}
    for place in _places(answerer, question, town, day):
        if SHORTEST <= len(place.text) <= LONGEST and len(found) < SENTENCES:
            found.setdefault(place.text, place)
    return tuple(found.values())


def _places(answerer: Answerer, question: str, town: str | None, day: date) -> Iterator[Place]:
    answer = answerer.answer(question, town=town, language="de", as_of=day, is_counted=False)
    hits = answerer.search(question, town=town, as_of=day, limit=HITS)
    if answer.status is Status.ANSWERED:
        for cited in answer.citations:
            text = " ".join(cited.quote.split())
            if cited.language == "de":
                around = next((h.passage.text for h in hits if text in _words(h)), "")
                yield Place(cited.document, cited.page, text, cited.label, around)
    for hit in hits:
        if hit.passage.language == "de":
            yield from (_place(hit, sentence) for sentence in hit.passage.sentences)


def _place(hit: Hit, sentence: Sentence) -> Place:
    text = " ".join(hit.passage.quote(sentence).split())
    named = label(hit.document, hit.passage.section, sentence.page, sentence.mark)
    return Place(hit.document, sentence.page, text, named, hit.passage.text)


def _words(hit: Hit) -> str:
    return " ".join(hit.passage.text.split())
