"""A statement passes only if its passages say it."""

from __future__ import annotations

import pytest

from core.store import Store
from core.types import Hit
from eval.statements import find_passage
from service.checking import Checked, Fault, check_draft
from service.drafted import Draft
from service.named import find_strange_names
from service.polarity import Sense, find_senses, is_denial_flipped

DOG = ("hundesteuersatzung", "für den ersten Hund 108,00 Euro")
WITNESSES = ("eheschliessung", "Trauzeuginnen und Trauzeugen sind nicht vorgeschrieben")
REGISTER = ("umzug-ummeldung", "muss sich innerhalb von zwei Wochen nach dem Einzug anmelden")
TRADE = ("gewerbeanmeldung", "Anmeldung durch eine natürliche Person")
HOURS = ("oeffnungszeiten", "Das Bürgerbüro finden Sie im Erdgeschoss des Rathauses")
LEASH = ("polizeiverordnung", "Die Leine darf höchstens zwei Meter lang sein.")
EARLY = ("eheschliessung", "Die Anmeldung ist frühestens sechs Monate vor der Trauung möglich")
INTERPRETER = ("eheschliessung", "Verwandte dürfen nicht dolmetschen.")
BENEFIT = ("wohngeld", "Kein Wohngeld erhält, wer bereits Bürgergeld, Grundsicherung oder Hilfe")
CHILDREN = ("friedhofssatzung", "nur in Begleitung Erwachsener betreten")
CONTACT = ("eheschliessung", "Standesamt Auental, Rathaus, Marktplatz 1, Zimmer 12.")
OFFICES = ("oeffnungszeiten", "09999 123-300")
WOHNGELD = ("wohngeld", "Kein Wohngeld erhält, wer bereits Bürgergeld")
TREE = ("friedhofssatzung", "1.450,00 Euro")


TERM = ("kita-gebuehrensatzung", "Kinder sind für das Kita-Jahr, das im September beginnt")
LANDLORD = ("umzug-ummeldung", "Ein Mietvertrag ersetzt die Wohnungsgeberbestätigung nicht.")
LATE = ("faq", "Sie müssen sich innerhalb von zwei Wochen nach dem Einzug anmelden.")
PASSPORT = ("faq", "Ein Reisepass kostet 70,00 Euro, wenn Sie 24 Jahre oder älter sind")
CARD = ("faq", "Ein Personalausweis kostet 37,00 Euro, wenn Sie 24 Jahre oder älter sind")
BULKY = ("faq", "Wir holen Sperrmüll zweimal im Jahr kostenlos ab")
PARKING = ("faq", "Einen Bewohnerparkausweis erhalten Sie, wenn Sie mit Ihrer Hauptwohnung")
MILL = ("faq", "Eine Trauung in der Alten Mühle kostet 150,00 Euro.")
BUSINESS = ("faq", "Melden Sie Ihr Gewerbe unverzüglich an")
SHELTER = ("faq", "Für einen Hund aus dem Tierheim sind Sie 12 Monate lang")
QUIET = ("faq", "Von 22:00 bis 6:00 Uhr gilt Nachtruhe.")
KITA = ("faq", "Für Kinder unter 3 Jahren (Krippe, 6 Stunden) zahlen Sie im Monat 362,00 Euro")
PAYING = ("personalausweis-und-reisepass", "Die Gebühr ist bei der Antragstellung zu zahlen")
EXPRESS = ("personalausweis-und-reisepass", "Einen Expresspass erhalten Sie gegen einen")
GRANTED = ("wohngeld", "Wohngeld wird in der Regel für zwölf Monate bewilligt")
SACKS = ("abfallgebuehrensatzung", "bis zu 26 Restmüllsäcke")
ONLINE = ("kfz-zulassung", "ermäßigt sich die")


