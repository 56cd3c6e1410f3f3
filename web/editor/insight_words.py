"""German names for what the pages on questions and answers show."""

from __future__ import annotations

from core.proposals import State

LANGUAGES = {
    "de": "Deutsch",
    "en": "Englisch",
    "tr": "Türkisch",
    "uk": "Ukrainisch",
    "ru": "Russisch",
    "ar": "Arabisch",
    "fr": "Französisch",
    "pl": "Polnisch",
    "es": "Spanisch",
    "it": "Italienisch",
    "ro": "Rumänisch",
    "fa": "Persisch",
}
STATES = {
    State.DRAFT: ("Entwurf", "plain"),
    State.WAITING: ("wartet auf Freigabe", "warning"),
    State.APPROVED: ("freigegeben", "success"),
    State.REJECTED: ("zurückgegeben", "danger"),
}
STATUSES = {
    "answered": "beantwortet",
    "not_in_documents": "nicht in den Dokumenten",
    "needs_town": "Ort unklar",
    "other_town": "anderer Ort",
    "out_of_scope": "nicht zuständig",
    "refused": "abgelehnt",
    "emergency": "Notfall",
}
MODES = {"curated": "freigegebene Antwort", "extractive": "wörtlich", "generated": "Sprachmodell"}
STEPS = {
    "read": "Frage verstehen",
    "encode": "Frage einbetten",
    "search": "Suchen",
    "pick": "Sätze wählen",
    "check": "Belege prüfen",
    "write": "Mit dem Sprachmodell schreiben",
    "total": "insgesamt",
}
SCORES = {
    "quote_verbatim": "Zitate stehen wörtlich auf der Seite",
    "number_exact": "Zahlen stehen im Zitat",
    "answer_language": "Sprache stimmt",
    "in_time": "in einer Sekunde beantwortet",
}

ACTS = {
    "prepare": "Dokument hochgeladen",
    "publish": "Dokument veröffentlicht",
    "schedule": "Veröffentlichung geplant",
    "discard": "Vorbereitetes verworfen",
    "rollback": "frühere Fassung zurückgeholt",
    "withdraw": "Dokument zurückgezogen",
    "draft_answer": "Antwort entworfen",
    "draft_faq": "Häufige Fragen vorschlagen lassen",
    "draft_text": "Text vom Sprachmodell entwerfen lassen",
    "save_answer": "Antwort geändert",
    "submit_answer": "Antwort zur Freigabe gegeben",
    "answer_approved": "Antwort freigegeben",
    "answer_returned": "Antwort zurückgegeben",
    "answer_withdrawn": "Antwort zurückgezogen",
    "answer_deleted": "Entwurf gelöscht",
    "confirm_answer": "Antwort bestätigt",
    "dismiss_questions": "offene Fragen erledigt",
    "mark_wrong": "Antwort als falsch gemeldet",
    "unmark_wrong": "Meldung zurückgenommen",
    "save_prompt": "Prompt gespeichert",
    "rate_prompt": "Prompt bewertet",
    "delete_prompt": "Prompt gelöscht",
    "save_term": "Begriff im Glossar gespeichert",
    "delete_term": "Begriff aus dem Glossar gelöscht",
    "ingest": "Ordner eingelesen",
    "ingest_stage": "Ordner vorbereitet",
    "sign_in": "angemeldet",
    "sign_in_failed": "vergeblich angemeldet",
    "sign_out": "abgemeldet",
    "person_add": "Konto angelegt",
    "role_give": "Rolle gegeben",
    "role_take": "Rolle genommen",
    "person_disable": "Konto gesperrt",
    "person_enable": "Konto geöffnet",
    "password_set": "Passwort geändert",
    "password_reset": "Passwort zurückgesetzt",
    "download_audit": "Protokoll heruntergeladen",
}
DETAILS = {
    "via": "über",
    "version": "Fassung",
    "day": "ab",
    "reason": "Grund",
    "file": "Datei",
    "question": "Frage",
    "edition": "Bearbeitung",
    "documents": "Dokumente",
    "count": "Anzahl",
    "dropped": "verworfen",
    "kind": "Art",
    "shared": "für alle",
    "stars": "Sterne",
    "role": "Rolle",
    "roles": "Rollen",
    "town": "Ort",
    "only_by": "nur von",
    "only_act": "nur",
    "added": "neu",
    "updated": "geändert",
    "unchanged": "unverändert",
    "withdrawn": "zurückgezogen",
    "failed": "nicht gelesen",
}
DRAFTS = {
    "draft_reply": "Antwort",
    "draft_notice": "Bekanntmachung",
    "essentials": "Wesentliches",
    "changes": "Änderungen",
}


def language_name(code: str) -> str:
    """A language's German name; the code of one that is not served."""
    return LANGUAGES.get(code, code)
