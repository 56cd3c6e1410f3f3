"""Addresses: a street with the number of a house, and the postal code and place behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.personal_words import is_of_an_office

Span = tuple[int, int]

_WORD = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_UNITS = (
    r"(?! ?(?:€|euro?\b|eur\b|uhr|h\b|km|m\b|m²|qm|%|prozent|jahr|monat|tage?\b|stunden?\b"
    r"|minuten?\b|kinder|person"
    r"|leute|hunde?\b|ct\b|cent|plätze|mal\b|stück|quadratmeter)|[.,:]\d|\d)"
)
_HOUSE = (
    r"(?:(?:Nr|No|Hausnummer|n[°º])[.:]? ?)?\d{1,4}(?:[a-zA-Z]\b| [a-hA-H](?= ?(?:,|\n|\d{5}|$)))?"
    rf"(?: ?[-/+] ?\d{{1,4}}[a-z]?\b(?!\.?\d))?(?i:{_UNITS})"
)
_WEEKDAYS = r"(?!Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Ende|Anfang)"
_TOWN = (
    rf"(?:(?:Bad|Sankt|St\.|Markt|Groß|Klein|Hohen|Neu|Alt|Burg|bad|sankt) )?[^\W\d_][\w.'’-]*\w"
    rf"(?: ?/ ?{_WORD}\w)?"
    rf"(?: (?:am|an der|im|in der|ob der|bei|vor der|v\. ?d\.|a\. ?d\."
    rf"|i\.) {_WEEKDAYS}{_WORD}\w)?"
)
_PLACE = (
    r"(?: ?[,\n;] ?| (?:in |à |в |у )?| ?- )(?:DE?-? ?)?\d{5}\b(?! ?(?:€|Euro|EUR))"
    rf"(?: +{_TOWN})?"
)
_KINDS = (
    r"(?:stra(?:ß|ss)e|str\.?|weg|gasse|platz|allee|ring|damm|ufer|steig|stieg|pfad|chaussee"
    r"|promenade)"
)
_MORE_KINDS = (
    r"(?:markt|graben|wall|winkel|twiete|kamp|zeile|hof|berg|feld|tor|park|garten|gärten|brücke"
    r"|wiesen?|grund|acker"
    r"|bach|heide|horst|leite|rain|blick|höhe|tal|eck|insel|siedlung|steg|mühle|busch|holz|see"
    r"|anger|brink|deich)"
)
_WIDE = rf"{_WORD}(?: (?:{_WORD}|der|den|dem|des|am|an|im|zum|zur|und|von)){{0,4}}"
_INTO = r"(?:Am|An|Im|In|Auf|Hinter|Vor|Bei|Beim|Unter|Zum|Zur|Über|Neben|Zu)"
_GLUED = rf"\b[^\W\d_][\w'’-]*(?i:{_KINDS})"
_TWO_WORDS = (
    rf"\b(?!In |Im |Am |An |Der |Die |Das |Den |Dem |Ein|Welche|Diese|Jede|Auf |Vor |Zur |Zum "
    rf"|Kein|Mein){_WORD} (?:[a-zß-ÿ-]+e[rsn]? )?"
    r"(?:Straße|Strasse|Str\.?|Weg|Gasse|Platz|Allee|Ring|Damm|Ufer|Steig|Stieg|Pfad|Chaussee"
    r"|Markt|Tor|Wall|Graben)"
    r"|\b[a-zß-ÿ]+er (?:straße|strasse|str\.?)"
)
_NAMED = (
    r"\b(?:Stra(?:ß|ss)e|Str\.|Platz|Allee|Ring|Weg|Ufer) (?:des|der|von|zum|zur|am|an der) "
    rf"(?:\d{{1,2}}\. )?{_WORD}(?: {_WORD})?"
)
_STREETS = re.compile(rf"(?:{_NAMED}|{_TWO_WORDS}|{_GLUED}) ?{_HOUSE}(?P<place>{_PLACE})?")
_WITH_PLACE = re.compile(
    rf"(?:\b{_INTO} (?:de[rnm] )?{_WORD}(?: {_WORD})?|\b(?:[a-zß-ÿ]+|{_WORD})(?i:{_MORE_KINDS})"
    rf"|\b{_WORD}(?: {_WORD})?)"
    rf" {_HOUSE}(?P<place>{_PLACE})"
)
_CUES = (
    r"(?i:\b(?:wohne|wohnen|wohnt|wohnhaft|gemeldet|adresse(?: ist| lautet)?|anschrift(?: ist"
    r"| lautet)?|(?:live|living|reside) (?:at|in)"
    r"|address(?: is)?|adresim|adresi|мо[яй] адреса?|адреса?|проживаю|мешкаю|живу"
    r"|j['’]habite(?: au)?|mon adresse(?: est)?|mieszkam"
    r"|mój adres(?: to)?|adres|vivo en|mi dirección(?: es)?|abito in|il mio indirizzo(?: è)?"
    r"|locuiesc|adresa mea(?: este)?)\b"
    r"|عنواني(?: هو)?|أسكن في|آدرس من|آدرسم)(?: ?:)? +(?:(?:seit|ab) \w+ )?(?:in |im |in der "
    r"|in dem |bei |на |по |у |в )?"
)
_CUED = re.compile(
    rf"{_CUES}(?P<address>(?!Zimmer|Etage|Haus |Wohnung|Block|Gebäude|Raum"
    rf"|Deutschland)(?:{_INTO} (?:de[rnm] )?)?{_WIDE}"
    rf" {_HOUSE}(?:{_PLACE})?)"
)
_JOINTS = r"(?:(?:de|du|des|del|la|le|las|los|di|dei|della|delle|al)\b|[ld]['’])"
_ABROAD = re.compile(
    rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? (?i:rue|avenue|boulevard|place|chemin|impasse|allée"
    rf"|quai) (?:{_JOINTS} ?)*{_WORD}(?:[ -]{_WORD}){{0,2}}(?:,? {_PLACE})?"
    rf"|\b(?i:calle|c/|avenida|avda\.|plaza|paseo|via|viale|piazza|corso|ulica|ulicy|ul\.|aleja"
    rf"|plac|strada|str\.|bulevardul|bd\."
    rf"|aleea) (?:{_JOINTS} ?)*{_WORD}(?: {_WORD}){{0,2}},? ?(?:n[°ºr.]{{1,2}} ?)?{_HOUSE}"
    rf"(?:,? ?(?:m\.|ap\.|apt\.|lok\.) ?\d+)?(?:{_PLACE})?"
    rf"|\b(?i:улиц[аеы]|ул\.|проспект|пр\.|переулок|вулиц[яі]|вул\."
    rf"|провулок) ?[А-ЯІЇЄҐ][\w-]*(?: [А-ЯІЇЄҐ][\w-]*)?,? ?(?:(?:д|буд"
    rf"|дом)\.? ?)?\d{{1,4}}[а-яa-z]?\b(?:,? ?кв\.? ?\d+)?"
    rf"|\b{_WORD}(?: {_WORD}){{0,2}} (?i:cad(?:desi|\.)|sok(?:ak|ağı|\.)|sk\.|mah(?:allesi|\.)"
    rf"|bulvarı),? ?(?i:no ?[:.]? ?)?\d{{1,4}}(?:/\d+)?"
    rf"|\b\d{{1,4}}[a-z]? (?:{_WORD} ){{1,3}}(?i:street|st\.|road|rd\.|avenue|ave\.|lane|drive"
    rf"|close|square|court)(?!\w)"
    r"|(?:شارع|خیابان) [^\W\d_]+(?: [^\W\d_]+)?،? ?(?:رقم |پلاک )?\d{1,4}"
)
_BOX = re.compile(
    rf"\b(?i:postfach|p\. ?o\. ?box|apartado|case postale) \d(?: ?\d){{1,7}}(?!\d)(?:{_PLACE})?"
)
_NO_STREET = re.compile(
    r"\w*(?:park|stell|kita|krippen|arbeits|sitz|sport|spiel|liege|bolz|ausbildungs|studien"
    r"|betreuungs|kindergarten"
    r"|pflege|heim|camping|bau|tennis|fußball|grill|kinder|hort|wohnmobil|stand|steh|tagespflege"
    r"|lande)platz"
    r"|\w*(?:rechts|rad|geh|schul|fuß|um|rück|hin|post|klage|wander|feldweg|dienst|verwaltungs"
    r"|beschwerde)weg"
    r"|\w*(?:bundes|land|landes|kreis|staats|einbahn|fahrrad|spiel|anlieger|schnell)stra(?:ß|ss)e"
    r"|(?:str|straße|strasse|weg|gasse|platz|allee|ring|damm|ufer|pfad|steig|boxring|during"
    r"|frühling|\w*(?:ierung|ling|ering))\.?",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Span]:
    """Streets with a number, as far as the place behind it; none that an office is at."""
    for match in _WITH_PLACE.finditer(text):
        yield from _personal(text, match.span())
    for match in _STREETS.finditer(text):
        street = re.split(r"\s*\d", match[0], maxsplit=1)[0]
        if match["place"] or not _NO_STREET.fullmatch(street.strip()):
            yield from _personal(text, match.span())
    yield from (match.span("address") for match in _CUED.finditer(text))
    for pattern in (_ABROAD, _BOX):
        for match in pattern.finditer(text):
            yield from _personal(text, match.span())


def _personal(text: str, span: Span) -> Iterator[Span]:
    if not is_of_an_office(text, span[0]):
        yield span
