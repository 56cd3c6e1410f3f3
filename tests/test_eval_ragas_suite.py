"""A set is asked as the site would, every answer is scored, and nothing is asked twice."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import ANSWERED, ScriptedAnswerer, unanswered
from sets import open_words, write_rows

from core.errors import IndexBusy
from core.settings import Settings, load_settings
from core.store import Store
from core.types import Answer, Citation, Coming, Mode, Statement, Status
from eval import ragas_suite
from eval.dataset import QUESTIONS, write_documents
from eval.questions import EvaluationQuestion, SetRow, load_rows, questions_of
from eval.ragas_suite import (
    Suite,
    describe_run,
    digest_of,
    make_row,
    open_suite,
    run_set,
)
from eval.runs import Row, Run, RunHead, load_run, write_run
from eval.scoring import score
from ingest.publish import Publisher
from ingest.run import ingest

# ragas leaves a file of its own open; see get_userid in ragas/_analytics.py
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*uuid.json:ResourceWarning")

TODAY = date(2026, 11, 22)
KEYS = {"Auental": "990010001001", "Bergtal": "081175009002"}
TAX = "Die Steuer beträgt für jeden Hund 96,00 Euro."
SWIM = "Eine Tageskarte für das Freibad kostet 4,50 Euro."
PAGES = {
    "hund": f"# Satzung\n\n## § 5 Steuersatz\n\n{TAX}\n\n## § 6 Welpen\n\nWelpen sind frei.",
    "bad": f"# Freibad\n\n## § 2 Eintritt\n\n{SWIM}",
}
EVERY_METRIC = {
    "right_ending",
    "answer_language",
    "source_stands",
    "context_precision",
    "context_recall",
    "quote_verbatim",
    "right_version",
    "right_town",
    "citation_correct",
    "citation_precise",
    "number_exact",
    "semantic_similarity",
    "chrf",
}
OF_REFUSALS = {"right_ending", "answer_language"}
OF_PROOF = {"quote_verbatim", "right_version", "right_town"}
OF_SOURCES = {"source_stands", "context_recall", "context_precision"}


def set_row(name: str = "hund", **changes: Any) -> SetRow:
    """A row about a page, but for the changes."""
    about = {
        "hund": ("Wie hoch ist die Steuer für jeden Hund?", "§ 5", TAX, "96,00 Euro"),
        "bad": ("Was kostet die Tageskarte im Freibad?", "§ 2", SWIM, "4,50 Euro"),
    }
    text, section, quote, number = about[name]
    fields = {
        "id": name,
        "kind": "amount",
        "as_of": TODAY,
        "question": {"de": text, "tr": f"{text} (tr)"},
        "status": Status.ANSWERED,
        "reference": quote,
        "numbers": [number],
        "sources": [{"document_id": name, "section": section, "quote": quote}],
    }
    return SetRow.model_validate(fields | changes)


def refusal(**changes: Any) -> SetRow:
    wanted: dict[str, Any] = {"status": Status.REFUSED, "reference": "", "numbers": []}
    return set_row(**{"id": "no", "sources": [], **wanted, **changes})


ROWS = [set_row(), set_row("bad")]
(DOG,) = questions_of([set_row()], ["de"])
(NO,) = questions_of([refusal()], ["de"])


def write_corpus(folder: Path, pages: Mapping[str, str], town: str = "Auental") -> Path:
    place = {"ars": KEYS[town], "town": town, "lang": "de"}
    corpus = [{"_id": name, "title": name, "text": text, **place} for name, text in pages.items()]
    write_rows(folder / "corpus.jsonl", corpus)
    return folder


@contextmanager
def open_town(folder: Path) -> Iterator[Store]:
    """A store that knows words only, with two statutes of Auental."""
    with open_words(write_corpus(folder, PAGES), folder / "state") as store:
        yield store


def publish(store: Store, folder: Path, pages: Mapping[str, str], town: str = "Auental") -> None:
    """Publishes more statutes, or other words of those that stand."""
    state = folder / "state"
    write_documents(write_corpus(folder, pages, town) / "corpus.jsonl", state / "documents")
    ingest([state / "documents"], Publisher(store), load_settings(state_dir=state))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_town(tmp_path_factory.mktemp("town")) as store:
        yield store


@pytest.fixture
def settings() -> Settings:
    return load_settings(town=None)


@pytest.fixture
def suite(store: Store, settings: Settings) -> Suite:
    return open_suite(ROWS, store, settings)


@dataclass
class Watchful(ScriptedAnswerer):
    """Answers until its patience is at an end, then raises what it is given."""

    patience: int = 1000
    error: BaseException = field(default_factory=IndexBusy)

    def answer(self, question: str, **options: Any) -> Answer:
        if len(self.asked) >= self.patience:
            raise self.error
        return super().answer(question, **options)

    @property
    def texts(self) -> list[object]:
        return [asked["question"] for asked in self.asked]


Ask = Callable[..., Run]


@pytest.fixture
def ask(store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a set with a scripted answerer."""

    def run(
        answerer: ScriptedAnswerer,
        rows: Sequence[SetRow] = ROWS,
        *,
        store: Store = store,
        settings: Settings = settings,
        **options: Any,
    ) -> Run:
        monkeypatch.setattr("eval.ragas_suite.Answerer", lambda *_: answerer)
        return run_set(rows, store, settings, tmp_path / "kept", **options)

    return run


