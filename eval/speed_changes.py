"""`python -m eval changes`: how fast a changed § answers and unchanged documents are checked, and
questions while a by-law is ingested again."""

from __future__ import annotations

import itertools
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from fpdf import FPDF
from rich.console import Console
from rich.table import Table

from core.encoder import Encoder, PassageInput
from core.settings import Settings
from core.store import Store, open_store
from core.types import PassageVectors, Vector
from eval.dataset import alone
from eval.load import percentiles, seconds_of
from eval.questions import load_rows
from ingest.publish import Publisher
from ingest.run import IngestReport, ingest
from service.answerer import Answerer
from service.wire import answer_json

PROJECT = Path(__file__).parent.parent
DOCUMENTS = PROJECT / "data/documents"
QUESTIONS = PROJECT / "data/questions/auental.jsonl"
PAGES = 40
CHANGED = 77  # the § whose amount changes
UNCHANGED = 10_000

CLAUSES = (
    "({n}) Für die Benutzung der Einrichtung Nummer {s} wird eine Gebühr von {a} Euro erhoben. Sie "
    "ist innerhalb von {d} Tagen nach Bekanntgabe des Bescheids zu zahlen.",
    "({n}) Schuldner der Gebühr nach § {s} ist, wer die Leistung Nummer {s} beantragt hat. Mehrere "
    "Schuldner haften als Gesamtschuldner für {a} Euro.",
    "({n}) Wird ein Antrag nach § {s} zurückgenommen, so ermäßigt sich die Gebühr um {d} vom "
    "Hundert. Die Verwaltung kann auf Antrag bis zu {a} Euro erlassen.",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, the most it may be, and how it came about."""

    name: str
    value: float
    target: float
    unit: str
    note: str


def measure_changes(settings: Settings, console: Console, unchanged: int = UNCHANGED) -> None:
    """Measures all three and prints them beside their targets."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = [
            measure_one_section(settings, folder / "section"),
            measure_unchanged(settings, folder / "unchanged", unchanged),
            measure_while_ingesting(settings, folder / "meanwhile"),
        ]
    table = Table("figure", "today", "at most", "", "of which")
    for of in figures:
        mark = "✓" if of.value <= of.target else "✗"
        table.add_row(
            of.name, f"{of.value:,.2f} {of.unit}", f"{of.target:g} {of.unit}", mark, of.note
        )
    console.print(table)


def measure_one_section(settings: Settings, folder: Path, pages: int = PAGES) -> Figure:
    """Seconds from a by-law's new file to an answer with the new amount, in a running site."""
    with _site(settings, folder) as (store, own):
        by_law = folder / "documents/gebuehren.pdf"
        write_by_law(by_law, amount=100, pages=pages)
        first = _ingest(store, own, by_law.parent)
        answerer = Answerer(store, own)
        question = "Was kostet die Miete der Ballonhalle?"
        answerer.answer(question)
        write_by_law(by_law, amount=120, pages=pages)
        started = time.perf_counter()
        report = _ingest(store, own, by_law.parent)
        answer = answerer.answer(question)
        seconds = time.perf_counter() - started
    if not any("120 Euro" in citation.quote for citation in answer.citations):
        raise AssertionError(f"The new amount is not in the answer: {answer.citations}")
    note = f"{report.passages_added} of {first.passages_added} passages embedded, {pages} pages PDF"
    return Figure("one § of a by-law, file to answer", seconds, 2, "s", note)


def measure_unchanged(settings: Settings, folder: Path, count: int) -> Figure:
    """Seconds to check so many unchanged documents; what was ingested before is not timed, and its
    vectors are dummies, as none is looked at."""
    with _site(settings, folder) as (real, own):
        store = replace(real, encoder=Dummy(real.encoder))
        documents = folder / "documents"
        for number in range(count):
            text = f"# Merkblatt {number}\n\nDie Gebühr Nummer {number} beträgt {number} Euro.\n"
            (documents / f"merkblatt-{number}.md").write_text(text, "utf-8")
        _ingest(store, own, documents)
        started = time.perf_counter()
        report = _ingest(store, own, documents)
        seconds = time.perf_counter() - started
    return Figure(f"{count:,} unchanged documents", seconds, 60, "s", str(report))


