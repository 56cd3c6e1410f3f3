"""Questions that people bring to every town hall, for towns whose documents say nothing of them."""

from __future__ import annotations

from collections.abc import Iterator

# Each with the beginnings of words that a document has which might answer it.
_QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Was kostet ein Fischereischein und wo bekomme ich ihn?", ("fischerei", "angel")),
    ("Wie beantrage ich einen Jagdschein?", ("jagd",)),
    ("Wie beantrage ich ein Führungszeugnis und was kostet es?", ("führungszeugnis",)),
    ("Wo beantrage ich Elterngeld?", ("elterngeld",)),
    ("Wo beantrage ich Kindergeld und wie hoch ist es?", ("kindergeld",)),
    ("Wie trete ich aus der Kirche aus?", ("kirchenaustritt", "kirche aus")),
    ("Brauche ich für ein Carport eine Baugenehmigung?", ("carport", "stellplätze", "garage")),
    ("Wie komme ich an einen Schwerbehindertenausweis?", ("schwerbehinder",)),
    ("Wo kann ich meinen Namen nach der Scheidung ändern lassen?", ("namensänder", "scheidung")),
    ("Wo beantrage ich BAföG für meine Schulausbildung?", ("bafög", "ausbildungsförder")),
    ("Wie melde ich einen Wasserrohrbruch in der Straße?", ("rohrbruch", "wasserversorgung")),
    ("Wann hat das Hallenbad geöffnet?", ("hallenbad", "schwimmbad", "bäder")),
    ("Wie hoch ist die Gebühr für die Musikschule?", ("musikschul",)),
    ("Wie beantrage ich einen Unterhaltsvorschuss?", ("unterhaltsvorschuss",)),
    ("Wo kann ich mich einbürgern lassen?", ("einbürger", "staatsangehörigkeit")),
    ("Wie beantrage ich Briefwahl?", ("briefwahl", "wahlschein")),
    ("Darf ich eine Kastanie auf meinem Grundstück fällen?", ("fällen", "baumschutz", "gehölz")),
    ("Wie melde ich ein Schlagloch?", ("schlagloch", "straßenschäden")),
    ("Wo finde ich das Fundbüro?", ("fundbüro", "fundsach")),
    ("Was kostet ein Kleingarten und wie bewerbe ich mich?", ("kleingarten", "gartenparzelle")),
    ("Wie bekomme ich einen Wohnberechtigungsschein?", ("wohnberechtigung",)),
    ("Darf ich in meinem Garten Hühner halten?", ("hühner", "geflügel", "kleintier")),
    ("Wie beantrage ich ein Visum für meine Eltern?", ("visum", "aufenthaltstitel")),
    ("Wo kann ich einen Schuldnerberater sprechen?", ("schuldnerberat",)),
)


def draft_absent(texts: str) -> Iterator[str]:
    """The questions of which no word stands in the town's documents, all of whose text is given in
    small letters."""
    for question, words in _QUESTIONS:
        if not any(word in texts for word in words):
            yield question
