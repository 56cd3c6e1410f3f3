"""What a question is about: the words that place it where its document is not before one's eyes."""

from __future__ import annotations

import re
from itertools import pairwise

from core.labels import short_title
from core.types import Document, Kind, Passage
from eval.drafting.clauses import upper_first

LONGEST = 60  # characters of a heading that is put before a question

# What a town decides for itself, or only changes, and citizens do not ask about.
_OFFICIAL = re.compile(
    r"hauptsatzung|geschäftsordnung|betriebssatzung|verbandssatzung|zweckverband|aufhebung|änderung"
    r"|aenderung|bekanntmachungssatzung|form der öffentlichen bekannt|veränderungssperre"
    r"|bebauungsplan|redaktionsstatut|umsatzsteuer|vereinbarung|haushaltssatzung|eigenbetrieb"
    r"|erstreckung|feuerwehr(?!.*kosten)|gesellschaftsvertrag|ortsteilbeauftragte|sanierungsgebiet"
    r"|städtepartnerschaft|ehrenamtlich|ents?ch(?:ä|ae)digungssatzung|sitzungsvergütung"
    r"|jagdgenossenschaft|vorkaufsrecht",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"Inkrafttreten|Übergang|Hinweis|Ausfertigung|Inhalt|Rechtsgrundlage|Datenschutz|Bescheinigung"
    r"|Schlussbestimmung|Schlussvorschrift|Bekanntmachung|Geltungsbereich|Änderung"
)
# Names of by-laws that say nothing without the town's other ones beside them.
_VAGUE = re.compile(
    r"(?:haupt|polizei|gefahrenabwehr|gebühren|benutzungs|haus|geschäfts|verwaltungs|änderungs"
    r"|sonder)?(?:satzung|verordnung|ordnung)|umweltschutz.*|polizeiliche.*|öffentliche .*|entwurf"
    r"|richtlinien?",
    re.IGNORECASE,
)
_BY_LAW = re.compile(
    r"(?P<about>.{3,}?)[ -]?(?:satzung|verordnung|ordnung|gesetz)(?: \d{4})?$", re.I
)
_LINKING = re.compile(
    r"(?P<stem>.*(?:ung|heit|keit|schaft|ion|tät|hof|beitrag|amt|markt|verkehr|betrieb|heim))s$"
)
_ERHEBUNG = re.compile(
    r"(?:Satzung|Richtlinien?|Verordnung|Benutzungsordnung|Ordnung|Regelung) "
    r"(?:über|für|zu[mr]?) (?:die |den |das )?(?:Erhebung (?:von |der |einer )?)?(?P<about>.+)"
)
# Words that mean something else in every by-law.
_GENERAL_WORDS = """
    gebühr gebühren gebührenschuld gebührenschuldner gebührenschuldnerin gebührenpflicht steuer
    steuerpflicht steuerschuld steuerschuldner steuerschuldnerin jahressteuer antrag anträge frist
    geldbuße ordnungswidrigkeit ordnungswidrigkeiten benutzung benutzer bescheid gemeinde stadt
    erlaubnis genehmigung zustimmung betrag anmeldung abmeldung wechsel abholung anspruch termin
    unterlagen bearbeitung kosten euro uhr person personen fall fälle beitrag beitragspflicht höhe
    jahr monat kalenderjahr wirkung beginn ende schuldner schuldnerin betrieb leistung leistungen
    ausnahmen auslagen zahlung kostenschuld verpflichtung erstattung leine zuschlag
    verwaltungskosten nutzung nutzungsrecht verlängerung anlage anlagen pauschale grundpreis
    """
_GENERAL = frozenset(_GENERAL_WORDS.split())
_HOLLOW = re.compile(
    r"allgemein|gebühr|steuersatz|steuersätze|fällig|entsteh|festsetz|erhebung|pflicht|schuld|höhe"
    r"|begriff|verfahren|ausnahme|ordnungswidrig|zuständig|beschreibung|kosten|frist|antrag|zweck"
    r"|vorschrift|unterlagen|kontakt|auskunft|ansprech|haftung|anlage|\?|\d|linsengericht",
    re.IGNORECASE,
)


