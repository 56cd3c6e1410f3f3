"""Figures of a statement that may be another thing's, told by the words around them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from service.evidence import Clause, Evidence, is_same, split_clauses, whole_clause
from service.facts import Fact, FactKind

_KINDS = {FactKind.NUMBER, FactKind.TIME, FactKind.CONTACT}
_AMOUNTS = {1, 2, 4, 5, 6, 7}
_MANY = 1000
# What may be mixed up, each with others of its group.
_GROUPS = {"euro": 1, "percent": 2, "day": 3, "week": 3, "month": 3, "year": 3, "": 4}
_MAIL, _TELEPHONE, _LINK = 5, 6, 7


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure of a statement that may be another's: the words around it; how much more of them
    stands beside another figure of its kind than beside it; whether words can tell; and the
    sentences (number of the evidence, number there) that hold it, and that hold others."""

    bare: str
    lead: int
    is_told: bool
    own: frozenset[tuple[int, int]]
    others: frozenset[tuple[int, int]]

    def is_mutual(self, other: Doubt) -> bool:
        """Whether each could be the other's figure."""
        is_apart = not self.own & other.own
        return is_apart and self.own <= other.others and other.own <= self.others


def find_doubts(text: str, language: str, evidence: Sequence[Evidence]) -> list[Doubt]:
    """The figures of a text beside which the evidence has others of their kind; empty where no two
    could have been mixed up."""
    doubts = []
    whole = whole_clause(text, language)
    for clause in split_clauses(text, language):
        for fact in clause.facts:
            if fact.kind in _KINDS and fact.unit in _GROUPS:
                doubts += _doubt(fact, clause, whole, evidence)
    return doubts


def _doubt(fact: Fact, clause: Clause, text: Clause, evidence: Sequence[Evidence]) -> list[Doubt]:
    proofs = [(number, proof) for number, one in enumerate(evidence) for proof in one.clauses]
    alike = [at for at in proofs if any(is_same(fact, held) for held in at[1].facts)]
    own = [at for at in alike if any(_is_equal(fact, held) for held in at[1].facts)] or alike
    groups = {_group(held) for _, proof in own for held in proof.facts if is_same(fact, held)}
    others = [at for at in proofs if at not in own and _has_others(at[1], fact, clause, groups)]
    if not (own and others):
        return []
    lead, is_told = -_MANY, False
    for number, proof in own:
        place = number, proof.sentence
        beside = _shared(clause, proof, fact)
        whole = max(beside, _shared(clause, _joined(evidence[number], proof.sentence), fact))
        is_told = is_told or whole > 0
        # within a sentence its clauses are compared, with another one the whole sentence
        leads = [
            _shared(clause, rival, fact) - (beside if (at, rival.sentence) == place else whole)
            for at, rival in others
        ]
        lead = max(leads) if lead == -_MANY else min(lead, max(leads))
    places = (frozenset((number, proof.sentence) for number, proof in at) for at in (own, others))
    is_told = is_told or fact.kind is FactKind.TIME or not groups <= _AMOUNTS
    if all(_reaches_office(fact, proof) for _, proof in own):
        if lead == 0 and clause is not text:  # "Ordnungsamt, Telefon …": its name stands elsewhere
            return _doubt(fact, text, text, evidence)
        lead = max(lead, 2 * lead)  # one word of its name tells an office
    return [Doubt(clause.bare, lead, is_told, *places)]


def _is_equal(fact: Fact, held: Fact) -> bool:
    """Whether two facts are the same, and of one kind: "12" is no "12:00"."""
    return held.kind is fact.kind and is_same(fact, held)


def _reaches_office(fact: Fact, proof: Clause) -> bool:
    """Whether a fact tells how an office is reached: a contact, or a room."""
    is_room = fact.kind is FactKind.NUMBER and not fact.unit and "zimmer" in proof.words
    return is_room or fact.kind is FactKind.CONTACT


def _group(fact: Fact) -> int | None:
    """What a fact may be mixed up with; None for nothing."""
    if fact.kind is FactKind.CONTACT:
        return _MAIL if "@" in fact.value else _TELEPHONE if fact.value.isdigit() else _LINK
    return _GROUPS.get(fact.unit)


def _has_others(proof: Clause, fact: Fact, clause: Clause, groups: Set[int | None]) -> bool:
    """Whether a clause of the evidence has figures of the kind that the statement's has not."""
    return any(
        held.kind is fact.kind
        and _group(held) in groups
        and not any(is_same(one, held) for one in clause.facts)
        for held in proof.facts
    )


def _joined(evidence: Evidence, sentence: int) -> Clause:
    """The clauses of a sentence in one."""
    clauses = [clause for clause in evidence.clauses if clause.sentence == sentence]
    return Clause(
        tuple(fact for clause in clauses for fact in clause.facts),
        frozenset().union(*(clause.ordinals for clause in clauses)),
        frozenset().union(*(clause.words for clause in clauses)),
        "",
        sentence,
    )


def _shared(clause: Clause, proof: Clause, fact: Fact) -> int:
    """How much a clause says beside a fact that stands in a clause of the evidence too."""
    group = _group(fact)  # "three months" beside "two weeks" tells nothing
    beside = [
        one
        for one in clause.facts
        if one.kind is not FactKind.PERIOD and (one.kind is not fact.kind or _group(one) != group)
    ]
    facts = sum(any(is_same(one, held) for held in proof.facts) for one in beside)
    return 2 * facts + 2 * len(clause.ordinals & proof.ordinals) + len(clause.words & proof.words)
