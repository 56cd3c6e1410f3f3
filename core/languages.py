"""Languages: which one a question is typed in, which ones are served, and how they are written."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from py3langid.langid import (  # type: ignore[import-untyped]  # it ships no types
    MODEL_FILE,
    LanguageIdentifier,
)

from core.cache import cache_file, keep
from core.settings import load_settings

_NATIVE_NAMES = {
    "de": "Deutsch",
    "en": "English",
    "tr": "Türkçe",
    "uk": "Українська",
    "ru": "Русский",
    "ar": "العربية",
    "fr": "Français",
    "pl": "Polski",
    "es": "Español",
    "it": "Italiano",
    "ro": "Română",
    "fa": "فارسی",
}
SUPPORTED = tuple(_NATIVE_NAMES)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})

# What else is recognised, so that a question in one of them is not taken for one of ours.
_OTHERS = """am be bg bs cs da el fi he hi hr hu hy ja ka ko ku mk nl ps pt sk so sq sr sv th ur
    vi zh"""
_RECOGNISED = (*SUPPORTED, *_OTHERS.split())

# Log-odds added to py3langid's naive Bayes scores; tuned on the first words of translated news.
_PRIOR = dict.fromkeys(SUPPORTED, 5.0) | {"de": 8.0}
_LETTER = 10.0
_WORD = 9.0
_ENOUGH = 100  # words

# Letters that (nearly) only these languages use among those that look alike.
_LETTERS = {
    "de": "ß",
    "tr": "ğış",
    "uk": "іїєґ",
    "ru": "ыэё",
    "be": "ўы",
    "sr": "ђћџљњј",
    "mk": "ѓќѕј",
    "ar": "ةيكىأإؤئ",
    "fa": "پچژگیک",
    "ur": "ٹڈڑےں",
    "ps": "ټډړښځڅې",
    "ku": "ێۆڵڕەêî",
    "pl": "łąęśźżćń",
    "es": "ñ¿¡",
    "ro": "țșăţ",
    "pt": "ãõ",
}

# Little words, and the few nouns that are typed alone at a town hall's search box.
_WORDS = {
    "de": """der die das den dem des ein eine einen und oder ist sind was wie wo wann wer
        welche warum ich mein meine meinen wir kann muss darf für mit nach von zum zur bei
        im am nicht kostet kosten brauche bekomme hoch viel hund müll kita perso heiraten
        anmelden ummelden abmelden beantragen antrag termin ausweis gebühr gebühren steuer
        verloren""",
    "en": """the a an and or is are what how where when who which why i my we can do does must
        for with from to at in not much many cost need get have of your should there dog
        tax passport parking permit appointment certificate per said has trash waste
        marriage license licence birth opening hours""",
    "tr": """ve veya bir bu ne nasıl nerede nereden kim hangi neden için ile mi mı mu mü kadar
        var yok çok kaç gerekli gerekir alabilirim benim lazım nereye zaman olarak
        pasaport kimlik vergisi park izni belgesi ücreti köpek çöp""",
    "uk": """що як де коли хто який яка яке які чому чи я мій моя мені ми можу треба потрібно
        для з із від до на не та і й або скільки коштує отримати податок паспорт дитини
        прописка шлюб допомога собаку довідка""",
    "ru": """что как где когда кто какой какая какие почему ли я мой моя мне мы могу нужно надо
        для с от до на не и или сколько стоит получить налог паспорт ребенка прописка брак
        пособие собаку справка загс парковка регистрация""",
    "ar": """ما ماذا كيف أين متى من هل كم لماذا أنا في على إلى عن مع هذا هذه التي الذي لا أو
        يمكنني جواز سفر تكلفة ضريبة طلب رخصة شهادة بطاقة""",
    "fa": """چه چگونه کجا کی آیا چقدر چرا من در از به با برای این که است را یا می‌توانم باید
        عوارض مالیات گذرنامه هزینه سگ مدارک ثبت پاسپورت""",
    "fr": """le la les l un une des du et ou est sont que quel quelle quels quelles comment où
        quand qui pourquoi je j mon ma mes nous puis faire pour avec dans à au aux pas
        combien coûte faut obtenir d de plus ce cette ont a carte passeport permis mariage
        déchets taxe chien""",
    "pl": """i lub jest są co jak gdzie kiedy kto który która które jaki jaka jakie dlaczego
        czy ja mój moja mi my mogę muszę dla z ze od do na w nie się ile kosztuje
        potrzebne podatek opłata paszport dowód psa śmieci""",
    "es": """el la los las un una y o es son qué que cómo dónde cuándo quién cuál cuáles por yo
        mi mis puedo debo para con su de del al en no hay cuánto cuesta necesito pasaporte
        impuesto basura certificado permiso matrimonio tarjeta perros""",
    "it": """il lo la i gli le un una e o è sono che cosa come dove quando chi quale quali
        perché io mio mia posso devo per con di del della dei da al nel non quanto costa
        serve passaporto tassa carta identità certificato rifiuti cane""",
    "ro": """și sau este sunt ce cum unde când cine care de la un o în eu mea meu pot trebuie
        pentru cu a de au din nu cât costă am nevoie pașaport taxa certificat
        căsătorie parcare buletin gunoi câine""",
    "nl": """de het een en of is zijn wat hoe waar wanneer wie ik mijn kan moet voor met van
        naar niet""",
    "pt": """o os as um uma e ou é são que como onde quando quem qual eu meu minha posso para
        com do da""",
    "bg": """какво как къде кога кой за на от до не и или аз мога трябва колко струва е са ли""",
    "sr": """шта како где када ко за на од до не и или ја могу треба колико је су""",
    "hr": """što kako gdje kada tko za na od do ne i ili ja mogu trebam koliko je su se""",
    "sq": """çfarë si ku kur kush për në nga dhe ose unë mund duhet sa kushton është të e i""",
    "ku": """çi çawa li ku kengê kî ji bo bi di de û an ez dikarim divê çend e""",
}
_LANGUAGES_OF_WORD: dict[str, tuple[str, ...]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF_WORD[_word] = (*_LANGUAGES_OF_WORD.get(_word, ()), _language)

_WORD_PATTERN = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the language that a text is written in, whether supported or not;
    None where it has no letters."""
    words = _WORD_PATTERN.findall(unicodedata.normalize("NFC", text))[:_ENOUGH]
    if not words:
        return None
    # "Де отримати Personalausweis?": German terms do not count beside another script.
    foreign = [word for word in words if not _LATIN.search(word)]
    words = foreign or words
    scores: dict[str, float] = dict(_identifier().rank(" ".join(words)))
    for language, odds in _PRIOR.items():
        scores[language] += odds
    lowered = [word.lower() for word in words]
    present = set("".join(lowered))
    for language, letters in _LETTERS.items():
        scores[language] += _LETTER * len(present.intersection(letters))
    for word in lowered:
        languages = _LANGUAGES_OF_WORD.get(word, ())
        for language in languages:
            scores[language] += _WORD / len(languages)
    return max(scores, key=scores.__getitem__)


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction that a language is written in."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def native_name(language: str) -> str:
    """A supported language's name for itself, as it stands in a menu; another's code."""
    return _NATIVE_NAMES.get(language, language)


