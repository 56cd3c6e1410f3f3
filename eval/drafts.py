"""An evaluation set drafted from the documents in the index, for a person to review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from rich.console import Console

from core.errors import UsageError
from core.languages import SUPPORTED
from core.settings import Settings
from core.store import Store
from eval.dataset import follow, open_standing
from eval.decisions import load_decisions, load_set, save_set
from eval.drafting.lists import draft_lists
from eval.drafting.model import DraftingModel, ModelRefused, ask_for_drafts, connect
from eval.drafting.rows import (
    Place,
    absent_rows,
    asked_of,
    asked_places,
    by_kind,
    in_turn,
    make_row,
    mix_in,
)
from eval.drafting.sentences import draft_sentence
from eval.drafting.topics import place_question, topic_of
from eval.drafting.words import Draft
from eval.questions import SetRow, packed

PER_PASSAGE = 3  # drafts by patterns, so that one long table does not fill a set
STOP_AFTER = 3  # requests in a row that the model's server did not answer

SHORTEST_PASSAGE = 40  # characters that a model is asked about


@dataclass(frozen=True, slots=True)
class Drafts:
    """The new rows, and what failed, in a sentence each."""

    rows: Sequence[SetRow]
    failures: Sequence[str] = ()


def make_set(
    path: Path,
    settings: Settings,
    limit: int,
    languages: Sequence[str] = ("de",),
    console: Console | None = None,
) -> int:
    """Adds at most `limit` new drafts to a set, which is begun where there is none, by the language
    model of the settings or, without one, by patterns. What stands in the set stays as it is, and
    what a person has dropped stays away. Prints what was done; returns the exit code, 1 where the
    model failed and nothing was drafted.

    Raises IndexEmpty, SetInvalid, SettingInvalid, UsageError for languages that are not served or
    need a model, and what `open_standing` raises.
    """
    console = console or Console()
    _check_languages(languages, settings)
    standing = load_set(path)
    known = {row.id for row in standing} | set(load_decisions(path))

    def keep(rows: Sequence[SetRow]) -> None:
        """Adds what is new to the set as it stands now: it may be under review meanwhile."""
        current = load_set(path)
        there = {row.id for row in current} | set(load_decisions(path))
        save_set(path, [*current, *(row for row in rows if row.id not in there)])

    if settings.llm_base_url:
        with connect(settings) as model, open_standing(settings) as store:
            drafts = draft_by_model(store, model, limit, languages, known, standing, keep)
    else:
        with open_standing(settings) as store:
            drafts = Drafts(draft_by_patterns(store, limit, known))
        if drafts.rows:
            keep(drafts.rows)
    for line in (*drafts.failures, _summary(path, len(drafts.rows), len(standing))):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 1 if drafts.failures and not drafts.rows else 0


def draft_by_patterns(
    store: Store, limit: int, known: Collection[str] = (), today: date | None = None
) -> list[SetRow]:
    """At most `limit` rows whose ids are not known yet, evenly over documents and kinds, among them
    some questions that no document answers. What two passages would answer differently is left
    out. Raises IndexEmpty."""
    today = today or date.today()
    by_document: dict[str, list[tuple[int, SetRow]]] = defaultdict(list)
    asked: Counter[object] = Counter()
    for place in follow(asked_places(store), "Drafting questions"):
        drafts = draft_passage(place)
        rows = [make_row(place, draft, {"de": draft.question}, today) for draft in drafts]
        asked.update(asked_of(row) for row in rows)
        rows.sort(key=lambda row: row.id)  # of a long table, any rows
        by_document[place.document.id] += enumerate(rows[:PER_PASSAGE])
    queues = [
        by_kind([row for _, row in sorted(ranked, key=lambda pair: (pair[0], pair[1].id))])
        for ranked in by_document.values()
    ]
    drafted = (row for row in in_turn(queues) if asked[asked_of(row)] == 1)
    new = {row.id: row for row in mix_in(drafted, absent_rows(store, today)) if row.id not in known}
    return list(islice(new.values(), limit))


def draft_by_model(
    store: Store,
    model: DraftingModel,
    limit: int,
    languages: Sequence[str] = ("de",),
    known: Collection[str] = (),
    standing: Iterable[SetRow] = (),
    keep: Callable[[Sequence[SetRow]], None] | None = None,
    today: date | None = None,
) -> Drafts:
    """At most `limit` rows from a language model whose ids are not known yet, one request for each
    passage that no standing row rests on, evenly over documents. `keep` is called with all new rows
    whenever there are more. A passage on which the model fails is named and left; where it does not
    answer at all, the rest is not asked. Raises IndexEmpty."""
    today = today or date.today()
    rows: list[SetRow] = []
    failures: list[str] = []
    taken, silent = set(known), 0
    for place in follow(_spread(asked_places(store), standing), "Asking the language model"):
        where = ", ".join(filter(None, (place.document.id, place.passage.section)))
        try:
            answered = ask_for_drafts(model, place.document.title, place.passage, languages)
        except ModelRefused as error:
            failures.append(f"{where}: {error}.")
            silent = silent + 1 if error.is_silent else 0
            if silent == STOP_AFTER:
                failures.append("The other passages were not asked about.")
                break
            continue
        silent = 0
        failures += [f"{where}: {reason}." for reason in answered.refused]
        made = (make_row(place, draft, asked, today) for draft, asked in answered.drafts)
        new = {row.id: row for row in made if row.id not in taken}
        taken |= set(new)
        rows += islice(new.values(), limit - len(rows))
        if new and keep:
            keep(rows)
        if len(rows) >= limit:
            break
    return Drafts(rows, failures)


def draft_passage(place: Place) -> list[Draft]:
    """The drafts of a passage by patterns, each question once and with what it is about."""
    passage, topic = place.passage, topic_of(place.document)
    is_formal = not passage.section.startswith(("§", "Art"))
    lines = [passage.quote(sentence) for sentence in passage.sentences]
    sentences = (draft for line in lines if (draft := draft_sentence(line, is_formal)))
    drafts: dict[str, Draft] = {}
    for draft in (*draft_lists(passage), *sentences):
        if question := place_question(draft.question, topic, passage.heading):
            drafts.setdefault(question, replace(draft, question=question))
    return list(drafts.values())


def _spread(places: Iterable[Place], standing: Iterable[SetRow]) -> list[Place]:
    """The passages that a model is asked about, those of each document in turn: they are long
    enough, and no row rests on them yet."""
    quotes: dict[str, set[str]] = defaultdict(set)
    for source in (source for row in standing for source in row.sources):
        quotes[source.document_id].add(packed(source.quote))
    by_document: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        text = packed(place.passage.text)
        is_new = not any(quote in text for quote in quotes[place.document.id])
        if is_new and len(place.passage.text) > SHORTEST_PASSAGE:
            by_document[place.document.id].append(place)
    own = (sorted(queue, key=lambda place: place.passage.id) for queue in by_document.values())
    return list(in_turn(own))


def _check_languages(languages: Sequence[str], settings: Settings) -> None:
    if unknown := [code for code in languages if code not in SUPPORTED]:
        raise UsageError(f"Questions are asked in {', '.join(SUPPORTED)}, not in {unknown[0]}.")
    others = [code for code in languages if code != "de"]
    if others and not settings.llm_base_url:
        raise UsageError(
            f"Patterns make German questions only; for {', '.join(others)} set "
            "AUSKUNFT_LLM_BASE_URL and AUSKUNFT_LLM_MODEL."
        )


def _summary(path: Path, added: int, standing: int) -> str:
    if not added:
        return f"Nothing new was drafted; {path} has {standing} questions."
    return (
        f"{added} new questions in {path}, which had {standing} before. Look through them with "
        f"`python -m eval review {path}`."
    )