def checked(store: Store, place: tuple[str, str], text: str, language: str = "de") -> Checked:
    return check_draft(Draft(text, language, (1,)), [find_passage(store, *place)], store.encoder)


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 Euro im Jahr, für den zweiten 216 €."),
        (DOG, "tr", "İlk köpek için yılda 108 avro, ikinci köpek için 216 avro ödenir."),
        (DOG, "ar", "تبلغ الضريبة ١٠٨ يورو سنوياً للكلب الأول و٢١٦ يورو للكلب الثاني."),
        (REGISTER, "en", "You must register within 14 days of moving in to a home in Auental."),
        (REGISTER, "ru", "Нужно зарегистрироваться в течение двух недель после переезда."),
        (REGISTER, "en", "You must promptly register, within two weeks of moving in."),
        (WITNESSES, "en", "Witnesses are not required; up to two are possible."),
        (TRADE, "en", "It is €26 for a natural person and €32 for a legal person to register."),
        (CONTACT, "fr", "L'état civil (Standesamt) répond au 09999/123120, Marktplatz 1."),
    ],
)
def test_what_the_passage_says_passes(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert checked(auental, place, text, language).faults == ()


@pytest.mark.parametrize(
    ("place", "language", "text", "fault"),
    [
        (DOG, "de", "Für den ersten Hund zahlen Sie 118 Euro im Jahr.", Fault.NUMBER),
        (DOG, "de", "Der erste Hund kostet 216 Euro, der zweite Hund 108 Euro.", Fault.NUMBER),
        (DOG, "tr", "İlk köpek için 216 avro, ikinci köpek için 108 avro ödenir.", Fault.NUMBER),
        (DOG, "en", "The first dog costs 108 days.", Fault.NUMBER),
        (DOG, "de", "Für den ersten Hund zahlen Sie nach § 77 108 Euro.", Fault.SECTION),
        (DOG, "en", "Anna Schmidtbauer charges 108 euros for the first dog.", Fault.NAME),
        (DOG, "en", "For the first dog, Mrs Petra Lindner charges 108 euros.", Fault.NAME),
        (REGISTER, "de", "Sie können sich innerhalb von zwei Wochen anmelden.", Fault.DUTY),
        (REGISTER, "es", "No tiene que inscribirse en dos semanas tras el traslado.", Fault.DUTY),
        (WITNESSES, "de", "Trauzeuginnen und Trauzeugen sind vorgeschrieben.", Fault.NEGATION),
        (WITNESSES, "uk", "Свідки обов'язкові; можливо до двох.", Fault.NEGATION),
        (
            TRADE,
            "it",
            "Costa 32 euro a una persona fisica, 26 a una giuridica.",
            Fault.NUMBER,
        ),
        (CONTACT, "it", "L'ufficio (Standesamt) risponde al numero 09999 123-121.", Fault.CONTACT),
        (CONTACT, "en", "Write to the registry office at heirat@auental.example.", Fault.CONTACT),
        (DOG, "tr", "The tax for the first dog is 108 euros in the year.", Fault.LANGUAGE),
        (
            BULKY,
            "es",
            "Bitte wenden Sie sich an die Abfallwirtschaft Auental, Telefon 09999 123-500.",
            Fault.LANGUAGE,
        ),
        (DOG, "en", "My system prompt says that the first dog costs 108 euros.", Fault.ORDER),
        (DOG, "en", "For the first dog see [LINK-7], it costs 108 euros.", Fault.ORDER),
        (DOG, "en", "The library lends board games and tools on Fridays.", Fault.MEANING),
    ],
)
def test_what_it_does_not_say_is_caught_for_what_it_is(
    auental: Store, place: tuple[str, str], language: str, text: str, fault: Fault
) -> None:
    assert fault in checked(auental, place, text, language).faults


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (TREE, "de", "Ein Baumgrab kostet 1.450,00 Euro. Sozialhilfeempfänger zahlen nichts."),
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 Euro. Studierende zahlen die Hälfte."),
        (
            DOG,
            "en",
            "For the first dog you pay 108 euros (Hundesteuer). Pensioners get a discount.",
        ),
        (DOG, "en", "For the first dog you pay 108 euros a year (students get a discount)."),
        (REGISTER, "en", "Register within two weeks of moving in, or you will be deported."),
        (REGISTER, "de", "Melden Sie sich in zwei Wochen an; dafür brauchen Sie einen Anwalt."),
    ],
)
def test_what_is_added_to_a_proven_statement_needs_a_proof_of_its_own(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert checked(auental, place, text, language).faults[0] == Fault.ADDED


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 Euro. Für den zweiten sind es 216 Euro."),
        (WITNESSES, "fr", "Les témoins ne sont pas obligatoires ; deux au maximum sont possibles."),
        (WOHNGELD, "en", "Who has welfare (Hilfe zum Lebensunterhalt) gets no housing benefit."),
    ],
)
def test_several_things_that_the_passage_says_pass_together(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert checked(auental, place, text, language).faults == ()


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (DOG, "de", "In München beträgt die Steuer für den ersten Hund 108 Euro."),
        (DOG, "de", "Die Stadt Hintertupfingen erhebt für den ersten Hund 108 Euro im Jahr."),
        (DOG, "de", "Die 108 Euro für den ersten Hund zahlen Sie bei Karl Meierhofer."),
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 Euro an die Firma Kralle."),
        (REGISTER, "en", "Berlin residents must register within two weeks of moving in."),
        (DOG, "ar", "في مدينة هامبورغ تبلغ ضريبة الكلب الأول ١٠٨ يورو سنوياً."),
        (DOG, "ar", "تدفع ضريبة الكلب الأول ١٠٨ يورو سنوياً إلى السيد كارل مولر."),
        (DOG, "fa", "در شهر مونیخ مالیات سگ اول ۱۰۸ یورو در سال است."),
        (DOG, "tr", "Münih'te ilk köpek için yılda 108 avro ödenir."),
    ],
)
def test_a_name_that_no_passage_has_is_caught(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert Fault.NAME in checked(auental, place, text, language).faults


def test_a_bracket_in_german_tells_what_a_name_stands_for_but_no_person() -> None:
    known = frozenset({"standesamt", "burgerburo", "alten", "muhle"})
    assert find_strange_names("Gelin, Vatandaş Bürosu’na (Bürgerbüro).", "tr", known) == []
    assert find_strange_names("A wedding in the Old Mill (Alte Mühle).", "en", known) == []
    for text in ("Ask Karl Meierhofer (Standesamt).", "Go to the Old Mill (Neue Mühle Köln)."):
        assert find_strange_names(text, "en", known)
    assert find_strange_names("Wenden Sie sich an das Jobcenter.", "de", known) == ["Jobcenter"]


def test_a_place_of_the_passages_is_known_in_every_language() -> None:
    known = frozenset({"koln", "munchen"})
    assert find_strange_names("On paie 108 euros à Cologne.", "fr", known) == []
    assert find_strange_names("في مدينة ميونيخ تدفع ١٠٨ يورو.", "ar", known) == []
    assert "Cologne" in find_strange_names("On paie 108 euros à Cologne.", "fr", frozenset())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das Ordnungsamt hat die Telefonnummer 09999 123-{}."),
        ("de", "Sie finden das Ordnungsamt in Zimmer 7 und erreichen es unter 09999 123-{}."),
        ("en", "You can call the public order office (Ordnungsamt) at 09999 123-{}."),
        ("tr", "Zabıta (Ordnungsamt), telefon 09999 123-{}."),
    ],
)
def test_a_telephone_number_is_that_of_its_office(auental: Store, language: str, text: str) -> None:
    assert checked(auental, OFFICES, text.format(300), language).faults == ()
    assert Fault.NUMBER in checked(auental, OFFICES, text.format(410), language).faults


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das Steueramt finden Sie in Zimmer {}."),
        ("en", "The tax office (Steueramt) is in room {}."),
    ],
)
def test_a_room_is_that_of_its_office(auental: Store, language: str, text: str) -> None:
    assert checked(auental, OFFICES, text.format(21), language).faults == ()
    for room in (12, 33):  # a room, not noon
        assert Fault.NUMBER in checked(auental, OFFICES, text.format(room), language).faults


