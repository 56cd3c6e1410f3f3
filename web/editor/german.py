"""What the core says of documents in English, as editors read it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import (
    AuskunftError,
    DocumentDuplicate,
    DocumentEmpty,
    DocumentProtected,
    DocumentReserved,
    DocumentTooLarge,
    DocumentTypeUnknown,
    DocumentUnknown,
    DocumentUnreadable,
    IndexFailure,
    MetadataInvalid,
    RegistryUnreachable,
    StageChanged,
    StageOutdated,
    StorageFull,
    VersionUnknown,
    WriterBusy,
)
from service.preview_questions import QuestionSetInvalid
from web.editor.rights import ApprovalMissing, ApproverMissing, DocumentForeign

_ERRORS: tuple[tuple[type[AuskunftError], str], ...] = (  # the narrower one first
    (DocumentForeign, "Dieses Dokument gehört zu einem Ort, für den Sie keine Rechte haben."),
    (
        ApproverMissing,
        "In diesem Dokument stehen freigegebene Antworten. Das darf deshalb nur eine Person "
        "mit der Rolle Freigabe für diesen Ort.",
    ),
    (
        DocumentReserved,
        "Kennungen, die mit „freigegebene-antworten“ beginnen, sind für die Antworten, die hier "
        "geschrieben und freigegeben werden. Geben Sie dem Dokument eine andere.",
    ),
    (
        ApprovalMissing,
        "In diesem Dokument stehen freigegebene Antworten. Veröffentlichen darf es nur eine zweite "
        "Person: jemand mit der Rolle Freigabe für diesen Ort, der es nicht hochgeladen hat.",
    ),
    (
        DocumentProtected,
        "Das PDF ist mit einem Passwort geschützt. Speichern Sie es ohne Passwort.",
    ),
    (DocumentTooLarge, "Die Datei ist zu groß oder zu aufwendig zu lesen. Teilen Sie sie auf."),
    (DocumentEmpty, "In der Datei steht kein Text."),
    (
        DocumentTypeUnknown,
        "Diese Art von Datei wird nicht gelesen. "
        "Es gehen .pdf, .docx, .xml, .md, .html und .zip (mit einem Gesetz).",
    ),
    (MetadataInvalid, "Die Angaben zum Dokument stimmen nicht. Prüfen Sie sie."),
    (
        DocumentDuplicate,
        "Zwei Dateien haben dieselbe Kennung. "
        "Laden Sie die zweite einzeln hoch, mit eigener Kennung.",
    ),
    (
        DocumentUnreadable,
        "Die Datei ist beschädigt oder nicht das, was ihr Name sagt. Speichern Sie sie neu.",
    ),
    (DocumentUnknown, "Dieses Dokument gibt es nicht, oder für es ist nichts vorbereitet."),
    (
        QuestionSetInvalid,
        "Die Datei mit den Prüffragen (AUSKUNFT_EVALUATION_SET) ist nicht lesbar. "
        "Sagen Sie der Technik Bescheid.",
    ),
    (VersionUnknown, "Diese Fassung gibt es nicht, oder sie gilt schon."),
    (
        StageChanged,
        "Inzwischen hat jemand etwas anderes für dieses Dokument vorbereitet. "
        "Sehen Sie es sich an und entscheiden Sie dann.",
    ),
    (
        StageOutdated,
        "Inzwischen wurde eine andere Fassung dieses Dokuments veröffentlicht, "
        "oder es wurde zurückgezogen. "
        "Laden Sie Ihre Datei noch einmal hoch, oder verwerfen Sie das Vorbereitete.",
    ),
    (
        WriterBusy,
        "Gerade wird an anderer Stelle geschrieben, zum Beispiel ein großer Upload gelesen. "
        "Versuchen Sie es in einer Minute noch einmal.",
    ),
    (StorageFull, "Der Speicher des Servers ist voll. Nichts Veröffentlichtes ging verloren."),
    (IndexFailure, "Der Index ist gerade nicht erreichbar. Sagen Sie der Technik Bescheid."),
    (RegistryUnreachable, "Die Datenbank ist nicht erreichbar. Sagen Sie der Technik Bescheid."),
)
_FALLBACK = "Das hat nicht geklappt. Versuchen Sie es noch einmal."
_DAY = r"(\d{4})-(\d\d)-(\d\d)"
_PAGES = r"Pages? (\d[\d, andto]*)"
_WARNINGS: tuple[tuple[str, str], ...] = (
    (r"Page (\d+) gives orders to a language model; they were left out: (.*)",
     r"Auf Seite \1 stehen Anweisungen an ein Sprachmodell; sie wurden weggelassen: \2"),
    (r"The text gives orders to a language model; they were left out: (.*)",
     r"Im Text stehen Anweisungen an ein Sprachmodell; sie wurden weggelassen: \1"),
    (_PAGES + r" (?:has|have) text that people cannot see; it was left out: (.*)",
     r"Auf Seite \1 steht Text, den Menschen nicht sehen; er wurde weggelassen: \2"),
    (r"It has (\d+) sections?, the version before has (\d+)\.",
     r"Diese Fassung hat \1 Abschnitte, die vorige \2."),
    (r"It has (\d+)% of the text of the version before\.",
     r"Diese Fassung hat nur \1 % des Textes der vorigen."),
    (rf"It is as of {_DAY}, older than the version before \({_DAY}\)\.",
     r"Der Stand ist \3.\2.\1, älter als bei der vorigen Fassung (\6.\5.\4)."),
    (rf"{_PAGES} cannot be read\.", r"Nicht lesbar: Seite \1."),
    (r"The text is the same as in the version before\.",
     "Der Text ist derselbe wie in der vorigen Fassung."),
    (rf"The text changed, but it is said to be in force since {_DAY}\.",
     r"Der Text hat sich geändert, soll aber schon seit \3.\2.\1 gelten."),
    (rf"It is in force from {_DAY}, the version before only from {_DAY}\.",
     r"Diese Fassung gilt ab \3.\2.\1, die vorige erst ab \6.\5.\4."),
    (rf"The text enters into force on {_DAY}; its metadata say {_DAY}\.",
     r"Laut Text tritt sie am \3.\2.\1 in Kraft, laut Angaben am \6.\5.\4."),
    (rf"The text is in force until {_DAY}; its metadata say {_DAY}\.",
     r"Laut Text gilt sie bis \3.\2.\1, laut Angaben bis \6.\5.\4."),
    (rf"The text enters into force on {_DAY}, after its metadata's end, {_DAY}\.",
     r"Laut Text tritt sie am \3.\2.\1 in Kraft, nach dem angegebenen Ende (\6.\5.\4)."),
    (rf"The text ends on {_DAY}, before its metadata's beginning, {_DAY}\.",
     r"Laut Text endet sie am \3.\2.\1, vor dem angegebenen Beginn (\6.\5.\4)."),
    (r"It amends another text and names no clear day; valid_from has to say it\.",
     "Das ist eine Änderung, die keinen klaren Tag nennt. Tragen Sie „Gilt ab“ ein."),
    (rf"The text names {_DAY} as a day of entry into force, but would answer before it; .+",
     r"Laut Text tritt etwas am \3.\2.\1 in Kraft, er würde aber schon vorher antworten. Gilt der "
     r"Text erst von da an, tragen Sie „Gilt ab“ ein oder veröffentlichen Sie ihn zu diesem Tag."),
    (rf"It repeals “(.+)” \((.+)\), which goes on answering; set valid_to there \(to {_DAY}\), .+",
     r"Laut Text tritt „\1“ (\2) außer Kraft; es antwortet aber weiter. Tragen Sie dort „Gilt bis“ "
     r"ein (\5.\4.\3), oder ziehen Sie es zurück, sobald es nicht mehr gilt."),
    (r"It repeals “(.+)” \((.+)\), which goes on answering; .+",
     r"Laut Text tritt „\1“ (\2) außer Kraft; es antwortet aber weiter. Tragen Sie dort „Gilt bis“ "
     "ein, oder ziehen Sie es zurück, sobald es nicht mehr gilt."),
    (r"The same file stands already as (.+)\.", r"Dieselbe Datei gibt es schon als „\1“."),
    (r"The file has tracked changes; it was read as if all of them were accepted\.",
     "Die Datei enthält Änderungsmarken; sie gelten beim Lesen als angenommen."),
    (rf"{_PAGES} (?:has|have) no text layer; install .+",
     r"Seite \1 ist nur ein Bild und konnte nicht gelesen werden."),
    (rf"{_PAGES} (?:is|are) scanned and took too long to read; .+",
     r"Seite \1 ist nur ein Bild; sie zu lesen dauerte zu lange."),
    (rf"{_PAGES} (?:has|have) a text layer that reads worse than the picture; .+",
     r"Seite \1 wurde vom Bild gelesen, da der Text in der Datei schlechter ist."),
    (rf"{_PAGES} (?:is|are) recognised with low confidence \((.+)\); .+",
     r"Seite \1 wurde unsicher erkannt (\2). Vergleichen Sie mit dem Original."),
    (rf"{_PAGES} (?:is|are) damaged and could not be read\.",
     r"Seite \1 ist beschädigt und nicht lesbar."),
    (r"“(.+)” was left out: the language (.+) is not known\.",
     r"„\1“ fehlt: Die Sprache „\2“ ist unbekannt."),
    (r"“(.+)” was left out: its entry has no answer to translate\.",
     r"„\1“ fehlt: Der Eintrag hat keine Antwort."),
    (r"It amends another text and names no clear day; .+",
     "Das Dokument ändert ein anderes und nennt keinen klaren Tag. "
     "Sagen Sie beim Hochladen, ab wann es gilt."),
    (r"The texts in (.+) were left out\.",
     r"Die Texte in diesen Sprachen fehlen: \1."),
    (r"The file does not say what these are: (.+)\.",
     r"Die Datei sagt nicht, was dies ist: \1."),
    (r"It was withdrawn and stays so; .+",
     "Das Dokument wurde zurückgezogen und bleibt es. "
     "Soll es wieder gelten, öffnen Sie es und lassen Sie eine Fassung wieder gelten."),
    (r"It was discarded and stays so; .+",
     "Das Vorbereitete wurde verworfen und bleibt es. "
     "Soll es doch gelten, laden Sie die Datei hoch und veröffentlichen Sie sie."),
    (r"It is again what it was before; what was prepared from it is forgotten\.",
     "Die Datei ist wieder die alte. Was aus ihr vorbereitet war, ist vergessen."),
    (r"“(.+)” is no document's id or title: nothing stops the approved answer to “(.+)” when .+",
     r"„\1“ ist weder Kennung noch Titel eines Dokuments: Ändert sich diese Quelle, ruht die "
     r"freigegebene Antwort auf „\2“ nicht."),
    (r"“(.+)” may be any of (.+): nothing stops the approved answer to “(.+)” when .+",
     r"„\1“ kann mehrere Dokumente meinen (\2). Nennen Sie eines mit seiner Kennung: Sonst ruht "
     r"die freigegebene Antwort auf „\3“ nicht, wenn sich diese Quelle ändert."),
    (rf"The approved answer (.+) does not answer from {_DAY} on: .+",
     r"Die freigegebene Antwort „\1“ ruht ab \4.\3.\2."),
    (r"The approved answer (.+?) does not answer: .+", r"Die freigegebene Antwort „\1“ ruht."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words for an editor, and their language where they are not German; `detail`: what the core
    says beyond them, in English."""

    text: str
    language: str = "de"
    detail: str = ""


def error_sentence(error: AuskunftError) -> Sentence:
    """An error as editors read it."""
    text = next((said for kind, said in _ERRORS if isinstance(error, kind)), _FALLBACK)
    is_particular = str(error) != (type(error).__doc__ or "").strip()
    return Sentence(text, detail=str(error) if is_particular else "")


def warning_sentence(warning: str) -> Sentence:
    """A warning as editors read it; one that is not known here stays in English."""
    for pattern, said in _WARNINGS:
        if found := re.fullmatch(pattern, warning):
            text = found.expand(said)
            if pattern.startswith(_PAGES):
                text = text.replace(found[1], _german_list(found[1]), 1)
            return Sentence(text)
    return Sentence(warning, "en")


def _german_list(text: str) -> str:
    """A list of page numbers, "1 to 5 and 9", in German."""
    return text.replace(" to ", " bis ").replace(" and ", " und ")
