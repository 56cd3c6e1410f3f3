"""What publishing the prepared versions would do: what changed in each, what looks like a mistake,
what other documents still say, and which answers change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.asked import most_asked
from core.types import Document, Reading
from core.versions import Staged, Version
from ingest.difference_types import Difference
from ingest.differences import compare_sections, difference_json
from ingest.repeals import find_repeals, warn_of_repealed
from ingest.values import find_values
from ingest.version_warnings import warn_about
from service.conflicts import ChangedValue, conflict_json, find_conflicts
from service.preview import Progress, changed_answer_json, changed_answers
from service.preview_questions import approved_questions, evaluation_questions, often_asked
from service.scopes import meeting_scopes
from web.documents import staged_json

if TYPE_CHECKING:
    from core.settings import Settings
    from core.store import Store

Json = dict[str, Any]
OFTEN_ASKED = 100  # questions of citizens, where they are kept


def preview_json(
    store: Store,
    settings: Settings,
    questions: Path | None,
    languages: Sequence[str] | None,
    progress: Progress | None = None,
) -> Json:
    """The preview of everything that is prepared. The questions of approved entries are asked,
    those that citizens ask most, and those of the set `questions`, in all its languages or in some.
    Raises QuestionSetInvalid."""
    asked = list(approved_questions(store))
    if questions:
        asked += evaluation_questions(questions, languages)
    for often in most_asked(store.registry.engine, OFTEN_ASKED):
        asked += often_asked([often.text], often.town or None)
    answers = changed_answers(store, settings, asked, progress)
    return {
        "documents": [_document_json(store, staged) for staged in store.registry.staged()],
        "questions_asked": len(asked),
        "answers": [changed_answer_json(changed) for changed in answers],
    }


def _document_json(store: Store, staged: Staged) -> Json:
    """One prepared version against the one before, and what other documents say."""
    difference, found = compare_staged(store, staged)
    if difference is None:
        return found
    return found | {"conflicts": _conflicts(store, staged.publication.version.document, difference)}


def compare_staged(store: Store, staged: Staged) -> tuple[Difference | None, Json]:
    """One prepared version against the one that it follows or takes the place of, as it is and as
    JSON, with what looks like a mistake; None where none stands."""
    version = staged.publication.version
    last = store.registry.version_before(version.document)
    after = _reading(version, staged.publication.sections)
    repeals = find_repeals(version.document, after.sections)
    warnings = [*version.warnings, *warn_of_repealed(store.registry, version.document, repeals)]
    if last is None:
        return None, staged_json(staged) | {"diff": None, "warnings": warnings}
    sections = store.registry.sections(version.document.id, last.number) or ()
    difference = compare_sections(sections, after.sections, version.document.language)
    found = warn_about(
        last.document, version.document, difference, _reading(last, sections), after, date.today()
    )
    return difference, staged_json(staged) | {
        "replaces": last.number,
        "diff": difference_json(difference),
        "warnings": [*warnings, *found],
    }


def _reading(version: Version, sections: tuple[Any, ...]) -> Reading:
    return Reading(sections, version.page_count, version.unreadable_pages, version.warnings)


def _conflicts(store: Store, document: Document, difference: Difference) -> list[Json]:
    changed = [
        ChangedValue(
            document,
            change.sentence_before,
            change.value.before.text,
            change.value.before.meaning,
            change.value.after.text if change.value.after else None,
        )
        for change in difference.values
        if change.value.before
    ]
    places = [version.document.jurisdiction for version in store.registry.standing()]
    day = max(date.today(), document.valid_from or date.today())
    found = find_conflicts(
        store,
        changed,
        meeting_scopes(document.jurisdiction, places),
        day,
        lambda text: {value.meaning for value in find_values(text)},
    )
    return [conflict_json(conflict) for conflict in found]
