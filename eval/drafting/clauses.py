"""German sentences taken apart, so that questions can be made of their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Verbs that stand second in the sentences of by-laws and leaflets.
FINITE = (
    r"(?:ist|sind|wird|werden|hat|haben|muss|müssen|kann|können|darf|dürfen|soll|sollen|gilt|gelten"
    r"|beträgt|betragen|kostet|kosten|beginnt|endet|entsteht|erlischt|erhält|erhalten|bekommt"
    r"|bekommen|bedarf|bedürfen|dauert|erfolgt|erfolgen|schuldet|zahlt|zahlen|braucht|brauchen"
    r"|benötigt|besteht|bestehen|verjährt|bleibt|bleiben)"
)
# What a sentence begins with that speaks of the one before it, or that is none of these forms.
_DEPENDENT = re.compile(
    r"(?:Und|Oder|Aber|Sondern|Dann|Dies\w*|Er|Sie|Es|Ihm|Ihr|Ihnen|Das|Daneben|Dasselbe|Gleiches"
    r"|Hier\w*|Da\w{2,8}|Darüber|Insoweit|Ferner|Außerdem|Zudem|Auch|Jedoch|Sonst|Andernfalls"
    r"|Ebenso|Gleichzeitig|Zugleich|Insbesondere|Nur|Ob|Dass|Weil|Wer|Wenn|Falls|Sofern|Soweit"
    r"|Sobald|Solange|Im Übrigen|In (?:diesen|diesem|beiden|solchen|den) F[aä]ll\w*|Bei der)\b"
)
_CONDITION = re.compile(
    rf"(?:Wenn|Falls|Sofern|Soweit|Sobald) (?P<said>[^,]+), (?:so |dann )?(?P<verb>{FINITE}) "
    r"(?P<rest>.+)"
)
_WHOEVER = re.compile(rf"Wer (?P<said>.+?), (?P<verb>{FINITE}) (?P<rest>.+)")
_VERB_FIRST = re.compile(
    r"(?P<first>Ist|Sind|Wird|Werden|Hat|Haben|Endet|Beginnt|Entsteht|Wechselt|Fällt|Besteht|Geht"
    r"|Gehört|Entfällt|Erlischt|Verliert|Ändert|Ändern|Zieht|Fehlt|Bleibt|Stirbt|Wurde|Vollendet"
    rf"|Unterbleibt|Tritt) (?P<said>[^,;]+), (?:so |dann )?(?P<verb>{FINITE}) (?P<rest>.+)"
)
_SECOND = re.compile(
    rf"(?P<front>[A-ZÄÖÜ].*?) (?P<verb>{FINITE}|[a-zäöüß]+en(?= Sie\b)) (?P<rest>.+)"
)
_FORMAL = re.compile(r"(?P<front>Sie) (?P<verb>[a-zäöüß]+en|sind) (?P<rest>.+)")
_RELATIVE = re.compile(r"[^,]+, (?:der|die|das|dem|den|deren|dessen|in d\w+) [^,]+,")
# A second main clause, and a subject that stands in the sentence before.
_SECOND_VERB = re.compile(
    rf";|\b(?:und|oder|sondern|aber) (?:{FINITE}|kommt|kommen|gibt|geht|gehen|\w+t (?:auch|sich))\b"
    r"|, (?:das|die|der) \w+ \w+t\b|^(?:er|sie|es)\b"
)
_PREFIXES = ("ab", "an", "auf", "aus", "ein", "fort", "um", "unter", "vor", "weg", "zu", "zurück")
_OPENINGS = re.compile(
    r"(?:Der|Die|Das|Den|Dem|Des|Eine?[nmrs]?|Keine?[nmrs]?|Jede[nmrs]?|Alle[nrms]?|Mehrere|Man|Für"
    r"|Bei|Beim|Mit|Von|Vom|Zu|Zum|Zur|Im|In|Am|An|Auf|Aus|Nach|Vor|Über|Unter|Während|Bis|Ab|Ohne"
    r"|Gegen|Zwischen|Durch|Wegen|Innerhalb|Außerhalb|Je|Pro|Als|Mehr|Ganz|Anstelle|Sonstige|Weitere|Ihre?[nmrs]?"
    # an adjective, though none of a place ("Auentaler")
    r"|[A-ZÄÖÜ][a-zäöüß-]+(?:e[nms]?|(?:ig|ich|isch|end|en|at|ell|t)er)(?= [A-ZÄÖÜ]))\b"
)
_PREPOSITION = re.compile(
    r"(?:Für|Bei|Beim|Mit|Von|Vom|Zu|Zum|Zur|Im|In|Am|An|Auf|Aus|Nach|Vor|Über|Unter|Während|Bis|Ab"
    r"|Ohne|Gegen|Zwischen|Durch|Wegen|Innerhalb|Außerhalb|Je|Pro|Als|Ans?telle)\b"
)
_POINTING = re.compile(r"\b(?:dies|ihn|es|sie|ihm)\b")
_FIRST_PERSON = {
    "müssen": "muss",
    "können": "kann",
    "dürfen": "darf",
    "sollen": "soll",
    "sind": "bin",
    "wollen": "will",
    "benötigen": "brauche",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause: what stands before its finite verb ("" where that is a condition), the verb,
    and what follows; `condition` is a whole "wenn …" or ""."""

    front: str
    verb: str
    rest: str
    condition: str = ""

    @property
    def is_fronted(self) -> bool:
        """Whether a preposition opens the clause, so that its subject stands in the rest."""
        return _PREPOSITION.match(self.front) is not None


