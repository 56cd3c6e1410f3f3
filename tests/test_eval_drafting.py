"""What patterns make of the sentences, rows and lists of by-laws and leaflets."""

from __future__ import annotations

import pytest

from core.types import Document, Kind, Passage, Sentence
from eval.drafting.clauses import parse_clause, speak_as_citizen
from eval.drafting.lists import draft_lists
from eval.drafting.sentences import draft_sentence
from eval.drafting.topics import is_for_citizens, place_question, topic_of
from eval.drafting.words import Draft
from eval.questions import QuestionKind


def passage(*lines: str, heading: str = "Gebühren", mark: str = "") -> Passage:
    """A passage of these lines, each a sentence."""
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    spans = tuple(
        Sentence(start, start + len(line), None, mark)
        for start, line in zip(starts, lines, strict=True)
    )
    text = "\n".join(lines)
    return Passage("p", "d", heading, heading, heading, text, None, spans, "de", "digest")


def drafted(*lines: str, heading: str = "Gebühren") -> list[Draft]:
    return list(draft_lists(passage(*lines, heading=heading)))


@pytest.mark.parametrize(
    ("sentence", "question", "numbers"),
    [
        (
            "(2) Für jede weitere Abholung beträgt die Gebühr 35,00 Euro.",
            "Wie hoch ist die Gebühr für jede weitere Abholung?",
            ["35,00 Euro"],
        ),
        (
            "Die Geldbuße beträgt bis zu 1.500 Euro.",
            "Wie hoch ist die Geldbuße höchstens?",
            ["1.500 Euro"],
        ),
        (
            "Die Ruhezeit der Verstorbenen beträgt 20 Jahre.",
            "Wie lang ist die Ruhezeit der Verstorbenen?",
            ["20 Jahre"],
        ),
        (
            "Eine Meldebescheinigung kostet 8,00 Euro.",
            "Was kostet eine Meldebescheinigung?",
            ["8,00 Euro"],
        ),
        ("Die Ummeldung ist gebührenfrei.", "Was kostet die Ummeldung?", []),
        (
            "Für eine verlorene Marke wird gegen eine Gebühr von 4,00 Euro Ersatz ausgegeben.",
            "Gegen welche Gebühr wird für eine verlorene Marke Ersatz ausgegeben?",
            ["4,00 Euro"],
        ),
        (
            "Ordnungswidrigkeiten können mit einer Geldbuße von 5 Euro bis zu 1.000 Euro "
            "geahndet werden.",
            "Mit welcher Geldbuße können Ordnungswidrigkeiten geahndet werden?",
            ["5 Euro", "1.000 Euro"],
        ),
        (
            "Für das Mittagessen werden 4,20 Euro je Mahlzeit erhoben.",
            "Wie viel Euro werden für das Mittagessen je Mahlzeit erhoben?",
            ["4,20 Euro"],
        ),
        (
            "Wer eine Wohnung in Auental bezieht, muss sich innerhalb von zwei Wochen nach dem "
            "Einzug anmelden.",
            "Innerhalb welcher Frist muss man sich nach dem Einzug anmelden, wenn man eine Wohnung "
            "in Auental bezieht?",
            ["zwei Wochen"],
        ),
        (
            "Endet die Hundehaltung, so ist der Hund innerhalb eines Monats abzumelden.",
            "Innerhalb welcher Frist ist der Hund abzumelden, wenn die Hundehaltung endet?",
            ["eines Monats"],
        ),
        (
            "Wer einen Hund hält, hat ihn binnen eines Monats anzumelden.",
            "Wenn man einen Hund hält, innerhalb welcher Frist hat man ihn anzumelden?",
            ["eines Monats"],
        ),
        (
            "Kinder sind bis zum 15. März anzumelden.",
            "Bis wann sind Kinder anzumelden?",
            ["15. März"],
        ),
        (
            "Der Wechsel ist sechs Wochen vorher zu beantragen.",
            "Wie lange vorher ist der Wechsel zu beantragen?",
            ["sechs Wochen"],
        ),
        (
            "Sportplätze dürfen von 20:00 bis 8:00 Uhr nicht benutzt werden.",
            "Von wann bis wann dürfen Sportplätze nicht benutzt werden?",
            ["20:00 bis 8:00 Uhr"],
        ),
        (
            "Wohngeld wird in der Regel für zwölf Monate bewilligt.",
            "Für wie lange wird Wohngeld in der Regel bewilligt?",
            ["zwölf Monate"],
        ),
        (
            "Bei Zuzug beginnt die Steuerpflicht mit dem ersten Tag des Monats danach.",
            "Wann beginnt die Steuerpflicht bei Zuzug?",
            [],
        ),
        (
            "Die Jahressteuer wird am 15. Februar fällig.",
            "Wann wird die Jahressteuer fällig?",
            ["15. Februar"],
        ),
        (
            "Die Abholung ist bei der Abfallwirtschaft Auental anzumelden.",
            "Wo ist die Abholung anzumelden?",
            [],
        ),
        (
            "Steuerschuldner ist, wer den Hund im Haushalt hält.",
            "Wer ist Steuerschuldner?",
            [],
        ),
        (
            "Einen Ausweis erhält, wer in der Zone mit der Hauptwohnung gemeldet ist.",
            "Wer erhält einen Ausweis?",
            [],
        ),
        (
            "Gartenabfälle dürfen innerhalb bebauter Gebiete nicht verbrannt werden.",
            "Dürfen Gartenabfälle innerhalb bebauter Gebiete verbrannt werden?",
            [],
        ),
        (
            "Kranke Kinder dürfen die Einrichtung nicht besuchen.",
            "Dürfen kranke Kinder die Einrichtung besuchen?",
            [],
        ),
        (
            "Es ist verboten, Abfälle neben den Behältern abzustellen.",
            "Ist es erlaubt, Abfälle neben den Behältern abzustellen?",
            [],
        ),
        (
            "Die Errichtung von Grabmalen bedarf der vorherigen Zustimmung der Stadt.",
            "Braucht man für die Errichtung von Grabmalen eine Zustimmung?",
            [],
        ),
        (
            "Restmüll ist der Abfall aus Haushalten, der nicht verwertet wird.",
            "Was ist Restmüll?",
            [],
        ),
    ],
)
def test_a_sentence_gives_the_question_that_it_answers(
    sentence: str, question: str, numbers: list[str]
) -> None:
    draft = draft_sentence(sentence)
    assert draft is not None
    assert draft.question == question
    assert list(draft.numbers) == numbers
    assert all(quote in sentence for quote in draft.quotes)
    assert all(number in draft.quotes[0] for number in draft.numbers)
    assert not draft.reference.startswith("(")


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie endet mit Ablauf des Monats, in dem der Behälter zurückgegeben wird.",
        "Die Gebühr nach § 4 Abs. 1 beträgt 35,00 Euro.",
        "Dies gilt nicht, wenn die Frist von zwei Wochen abgelaufen ist.",
        "Diese Satzung tritt am 1. Januar 2025 in Kraft.",
        "Der Gemeinderat muss mindestens zwei Wochen vorher eingeladen werden.",
        "Die Steuer betragt jahrlich fur den ersten Hund 60,00 Euro.",
        "Anderen Personen darf keine Einsicht in nicht veröffentlichte Schriften gewährt werden.",
        "Die Gebühr beträgt 10,00 Euro für Kinder und 20,00 Euro für Erwachsene.",
        "Wird der Bescheid später bekannt gegeben, so ist sie innerhalb eines Monats zu zahlen.",
        "Heiraten dürfen Sie danach bei jedem Standesamt in Deutschland.",
        "Gebührenverzeichnis",
        "Verantwortlich ist die nutzungsberechtigte Person des Grabes.",
        "Ebenso ist die Lieferung der Zähler Aufgabe der Stadt.",
    ],
)
def test_what_cannot_be_asked_well_gives_no_question(sentence: str) -> None:
    assert draft_sentence(sentence) is None


