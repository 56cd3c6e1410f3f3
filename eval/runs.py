"""Runs: what was answered to every question of an evaluation set, kept row by row in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from core.types import Mode, Status
from eval.questions import SetInvalid

SCHEMA_VERSION = 2  # 2: a score of citations counts facts, no longer places

# a judge's metrics by our names, and what each is told
INPUTS: Mapping[str, tuple[str, ...]] = {
    "faithfulness": ("user_input", "response", "retrieved_contexts"),
    "answer_relevancy": ("user_input", "response"),
    "judged_context_precision": ("user_input", "reference", "retrieved_contexts"),
    "judged_context_recall": ("user_input", "reference", "retrieved_contexts"),
    "factual_correctness": ("response", "reference"),
    "noise_sensitivity": ("user_input", "response", "reference", "retrieved_contexts"),
}
JUDGED = tuple(INPUTS)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation of an answer. `version` is the number of the document's version."""

    document_id: str
    version: int
    section: str
    page: int | None
    label: str
    quote: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that the answer was sought in."""

    id: str
    document_id: str
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question in one language: what was wanted, what came, and its scores by metric; a score
    is None where the metric does not apply or, named in `failures`, could not be had. `certainty`
    is how far the log-odds of an answer lay above what is enough, None where nothing was read."""

    id: str
    language: str
    kind: str
    question: str
    context: str | None
    as_of: str
    wanted: Status
    reference: str
    sources: tuple[tuple[str, str], ...]  # document and section
    status: Status
    mode: Mode
    message: str
    statements: tuple[str, ...]
    citations: tuple[Quoted, ...]
    retrieved: tuple[Retrieved, ...]
    milliseconds: float
    scores: Mapping[str, float | None]
    failures: Mapping[str, str] = field(default_factory=dict)  # of metrics, by name
    certainty: float | None = None
    changes: tuple[str, ...] = ()  # what the places will say from a day to come on, as it was told

    @property
    def key(self) -> tuple[str, str]:
        """What the row is told by: question and language."""
        return self.id, self.language


@dataclass(frozen=True, slots=True)
class RunHead:
    """What was measured: a name, when, the set and its digest, the commit, the embedding model, the
    digest of all that answers depend on, and each document's version, title and, in `digests`, the
    digest of its file, as another index counts its versions anew. `judge` is the
    language model that judged, with what it cost in tokens and how often it agrees with people;
    `language_model` the one that answered, None where answers are word for word, and `prompts` what
    it is told ("answer@1"). `is_standing`: whether it asked what stands in the town's own index."""

    name: str
    made: datetime
    questions: str  # the set's file name
    questions_digest: str
    commit: str
    model: str
    state_digest: str
    documents: Mapping[str, tuple[int, str]]
    digests: Mapping[str, str] = field(default_factory=dict)
    is_standing: bool = False
    language_model: str | None = None
    prompts: tuple[str, ...] = ()
    judge: str | None = None
    judge_tokens: tuple[int, int] = (0, 0)  # read and written
    judge_agreement: str = ""  # with labels made by hand, in words
    is_judge_trusted: bool = False  # whether it agrees enough with them
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Run:
    """A head and its rows, in the order of the set."""

    head: RunHead
    rows: Sequence[Row]


_HEAD = TypeAdapter(RunHead)
_ROW = TypeAdapter(Row)


def write_run(path: Path, run: Run) -> None:
    """Writes a run, whole or not at all."""
    written = path.with_name(f"{path.name}.new")
    lines = [_line(run.head), *(_line(row) for row in run.rows)]
    written.write_text("".join(lines), "utf-8")
    written.replace(path)


def keep_row(path: Path, digest: str, row: Row) -> None:
    """Adds a finished row to a file of such, under the digest of its question."""
    kept = {"question": digest, "row": asdict(row)}
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(kept, ensure_ascii=False))  # first, as the last may be cut


def read_kept_rows(path: Path) -> dict[str, Row]:
    """The finished rows by their questions' digests; a line that an interruption cut short is left
    out."""
    rows: dict[str, Row] = {}
    if path.exists():
        for line in path.read_text("utf-8", "replace").split("\n"):
            try:
                kept = json.loads(line)
                rows[kept["question"]] = _ROW.validate_python(kept["row"])
            except (ValueError, KeyError, TypeError):
                continue
    return rows


def load_run(path: Path) -> Run:
    """A run from its file; raises SetInvalid where it is none, or one of another schema version."""
    try:
        head, *lines = path.read_text("utf-8").rstrip("\n").split("\n")
        if json.loads(head).get("schema_version") != SCHEMA_VERSION:
            raise SetInvalid(f"{path} is a run of another schema version; please make it anew.")
        return Run(_HEAD.validate_json(head), [_ROW.validate_json(line) for line in lines])
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        raise SetInvalid(f"{path} cannot be read as a run.") from error


def _line(item: RunHead | Row) -> str:
    return json.dumps(asdict(item), ensure_ascii=False, default=str) + "\n"