def parse_clause(sentence: str) -> Clause | None:
    """The main clause of a sentence without its full stop, or None where it is not one of the
    forms that by-laws and leaflets are full of, or says two things."""
    clause = _parse(sentence)
    return None if clause is None or _SECOND_VERB.search(clause.rest) else clause


def _parse(sentence: str) -> Clause | None:
    if found := _WHOEVER.fullmatch(sentence):
        return Clause("man", found["verb"], found["rest"], f"wenn man {found['said']}")
    if found := _CONDITION.fullmatch(sentence):
        return Clause("", found["verb"], found["rest"], f"wenn {found['said']}")
    if found := _VERB_FIRST.fullmatch(sentence):
        if re.search(r" (?:oder|und) [a-zäöü]+(?:en|t) (?:der|die|das)\b", found["said"]):
            return None  # "Endet die Haltung oder entfallen die Gründe, …"
        said = _join_prefix(found["said"], found["first"].lower())
        return Clause("", found["verb"], found["rest"], f"wenn {said}")
    if found := _FORMAL.fullmatch(sentence):
        return Clause("Sie", found["verb"], found["rest"])
    found = _SECOND.fullmatch(sentence)
    if not found or _DEPENDENT.match(sentence) or not _is_front(found["front"]):
        return None
    if found["rest"].startswith("Sie ") and re.fullmatch(r"\w+en", found["front"]):
        return None  # "Heiraten dürfen Sie …"
    return Clause(found["front"], found["verb"], found["rest"])


def ask(opening: str, clause: Clause, rest: str) -> str:
    """A question: its opening ("Bis wann", or "" for yes or no), the verb, the front, what is left
    of the rest, and the condition, which stands first where the question points back to it."""
    front = lower_first(clause.front)
    if rest.startswith("Sie "):  # "Einen Termin können Sie …": the subject goes before the object
        front, rest = f"Sie {front}", rest.removeprefix("Sie ")
    parts = (opening, clause.verb, front, rest)
    main = " ".join(part for part in parts if part)
    if clause.condition and _POINTING.search(rest):
        return tidy(f"{upper_first(clause.condition)}, {main[0].lower()}{main[1:]}") + "?"
    whole = f"{main}, {clause.condition}" if clause.condition else main
    return tidy(upper_first(whole)) + "?"


def speak_as_citizen(question: str) -> str | None:
    """A question about "Sie" as one who lives in the town asks it ("ich"); None where it cannot be
    said by changing the words alone."""
    if not re.search(r"\b(?:Sie|Ihnen|Ihre?[nmrs]?)\b", question):
        return question
    spoken = re.sub(r"\b([A-ZÄÖÜa-zäöüß]+en|[Ss]ind) Sie\b", _first_person, question, count=1)
    spoken = re.sub(r"\bSie ([^,?]*?)(\w+)(?=[,?])", _subordinate, spoken)
    if re.search(r"\bSie\b", spoken):
        return None
    spoken = re.sub(r"\bIhr(e[nmrs]?)?\b", lambda found: f"mein{found[1] or ''}", spoken)
    return re.sub(r"\bsich\b", "mich", re.sub(r"\bIhnen\b", "mir", spoken))


def lower_first(text: str) -> str:
    """A text in the middle of a sentence: its first word small, unless it is a noun."""
    return text[0].lower() + text[1:] if _OPENINGS.match(text) else text


def upper_first(text: str) -> str:
    """A text at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def tidy(text: str) -> str:
    """A text without doubled spaces, and without spaces or commas that a cut has left behind."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" +([,;:.?!)])", r"\1", text)
    return re.sub(r"[,:](?=[,;?])|[,;:]+$", "", text).strip()


def _is_front(front: str) -> bool:
    """Whether what stands before a verb is one phrase: no clause, though maybe a list or a noun
    with a relative clause."""
    if len(front.split()) > 16 or re.search(r"[;:]", front):
        return False
    if "," not in front or _RELATIVE.fullmatch(front):
        return True
    return not re.search(r", (?:wer|was|wenn|dass|so|die|der|das|in d\w+)\b|,$", front) and bool(
        re.search(r" (?:und|oder|sowie) [^,]+$", front)
    )


def _join_prefix(said: str, verb: str) -> str:
    """A verb that stood first, at the end: "Fällt der Grund weg" becomes "der Grund wegfällt"."""
    words = said.split()
    if words[-1] in _PREFIXES:
        return " ".join([*words[:-1], words[-1] + verb])
    return f"{said} {verb}"


def _first_person(found: re.Match[str]) -> str:
    verb = found[1]
    plain = verb[0].lower() + verb[1:]
    spoken = _FIRST_PERSON.get(plain, plain.removesuffix("n"))
    return f"{upper_first(spoken) if verb[0].isupper() else spoken} ich"


def _subordinate(found: re.Match[str]) -> str:
    """ "Sie … umziehen" in a subordinate clause becomes "ich … umziehe"."""
    verb = found[2]
    if verb not in _FIRST_PERSON and not verb.endswith("en"):
        return found[0]
    return f"ich {found[1]}{_FIRST_PERSON.get(verb, verb.removesuffix('n'))}"
