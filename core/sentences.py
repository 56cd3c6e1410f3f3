"""Text to sentences: rules for German official prose, and sane borders in every other script."""

from __future__ import annotations

import re

# An ending, the quotes and brackets that close with it, and the space behind it. The endings of
# Chinese and Japanese need no space.
_ENDING = re.compile(r"(?:[.!?…؟۔।։]+[\"“”’»«')\]]*(?=\s)|[。！？]+[”』」）]*)")
_LAST_WORD = re.compile(r"[^\s(\[„“\"«»/]*$")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_WORD = re.compile(r"\w")
_CONTEXT = 60  # characters that are looked at on either side of a possible end
_INITIALS = re.compile(r"(\w\.)*\w")  # "z.B", "B"
_NUMBER = re.compile(r"(\d{1,3}[a-z]?|[IVXLC]+)\b")
_YEAR_OR_DATE = re.compile(r"\d{4}|\d+[.,:]\d[\d.,:–-]*")
_COUNTED = re.compile(  # a number behind these is no ordinal: "nach § 5."
    r"(?:§|Abs\.|Absatz|Satz|Nr\.|Nummer|Art\.|Artikel|Ziffer|Ziff\.|Seite|S\.|Anlage|Stufe|Klasse"
    r"|Zone|Buchst\.|Telefon|Tel\.|[Сс]т\.|абз\.)\s*$"
)

_ABBREVIATIONS = {  # of these languages, and of all
    "": "dr prof st co ca vgl bzw evtl ggf inkl exkl",
    "de": """
        abs nr nrn ziff buchst lit kap abschn anl anm bek verf vo fn rn rdnr aufl ausg bd hrsg
        zit sog gem geänd ber idf einschl ausschl insb insbes entspr bzgl betr gesetzl öffentl
        städt staatl stellv verh geb gest verw led ehem allg bes zzgl abzgl max min std stdn mtl
        jährl tägl wöchentl monatl lfd prod tel pl bhf hbf hausnr gbl bgbl gvbl gvobl abl amtsbl
        rspr aktenz az gez mio mrd tsd dipl ing med jur phil hr fr jan feb febr mär apr jun jul
        aug sep sept okt nov dez mo di mi do sa ff bspw urspr
        """,
    "en": """
        mr mrs ms nos para approx vs fig sec dept est jan feb mar apr jun jul aug sep sept oct
        nov dec
        """,
    "fr": "mm mme al tél env max min",
    "es": "sr sra núm pág tel ej aprox",
    "it": "sig tel pag es dott",
    "pl": "ust nr pkt np tj tzw ok tel ul al godz",
    "ro": "alin nr lit tel str dvs",
    "tr": "sok cad mah tel vb örn bkz sn",
    "ru": "ст пп абз тел ул гг др напр руб коп",
    "uk": "ст пп абз тел вул буд рр ін напр грн коп див",
}
# Words that are abbreviations before a number only: "Art. 3", but "Hunde aller Art. Sie …".
_BEFORE_NUMBERS = re.compile(r"art|n[ro]|\w*str")
_ENDING_ABBREVIATIONS = frozenset({"usw", "etc", "u.ä", "o.ä", "u.s.w", "ecc", "e.v", "itp", "i.l"})
# Words that open a sentence and never follow an ordinal: "der 3. Hund", but "Zone 3. Der Hund".
_OPENING_WORDS = """
    der die das dem den des ein eine einer eines einem einen es er sie wir ihr ihre ihrem ihren
    sein seine dies diese dieser dieses diesem diesen jede jeder jedes alle als am an auf aus bei
    beim bis da dabei dafür dagegen daher damit danach dann dazu davon denn deren dessen doch
    dort durch für gegen hat haben hier hierfür hierzu hierbei im in ist sind ja jedoch kann
    können kein keine maßgebend mit nach neben nicht nur ob oder ohne satz sofern sollte soll
    soweit solche sonst statt über um und unter von vor während wann warum was wenn wer werden
    wie wird wo zu zum zur zudem zusätzlich zuständig ferner außerdem bitte wurde wurden the this
    it if you for
    """
_OPENERS = frozenset(_OPENING_WORDS.split())


def split_sentences(text: str, language: str = "de") -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) counts of characters, in order, without the space
    around them. Line breaks always divide; pieces without any letter or digit are left out."""
    spans: list[tuple[int, int]] = []
    known = _ABBREVIATIONS[""] + " " + _ABBREVIATIONS.get(language[:2], "")
    abbreviations = frozenset(known.split())
    for line in _LINE.finditer(text):
        start = line.start()
        for ending in _ENDING.finditer(text, line.start(), line.end()):
            before = text[max(start, ending.start() - _CONTEXT) : ending.start()]
            following = text[ending.end() : min(line.end(), ending.end() + _CONTEXT)].lstrip()
            if _ends_sentence(before, ending[0], following, abbreviations):
                _append(spans, text, start, ending.end())
                start = ending.end()
        _append(spans, text, start, line.end())
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if _WORD.search(piece):
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(piece.strip())))


def _ends_sentence(before: str, ending: str, following: str, abbreviations: frozenset[str]) -> bool:
    opener = following.lstrip("„“\"«»'(‚–-• ")[:1]
    if not opener or ending[0] in "。！？":
        return True
    if opener.islower():
        return False
    if ending != ".":
        return True
    match = _LAST_WORD.search(before)
    word = match[0] if match else ""
    if _NUMBER.fullmatch(word) or _YEAR_OR_DATE.fullmatch(word):
        is_item = not _WORD.search(before.removesuffix(word))  # "1. Die Gebühr …"
        return not is_item and _number_ends(before.removesuffix(word), word, following)
    folded = word.casefold()
    if folded in _ENDING_ABBREVIATIONS:
        return True
    if _BEFORE_NUMBERS.fullmatch(folded):
        return opener.isalpha() and not _NUMBER.match(following)
    return folded not in abbreviations and not _INITIALS.fullmatch(folded)


def _number_ends(before: str, number: str, following: str) -> bool:
    """Whether "2024." or "§ 5." ends a sentence, rather than being the ordinal of "3. Kind"."""
    if following[:1].isdigit():
        return False
    if _YEAR_OR_DATE.fullmatch(number) or _COUNTED.search(before):
        return True
    return re.split(r"\W", following, maxsplit=1)[0].casefold() in _OPENERS