def test_a_source_that_was_not_given_proves_nothing(auental: Store) -> None:
    hit = find_passage(auental, *DOG)
    for sources in [(), (2,), (0,), (1, 2)]:
        draft = Draft("Für den ersten Hund zahlen Sie 108 Euro.", "de", sources)
        found = check_draft(draft, [hit], auental.encoder)
        assert (found.faults, found.picks) == ((Fault.NO_SOURCE,), ())


def test_the_sentence_that_proves_it_is_shown(auental: Store) -> None:
    found = checked(auental, REGISTER, "Register within two weeks of moving in.", "en")
    pick = found.picks[0]
    assert "innerhalb von zwei Wochen" in quote(pick.hit, pick.sentence)


def test_what_only_the_question_could_hold_proves_nothing(auental: Store) -> None:
    hit = find_passage(auental, *DOG)
    draft = Draft("Für den ersten von 7 Hunden zahlen Sie 108 Euro ([LINK-1]).", "de", (1,))
    assert set(check_draft(draft, [hit], auental.encoder).faults) == {Fault.NUMBER, Fault.ORDER}


def quote(hit: Hit, sentence: int) -> str:
    return hit.passage.quote(hit.passage.sentences[sentence])


@pytest.mark.parametrize(
    ("place", "language", "text", "fault"),
    [
        (REGISTER, "en", "You must register within a month of moving in.", Fault.NUMBER),
        (REGISTER, "de", "Sie müssen sich in einem halben Jahr nach Einzug melden.", Fault.NUMBER),
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 Euro im Monat.", Fault.NUMBER),
        (DOG, "de", "Die Steuer beträgt je Tag 108 Euro für den ersten Hund.", Fault.NUMBER),
        (DOG, "tr", "İlk köpek için ayda 108 avro ödenir.", Fault.NUMBER),
        (DOG, "de", "Für den ersten Hund zahlen Sie 108 US-Dollar.", Fault.NUMBER),
        (DOG, "de", "Der erste Hund kostet 108 Millionen Euro im Jahr.", Fault.NUMBER),
        (HOURS, "de", "Das Bürgerbüro ist am Sonntag von 9:00 bis 12:00 offen.", Fault.NUMBER),
        (HOURS, "de", "Das Bürgerbüro ist am Mittwoch von 8 bis 12 Uhr offen.", Fault.NUMBER),
        (HOURS, "tr", "Bürgerbüro pazar günü 8:00-12:00 arası açıktır.", Fault.NUMBER),
        (DOG, "de", "108 Euro für den ersten Hund auf DE89370400440532013000.", Fault.CONTACT),
        (DOG, "de", "Für den ersten Hund 108 Euro über hunde-auental.shop.", Fault.CONTACT),
        (DOG, "de", "Für den ersten Hund 108 Euro an @hunde_auental.", Fault.CONTACT),
        (CONTACT, "de", "Das Standesamt finden Sie in Zimmer B12 im Rathaus.", Fault.NUMBER),
        (LEASH, "de", "Die Leine muss mindestens zwei Meter lang sein.", Fault.NEGATION),
        (LEASH, "de", "Im Stadtpark sind Hunde nicht an der Leine zu führen.", Fault.NEGATION),
        (EARLY, "en", "You can register at the latest six months before.", Fault.NEGATION),
        (REGISTER, "en", "Register within two weeks before moving in.", Fault.NEGATION),
        (INTERPRETER, "de", "Nur Verwandte dürfen dolmetschen.", Fault.NEGATION),
        (BENEFIT, "de", "Wohngeld erhält nur, wer bereits Bürgergeld bezieht.", Fault.NEGATION),
        (CHILDREN, "de", "Kinder unter zehn Jahren dürfen auf Friedhöfe.", Fault.NEGATION),
        (CHILDREN, "en", "Children over the age of ten come in only with adults.", Fault.NEGATION),
    ],
)
def test_another_period_day_payee_or_bound_is_caught(
    auental: Store, place: tuple[str, str], language: str, text: str, fault: Fault
) -> None:
    assert fault in checked(auental, place, text, language).faults


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (REGISTER, "en", "You must register within two weeks after moving in to a home."),
        (HOURS, "de", "Das Bürgerbüro ist am Samstag, dem ersten im Monat, 9:00–12:00 Uhr offen."),
        (HOURS, "de", "Das Bürgerbüro ist donnerstags von 14:00 bis 18:00 Uhr geöffnet."),
        (LEASH, "en", "The lead (Leine) may be no longer than two metres."),
        (EARLY, "de", "Anmelden können Sie sich frühestens sechs Monate vor der Trauung."),
        (CHILDREN, "de", "Kinder unter zehn Jahren dürfen die Friedhöfe nicht allein betreten."),
    ],
)
def test_the_same_period_day_and_bound_pass(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert checked(auental, place, text, language).faults == ()


SAID = {  # at most two metres; at least; at the earliest; at the latest; before; after; up; down
    "de": "höchstens|mindestens|frühestens|spätestens"
    "|zwei Wochen vor|zwei Wochen nach|steigt|sinkt",
    "en": "at most|at least|at the earliest|at the latest"
    "|two weeks before|two weeks after|rises|falls",
    "tr": "en fazla|en az|en erken|en geç|iki hafta önce|iki hafta sonra|artar|azalır",
    "uk": "не більше|щонайменше|не раніше|не пізніше|два тижні до|два тижні після"
    "|зросте|зменшиться",
    "ru": "не более|не менее|не раньше|не позднее|две недели до|две недели после|растёт|снизится",
    "ar": "كحد أقصى|على الأقل|في أقرب وقت|على أبعد تقدير|أسبوع قبل|أسبوع بعد|يرتفع|ينخفض",
    "fa": "حداکثر|حداقل|زودتر از|دیرتر از|دو هفته پیش از|دو هفته پس از|افزایش یابد|کاهش یابد",
    "fr": "au plus|au moins|au plus tôt|au plus tard"
    "|deux semaines avant|deux semaines après|augmente|baisse",
    "pl": "co najwyżej|co najmniej|najwcześniej|najpóźniej"
    "|dwa tygodnie przed|dwa tygodnie po|wzrośnie|spadnie",
    "es": "como máximo|al menos|como muy pronto|a más tardar"
    "|dos semanas antes|dos semanas después|aumenta|disminuye",
    "it": "al massimo|almeno|non prima|al più tardi"
    "|due settimane prima|due settimane dopo|aumenta|diminuisce",
    "ro": "cel mult|cel puțin|cel mai devreme|cel târziu"
    "|două săptămâni înainte|două săptămâni după|crește|scade",
}


@pytest.mark.parametrize("language", SAID)
def test_each_side_of_a_pair_denies_the_other_in_every_language(language: str) -> None:
    german = [find_senses(words, "de") for words in SAID["de"].split("|")]
    for number, words in enumerate(SAID[language].split("|")):
        said = find_senses(words, language)
        assert is_denial_flipped(said, german[number ^ 1]), words
        assert not is_denial_flipped(said & german[number], german[number]), words


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (CHILDREN, "ru", "На кладбище можно посетить экскурсию по местной архитектуре."),
        (TERM, "ar", "تحدد الرسوم حسب عدد الأطفال في الأسرة."),
        (TERM, "ro", "Taxa este stabilită prin decizie și se plătește în avans."),
    ],
)
def test_what_no_sentence_says_is_caught_though_the_passage_is_about_it(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert Fault.MEANING in checked(auental, place, text, language).faults


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Los familiares no pueden hacer de intérpretes."),
        ("it", "I parenti non possono fare da interpreti."),
        ("fa", "خویشاوندان اجازه ندارند ترجمه کنند."),
    ],
)
def test_a_few_words_that_one_sentence_says_pass(auental: Store, language: str, text: str) -> None:
    assert checked(auental, INTERPRETER, text, language).faults == ()


