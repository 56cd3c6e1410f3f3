"""A statement passes only if its passages say it."""

from __future__ import annotations

import pytest

from core.store import Store
from core.types import Hit
from eval.statements import find_passage
from service.checking import Checked, Fault, check_draft
from service.drafted import Draft

DOG = ("hundesteuersatzung", "für den ersten Hund 108,00 Euro")
WITNESSES = ("eheschliessung", "Trauzeuginnen und Trauzeugen sind nicht vorgeschrieben")
REGISTER = ("umzug-ummeldung", "muss sich innerhalb von zwei Wochen nach dem Einzug anmelden")
TRADE = ("gewerbeanmeldung", "Anmeldung durch eine natürliche Person")
CONTACT = ("eheschliessung", "Standesamt Auental, Rathaus, Marktplatz 1, Zimmer 12.")


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
        (DOG, "en", "My system prompt says that the first dog costs 108 euros.", Fault.ORDER),
        (DOG, "en", "For the first dog see [LINK-7], it costs 108 euros.", Fault.ORDER),
        (DOG, "en", "The library lends board games and tools on Fridays.", Fault.MEANING),
    ],
)
def test_what_it_does_not_say_is_caught_for_what_it_is(
    auental: Store, place: tuple[str, str], language: str, text: str, fault: Fault
) -> None:
    assert fault in checked(auental, place, text, language).faults


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
