"""The gazetteer: the right town from names, keys and questions, and no town that nobody named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import TownAmbiguous, TownUnknown
from core.types import Jurisdiction, Level
from service.towns import ForeignPlace, Gazetteer, Town

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"

AICHELBERG = "081175009002"
KONSTANZ = "083355004043"
AUENTAL = "990010001001"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(
        [
            Jurisdiction(Level.FEDERAL, "Bund", ""),
            Jurisdiction(Level.STATE, "Baden-Württemberg", "08"),
            Jurisdiction(Level.DISTRICT, "Landkreis Göppingen", "08117"),
            Jurisdiction(Level.DISTRICT, "Landkreis Konstanz", "08335"),
            Jurisdiction(Level.ASSOCIATION, "GVV Raum Bad Boll", "081175009"),
            Jurisdiction(Level.MUNICIPALITY, "Aichelberg", AICHELBERG),
            Jurisdiction(Level.MUNICIPALITY, "Bad Boll", "081175009012"),
            Jurisdiction(Level.MUNICIPALITY, "Hattenhofen", "081175009029"),
            Jurisdiction(Level.MUNICIPALITY, "Zell u.A.", "081175009060"),
            Jurisdiction(Level.MUNICIPALITY, "Konstanz", KONSTANZ),
            Jurisdiction(Level.MUNICIPALITY, "Auental", AUENTAL),
            Jurisdiction(Level.MUNICIPALITY, "Neudorf", None),
        ]
    )


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("aichelberg", AICHELBERG),
        ("  Gemeinde  AICHELBERG ", AICHELBERG),
        ("Stadt Konstanz", KONSTANZ),
        ("Konstanz", KONSTANZ),
        ("Landkreis Konstanz", "08335"),
        ("Goeppingen", "08117"),
        ("Boll", "081175009012"),
        ("Zell unter Aichelberg", "081175009060"),
        ("Constance", KONSTANZ),
        ("baden wuerttemberg", "08"),
        ("Bund", ""),
        (AICHELBERG, AICHELBERG),
        ("08117", "08117"),
    ],
)
def test_a_town_is_known_by_name_and_key(gazetteer: Gazetteer, name: str, key: str) -> None:
    assert gazetteer.resolve(name).key == key


def test_a_town_without_documents_stands_below_its_district(gazetteer: Gazetteer) -> None:
    town = gazetteer.resolve("081170026026")
    assert (town.key, town.level) == ("081170026026", Level.MUNICIPALITY)
    assert "08117" in gazetteer.scopes(town)


@pytest.mark.parametrize("name", ["Entenhausen", "0811", "", "…", "Landkreis Auental"])
def test_an_unknown_town_is_an_error(gazetteer: Gazetteer, name: str) -> None:
    with pytest.raises(TownUnknown):
        gazetteer.resolve(name)


def test_an_ambiguous_name_lists_the_towns() -> None:
    gazetteer = Gazetteer(
        [
            Jurisdiction(Level.MUNICIPALITY, "Zell unter Aichelberg", "081175009060"),
            Jurisdiction(Level.MUNICIPALITY, "Zell am Harmersbach", "083175004146"),
        ]
    )
    with pytest.raises(TownAmbiguous) as error:
        gazetteer.resolve("Zell")
    assert "Zell am Harmersbach (083175004146), Zell unter Aichelberg (081175009060)" in str(
        error.value
    )
    assert gazetteer.mentioned("Hundesteuer in Zell") is None
    found = gazetteer.mentioned("Hundesteuer in Zell am Harmersbach")
    assert isinstance(found, Town)
    assert found.key == "083175004146"


def test_the_levels_above_a_town_apply_in_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.scopes(gazetteer.resolve("Aichelberg")) == (
        "",
        "08",
        "08117",
        "081175009",
        AICHELBERG,
    )
    assert gazetteer.scopes(gazetteer.resolve("Neudorf")) == ("", "municipality:neudorf")


def test_documents_that_name_a_town_without_its_key_apply_too() -> None:
    gazetteer = Gazetteer(
        [
            Jurisdiction(Level.MUNICIPALITY, "Aichelberg", AICHELBERG),
            Jurisdiction(Level.MUNICIPALITY, "Aichelberg", None),
        ]
    )
    assert "municipality:aichelberg" in gazetteer.scopes(gazetteer.resolve(AICHELBERG))


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Was kostet der Hund in Aichelberg?", AICHELBERG),
        ("Hundesteuer Aichelbergs", AICHELBERG),
        ("hundesteuer konstanz", KONSTANZ),
        ("Öffnungszeiten Konstanzer Bürgerbüro", KONSTANZ),
        ("Aichelberg'te köpek vergisi ne kadar?", AICHELBERG),
        ("Auental'da park izni", AUENTAL),
        ("Auentalde park izni", AUENTAL),
        ("сколько стоит налог на собаку в Айхельберге", AICHELBERG),
        ("у Айхельберзі", AICHELBERG),
        ("Паркування в Ауенталі", AUENTAL),
        ("налог в Констанце", KONSTANZ),
        ("كم ضريبة الكلاب في كونستانس", KONSTANZ),
        ("ضريبة الكلاب في آوينتال", AUENTAL),
        ("عوارض سگ در آیشلبرگ", AICHELBERG),
        ("impôt sur les chiens à Constance", KONSTANZ),
        ("podatek w Konstancji", KONSTANZ),
        ("taxa în Aichelberg", AICHELBERG),
        ("Hundesteuer in Zell unter Aichelberg", "081175009060"),
        ("Hundesteuer in Zell u. A.", "081175009060"),
        ("Sperrmüll in Boll", "081175009012"),
        ("bad boll sperrmüll", "081175009012"),
        ("Müllgebühren Landkreis Göppingen", "08117"),
        ("Hundesteuer in Hattenhofn", "081175009029"),
        ("Ich wohne in Stuttgart und melde mich in Konstanz an", KONSTANZ),
    ],
)
def test_a_town_is_found_however_it_is_written(
    gazetteer: Gazetteer, question: str, key: str
) -> None:
    town = gazetteer.mentioned(question)
    assert isinstance(town, Town)
    assert town.key == key


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Was kostet der Hund in Stuttgart?", "Stuttgart"),
        ("Hundesteuer in Dürnau", "Dürnau"),
        ("Hundesteuer in Zell am Harmersbach", "Zell am Harmersbach"),
        ("Parkausweis Berlin", "Berlin"),
        ("Berlin'de park izni ne kadar?", "Berlin"),
        ("Was gilt in Bonn?", "Bonn"),
        ("Де отримати паспорт у Варшаві?", "Варшаві"),
        ("паспорт у Берліні", "Берліні"),
        ("جواز سفر في برلين", "برلين"),
        ("Was kostet ein Reisepass in Wien?", "Wien"),
        ("Was kostet die Autobahnvignette in der Schweiz?", "Schweiz"),
        ("Как получить загранпаспорт в Казахстане?", "Казахстане"),
        ("Müllabfuhr in Musterhausen", "Musterhausen"),
        ("Wann hat in Auenburg der Wertstoffhof auf?", "Auenburg"),  # which is no Auental
        ("horaires de la déchetterie à Auenburg", "Auenburg"),
        ("Gilt das in der Stadt Essen?", "Essen"),
    ],
)
def test_another_place_is_recognised(gazetteer: Gazetteer, question: str, name: str) -> None:
    place = gazetteer.mentioned(question)
    assert isinstance(place, ForeignPlace)
    assert place.name == name


def test_the_state_of_another_german_place_is_known(gazetteer: Gazetteer) -> None:
    assert gazetteer.mentioned("Hundesteuer in Stuttgart") == ForeignPlace("Stuttgart", "08")


@pytest.mark.parametrize(
    "question",
    [
        "Wie hoch ist die Hundesteuer?",
        "Darf die Gemeinde Hundesteuer erheben?",
        "Ich bin in Berlin geboren, wo bekomme ich einen Pass?",
        "Führerschein in Polen gemacht",
        "Ich ziehe nach Hamburg um, muss ich mich abmelden?",
        "Wie bin ich in Form und in Essen gut beraten?",
        "Müllabfuhr in Litzelstetten",  # a part of Konstanz
        "Wo liegt die Berliner Straße?",
        "Wie viele Kinder sind in Kitas?",
        "Mama leży w Pflegeheim",
        "أين أجد المساعدة في البحث عن عمل؟",
        "كم ضريبة الكلاب في المدينة؟",
        "Mein Hund ist in Köln gemeldet, muss ich ihn hier anmelden?",
        "My wife lives in London, can we marry here?",
        "متى تفتح المكتبة بالمدينة؟",
        "Де знайти допомогу в пошуку роботи?",
        "عوارض سگ چقدر است؟",
    ],
)
def test_no_place_is_seen_where_none_is_asked_for(gazetteer: Gazetteer, question: str) -> None:
    assert gazetteer.mentioned(question) is None


def test_a_town_of_a_district_in_the_index_is_not_called_elsewhere() -> None:
    gazetteer = Gazetteer([Jurisdiction(Level.DISTRICT, "Rems-Murr-Kreis", "08119")])
    assert gazetteer.mentioned("Rathaus in Schwaikheim") is None
    assert isinstance(gazetteer.mentioned("Rathaus in Stuttgart"), ForeignPlace)
    assert isinstance(gazetteer.mentioned("Asylberatung im Rems-Murr-Kreis"), Town)


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Bis wann muss man in Hattenhofen an Feiertagen räumen?", "081175009029"),
        ("Was bekommt ein Stadtrat in Konstanz im Monat?", KONSTANZ),
        ("Was kostet der Sperrmüll in Boll am Montag?", "081175009012"),
        ("Parken in Konstanz am Bodensee", KONSTANZ),
        ("Hundesteuer in Aichelberg in Baden-Württemberg", AICHELBERG),
    ],
)
def test_words_after_a_town_are_not_its_name(gazetteer: Gazetteer, question: str, key: str) -> None:
    town = gazetteer.mentioned(question)
    assert isinstance(town, Town)
    assert town.key == key


@pytest.mark.parametrize(
    ("question", "name", "state"),
    [
        ("Hundesteuer in Neudorf in der Oberpfalz?", "Neudorf in der Oberpfalz", "09"),
        ("Hundesteuer in Aichelberg (Oberpfalz)", "Aichelberg Oberpfalz", "09"),
        ("Hundesteuer Hattenhofen Bayern", "Hattenhofen Bayern", "09"),
        ("Gilt das in Zell am Flunkerbach?", "Zell am Flunkerbach", None),
        ("Hundesteuer in Auental an der Flunkerbach", "Auental an der Flunkerbach", None),
    ],
)
def test_a_namesake_that_lies_elsewhere_is_another_place(
    gazetteer: Gazetteer, question: str, name: str, state: str | None
) -> None:
    assert gazetteer.mentioned(question) == ForeignPlace(name, state)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Hundesteuer in Hatenhofen", "Hattenhofen"),
        ("hundesteuer hatenhofen zweiter hund", "Hattenhofen"),
        ("Sperrmüll in Bad Bol", "Bad Boll"),
        ("Hundesteuer Zell unter Aichelbrg", "Zell u.A."),
        ("налог на собаку в Целль-унтер-Айхельберг", "Zell u.A."),
        ("hundesteuer auentaler rathaus", "Auental"),
    ],
)
def test_a_misspelt_town_is_not_another_place(
    gazetteer: Gazetteer, question: str, name: str
) -> None:
    town = gazetteer.mentioned(question)
    assert isinstance(town, Town)
    assert town.name == name


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("hundesteuer husum zweiter hund", "husum"),
        ("kindergartengebühren bad urach ein kind", "bad urach"),
        ("was kostet die hochzeit in schwerin", "schwerin"),
        ("precio guarderia Würzburg un hijo", "Würzburg"),
        ("Kindergarten Uhingen Gebühren", "Uhingen"),
        ("а в Нюрнберзі скільки коштує садок?", "Нюрнберзі"),
        ("ile kosztuje podatek od psa w Lubece?", "Lubece"),
        ("podatek od psa we Frankfurcie nad Odrą", "Frankfurcie nad Odrą"),
        ("هزینه زباله در بن چقدر است", "بن"),
        ("كم سعر الماء في مدينة إيسن", "إيسن"),
        ("Was kostet der Hund hier in Köln?", "Köln"),
        ("Stuttgartta köpek vergisi", "Stuttgartta"),
        ("Brauche ich für Berlin eine Plakette?", "Berlin"),
    ],
)
def test_another_place_is_recognised_in_a_short_search(
    gazetteer: Gazetteer, question: str, name: str
) -> None:
    place = gazetteer.mentioned(question)
    assert isinstance(place, ForeignPlace)
    assert place.name == name


@pytest.mark.parametrize(
    "question",
    [
        "gerade sind alle geräte im bauhof",
        "Löhne und Gehälter im Bauhof",
        "ich bin in elternzeit und will einen termin buchen",
        "Wer trainiert die Los Angeles Flunkers?",
        "Ummeldung nach Tübingen",
        "Wo ist die Tübingen Straße?",
    ],
)
def test_words_like_a_place_are_none(gazetteer: Gazetteer, question: str) -> None:
    assert gazetteer.mentioned(question) is None


def test_a_district_is_not_called_after_an_association_that_bears_its_key() -> None:
    gazetteer = Gazetteer(
        [
            Jurisdiction(Level.DISTRICT, "Landkreis Göppingen", "08117"),
            Jurisdiction(Level.DISTRICT, "Abwasserverband Auental", "08117"),
        ]
    )
    found = {
        text: gazetteer.mentioned(text)
        for text in ("Müll Landkreis Göppingen", "waste in Göppingen district")
    }
    names = {town.name for town in found.values() if isinstance(town, Town)}
    assert names == {"Landkreis Göppingen"}
    assert gazetteer.resolve("08117").name == "Landkreis Göppingen"
    assert gazetteer.resolve("081170026026").name == "Landkreis Göppingen"
    association = gazetteer.mentioned("Umlage im Abwasserverband Auental")
    assert isinstance(association, Town)
    assert (association.name, association.scope) == ("Abwasserverband Auental", "08117")


def test_a_town_is_told_from_the_district_of_its_name(gazetteer: Gazetteer) -> None:
    district = gazetteer.mentioned("waste fee in the district of Konstanz")
    town = gazetteer.mentioned("waste fee in the city of Konstanz")
    assert isinstance(district, Town)
    assert isinstance(town, Town)
    assert (district.key, town.key) == ("08335", KONSTANZ)
    assert isinstance(gazetteer.mentioned("Hundesteuer Stadt Göppingen"), ForeignPlace)


def test_a_town_called_like_its_district_is_not_the_askers(gazetteer: Gazetteer) -> None:
    home = gazetteer.resolve("Hattenhofen")
    town = gazetteer.nearer(gazetteer.mentioned("Hundesteuer in Göppingen"), home)
    assert town
    assert (town.name, town.scope) == ("Göppingen", "08117")
    for question in ("Müllgebühren Landkreis Göppingen", "waste in Göppingen district", "Müll"):
        assert gazetteer.nearer(gazetteer.mentioned(question), home) == home


@pytest.mark.parametrize("name", ["LK Augsburg", "lkaugsburg", "Lkr. Augsburg"])
def test_a_shortened_district_is_known_by_its_name(name: str) -> None:
    gazetteer = Gazetteer([Jurisdiction(Level.MUNICIPALITY, name, None)])
    assert isinstance(gazetteer.mentioned("Gibt es im Landkreis Augsburg Tafeln?"), Town)
    assert gazetteer.resolve(name).name == name


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Was kostet ein Hund in Aichelberg?", "Was kostet ein Hund?"),
        ("Aichelberg'te köpek vergisi", "köpek vergisi"),
        ("Hundesteuer Aichelberg", "Hundesteuer"),
        ("In Aichelberg, was kostet ein Hund?", "was kostet ein Hund?"),
        ("2. Hund in Zell u.A. - wie viel?", "2. Hund - wie viel?"),
        ("Hundesteuer (Aichelberg)", "Hundesteuer"),
        ("Hundesteuer in der Gemeinde Aichelberg", "Hundesteuer"),
        ("the dog tax of the city of Konstanz?", "the dog tax?"),
        ("parking Flunkerplatz du Landkreis Konstanz, prix?", "parking Flunkerplatz, prix?"),
        ("Konstanz ilçesinde çöp parası", "çöp parası"),
        ("Was gilt im Konstanzer Freibad?", "Was gilt im Freibad?"),
        ("налог на собаку в Целль-унтер-Айхельберг?", "налог на собаку?"),
        ("كم ضريبة الكلاب في كونستانس؟", "كم ضريبة الكلاب؟"),
        ("Hundesteuer in Hatenhofen zahlen", "Hundesteuer zahlen"),
        ("Hundesteuer in Halle (Saale)?", "Hundesteuer?"),
        ("Parken in Konstanz am Bodensee", "Parken"),
        ("Was kostet die Konstanz-Karte?", "Was kostet die Konstanz-Karte?"),
        ("in Aichelberg?", "in Aichelberg?"),
        ("Was kostet ein Hund?", "Was kostet ein Hund?"),
    ],
)
def test_a_question_is_parted_from_its_place(
    gazetteer: Gazetteer, question: str, rest: str
) -> None:
    assert gazetteer.without_place(question) == rest
    assert gazetteer.part(question) == (gazetteer.mentioned(question), rest)


@pytest.mark.shared_data
def test_real_questions_raise_no_false_alarm() -> None:
    path = SHARED / "omos-qa" / "queries.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    keys = {"muenchen": "091620000000", "lkaugsburg": "09772", "rems-murr-kreis": "08119"}
    gazetteer = Gazetteer(
        [
            Jurisdiction(Level.MUNICIPALITY, "München", keys["muenchen"]),
            Jurisdiction(Level.DISTRICT, "Landkreis Augsburg", keys["lkaugsburg"]),
            Jurisdiction(Level.DISTRICT, "Rems-Murr-Kreis", keys["rems-murr-kreis"]),
        ]
    )
    questions = [json.loads(line) for line in path.read_text("utf-8").splitlines()[::2]]
    found = [(question, gazetteer.mentioned(question["text"])) for question in questions]
    wrong = [
        question["text"]
        for question, place in found
        if place and getattr(place, "key", None) != keys[question["city"]]
    ]
    right = [place for question, place in found if place]
    assert len(wrong) <= 1, wrong  # "support in Ukraine", a mistranslated "in Ukrainian"
    assert len(right) >= 100


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("§ 5 Aichelberg Hundesteuersatzung", "§ 5 Hundesteuersatzung"),
        ("2026 in Aichelberg Abfallgebühr", "2026 Abfallgebühr"),
        ("(Aichelberg) Hund", "Hund"),
    ],
)
def test_signs_and_numbers_before_a_place_stay(
    gazetteer: Gazetteer, question: str, rest: str
) -> None:
    assert gazetteer.without_place(question) == rest