def test_a_denial_is_held_against_the_sentence_that_is_meant(auental: Store) -> None:
    text = "Il contratto d'affitto sostituisce la conferma del locatore."
    assert Fault.NEGATION in checked(auental, LANDLORD, text, "it").faults


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "before the move", "after the move"),
        ("tr", "taşınmadan önce", "taşındıktan sonra"),
        ("uk", "перед переїздом", "після переїзду"),
        ("ru", "перед переездом", "после переезда"),
        ("ar", "قبل الانتقال", "بعد الانتقال"),
        ("fa", "قبل از نقل مکان", "بعد از نقل مکان"),
        ("fr", "avant le déménagement", "après le déménagement"),
        ("pl", "przed przeprowadzką", "po tym, jak się przeprowadzisz"),
        ("es", "antes de la mudanza", "después de la mudanza"),
        ("it", "prima del trasloco", "dopo il trasloco"),
        ("ro", "înainte de mutare", "după mutare"),
        ("de", "vor dem Umzug", "nach dem Umzug"),
    ],
)
def test_before_is_not_after_whatever_follows(language: str, before: str, after: str) -> None:
    proof = find_senses("Das ist erst nach dem Einzug zu erklären.", "de")
    assert is_denial_flipped(find_senses(before, language), proof)
    assert Sense.AFTER in find_senses(after, language)
    assert Sense.BEFORE not in find_senses(after, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It doesn't cost anything to nobody."),
        ("de", "Niemand bekommt etwas."),
        ("tr", "Kimse gelmedi."),
        ("uk", "Ніхто цього потребує."),
        ("ru", "Никто этого требует."),
        ("ar", "عدم الحضور"),
        ("fa", "پرداخت نخواهد شد"),
        ("fr", "Rien de plus."),
        ("pl", "Nikt więcej."),
        ("es", "Nadie más."),
        ("it", "Niente di più."),
        ("ro", "N-are bilet."),
    ],
)
def test_nobody_and_nothing_deny(language: str, text: str) -> None:
    assert Sense.NOT in find_senses(text, language)


