"""A language model's answer: its drafts checked one by one as it writes, each with its proof."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Thread

from babel import Locale

from core.encoder import Encoder
from core.errors import ModelFailed
from core.types import Citation, Document, Hit, Passage, Sentence, Statement
from service.aligned import read_ahead
from service.checking import Checked, Fault, check_draft
from service.cite import Citer
from service.concerns import Concern, find_concern
from service.draft_reader import SCHEMA, DraftReader
from service.drafted import Draft
from service.enough import Enough
from service.extract import Pick
from service.german_terms import keep_german
from service.guard import normalise_question
from service.language_model import LanguageModel, Task
from service.listening import listen
from service.material import Material, gather, without_placeholders
from service.parts import Waiting
from service.prompting import Prompt, load_prompt
from service.proof import nearest_sentence, proving_sentences
from service.wording import SIMPLE_GERMAN, base_language

MAX_TOKENS = 800
# Of a statement that obeys an order, or is far from all that it names, no sentence is the source.
_BASELESS = frozenset({Fault.ORDER, Fault.MEANING, Fault.NO_SOURCE})


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: the answer to a masked `question`, in a wording such as "tr" or
    "de-simple", from the passages of `picks`, which are the answer word for word, and as many
    `others` as fit. `is_approved`: they are people's answer, to be translated whole. `glossary`:
    German words and the town's own for them.
    """

    question: str
    wording: str
    picks: Sequence[Pick]
    others: Sequence[Hit] = ()
    is_approved: bool = False
    glossary: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A statement that may be shown, the citations that it is the first to need."""

    statement: Statement
    citations: tuple[Citation, ...]


class Cut:
    """The model broke off after something was shown."""


class Outcome(StrEnum):
    """What became of a drafted statement."""

    SHOWN = "shown"
    QUOTED = "quoted"  # the sentence that it is from stands in its place
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Judged:
    """A drafted statement without its words: its sources, by their numbers in the prompt, what is
    wrong with it, and what became of it."""

    sources: tuple[int, ...]
    faults: tuple[Fault, ...]
    outcome: Outcome


def generate(
    model: LanguageModel,
    order: Order,
    encoder: Encoder,
    citer: Citer,
    deadline: float,
    note: Callable[[Judged], None] = lambda _: None,
    failed: Callable[[ModelFailed], None] = lambda _: None,
) -> Generator[Proven | Waiting | Cut, None, None]:
    """The statements that stand up to the checks, each as soon as it does; one that does not is
    replaced by the sentence that it is from, or left out. Nothing at all where too little stands
    (`service.enough`), the model cannot answer, or fails before; where it fails later, a Cut ends
    it. Where too little is left of what began well, the answer word for word follows. Closing it
    stops the model. `deadline` is a `time.monotonic()`; `note` is told of each draft, `failed` why
    the model failed.
    """
    material = gather(hits_of(order.picks), order.others, order.question)
    reader = DraftReader(base_language(order.wording))
    judge = _Judge(material, order, encoder, citer, note)
    held: list[Proven] = []  # until enough stands
    is_open = False
    reading = Thread(target=read_ahead, args=(material.hits, encoder), name="reading", daemon=True)
    try:
        with closing(listen(model, _task(order, material), deadline)) as pieces:
            for piece in pieces:
                if piece is None:
                    yield Waiting()
                    continue
                if reading.ident is None:  # it writes at last: not for all who wait in line
                    reading.start()
                for draft in reader.read(piece):
                    if proven := judge.prove(draft):
                        held.append(proven)
                    is_open = is_open or judge.enough.stands
                    if is_open:
                        yield from held
                        held.clear()
                if reader.is_over:
                    break
        if not reader.is_whole:
            raise ModelFailed
    except ModelFailed as failure:
        failed(failure)  # what was shown stands; where nothing was, the extractive answer does
    if is_open and not judge.enough.stands:
        yield from filter(None, map(judge.quote, order.picks))
    if is_open and not reader.is_whole:
        yield Cut()


class _Judge:
    """Decides draft by draft what is shown of it."""

    def __init__(
        self,
        material: Material,
        order: Order,
        encoder: Encoder,
        citer: Citer,
        note: Callable[[Judged], None],
    ) -> None:
        self.enough = Enough.of(order.question, order.picks)
        self._glossary = order.glossary or {}
        self._material = material
        self._encoder = encoder
        self._citer = citer
        self._note = note
        self._shown: set[str] = set()
        self._quoted: set[tuple[str, int]] = set()

    def prove(self, draft: Draft) -> Proven | None:
        """What is shown for a draft; None for nothing."""
        text = self._material.put_back(draft.text)
        bare = replace(draft, text=without_placeholders(text))
        checked = check_draft(bare, self._material.hits, self._encoder)
        repeats = self._material.repeats_asked(draft.text)
        is_strange = repeats or self._material.has_unknown(draft.text) or not bare.text
        proven = self._show(checked, text, is_strange)
        outcome = Outcome.LEFT_OUT
        if proven:
            outcome = Outcome.QUOTED if proven.statement.is_quote else Outcome.SHOWN
        made_up = (Fault.ORDER,) if is_strange else ()
        faults = tuple(dict.fromkeys((*checked.faults, *made_up)))
        if outcome is Outcome.SHOWN:
            self.enough.stood(bare)
        elif faults:
            self.enough.failed()
        self._note(Judged(tuple(draft.sources), faults, outcome))
        return proven

    def _show(self, checked: Checked, text: str, is_strange: bool) -> Proven | None:
        draft = checked.draft
        if not checked.picks or _BASELESS.intersection(checked.faults):
            return None
        if checked.faults or is_strange:
            return self.quote(nearest_sentence(draft, checked.picks, self._material.hits))
        if text in self._shown:
            return None
        picks = proving_sentences(draft, checked.picks, self._material.hits)
        self._shown.add(text)
        proof = [(pick.hit.passage, pick.sentence) for pick in picks]
        quotes = [passage.quote(passage.sentences[number]) for passage, number in proof]
        told = keep_german(text, draft.language, quotes, self._glossary)
        return self._cite(told, draft.language, picks, is_quote=False)

    def quote(self, pick: Pick) -> Proven | None:
        """A sentence itself, once."""
        if (place := (pick.hit.passage.id, pick.sentence)) in self._quoted:
            return None
        passage = pick.hit.passage
        sentence = passage.quote(passage.sentences[pick.sentence])
        if find_concern(normalise_question(sentence)) is Concern.INJECTION:
            return None  # an order that somebody wrote into a document
        self._quoted.add(place)
        return self._cite(sentence, passage.language, [pick], is_quote=True)

    def _cite(
        self, text: str, language: str, picks: Sequence[Pick], *, is_quote: bool
    ) -> Proven | None:
        known = len(self._citer.citations)
        cited = self._citer.prove(picks)
        if not cited:
            return None
        numbers = tuple(citation.number for citation in cited)
        statement = Statement(text, language, numbers, is_quote)
        return Proven(statement, tuple(self._citer.citations[known:]))


def prompt_for(wording: str) -> Prompt:
    """What a model is told that answers in a wording."""
    return load_prompt("simple" if wording == SIMPLE_GERMAN else "answer")


def hits_of(picks: Iterable[Pick]) -> list[Hit]:
    """The passages of sentences, each once, in their order."""
    return list({pick.hit.passage.id: pick.hit for pick in picks}.values())


def _task(order: Order, material: Material) -> Task:
    return prompt_for(order.wording).task(
        material.data(order.question, order.glossary or {}),
        schema=SCHEMA,
        max_tokens=MAX_TOKENS,
        language=language_name(order.wording),
        is_approved=order.is_approved,
    )


def language_name(wording: str) -> str:
    """The language of a wording as prompts name it: "Turkish"."""
    return str(Locale.parse(base_language(wording)).get_display_name("en"))


def warm_up(encoder: Encoder) -> None:
    """Loads what the checks of the first statement would wait for."""
    text = "Die Steuer beträgt 108,00 Euro."
    passage = Passage("", "", "", "", "", text, None, (Sentence(0, len(text)),), "de", "")
    hits = [Hit(passage, Document("", ""), 0, 0)]
    for language, said in (("de", text), ("tr", "Vergi (Steuer) yılda 108,00 Euro tutar.")):
        check_draft(Draft(said, language, (1,)), hits, encoder)
