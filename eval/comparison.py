"""Two runs beside each other: what became of the figures, the answers and the documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from core.types import Status
from eval.cases import excerpt
from eval.runs import Row, Run, RunHead
from eval.statistics import (
    ABSTENTION,
    Difference,
    Latency,
    Verdict,
    differences_of,
    latency_of,
    metric_names,
    row_score,
    scores_of,
)

NOTICED = 0.02  # how far a score must move for an answer to count as better or worse
SHOWN = 10  # answers in the terminal
_COLOURS = {Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.UNCLEAR: "dim"}


@dataclass(frozen=True, slots=True)
class RowChange:
    """An answer whose score (`statistics.row_score`) moved; `moved` are the metrics that did, with
    the value before and after."""

    id: str
    language: str
    kind: str
    question: str
    before: float
    after: float
    status_before: Status
    status_after: Status
    moved: Mapping[str, tuple[float, float]]

    @property
    def is_worse(self) -> bool:
        """Whether it got worse, not better."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that has another version, the first of another index maybe, or stands in one run
    only (the other's is None)."""

    id: str
    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two runs, over the `rows` that both have: the figures overall and by
    language, answers that got worse and better (the furthest first), and documents.

    `touched` are the answers that rest on documents that changed, by question and language.
    `only_before` and `only_after` count rows of one run, `reworded` those whose question changed;
    all these are left out. `significant` of so many `compared` figures changed.
    """

    before: RunHead
    after: RunHead
    rows: int
    only_before: int
    only_after: int
    reworded: int
    overall: Mapping[str, Difference]
    by_language: Mapping[str, Mapping[str, Difference]]
    compared: int
    significant: int
    latency: tuple[Latency | None, Latency | None]
    worse: tuple[RowChange, ...]
    better: tuple[RowChange, ...]
    documents: tuple[DocumentChange, ...]
    touched: frozenset[tuple[str, str]]


def compare_runs(before: Run, after: Run) -> Comparison:
    """What changed from one run to another, over the questions that both have with the same words,
    day and wanted ending."""
    old = {row.key: row for row in before.rows}
    new = {row.key: row for row in after.rows}
    both = [(old[key], row) for key, row in new.items() if key in old]
    pairs = [pair for pair in both if _is_same_question(*pair)]
    names = metric_names(row for pair in pairs for row in pair)
    by_language: dict[str, list[tuple[Row, Row]]] = {}
    for pair in pairs:
        by_language.setdefault(pair[0].language, []).append(pair)
    changes = _by_distance(change for pair in pairs if (change := row_change(*pair)))
    overall = differences_of(pairs, names)
    parts = {language: differences_of(part, names) for language, part in by_language.items()}
    documents = tuple(_document_changes(before.head, after.head))
    changed = {document.id for document in documents}
    compared = [d for part in (overall, *parts.values()) for d in part.values() if d.rows]
    return Comparison(
        before=before.head,
        after=after.head,
        rows=len(pairs),
        only_before=len(old.keys() - new.keys()),
        only_after=len(new.keys() - old.keys()),
        reworded=len(both) - len(pairs),
        overall=overall,
        by_language=parts,
        compared=len(compared),
        significant=sum(difference.is_significant for difference in compared),
        latency=(latency_of([row for row, _ in pairs]), latency_of([row for _, row in pairs])),
        worse=tuple(change for change in changes if change.is_worse),
        better=tuple(change for change in changes if not change.is_worse),
        documents=documents,
        touched=frozenset(
            new.key for old, new in pairs if changed & (_documents(old) | _documents(new))
        ),
    )


def row_change(old: Row, new: Row) -> RowChange | None:
    """What became of an answer, over the metrics that both rows have; None where nothing that
    counts, or where the question is another."""
    if not _is_same_question(old, new):
        return None
    was, now = scores_of(old), scores_of(new)
    shared = {
        name: (a, b)
        for name, a in was.items()
        if name not in ABSTENTION and a is not None and (b := now.get(name)) is not None
    }
    before, after = (row_score(row, shared) for row in (old, new))
    if abs(after - before) < NOTICED:
        return None
    moved = {name: pair for name, pair in shared.items() if abs(pair[1] - pair[0]) >= NOTICED}
    return RowChange(
        id=new.id,
        language=new.language,
        kind=new.kind,
        question=new.question,
        before=before,
        after=after,
        status_before=old.status,
        status_after=new.status,
        moved=moved,
    )


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Prints the figures before and after, the changes by language, and the answers that moved
    furthest."""
    heads = comparison.before, comparison.after
    named = " → ".join(f"{head.name} ({head.made:%Y-%m-%d %H:%M}, {head.commit})" for head in heads)
    lines = [named, f"{comparison.rows} answers that both have.", *notes(comparison)]
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    console.print(_overall_table(comparison))
    by_language = _language_table(comparison)
    if by_language.rows:
        console.print(by_language)
    for name, changes in (("worse", comparison.worse), ("better", comparison.better)):
        answers = "answer" if len(changes) == 1 else "answers"
        console.print(f"{len(changes)} {answers} got {name}.", style="bold")
        for change in changes[:SHOWN]:
            console.print(_written(change), markup=False, highlight=False, soft_wrap=True)


def notes(comparison: Comparison) -> list[str]:
    """What to know before reading the figures, in sentences: rows left out, documents that changed,
    and how many changes chance alone would show."""
    of, found = comparison, []
    if of.before.questions_digest != of.after.questions_digest:
        found.append(
            f"The set changed: {of.only_before} answers stand only in the earlier run, "
            f"{of.only_after} only in the later, and {of.reworded} are to a changed question."
        )
    elif of.only_before or of.only_after:
        found.append(
            f"Left out: {of.only_before} answers that stand only in the earlier run and "
            f"{of.only_after} that stand only in the later."
        )
    if of.before.model != of.after.model:
        found.append(f"The embedding model changed from {of.before.model} to {of.after.model}.")
    if of.before.language_model != of.after.language_model:
        was, now = (head.language_model or "none" for head in (of.before, of.after))
        found.append(f"The language model changed from {was} to {now}.")
    judges = of.before.judge, of.after.judge
    if all(judges) and judges[0] != judges[1]:
        found.append(f"The judge changed from {judges[0]} to {judges[1]}, and so may its figures.")
    for document in of.documents:
        was, now = (f"version {n}" if n else "none" for n in (document.before, document.after))
        now = f"another {now}" if was == now else now
        found.append(f"Document changed: {document.title} ({document.id}), {was} → {now}.")
    if of.documents:
        worse = [f"{c.id} {c.language}" for c in of.worse if (c.id, c.language) in of.touched]
        rest, ids = len(of.touched), ", ".join(sorted({name for name, _ in of.touched})) or "none"
        found.append(f"{rest} answers rest on what changed, to the questions {ids}.")
        found.append(f"{len(worse)} of these got worse: {', '.join(worse) or 'none'}.")
    found.append(
        f"{of.significant} of {of.compared} figures changed significantly; of so many, about "
        f"{of.compared / 20:.0f} would by chance alone."
    )
    return found


def _is_same_question(old: Row, new: Row) -> bool:
    asked = [(row.question, row.context, row.as_of, row.wanted) for row in (old, new)]
    return asked[0] == asked[1]


def _by_distance(changes: Iterable[RowChange]) -> list[RowChange]:
    return sorted(changes, key=lambda change: -abs(change.after - change.before))


def _document_changes(before: RunHead, after: RunHead) -> Iterator[DocumentChange]:
    for document in sorted(before.documents.keys() | after.documents.keys()):
        was, now = before.documents.get(document), after.documents.get(document)
        named = now or was
        texts = before.digests.get(document), after.digests.get(document)
        is_same = texts[0] == texts[1] if all(texts) else (was and was[0]) == (now and now[0])
        if named and not is_same:
            yield DocumentChange(
                document, named[1], was[0] if was else None, now[0] if now else None
            )


def _documents(row: Row) -> set[str]:
    """The documents that an answer may stand in or quotes."""
    return {document for document, _ in row.sources} | {of.document_id for of in row.citations}


def _overall_table(comparison: Comparison) -> Table:
    table = Table(
        "metric", Column("before", justify="right"), Column("after", justify="right"),
        Column("change", justify="right"), "95 %", "", box=SIMPLE, padding=(0, 1, 0, 0),
        pad_edge=False, title="Over all languages",
    )  # fmt: skip
    for name, of in comparison.overall.items():
        if of.before is None or of.after is None or of.change is None:
            continue
        ends = f"{of.low:+.3f} to {of.high:+.3f}" if of.low is not None else "too few questions"
        mark = Text(of.verdict, _COLOURS[of.verdict])
        table.add_row(name, f"{of.before:.3f}", f"{of.after:.3f}", f"{of.change:+.3f}", ends, mark)
    for name in ("p50", "p95"):
        was, now = (getattr(of, name, None) for of in comparison.latency)
        if was is not None and now is not None:
            table.add_row(f"{name} in ms", f"{was:.0f}", f"{now:.0f}", f"{now - was:+.0f}", "", "")
    return table


def _language_table(comparison: Comparison) -> Table:
    """A line for each metric that changed in any language, a column for each language."""
    languages = list(comparison.by_language)
    table = Table(
        "metric", *(Column(of, justify="right") for of in languages), box=SIMPLE,
        padding=(0, 1, 0, 0), title="Changes by language", caption="* the interval excludes 0",
    )  # fmt: skip
    for name in comparison.overall:
        cells = [_cell(comparison.by_language[language][name]) for language in languages]
        if any(cell.plain.strip("·") for cell in cells):
            table.add_row(name, *cells)
    return table


def _cell(difference: Difference) -> Text:
    if difference.change is None or abs(difference.change) < 0.0005:
        return Text("·", "dim")
    mark = "*" if difference.is_significant else ""
    return Text(f"{difference.change:+.3f}{mark}", _COLOURS[difference.verdict])


def _written(change: RowChange) -> str:
    """An answer that moved, in two lines."""
    first = f"  {change.id} {change.language}  {change.before:.2f} → {change.after:.2f}  "
    parts = [f"{name} {was:.2f} → {now:.2f}" for name, (was, now) in change.moved.items()]
    if change.status_before is not change.status_after:
        parts.insert(0, f"{change.status_before} → {change.status_after}")
    return f"{first}{excerpt(change.question)}\n      {', '.join(parts)}"
