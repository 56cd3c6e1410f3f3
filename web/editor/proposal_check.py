"""Whether a proposal can become an approved answer, said in German."""

from __future__ import annotations

from core.entries import is_source, name_source, read_sources
from core.errors import ProposalUnfit
from core.proposals import Proposal, Wording
from ingest.approved_text import reads_as_written

LONGEST_QUESTION, LONGEST_ANSWER, MOST_SOURCES = 300, 4000, 10  # characters, and how many


def check_fit(proposal: Proposal) -> None:
    """Raises ProposalUnfit, with what to do, where a proposal cannot become an approved answer."""
    if not proposal.own.is_whole:
        raise ProposalUnfit("Es fehlt die Frage oder die Antwort auf Deutsch.")
    if len(proposal.sources) > MOST_SOURCES:
        raise ProposalUnfit(f"Mehr als {MOST_SOURCES} Quellen sind zu viele.")
    for code, wording in proposal.wordings.items():
        _check_wording(code, wording)
    for source in proposal.sources:
        if read_sources(f"Quelle: {name_source(source)}") != (source,):
            raise ProposalUnfit(
                f"„{source}“ lässt sich nicht als Quelle nennen. Wählen Sie eine andere Stelle."
            )
    if not reads_as_written(proposal):
        raise ProposalUnfit(
            "Der Text enthält Zeichen, die als Überschrift oder Quelle gelesen würden. "
            "Schreiben Sie ihn in einfachen Absätzen und Listen."
        )


def _check_wording(code: str, wording: Wording) -> None:
    if bool(wording.question) != bool(wording.answer):
        raise ProposalUnfit(f"In der Sprache „{code}“ fehlt die Frage oder die Antwort.")
    if len(wording.question) > LONGEST_QUESTION or len(wording.answer) > LONGEST_ANSWER:
        raise ProposalUnfit(
            f"In der Sprache „{code}“ ist der Text zu lang: höchstens {LONGEST_QUESTION} Zeichen "
            f"für die Frage und {LONGEST_ANSWER} für die Antwort."
        )
    if any(is_source(line) for line in wording.answer.split("\n")):
        raise ProposalUnfit(
            "Eine Zeile beginnt mit „Quelle:“. Nehmen Sie sie aus dem Text und kreuzen Sie die "
            "Quelle unten an."
        )
