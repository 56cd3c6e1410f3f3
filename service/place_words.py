"""The words around a place's name, and where it stands in a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.spelling import Word, fold


def _folded(*texts: str) -> frozenset[str]:
    return frozenset(fold(word) for text in texts for word in text.split())


# "in" in our languages.
IN = _folded("in en à a ad w we la în в у во في در")
GERMAN_DISTRICT_WORDS = _folded("landkreis kreis landratsamt lk lkr")
GERMAN_TOWN_WORDS = _folded("stadt gemeinde markt") | GERMAN_DISTRICT_WORDS
# Words for a town that stand before its name.
TOWN_WORDS = GERMAN_TOWN_WORDS | _folded(
    "city town ville ciudad città miasto miasta mieście orașul comune comuna",
    "город города городе місто міста місті مدينة شهر بلدية",
)
_DISTRICT = GERMAN_DISTRICT_WORDS | _folded(
    "district county arrondissement distrito distretto districtul powiat powiatu powiecie",
    "район района районе району раионі районі округ округа округе округу окрузі منطقة ناحیه",
)
_AFTER_A_NAME = _folded("district county ilçesi ilçesinde ilçesinin ilçesine kreis")
# Titles that are a part of an official name.
TITLES = GERMAN_TOWN_WORDS | _folded(
    "landeshauptstadt hansestadt universitätsstadt große kreisstadt freistaat land bundesland"
)
_ARTICLES = _folded("der den dem die the la le las les el of de di da du des del della")
_STREETS = _folded("straße str platz allee weg gasse ring brücke tor")
FOR = _folded("für for pour per para dla pentru для برای")
_OTHER_PREPOSITIONS = FOR | _folded(
    "im aus nach von vom bei beim zu zum zur from of at to din z ze do nel nella al dal di",
    "zwischen between entre między из із з с до от від من إلى از به",
)
TITLES_BEFORE = TITLES | TOWN_WORDS | _DISTRICT
BEFORE_A_NAME = IN | TOWN_WORDS | _DISTRICT | _OTHER_PREPOSITIONS

# Between the name of a place and where it lies: "am Main", "v. d. Höhe".
BETWEEN_NAMES = _folded("a am an auf b bei d der i im in ob u unter v vor")
LOCATIVES = _folded("da de ta te daki deki taki teki")
# What comes after such a word in another sense: "am Montag".
_OCCASIONS = _folded(
    "montag dienstag mittwoch donnerstag freitag samstag sonntag feiertag feiertagen wochenende",
    "werktag werktagen monat jahr tag morgen vormittag mittag nachmittag abend durchschnitt",
    "frühling sommer herbst winter rathaus friedhof freibad bahnhof schnitt internet notfall",
)

# Names of places that are more often other words.
ORDINARY_WORDS = _folded(
    """
    acht alpen altstadt ausleben bad baden bar bath berg bergen bescheid besitz binnen boden
    born brand breit brucken brunnen buch buhne burg drogen einig elbe elster engen enger
    ernst essen fahren form forst furt gering haar hagen hahn halbe halle hatten hauptbahnhof
    hauptfriedhof haus hausen hausern hof holt horn insel kalt kamen karl kenn kirchen kita
    kommen korb kuchen kusten lachen lage langen lauf laufen leer lehre lich lichte lindern
    list markt mauer mauern meine mengen mitte moor most much mussen nahe netze neubau
    neustadt nice norden not nutzen ohne oral orange osten platten puls rain reading regen
    reich ried ringe roden rosa rot ruhe sand schuld schuren schutz schwarzen see senden
    singen sinn split stadt stein steinen stelle strand suden tal wald wangen waren wehr
    weiden weil weisen weiten welt wenden werben westen westend wetter wies wiesen wil wirft
    wissen wort zimmern zug
    """
)
# Such names that "in" before them makes clear, and those that a capital letter does.
ORDINARY_NOUNS = _folded("geldern gerne heide horde kalk linden lohne springe")
ORDINARY_IN_LOWER_CASE = ORDINARY_NOUNS | _folded(
    "buchen celle colonia erlangen frechen lehrte melle monaco peine poll wedding worms"
)

# Who asks about here names another place beside it: "Mein Hund ist in Köln gemeldet, muss ich ihn
# hier anmelden?"; not so "hier in Köln".
HERE = re.compile(
    r"\b(?:(?:hier|hierher|hiesigen?|here|burada|buraya|тут|сюди|здесь|сюда|هنا|اینجا|ici|tutaj|aqui|aici)"
    r"\b(?! (?:in|bei|en|в|у|في|در|a|w)\b))"
)
# Who was born or married elsewhere asks about here.
PAST = re.compile(
    r"\b(?:gebor|geheirat|verheirat|gemacht|erworben|ausgestel|studier|gearbeitet|gelebt|gekauft"
    r"|born|married|issued|obtained|studied|worked|lived|bought|dogdu|dogum|evlend|aldigim"
    r"|народ|одруж|видан|рожд|родил|женил|выдан|marie\b|obtenu|urodz|nacid|casad"
    r"|nat[oa]\b|sposat|nascut|casatorit|ولد|مولود|متولد|تزوج|ازدواج)"
)

_GAPS = ((re.compile(r"\(\s*\)"), ""), (re.compile(r"\s+(?=[,;:.?!)؟،])"), ""))
_ENDS = " ,;:-–،"

PlaceT = TypeVar("PlaceT", covariant=True)


@dataclass(frozen=True, slots=True)
class Mention(Generic[PlaceT]):
    """Where a question names a place: its words from `start` up to `end`. Of several the one of the
    greater `weight` is meant."""

    start: int
    end: int
    place: PlaceT
    weight: tuple[int, ...] = ()
    is_adjective: bool = False  # "Konstanzer"

    def holds(self, other: Mention[object]) -> bool:
        """Whether the other's words are some of these."""
        is_longer = self.end - self.start > other.end - other.start
        return is_longer and self.start <= other.start and other.end <= self.end


