"""What a language model is given: numbered passages, contacts and names in them replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from core.types import Hit, Kind
from service.contacts import MAIL
from service.personal import PersonalKind, find_personal

CHARACTERS = 6000  # of all passages: what small models can still read
PASSAGES = 8

# Names of their own, so that none is taken for what stands in place of the asker's data.
_TOKENS = {
    PersonalKind.PERSON: "NAME",
    PersonalKind.ADDRESS: "PLACE",
    PersonalKind.PHONE: "TEL",
    PersonalKind.EMAIL: "MAIL",
}
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?:\+|\b0)(?:[ ()/-]{0,3}\d){6,}")  # of offices too, unlike personal data
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]*-\d+\]")
_SPOKEN_TO = re.compile(r"^(?:[^\W\d]+\.? )?\[PERSON-\d+\][,:،]")
# "TEXT": words of a document that look like a token are no token
_PATTERNS = {"LINK": _LINK, "MAIL": MAIL, "TEL": _TELEPHONE, "TEXT": PLACEHOLDER}


@dataclass(frozen=True, slots=True)
class Given:
    """A passage as a model sees it: its words with tokens in them."""

    document: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """The passages in the order of their numbers, from 1, as they are and as a model is `given`
    them, and what the tokens stand for. `asked`: placeholders of the question or of a note."""

    hits: tuple[Hit, ...]
    given: tuple[Given, ...]
    tokens: Mapping[str, str]
    asked: frozenset[str]

    def data(self, question: str, glossary: Mapping[str, str]) -> str:
        """Everything as JSON, in which no text can leave its place."""
        passages = [{"number": n, **asdict(passage)} for n, passage in enumerate(self.given, 1)]
        given: dict[str, object] = {"question": question, "passages": passages}
        said = "\n".join((question, *(passage.text for passage in self.given))).casefold()
        words = {term: word for term, word in glossary.items() if term.casefold() in said}
        if words:
            given["glossary"] = words
        return json.dumps(given, ensure_ascii=False, indent=1)

    def put_back(self, text: str) -> str:
        """A model's text with the passages' own words in place of tokens."""
        return put_back(text, self.tokens)

    def has_unknown(self, text: str) -> bool:
        """Whether a text has a token that was not given."""
        known = self.tokens.keys() | self.asked
        return any(token not in known for token in PLACEHOLDER.findall(text))

    def repeats_asked(self, text: str) -> bool:
        """Whether a text tells the asker's own data, which no passage proves; it may begin with
        their name: "[PERSON-1], …"."""
        return not self.asked.isdisjoint(PLACEHOLDER.findall(_SPOKEN_TO.sub("", text)))


def put_back(text: str, words: Mapping[str, str]) -> str:
    """A text with what they stand for in place of placeholders; of others nothing is known."""
    return PLACEHOLDER.sub(lambda found: words.get(found[0], found[0]), text)


def without_placeholders(text: str) -> str:
    """A text without its placeholders, to be compared with documents."""
    return " ".join(PLACEHOLDER.sub(" ", text).split())


def gather(cited: Iterable[Hit], others: Iterable[Hit], question: str) -> Material:
    """The passages that are `cited`, then others of the same places, as many as fit. `question` is
    the masked one."""
    chosen: dict[str, Hit] = {hit.passage.id: hit for hit in cited}
    scopes = {_scope(hit) for hit in chosen.values()} | {None}
    length = sum(len(hit.passage.text) for hit in chosen.values())
    for hit in others:
        is_of_place = _scope(hit) in scopes and hit.document.kind is not Kind.FORM
        if hit.passage.id in chosen or not is_of_place:
            continue
        length += len(hit.passage.text)
        if len(chosen) == PASSAGES or length > CHARACTERS:
            break
        chosen[hit.passage.id] = hit
    hits = tuple(chosen.values())
    replacing = _Replacing()
    given = tuple(
        Given(
            replacing.replace(hit.document.title),
            replacing.replace(hit.passage.context),
            replacing.replace(hit.passage.text),
        )
        for hit in hits
    )
    asked = frozenset(PLACEHOLDER.findall(question))
    return Material(hits, given, {token: text for text, token in replacing.known.items()}, asked)


class _Replacing:
    """Puts a token in place of every link, contact and name, the same for the same words."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def replace(self, text: str) -> str:
        spans = [
            (*match.span(), kind)
            for kind, pattern in _PATTERNS.items()
            for match in pattern.finditer(text)
        ]
        spans += [
            (s.start, s.end, _TOKENS[s.kind]) for s in find_personal(text) if s.kind in _TOKENS
        ]
        pieces, place = [], 0
        for start, end, kind in sorted(spans):
            if start >= place:
                pieces += [text[place:start], self._token(text[start:end], kind)]
                place = end
        return "".join([*pieces, text[place:]])

    def _token(self, words: str, kind: str) -> str:
        if words not in self.known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self.known[words] = f"[{kind}-{self._counts[kind]}]"
        return self.known[words]


def _scope(hit: Hit) -> str | None:
    """The place that a passage is of, None for everywhere."""
    place = hit.document.jurisdiction
    return place.scope or None if place else None