# ---- a run of the sample town


@pytest.fixture(scope="module")
def sample() -> list[SetRow]:
    """A dozen rows: the first of every kind and ending, as far as they go."""
    rows = load_rows(QUESTIONS / "auental.jsonl")
    return list({(row.kind, row.status): row for row in reversed(rows)}.values())[-12:]


@pytest.fixture(scope="module")
def run(auental: Store, sample: list[SetRow], tmp_path_factory: pytest.TempPathFactory) -> Run:
    kept = tmp_path_factory.mktemp("kept")
    settings = load_settings(town=None)
    options: dict[str, Any] = {"name": "probe", "set_name": "auental.jsonl"}
    return run_set(sample, auental, settings, kept, languages=["de", "tr"], **options)


def test_every_question_is_asked_in_the_languages_that_are_named(
    run: Run, sample: list[SetRow]
) -> None:
    assert len(sample) == 12
    assert [row.key for row in run.rows] == [(row.id, of) for row in sample for of in ("de", "tr")]
    assert [row.question for row in run.rows] == [
        row.question[language] for row in sample for language in ("de", "tr")
    ]
    assert {row.status for row in run.rows} > {Status.ANSWERED, Status.OTHER_TOWN}


def test_a_run_says_what_was_measured(run: Run, auental: Store) -> None:
    assert (run.head.name, run.head.questions) == ("probe", "auental.jsonl")
    assert run.head.model == auental.encoder.model_id
    assert run.head.documents["hundesteuersatzung"][0] == 1
    assert "Hundesteuer" in run.head.documents["hundesteuersatzung"][1]
    standing = {v.document.id: v.digest for v in auental.registry.standing()}
    assert run.head.digests == standing
    assert run.head.judge is None


def test_every_metric_is_measured_and_lies_between_0_and_1(run: Run) -> None:
    assert {name for row in run.rows for name in row.scores} == EVERY_METRIC
    scores = [score for row in run.rows for score in row.scores.values()]
    assert all(score is not None and 0 <= score <= 1 for score in scores)


def test_what_is_quoted_stands_on_the_stored_page(run: Run) -> None:
    answered = [row for row in run.rows if row.status is Status.ANSWERED]
    assert answered
    for row in answered:
        assert row.citations
        assert row.milliseconds > 0
        scores = [row.scores[name] for name in ("quote_verbatim", "right_version", "right_town")]
        assert scores == [1.0, 1.0, 1.0]


def test_a_row_holds_what_was_said_where_it_stands_and_what_it_was_sought_in(run: Run) -> None:
    (row,) = [row for row in run.rows if row.key == ("A01", "de")]
    assert any("108,00" in statement for statement in row.statements)
    assert row.sources[0] == ("hundesteuersatzung", "§ 5")
    (quoted, *_) = [of for of in row.citations if of.document_id == "hundesteuersatzung"]
    assert (quoted.version, quoted.section, quoted.page) == (1, "§ 5", 3)
    found = [of for of in row.retrieved if (of.document_id, of.section) == row.sources[0]]
    assert any("108,00" in passage.text for passage in found)
    assert (row.scores["context_recall"], row.scores["citation_correct"]) == (1.0, 1.0)