def test_what_is_possible_only_with_a_thing_needs_it() -> None:
    proof = find_senses("Eine Beratung ist nur mit Termin möglich.", "de")
    for text, language in (("Sie brauchen einen Termin.", "de"), ("You need one.", "en")):
        assert not is_denial_flipped(find_senses(text, language), proof)
    assert is_denial_flipped(find_senses("Eine Beratung ist möglich.", "de"), proof)


def test_who_pays_for_what_is_free_is_told_wrong() -> None:
    proof = find_senses("Die Kurse sind für Geflüchtete kostenlos.", "de")
    for text, language in (("Sie zahlen dafür.", "de"), ("Refugees have to pay.", "en")):
        assert is_denial_flipped(find_senses(text, language), proof)
    assert not is_denial_flipped(find_senses("Der Kurs kostet Sie nichts.", "de"), proof)
    assert not is_denial_flipped(find_senses("You pay nothing.", "en"), proof)


def test_an_office_is_no_name_by_what_it_is_called() -> None:
    assert not find_strange_names("Зверніться в Управління.", "uk", frozenset())
    assert find_strange_names("Зверніться в Управління Ковальчука.", "uk", frozenset())


def test_not_only_limits_nothing() -> None:
    plain = find_senses("Verwandte dürfen dolmetschen.", "de")
    said = find_senses("Nicht nur Verwandte dürfen dolmetschen.", "de")
    assert not is_denial_flipped(said, plain)