def measure_while_ingesting(settings: Settings, folder: Path) -> Figure:
    """The p95 of answers while every passage of a by-law is embedded again in the same process,
    in that of an idle one, on the sample town."""
    texts = [row.question["de"] for row in load_rows(QUESTIONS) if "de" in row.question]
    with _site(settings, folder) as (store, own):
        by_laws = folder / "documents"
        write_by_law(by_laws / "gebuehren.pdf", amount=100)
        _ingest(store, own, by_laws, DOCUMENTS)
        write_by_law(by_laws / "gebuehren.pdf", amount=120, edition=1)
        answerer = Answerer(store, own)

        def ask(question: str) -> dict[str, object]:
            return answer_json(answerer.answer(question))

        idle = percentiles(seconds_of(ask, texts))["p95"]
        reports: list[IngestReport] = []
        thread = threading.Thread(target=lambda: reports.append(_ingest(store, own, by_laws)))
        taken: list[float] = []
        thread.start()
        for question in itertools.cycle(texts):
            started = time.perf_counter()
            ask(question)
            taken.append(time.perf_counter() - started)
            if not thread.is_alive():
                break
        thread.join()
    busy = percentiles(taken)["p95"]
    note = f"{busy:.0f} ms, idle {idle:.0f} ms; {len(taken)} questions, {reports[0].seconds:.0f} s"
    return Figure("p95 of answers during a re-ingest", busy / idle, 2, "×", note)


class Dummy:
    """An encoder that looks at no text."""

    def __init__(self, real: Encoder) -> None:
        self.model_id = real.model_id
        self.dimensions = real.dimensions
        self._vector = np.full(real.dimensions, real.dimensions**-0.5, np.float32)

    def encode_question(self, question: str, language: str) -> Vector:  # noqa: ARG002 protocol
        """The one vector, shape (d,)."""
        return self._vector

    def encode_passages(self, passages: Sequence[PassageInput]) -> list[PassageVectors]:
        """The one vector for each passage and sentence."""
        return [
            PassageVectors(self._vector, np.tile(self._vector, (len(p.sentences), 1)))
            for p in passages
        ]


def write_by_law(path: Path, amount: int, edition: int = 0, pages: int = PAGES) -> None:
    """Writes a by-law as a PDF: the amount stands in one §, the edition in every Absatz."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    pdf.multi_cell(0, 6, "Gebührensatzung der Gemeinde Auental", new_x="LMARGIN", new_y="NEXT")
    section = 0
    while pdf.page_no() < pages or section < CHANGED:
        section += 1
        name = "Ballonhalle" if section == CHANGED else f"Leistung {section}"
        pdf.ln(4)
        pdf.multi_cell(0, 6, f"§ {section} {name}", new_x="LMARGIN", new_y="NEXT")
        for text in _clauses(section, amount, edition):
            pdf.multi_cell(0, 5.5, text, new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))


def _clauses(section: int, amount: int, edition: int) -> Iterator[str]:
    if section == CHANGED:
        yield f"(1) Die Miete der Ballonhalle kostet {amount} Euro für einen Tag."
        return
    for number in range(1, 8):
        clause = CLAUSES[(section + number) % len(CLAUSES)]
        value = 10 * section + number + 1000 * edition
        yield clause.format(n=number, s=section, a=value, d=7 + (section * number) % 50)


@contextmanager
def _site(settings: Settings, folder: Path) -> Iterator[tuple[Store, Settings]]:
    """A store of its own, whatever the settings say, and an empty folder for documents."""
    (folder / "documents").mkdir(parents=True)
    own = alone(settings, folder / "state")
    with open_store(own) as store:
        yield store, own


def _ingest(store: Store, settings: Settings, *folders: Path) -> IngestReport:
    report = ingest(folders, Publisher(store), settings)
    if report.failures:
        raise AssertionError(f"Not everything was read: {report.failures[0]}")
    return report