def test_a_leaflet_speaks_to_its_reader_and_a_by_law_does_not() -> None:
    said = "Sie müssen Ihren Wohnsitz innerhalb von zwei Wochen ummelden."
    draft = draft_sentence(said, is_formal=True)
    assert draft is not None
    assert draft.question == "Innerhalb welcher Frist muss ich meinen Wohnsitz ummelden?"
    assert draft_sentence(said) is None


def test_the_citizen_asks_for_herself() -> None:
    asked = "Wo finden Sie Ihre Unterlagen, wenn Sie umziehen?"
    assert speak_as_citizen(asked) == "Wo finde ich meine Unterlagen, wenn ich umziehe?"
    assert speak_as_citizen("Ab wann meldet das Amt Sie ab?") is None
    assert speak_as_citizen("Was kostet das?") == "Was kostet das?"


def test_a_verb_that_stood_first_goes_to_the_end() -> None:
    clause = parse_clause("Fällt der Grund weg, so ist die Marke zurückzugeben")
    assert clause is not None
    assert clause.condition == "wenn der Grund wegfällt"
    assert (
        parse_clause("Endet die Haltung oder entfallen die Gründe, so ist dies anzuzeigen") is None
    )


def test_a_row_of_a_table_is_asked_about_by_its_name() -> None:
    [draft] = drafted("Dokument: Reisepass ab 24 Jahren | Gebühr: 70,00 € | Gültigkeit: 10 Jahre")
    assert draft.question == "Reisepass ab 24 Jahren: Wie hoch ist die Gebühr?"
    assert draft.numbers == ("70,00 €",)
    assert draft.quotes[0].startswith("Dokument: Reisepass")


