"""Drafts of a language model as staff see them: its sentences, what is wrong with them, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import ModelBusy, ModelFailed, ModelLate, ModelSpent, ModelUnreachable
from core.labels import label
from core.types import Hit
from service.checking import Fault
from service.extract import Pick
from service.readability import Readability, measure_readability
from service.staff_drafts import DraftedSentence, StaffDraft
from web.citizen.page import day_of_version
from web.citizen.page_text import visible
from web.citizen.sources import source_address

MARK = "Entwurf – von einem Sprachmodell, zu prüfen"
FAULTS = {
    Fault.NO_SOURCE: "nennt keine der Stellen als Quelle",
    Fault.NUMBER: "eine Zahl, ein Betrag oder ein Datum steht nicht so in den Quellen",
    Fault.SECTION: "ein Paragraf oder Absatz steht nicht so in den Quellen",
    Fault.CONTACT: "eine Telefonnummer, Adresse oder ein Link steht nicht in den Quellen",
    Fault.NAME: "ein Name, eine Stelle oder ein Zahlungsweg steht nicht in den Quellen",
    Fault.MEANING: "sagt etwas anderes als die Quellen",
    Fault.ADDED: "fügt etwas an, das nicht in den Quellen steht",
    Fault.NEGATION: "ein „nicht“ kam dazu oder ging verloren",
    Fault.DUTY: "aus „müssen“ wurde „können“ oder umgekehrt",
    Fault.LANGUAGE: "ist nicht in der gewünschten Sprache",
    Fault.ORDER: "befolgt eine Anweisung aus dem Text oder spricht von Anweisungen",
}
_PROBLEMS: tuple[tuple[type[ModelFailed], str], ...] = (
    (ModelUnreachable, "Das Sprachmodell ist nicht erreichbar. Sagen Sie der Technik Bescheid."),
    (ModelLate, "Das Sprachmodell brauchte zu lange. Wählen Sie weniger Text aus."),
    (ModelBusy, "Das Sprachmodell ist gerade belegt. Versuchen Sie es gleich noch einmal."),
    (ModelSpent, "Das Sprachmodell hat seine Menge für heute verbraucht. Morgen geht es wieder."),
    (ModelFailed, "Das Sprachmodell hat nichts Brauchbares geschrieben. Versuchen Sie es erneut."),
)


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A place that a draft rests on, by its number."""

    number: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence with its sources; what is wrong with it, and what the documents say instead."""

    text: str
    sources: tuple[ShownSource, ...]
    faults: tuple[str, ...]
    instead: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """Its sources as they stand behind it: "[1] [2]"."""
        return " ".join(f"[{source.number}]" for source in self.sources)

    @property
    def places(self) -> str:
        """Its sources by their names, in brackets: "(§ 5 Abs. 1 Hundesteuersatzung, S. 3)"."""
        return f"({'; '.join(source.label for source in self.sources)})"


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft; `sources` are those of the sentences that stood up to the checks. `readability`: of
    those, None where they are too short to tell or not German."""

    sentences: tuple[ShownSentence, ...]
    sources: tuple[ShownSource, ...]
    is_whole: bool
    readability: Readability | None

    @property
    def sound(self) -> tuple[ShownSentence, ...]:
        """The sentences that stood up to the checks."""
        return tuple(sentence for sentence in self.sentences if not sentence.faults)


def show_draft(draft: StaffDraft, language: str = "de") -> ShownDraft:
    """A draft with its sources numbered in the order in which they are needed."""
    numbers: dict[str, ShownSource] = {}
    # the sound ones first: their numbers stand in the text, without gaps
    for sentence in sorted(draft.sentences, key=lambda sentence: not sentence.is_sound):
        for hit in sentence.hits:
            name = _label(hit, sentence.nearest)
            numbers.setdefault(name, ShownSource(len(numbers) + 1, name, _address(hit)))
    shown = tuple(_sentence(sentence, numbers) for sentence in draft.sentences)
    sound = [sentence for sentence in shown if not sentence.faults]
    needed = {source for sentence in sound for source in sentence.sources}
    is_german = language == "de"
    text = "\n".join(sentence.text for sentence in sound)
    return ShownDraft(
        shown,
        tuple(sorted(needed, key=lambda source: source.number)),
        draft.is_whole,
        measure_readability(text) if is_german else None,
    )


def model_sentence(error: ModelFailed) -> str:
    """What staff read where a model failed."""
    return next(said for kind, said in _PROBLEMS if isinstance(error, kind))


def _sentence(sentence: DraftedSentence, numbers: dict[str, ShownSource]) -> ShownSentence:
    sources = dict.fromkeys(numbers[_label(hit, sentence.nearest)] for hit in sentence.hits)
    quotes = [_quote(pick) for pick in sentence.nearest]
    return ShownSentence(
        visible(sentence.text),
        tuple(sources),
        tuple(FAULTS[fault] for fault in sentence.faults),
        () if sentence.is_sound else tuple(quotes[:1]),
    )


def _label(hit: Hit, nearest: Sequence[Pick]) -> str:
    """Where a passage stands, with the Absatz of the sentence that is the proof."""
    own = [pick for pick in nearest if pick.hit.passage.id == hit.passage.id]
    proof = hit.passage.sentences[own[0].sentence] if own else None
    page = proof.page if proof else hit.passage.page
    return visible(label(hit.document, hit.passage.section, page, proof.mark if proof else ""))


def _quote(pick: Pick) -> str:
    passage = pick.hit.passage
    return visible(passage.quote(passage.sentences[pick.sentence]))


def _address(hit: Hit) -> str:
    return source_address(hit.document.id, hit.passage.page, "", day_of_version(hit.document))