def test_an_entry_is_one_place_in_whatever_language_it_is_found_and_cited(auental: Store) -> None:
    (closed,) = [row for row in load_rows(QUESTIONS / "auental.jsonl") if row.id == "C02"]
    assert len(closed.sources) == 3, "one of them will do"
    (question,) = questions_of([closed], ["tr"])
    suite = open_suite([closed], auental, load_settings(town=None))
    asked = "Bürgerbüro hangi saatlerde açık?"
    hits = [h for h in suite.answerer.search(asked, as_of=TODAY) if h.passage.section == asked]
    (hit,) = hits
    quote = hit.passage.quote(hit.passage.sentences[0])
    answer = Answer(
        "a",
        Status.ANSWERED,
        Mode.CURATED,
        "tr",
        "",
        (Statement(quote, "tr", (1,)),),
        (Citation(1, hit.document, asked, asked, None, quote, "tr"),),
    )
    scores = score(suite.yardstick, question, answer, hits)
    found = ("context_recall", "context_precision", "citation_correct", "citation_precise")
    assert [scores[name] for name in found] == [1.0, 1.0, 1.0, 1.0]


def test_an_extracted_answer_was_sure_enough_and_a_no_was_not(run: Run) -> None:
    extracted = [row for row in run.rows if row.mode is Mode.EXTRACTIVE]
    answered = [row.certainty for row in extracted if row.status is Status.ANSWERED]
    silent = {
        row.question: row.certainty for row in extracted if row.status is Status.NOT_IN_DOCUMENTS
    }
    assert answered
    assert all(certainty is not None and certainty >= 0 for certainty in answered)
    assert any(certainty is not None and certainty < 0 for certainty in silent.values())
    sure = [question for question, certainty in silent.items() if certainty and certainty >= 0]
    assert all("Katzensteuer" in question for question in sure), "another tax may be sure, not that"


def test_a_run_can_be_kept_and_read(run: Run, tmp_path: Path) -> None:
    write_run(tmp_path / "run.jsonl", run)
    assert load_run(tmp_path / "run.jsonl") == run


# ---- asking nothing twice


def test_a_question_is_asked_with_its_context_town_and_day(ask: Ask) -> None:
    talk = {"de": "Und für zwei?"}
    context = {"de": "Was kostet ein Hund?"}
    row = set_row(question=talk, context=context, town="Auental", as_of=date(2024, 6, 1))
    answerer = Watchful(known_towns=[("Auental", KEYS["Auental"])])
    ask(answerer, [row])
    assert answerer.asked == [
        {
            "question": "Und für zwei?",
            "context": "Was kostet ein Hund?",
            "town": "Auental",
            "language": None,
            "as_of": date(2024, 6, 1),
        }
    ]
    (kept,) = ask(answerer, [row.model_copy(update={"says_day": True})]).rows
    assert answerer.asked[1]["as_of"] is None
    assert kept.as_of == "2024-06-01"


@pytest.mark.parametrize("error", [IndexBusy(), KeyboardInterrupt()], ids=["busy", "Ctrl-C"])
def test_an_interrupted_run_goes_on_where_it_stopped(error: BaseException, ask: Ask) -> None:
    first, second = Watchful(patience=3, error=error), Watchful()
    with pytest.raises(type(error)):
        ask(first)
    run = ask(second)
    assert (len(first.asked), len(second.asked)) == (3, 1)
    wanted = [text for row in ROWS for text in row.question.values()]
    assert first.texts + second.texts == wanted
    assert [row.question for row in run.rows] == wanted


def test_who_stops_a_run_does_not_wait_for_the_rest(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Watchful):
        def answer(self, question: str, **options: Any) -> Answer:
            time.sleep(0.05)
            return super().answer(question, **options)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ragas_suite, "keep_row", stop)
    answerer = Slow()
    with pytest.raises(KeyboardInterrupt):
        ask(answerer, [set_row(id=str(number)) for number in range(10)])
    assert 1 <= len(answerer.asked) < 20


def test_what_was_asked_is_not_asked_again(ask: Ask) -> None:
    run = ask(Watchful(), name="once")
    again = ask(Watchful(patience=0), name="twice")
    assert again.rows == run.rows
    assert (run.head.name, again.head.name) == ("once", "twice")


def test_of_a_kept_row_that_was_cut_short_the_question_is_asked_again(
    ask: Ask, tmp_path: Path
) -> None:
    run = ask(Watchful())
    (file,) = (tmp_path / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:-30])
    for asked in (1, 0):  # and is not lost behind the cut line
        answerer = Watchful()
        assert [row.key for row in ask(answerer).rows] == [row.key for row in run.rows]
        assert len(answerer.asked) == asked