def is_careless(words: Sequence[Word]) -> bool:
    """Whether a question has no capital letter after its first word, so that names need none."""
    return not any(word.is_capitalised for word in words[1:])


def stands_after(words: Sequence[Word], start: int, expected: frozenset[str]) -> bool:
    """Whether one of the expected words stands before a name, an article perhaps between."""
    if start and words[start - 1].folded in _ARTICLES:
        start -= 1
    return start > 0 and words[start - 1].folded in expected


def stands_alone(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a name has no preposition, and is not a part of another one: "Hundesteuer Auental",
    but not "nach Auental", "Auental-Halle" or "Auental Straße"."""
    if words[start].is_joined or stands_after(words, start, BEFORE_A_NAME):
        return False
    if start and words[start - 1].folded in _ARTICLES:
        return False
    return end == len(words) or not (words[end].is_joined or words[end].folded in _STREETS)


def is_district(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a name is said to be a district's: "district of Auental", "Auental ilçesinde"."""
    follows = words[end : end + 1]
    return stands_after(words, start, _DISTRICT) or any(
        word.folded in _AFTER_A_NAME for word in follows
    )


def goes_on(words: Sequence[Word], end: int) -> bool:
    """Whether a longer name may follow: "Zell am Harmersbach", not "Zell am Montag"."""
    following = words[end : end + 2]
    return (
        len(following) == 2
        and following[0].folded in BETWEEN_NAMES
        and following[1].is_capitalised
        and following[1].folded not in _OCCASIONS
    )


def without_phrase(text: str, words: Sequence[Word], mention: Mention[object]) -> str:
    """A question without the words of a name, and without "in der Gemeinde" before and "district"
    after it; the question itself where no other word would be left, or the name is a part of a
    longer word."""
    end = mention.end
    start = mention.start if mention.is_adjective else _phrase_start(words, mention.start)
    if words[end - 1].has_ending and words[end : end + 1]:
        end += words[end].start == words[end - 1].end + 1
    while end < len(words) and words[end].folded in _AFTER_A_NAME:
        end += 1
    is_whole = not words[start].is_joined and not any(w.is_joined for w in words[end : end + 1])
    if not is_whole or end - start == len(words):
        return text
    is_shortened = len(words[end - 1].typed) == 1  # "Zell u. A."
    before, after = text[: words[start].start], text[words[end - 1].end :]
    after = after.removeprefix(".") if is_shortened else after
    is_bracketed = text[words[start].start : words[end - 1].end].count("(") and after[:1] == ")"
    after = after[1:] if is_bracketed else after
    is_bracketed = not is_bracketed and before.endswith("(") and after[:1] == ")"
    before, after = (before[:-1], after[1:]) if is_bracketed else (before, after)
    rest = f"{before.rstrip()} {after.lstrip()}".lstrip(_ENDS)
    for gap, filled in _GAPS:
        rest = gap.sub(filled, rest)
    return rest.rstrip(_ENDS)


def _phrase_start(words: Sequence[Word], start: int) -> int:
    """Where "in der Gemeinde" before a name begins."""
    leading = BEFORE_A_NAME | TITLES
    while start:
        before = words[start - 1].folded
        is_article = before in _ARTICLES and (
            words[start].folded in TITLES_BEFORE
            or (start > 1 and words[start - 2].folded in leading)
        )
        if before not in leading and not is_article:
            break
        start -= 1
    return start
