"""Patterns for sentences that allow, demand or name: may I, must I, where, who, what is it."""

from __future__ import annotations

import re

from eval.drafting.clauses import FINITE, Clause, ask, lower_first, parse_clause, tidy
from eval.drafting.words import MEASURE, MONEY, Found, cut
from eval.questions import QuestionKind


def ask_where(clause: Clause) -> Found | None:
    """ "Die Abholung ist bei der Abfallwirtschaft anzumelden." """
    office = r"\w*(?:[Aa]mt|[Bb]üro|[Ss]telle|[Kk]asse|[Vv]erwaltung|[Bb]ehörde|[Ww]irtschaft|hof)"
    found = re.search(
        rf"(?:beim|im|bei der|in der|auf dem|an das|an die) {office}(?:s|es)?(?: [A-Z]\w+)?"
        r"(?: (?:oder|und|sowie) (?:beim|im|bei der|in der|auf dem) [A-Z]\w+)?(?= |$)",
        clause.rest,
    )
    acts = r"(?:zu \w+en|\w+zu\w+en|erhältlich|beantragt werden|gestellt werden|abgegeben werden)$"
    is_done = re.search(acts, clause.rest) or re.search(r"^Sie\b", clause.rest)
    if found is None or not is_done or "," in clause.rest:
        return None
    opening = "Wohin" if found[0].startswith("an ") else "Wo"
    if opening == "Wohin":
        return None
    return QuestionKind.FACT, ask(opening, clause, cut(clause.rest, found)), ()


def ask_may(clause: Clause) -> Found | None:
    """ "Gartenabfälle dürfen nicht verbrannt werden.", "… bedarf der Erlaubnis.": yes or no."""
    if re.search(rf"\bnur\b|\berst\b|{MEASURE}|{MONEY}", clause.rest):
        return None
    if len(re.findall(r"\b(?:nicht|keine?[nmrs]?)\b", clause.rest)) > 1:
        return None
    needed = re.match(
        r"(?:der|einer) (?:vorherigen |schriftlichen )*(?P<what>Erlaubnis|Genehmigung"
        r"|Zustimmung|Zulassung|Bewilligung)",
        clause.rest,
    )
    if clause.verb in ("bedarf", "bedürfen") and needed and clause.front and not clause.is_fronted:
        need = "Braucht" if clause.verb == "bedarf" else "Brauchen"
        if re.match(r"(?:Die|Das|Eine) (?!\w+(?:en|er)\b [A-Z])", clause.front):
            question = f"Braucht man für {lower_first(clause.front)} eine {needed['what']}?"
        else:
            question = f"{need} {lower_first(clause.front)} eine {needed['what']}?"
        return QuestionKind.FACT, question, ()
    is_bound = clause.verb in ("darf", "dürfen", "muss", "müssen")
    is_denied = clause.verb in ("wird", "werden") and re.search(
        r"\bnicht (?:mehr )?(?:erhoben|erstattet|gewährt|ausgestellt|angenommen)$", clause.rest
    )
    if not clause.front or (clause.front == "man" and not clause.condition):
        return None
    if is_bound or is_denied:
        left = re.sub(r"\b(?:nicht (?:mehr )?|ebenfalls |auch |keine )", "", clause.rest, count=2)
        return QuestionKind.FACT, ask("", clause, left), ()
    return None


def ask_forbidden(sentence: str) -> Found | None:
    """ "Es ist verboten, …", "Das Füttern von Tauben ist verboten.": is it allowed."""
    if found := re.fullmatch(
        r"Es ist (?:verboten|untersagt|nicht (?:gestattet|erlaubt)), (?P<what>(?!sie |es |ihn ).+)",
        sentence,
    ):
        return QuestionKind.FACT, f"Ist es erlaubt, {found['what']}?", ()
    clause = parse_clause(sentence)
    if clause is None or clause.verb not in ("ist", "sind") or clause.condition:
        return None
    found = re.fullmatch(
        r"(?P<left>.*?) ?(?:verboten|untersagt|(?:nicht )?(?:gestattet|erlaubt|zulässig|möglich)"
        r"|unzulässig)",
        clause.rest,
    )
    if found is None or "nur" in found["left"].split() or "," in found["left"]:
        return None
    able = "möglich" if clause.rest.endswith("möglich") else "erlaubt"
    return QuestionKind.FACT, ask("", clause, f"{found['left']} {able}"), ()


def ask_who(sentence: str) -> Found | None:
    """ "Steuerschuldner ist, wer den Hund hält.", "Einen Ausweis erhält, wer …": who."""
    found = re.match(
        rf"(?P<what>[A-ZÄÖÜ][^,]{{2,80}}?) (?P<verb>{FINITE})(?P<more> [^,]+)?, wer\b", sentence
    ) or re.match(
        r"(?P<what>[A-ZÄÖÜ]\w*(?:schuldner|verpflichteter?|pflichtiger?)\w*"
        r"(?: (?:oder|und) \w+schuldner\w*)?) (?P<verb>ist|sind)(?P<more>) (?:der|die|das|jede)",
        sentence,
    )
    if found is None or re.match(r"Ordnungswidrig|Zuständig|Nicht|Als", found["what"]):
        return None
    more = found["more"] or ""
    verb = {"sind": "ist"}.get(found["verb"], found["verb"])
    what = lower_first(found["what"])
    if re.fullmatch(r"\w+(?:ig|lich|bar|t)", what):  # "Beitragspflichtig ist, wer …"
        what = what.lower()
    return QuestionKind.FACT, tidy(f"Wer {verb} {what}{more}") + "?", ()


def ask_what(sentence: str) -> Found | None:
    """ "Restmüll ist der Abfall, der …": what is it."""
    found = re.match(
        r"(?P<what>[A-ZÄÖÜ][\wäöüß-]{4,}) (?P<verb>ist|sind) (?:der|die|das|ein|eine|alle|solche)\b"
        r"(?=.{25})(?! \w+ (?:an|zu)\w*\b)",
        sentence,
    )
    if found is None or re.search(r"(?:zu \w+en|\w+zu\w+en|\wt|werden)$", sentence):
        return None
    official = r"schuldner|pflicht|zuständig|gegenstand|maßstab|zeitraum|(?:lich|ig|bar)$"
    if re.search(official, found["what"], re.IGNORECASE):
        return None
    return QuestionKind.FACT, f"Was {found['verb']} {found['what']}?", ()