def test_a_changed_question_is_asked_anew_and_the_others_are_not(ask: Ask) -> None:
    ask(Watchful())
    changed = set_row(numbers=["97,00 Euro"])
    answerer = Watchful()
    run = ask(answerer, [changed, ROWS[1]])
    assert answerer.texts == list(changed.question.values())
    assert [row.id for row in run.rows] == ["hund", "hund", "bad", "bad"]


def test_a_changed_document_asks_anew(ask: Ask, tmp_path: Path) -> None:
    with open_town(tmp_path) as store:
        before = ask(Watchful(), store=store)
        publish(store, tmp_path, PAGES)
        assert ask(Watchful(patience=0), store=store).rows == before.rows, "nothing changed"
        publish(store, tmp_path, {"bad": PAGES["bad"].replace("4,50", "5,00")})
        answerer = Watchful()
        after = ask(answerer, store=store)
    assert len(answerer.asked) == 4
    assert (before.head.documents["bad"][0], after.head.documents["bad"][0]) == (1, 2)
    assert [row.scores["source_stands"] for row in after.rows] == [1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("changes", [{"contact": "Rathaus, Marktplatz 1"}, {"town": "Auental"}])
def test_another_setting_that_answers_depend_on_asks_anew(
    changes: dict[str, str], ask: Ask, settings: Settings
) -> None:
    ask(Watchful())
    answerer = Watchful()
    ask(answerer, settings=settings.model_copy(update=changes))
    assert len(answerer.asked) == 4


def test_another_language_is_asked_when_it_is_wanted(ask: Ask) -> None:
    ask(Watchful(), languages=["de"])
    answerer = Watchful()
    run = ask(answerer, languages=["tr", "de"])
    assert all(str(text).endswith("(tr)") for text in answerer.texts)
    assert len(answerer.asked) == 2
    assert [row.key for row in run.rows] == [
        (i, of) for i in ("hund", "bad") for of in ("de", "tr")
    ]


def test_several_workers_answer_in_the_order_of_the_set(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    runs = [run_set(ROWS, store, settings, tmp_path / str(n), workers=n) for n in (1, 4)]
    one, four = ([replace(row, milliseconds=0) for row in run.rows] for run in runs)
    assert one == four
    assert all(row.retrieved for row in one)


# ---- what a run depends on


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the programme, whose digest is taken instead of its own."""
    for name in ("core", "ingest", "service", "data/models", "eval"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ragas_suite.PROJECT / name, tmp_path / name, ignore=ignored)
    monkeypatch.setattr(ragas_suite, "PROJECT", tmp_path)
    yield tmp_path
    ragas_suite._code.cache_clear()


def test_another_programme_model_or_set_is_seen_in_what_is_measured(
    store: Store, settings: Settings, project: Path
) -> None:
    def describe(rows: Sequence[SetRow] = ROWS) -> RunHead:
        ragas_suite._code.cache_clear()
        return describe_run(rows, store, settings, "a run", "a set")

    first = describe()
    assert describe().state_digest == first.state_digest
    assert (first.language_model, first.prompts) == (None, ())
    worded = describe_run(ROWS, store, settings, "a run", "a set", "town-7b")
    assert worded.state_digest != first.state_digest
    digests = {first.state_digest}
    changes = ("service/extract.py", "eval/scoring.py", "data/models/same_question.json")
    for changed in changes:
        (project / changed).write_text("", "utf-8")
        digests.add(describe().state_digest)
    assert len(digests) == 4
    (project / "eval/report.py").write_text("", "utf-8")
    assert describe().state_digest in digests, "no answer or score depends on the report"
    assert describe().questions_digest == first.questions_digest
    assert describe(ROWS[:1]).questions_digest != first.questions_digest


def test_a_question_is_known_by_all_it_says() -> None:
    digests = {
        digest_of(question)
        for question in (
            DOG,
            NO,
            replace(DOG, language="tr"),
            replace(DOG, town="Auental"),
            replace(DOG, as_of=date(2024, 6, 1)),
            replace(DOG, context="Und?"),
            replace(DOG, numbers=()),
        )
    }
    assert len(digests) == 7
    assert digest_of(replace(DOG)) in digests


# ---- what is scored of which answer


def answer_of(suite: Suite, section: str, quote: str, **changes: Any) -> Answer:
    """An answer with one statement from the statute on dogs."""
    hits = suite.answerer.search(TAX, as_of=TODAY)
    document = next(hit.document for hit in hits if hit.document.id == "hund")
    return Answer(
        "a",
        Status.ANSWERED,
        Mode.EXTRACTIVE,
        "de",
        "In den Dokumenten steht:",
        (Statement(quote, "de", (1,)),),
        (Citation(1, document, f"{section} hund", section, None, quote),),
        **changes,
    )


def scores_of(
    suite: Suite, answer: Answer, question: EvaluationQuestion = DOG, found: str = TAX
) -> dict[str, float | None]:
    """The scores of an answer that was sought in what a search finds."""
    hits = suite.answerer.search(found, as_of=TODAY) if found else []
    return score(suite.yardstick, question, answer, hits)


def test_a_right_answer_has_full_scores(suite: Suite) -> None:
    scores = scores_of(suite, answer_of(suite, "§ 5", TAX))
    assert set(scores) == EVERY_METRIC
    # three passages were found, and one of them holds the answer
    assert scores.pop("context_precision") == pytest.approx(1 / 3)
    assert scores == pytest.approx(dict.fromkeys(EVERY_METRIC - {"context_precision"}, 1.0))


def test_an_answer_from_the_wrong_place_is_marked_as_such(suite: Suite) -> None:
    scores = scores_of(suite, answer_of(suite, "§ 6", "Welpen sind frei."))
    wrong = ("citation_correct", "citation_precise", "number_exact")
    assert [scores[name] for name in wrong] == [0.0, 0.0, 0.0]
    assert (scores["quote_verbatim"], scores["right_ending"]) == (1.0, 1.0)
    assert (scores["semantic_similarity"] or 0) < 0.9
    assert (scores["chrf"] or 0) < 0.5


def test_of_the_places_that_prove_a_fact_any_will_do(store: Store, settings: Settings) -> None:
    tax = {"document_id": "hund", "section": "§ 5", "quote": TAX, "fact": 1}
    swim = {"document_id": "bad", "section": "§ 2", "quote": SWIM, "fact": 1}
    puppies = {"document_id": "hund", "section": "§ 6", "quote": "Welpen sind frei."}
    row = set_row(sources=[tax, swim, puppies])
    (question,) = questions_of([row], ["de"])
    suite = open_suite([row], store, settings)
    hits = [hit for hit in suite.answerer.search(TAX, as_of=TODAY) if hit.passage.section == "§ 2"]
    scores = score(suite.yardstick, question, answer_of(suite, "§ 5", TAX), hits)
    assert scores["citation_correct"] == 0.5, "one of two facts, though one of three places"
    assert scores["context_recall"] == 0.5, "found in the other place that proves it"
    assert (scores["citation_precise"], scores["context_precision"]) == (1.0, 1.0)


def test_what_will_change_is_said_and_its_place_cited(suite: Suite) -> None:
    (right,) = answer_of(suite, "§ 5", TAX).citations
    changes = (Coming(date(2027, 1, 1), TAX, "de", right),)
    answer = answer_of(suite, "§ 6", "Welpen sind frei.", changes=changes)
    scores = scores_of(suite, answer)
    assert (scores["citation_correct"], scores["number_exact"]) == (1.0, 1.0)
    assert scores["citation_precise"] == 0.0, "it is of what is cited for today"


def test_a_quote_that_is_on_no_page_is_seen(suite: Suite) -> None:
    invented = answer_of(suite, "§ 5", TAX.replace("96", "108"))
    assert scores_of(suite, invented)["quote_verbatim"] == 0.0
    right = answer_of(suite, "§ 5", TAX)
    half = replace(right, statements=(Statement("Die Steuer beträgt nichts.", "de", (1,)),))
    assert scores_of(suite, half)["quote_verbatim"] == 0.5, "the statement is none of the page's"


def test_a_document_of_another_town_or_day_is_seen(suite: Suite) -> None:
    foreign = replace(ANSWERED, statements=(), citations=ANSWERED.citations[:1])
    scores = scores_of(suite, foreign)
    assert (scores["right_town"], scores["right_version"]) == (0.0, 1.0)
    before = replace(DOG, as_of=date(2023, 12, 31))
    assert scores_of(suite, foreign, before)["right_version"] == 0.0
    (citation,) = foreign.citations
    general = replace(citation.document, jurisdiction=None, valid_to=date(2026, 11, 21))
    of_all = replace(foreign, citations=(replace(citation, document=general),))
    scores = scores_of(suite, of_all)
    assert (scores["right_town"], scores["right_version"]) == (1.0, 0.0)
    assert scores_of(suite, foreign)["quote_verbatim"] == 0.0, "its page is not in the store"


def test_a_refusal_of_what_is_to_be_answered_scores_nothing_where_words_count(suite: Suite) -> None:
    scores = scores_of(suite, unanswered(Status.NOT_IN_DOCUMENTS, "Dazu finde ich nichts."))
    assert set(scores) == OF_REFUSALS | OF_SOURCES | {"citation_correct", "number_exact"}
    missed = ("right_ending", "citation_correct", "number_exact")
    assert [scores[name] for name in missed] == [0.0, 0.0, 0.0]
    assert scores["context_recall"] == 1.0, "it was found, and yet not said"


def test_a_refusal_at_the_door_found_nothing(suite: Suite) -> None:
    refused = unanswered(Status.REFUSED, "Das nicht.")
    scores = scores_of(suite, refused, found="")
    assert scores["context_recall"] == 0.0
    assert "context_precision" not in scores


def test_a_right_refusal_is_scored_by_its_ending_and_language_only(suite: Suite) -> None:
    refused = unanswered(Status.REFUSED, "Das nicht.", "tr")
    assert scores_of(suite, refused, NO) == {"right_ending": 1.0, "answer_language": 0.0}


def test_an_answer_where_none_was_wanted_is_scored_by_its_proof(suite: Suite) -> None:
    scores = scores_of(suite, answer_of(suite, "§ 5", TAX), NO)
    assert set(scores) == OF_REFUSALS | OF_PROOF
    assert (scores["right_ending"], scores["quote_verbatim"]) == (0.0, 1.0)


def test_without_numbers_or_german_words_there_is_nothing_to_compare(suite: Suite) -> None:
    translated = replace(
        answer_of(suite, "§ 5", TAX), statements=(Statement("96 Euro.", "tr", (1,)),)
    )
    scores = scores_of(suite, translated, replace(DOG, numbers=()))
    assert EVERY_METRIC - set(scores) == {"number_exact", "chrf"}


def test_a_source_that_is_gone_cannot_be_found(store: Store, settings: Settings) -> None:
    gone = set_row(sources=[{"document_id": "hund", "section": "§ 5", "quote": "Nie gesagt."}])
    (question,) = questions_of([gone], ["de"])
    suite = open_suite([gone], store, settings)
    scores = scores_of(suite, answer_of(suite, "§ 5", TAX), question)
    assert scores["source_stands"] == 0.0
    assert not scores.keys() & {"context_recall", "context_precision"}


def test_a_row_is_made_of_an_answer_and_what_it_was_sought_in(suite: Suite) -> None:
    row: Row = make_row(suite, DOG)
    assert row.statements == (TAX,)
    assert [(of.document_id, of.version, of.section) for of in row.citations] == [
        ("hund", 1, "§ 5")
    ]
    assert {(of.document_id, of.section) for of in row.retrieved} == {
        ("hund", "§ 5"),
        ("hund", "§ 6"),
        ("bad", "§ 2"),
    }
    assert (row.kind, row.as_of, row.wanted) == ("amount", "2026-11-22", Status.ANSWERED)
    assert (row.failures, row.changes) == ({}, ())


def test_a_row_holds_what_was_told_of_changes(ask: Ask, suite: Suite) -> None:
    (place,) = answer_of(suite, "§ 5", TAX).citations
    changes = (Coming(date(2027, 1, 1), "Ab 2027 sind es 99,00 Euro.", "de", place),)
    answerer = Watchful(answer_of(suite, "§ 5", TAX, changes=changes))
    assert {row.changes for row in ask(answerer).rows} == {("Ab 2027 sind es 99,00 Euro.",)}


# ---- the town that is asked in


def test_the_town_is_the_sites_or_the_only_one(settings: Settings, tmp_path: Path) -> None:
    def town(name: str | None) -> str | None:
        return open_suite([], store, settings.model_copy(update={"town": name})).yardstick.town

    with open_town(tmp_path) as store:
        names = (None, "Auental", KEYS["Auental"], "Bergtal")
        assert [town(name) for name in names] == [*3 * [KEYS["Auental"]], None]
        publish(store, tmp_path, {"berg": "# Satzung\n\nWelpen sind frei."}, "Bergtal")
        assert [town(name) for name in names] == [None, *2 * [KEYS["Auental"]], KEYS["Bergtal"]]
        suite = open_suite([], store, settings)
        assert "right_town" not in scores_of(suite, ANSWERED, NO), "any may be the right one"