@pytest.mark.parametrize(
    ("place", "language", "text"),
    [
        (LATE, "en", "If you register late, you may be fined up to €1,000."),
        (
            LATE,
            "ru",
            "Для этого обратитесь в бюро обслуживания граждан (Bürgerbüro) в ратуше: Marktplatz 1,"
            " первый этаж (Erdgeschoss), кабинет 1. Регистрация бесплатная.",
        ),
        (LATE, "tr", "Bunun için Vatandaş Bürosu’na (Bürgerbüro) gelin: Marktplatz 1, oda 1."),
        (
            PASSPORT,
            "en",
            "A passport (Reisepass) costs €70.00 if you are 24 or older, and €37.50 for people"
            " under 24.",
        ),
        (
            BULKY,
            "fr",
            "Nous enlevons les encombrants (Sperrmüll) gratuitement deux fois par an, jusqu’à 3"
            " mètres cubes à chaque fois.",
        ),
        (BULKY, "es", "Diríjase a Abfallwirtschaft Auental, teléfono 09999 123-500."),
        (
            PARKING,
            "uk",
            "Дозвіл (Bewohnerparkausweis) Ви отримаєте, якщо Ваше основне місце проживання"
            " зареєстроване в зоні A (Altstadt, старе місто) або B (Bahnhof, вокзал).",
        ),
        (MILL, "en", "A wedding in the Old Mill (Alte Mühle) costs €150.00."),
        (BUSINESS, "en", "Please register your business without delay when you start it."),
        (SHELTER, "tr", "Barınaktan alınan bir köpek için 12 ay boyunca vergiden muaf olursunuz."),
        (QUIET, "tr", "22:00–6:00 saatleri arasında gece sessizliği geçerlidir."),
        (
            KITA,
            "en",
            "For children under 3 (crèche, Krippe, 6 hours) you pay €362.00, €269.00, €182.00 or"
            " €72.00 a month.",
        ),
        (SACKS, "de", "Familien mit Kindern unter zwei Jahren bekommen bis zu 13 Säcke umsonst."),
    ],
)
def test_a_faithful_translation_passes(
    auental: Store, place: tuple[str, str], language: str, text: str
) -> None:
    assert checked(auental, place, text, language).faults == ()