def warm_up() -> None:
    """Loads the detector: most of a second of unpacking the first time on this machine."""
    _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    cache_dir = load_settings().cache_dir
    return load_identifier(cache_file(cache_dir, "py3langid", " ".join(_RECOGNISED)))


def load_identifier(path: Path) -> LanguageIdentifier:
    """py3langid cut to our languages, its table kept in a file (48 MB) and mapped into memory."""
    table = keep(path, _cut_table, lambda table, file: np.save(file, table), _map_table)
    return LanguageIdentifier(
        table["ptc"],
        table["pc"],
        table["classes"].tolist(),
        table["nextmove"].data,
        table["output"].data,
        tk_row=table["row"].tolist(),
    )


def _cut_table() -> NDArray[np.void]:
    """The parts of py3langid's model as the fields of one record, shape ()."""
    full = LanguageIdentifier.from_model_file(MODEL_FILE)
    full.set_languages(_RECOGNISED)
    parts = {
        "ptc": full.nb_ptc,
        "pc": full.nb_pc,
        "classes": np.array(full.nb_classes),
        "nextmove": np.asarray(full.tk_nextmove),
        "output": np.array(full.tk_output, np.int32),
        "row": np.asarray(full.tk_row),
    }
    fields = [(name, part.dtype, part.shape) for name, part in parts.items()]
    table = np.empty((), np.dtype(fields, align=True))
    for name, part in parts.items():
        table[name] = part
    return table


def _map_table(path: Path) -> NDArray[np.void]:
    return np.asarray(open_memmap(path, mode="r"))