def is_for_citizens(document: Document) -> bool:
    """Whether citizens ask about a document at all. FAQ entries are questions already, and forms
    are filled in."""
    return document.kind not in (Kind.FAQ, Kind.FORM) and not _OFFICIAL.search(document.title)


def is_asked_about(passage: Passage) -> bool:
    """Whether a section holds more than what every by-law ends with."""
    return passage.language == "de" and not _FORMAL.search(passage.heading)


def topic_of(document: Document) -> str:
    """What a document is about, as people call it: "Hundesteuer", "Wohngeld"; "" where its title
    does not say."""
    topic = _named_topic(document)
    nouns = re.findall(r"[A-ZÄÖÜ]\w+", topic)
    return "" if nouns and all(noun.casefold() in _GENERAL for noun in nouns) else topic


def _named_topic(document: Document) -> str:
    title = document.short_title or short_title(document.title)
    title = re.sub(r" \d{4}$", "", title.removeprefix("Neufassung der "))
    if " " not in title and "-" in title and title == title.casefold():
        title = _from_file_name(title)
    title = re.split(r": | [-–—] | \(", title)[0].strip(" …,")
    if _VAGUE.fullmatch(title):
        return ""
    if found := _ERHEBUNG.match(title):
        return _short(found["about"])
    if " " not in title and (found := _BY_LAW.fullmatch(title)):
        about = found["about"].rstrip("-")
        about = linked["stem"] if (linked := _LINKING.fullmatch(about)) else about
        return upper_first(about)
    return _short(title)


def place_question(question: str, topic: str, heading: str) -> str | None:
    """A question with what it is about before it, where its own words do not say; None where
    nothing does."""
    own = {word.casefold() for word in re.findall(r"(?<!^)\b[A-ZÄÖÜ][\wäöüß-]{2,}", question)}
    telling = [word for word in own if word not in _GENERAL]
    told = []
    if topic and not _shares_stem(topic, question):
        told.append(topic)
    is_telling = 4 <= len(heading) <= LONGEST and not _HOLLOW.search(heading)
    if len(telling) < 2 and is_telling and not _shares_stem(heading, f"{question} {topic}"):
        told.append(heading)
    if not told:
        return question if topic or len(telling) >= 2 else None
    is_named = re.match(r"[^?]{3,90}: [A-ZÄÖÜ]", question)  # "Reihengrab: Was kostet das?"
    return f"{', '.join(told)}{',' if is_named else ':'} {question}"


def _shares_stem(name: str, text: str) -> bool:
    """Whether a noun of a name begins as a word of the text does, or stands within one."""
    nouns = re.findall(r"[A-ZÄÖÜ][\wäöüß]{3,}", name)
    folded = text.casefold()
    nouns = [noun for noun in nouns if noun.casefold() not in _GENERAL] or nouns
    return any(noun.casefold()[: max(5, len(noun) - 3)] in folded for noun in nouns)


def _short(name: str) -> str:
    return name if 3 <= len(name) <= LONGEST else ""


def _from_file_name(name: str) -> str:
    """The by-law that a file name tells of: "hundesteuersatzung-2017-03-21" is one about dogs."""
    words = re.sub("ae", "ä", re.sub(r"(?<![aeq])ue", "ü", name)).split("-")
    for before, word in pairwise(["", *words]):
        if before not in ("", "und") and word in ("satzung", "gebührensatzung", "gebührenordnung"):
            return f"{before.capitalize()}-{word.capitalize()}"
        if re.fullmatch(r"[a-zäöü]{4,}(?:satzung|ordnung)", word):
            return word.capitalize()
    return ""