def test_a_sum_without_its_unit_takes_it_from_the_column_or_the_words_above() -> None:
    [draft] = drafted("Behälter: 60 Liter | Gebühr im Jahr in Euro: 98,40")
    assert draft.question == "Behälter 60 Liter: Wie hoch ist die Gebühr im Jahr?"
    assert draft.reference.endswith("98,40 Euro.")
    lead = "Sie beträgt je Kind in Euro:"
    [draft] = drafted(lead, "Zeit: Regelbetreuung | Familie mit 1 Kind: 142,00")
    assert draft.question == "Regelbetreuung, Familie mit 1 Kind: Was kostet das?"
    assert drafted("Zeit: Regelbetreuung | Familie mit 1 Kind: 142,00") == []


def test_hours_are_asked_for_by_office_and_day() -> None:
    drafts = drafted(
        "Das Bürgerbüro ist für Sie da.",
        "Tag: Montag | Vormittag: 8:00–12:00 Uhr | Nachmittag: 14:00–16:00 Uhr",
        "Tag: Mittwoch | Vormittag: geschlossen | Nachmittag: geschlossen",
        "Amt: Standesamt | Zimmer: 12 | Sprechzeiten: Mo 9:00–12:00 Uhr",
        "Amt: Steueramt | Zimmer: 21 | Telefon: 09999 123-200",
    )
    assert [draft.question for draft in drafts] == [
        "Wann hat das Bürgerbüro am Montag geöffnet?",
        "Wann hat das Standesamt geöffnet?",
        "Welche Telefonnummer hat das Steueramt?",
    ]
    assert drafts[0].numbers == ("8:00–12:00 Uhr", "14:00–16:00 Uhr")