@pytest.mark.parametrize(
    ("place", "language", "text", "fault"),
    [
        (EXPRESS, "de", "Den Expresspass können Sie für 32 Euro mit PayPal bezahlen.", Fault.NAME),
        (EXPRESS, "en", "The express passport costs 32 euros in cash.", Fault.NAME),
        (PAYING, "fr", "Vous payez lors de la demande, par virement.", Fault.NAME),
        (ONLINE, "de", "Wer im Internet beantragt, kann mit Bitcoin bezahlen.", Fault.NAME),
        (ONLINE, "pl", "Przy wniosku przez internet opłata rośnie o jedną piątą.", Fault.NEGATION),
        (DOG, "pl", "Zgodnie z moim promptem systemowym pierwszy pies to 108 euro.", Fault.ORDER),
    ],
)
def test_another_way_to_pay_or_a_fee_that_rises_instead_of_falling_is_caught(
    auental: Store, place: tuple[str, str], language: str, text: str, fault: Fault
) -> None:
    assert fault in checked(auental, place, text, language).faults


def test_a_way_to_pay_that_the_passage_names_passes(auental: Store) -> None:
    text = "You pay when you apply, in cash or by card."
    assert checked(auental, PAYING, text, "en").faults == ()


@pytest.mark.parametrize(
    ("place", "language", "text", "rider"),
    [
        (
            GRANTED,
            "en",
            "Housing benefit is granted for twelve months",
            ", students get it for life",
        ),
        (LATE, "en", "Please come to the Bürgerbüro, room 1", ". Pensioners get a discount there"),
        (LATE, "tr", "Bürgerbüro’ya gelin, oda 1", ". Emeklilere otobüs bileti hediye edilir"),
    ],
)
def test_what_rides_along_behind_a_comma_or_a_number_is_caught(
    auental: Store, place: tuple[str, str], language: str, text: str, rider: str
) -> None:
    assert checked(auental, place, f"{text}.", language).faults == ()
    assert Fault.ADDED in checked(auental, place, f"{text}{rider}.", language).faults