def test_items_of_a_list_are_asked_with_the_words_that_introduce_it() -> None:
    tax = drafted("(1) Die Steuer beträgt im Jahr", "1. für den ersten Hund 108,00 Euro,")
    assert [draft.question for draft in tax] == [
        "Wie hoch ist die Steuer im Jahr für den ersten Hund?"
    ]
    assert tax[0].quotes == ("für den ersten Hund 108,00 Euro,",)
    graves = drafted(
        "(1) Für die Überlassung eines Familiengrabs werden folgende Gebühren erhoben:",
        "a) mit zwei Stellen: 2.520,00 €",
    )
    assert [draft.question for draft in graves] == [
        "Wie hoch ist die Gebühr für die Überlassung eines Familiengrabs – mit zwei Stellen?"
    ]
    rates = drafted("Die Hebesätze werden festgesetzt", "3. für die Gewerbesteuer auf 380 v. H.")
    assert [draft.question for draft in rates] == [
        "Wie hoch ist der Hebesatz für die Gewerbesteuer?"
    ]


def test_an_item_below_another_list_is_not_asked_about() -> None:
    assert (
        drafted(
            "Folgende Gebühren werden erhoben:",
            "a) für die Bestattung von Kindern",
            "1) in einem Reihengrab: 200,00 €",
        )
        == []
    )


def test_what_is_forbidden_in_a_list_is_asked_about() -> None:
    drafts = drafted(
        "(2) Auf dem Friedhof ist insbesondere nicht gestattet:",
        "5. Tiere mitzubringen, ausgenommen Blindenhunde,",
        "6. das Lagern von Abraum,",
        heading="Verhalten",
    )
    assert [draft.question for draft in drafts] == [
        "Ist es auf dem Friedhof erlaubt, Tiere mitzubringen?",
        "Ist das Lagern von Abraum auf dem Friedhof erlaubt?",
    ]


def test_a_heading_that_asks_papers_and_contacts_are_questions() -> None:
    [asked] = drafted("Wohngeld wird für zwölf Monate bewilligt.", heading="Wie lange gilt das?")
    assert (asked.question, asked.kind) == ("Wie lange gilt das?", QuestionKind.DEADLINE)
    [papers] = drafted("Bitte bringen Sie mit:", "- Ausweis", "- Fahrzeugschein", heading="Antrag")
    assert papers.quotes == ("Ausweis", "Fahrzeugschein")
    assert papers.kind is QuestionKind.PROCEDURE
    [contact] = drafted("Steueramt, Zimmer 21, Telefon 09999 123-200.", heading="Kontakt")
    assert contact.numbers == ("09999 123-200",)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Satzung über die Erhebung der Hundesteuer (Hundesteuersatzung)", "Hundesteuer"),
        ("Abfallgebührensatzung 2027", "Abfallgebühren"),
        ("Friedhofssatzung", "Friedhof"),
        ("Polizeiverordnung", ""),
        ("Umzug: An-, Um- und Abmelden der Wohnung", "Umzug"),
        ("entwaesserungssatzung-vom-21.03.2017", "Entwässerung"),
        ("hundesteuersatzung-2017-03-21-original", "Hundesteuer"),
        ("kita-gebuehrensatzung-20250702", "Kita-Gebühren"),
    ],
)
def test_a_document_is_named_as_people_call_it(title: str, topic: str) -> None:
    assert topic_of(Document("d", title)) == topic


def test_a_question_says_what_it_is_about() -> None:
    fee = "Wie hoch ist die Gebühr für jeden weiteren Wechsel?"
    placed = place_question(fee, "Abfallgebühren", "Tausch von Behältern")
    assert placed == f"Abfallgebühren, Tausch von Behältern: {fee}"
    told = "Wie hoch ist die Hundesteuer für den ersten Hund?"
    assert place_question(told, "Hundesteuer", "Steuersatz") == told
    named = place_question("Reihengrab: Was kostet das?", "Friedhof", "Gebühren")
    assert named == "Friedhof, Reihengrab: Was kostet das?"
    assert place_question("Wann entsteht die Gebührenschuld?", "", "Fälligkeit") is None


def test_citizens_do_not_ask_about_the_towns_own_rules() -> None:
    assert not is_for_citizens(Document("d", "Hauptsatzung der Gemeinde Auental"))
    assert not is_for_citizens(Document("d", "Häufige Fragen", Kind.FAQ))
    assert is_for_citizens(Document("d", "Hundesteuersatzung", Kind.STATUTE))
