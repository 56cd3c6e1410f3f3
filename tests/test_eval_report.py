"""The report holds every figure thrice, and takes nobody's text for anything else."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html
from markdown_it import MarkdownIt
from rows import row_of, run_of

from core.types import Status
from eval.report import (
    BASELINE,
    PREVIOUS,
    Summary,
    escape_markdown,
    is_said,
    render_html,
    render_json,
    render_markdown,
    report_pictures,
    summarise,
    words_language,
    write_report,
)
from eval.runs import Quoted, Row, Run

SILENT = Status.NOT_IN_DOCUMENTS
TARGETS = {
    "citation_correct": {"de": 0.97, "others": 0.93, "spread": 0.05},
    "quote_verbatim": {"all": 1.0},
    "factual_correctness": {"all": 0.9},
}
NASTY = (
    'Was `kostet` | <script>alert(1)</script> & "das"\n# hier [x](http://boese.example) $a$ *so*?'
)


def rows() -> list[Row]:
    """Eight questions in German and Arabic: Arabic misses one place in four, one is not known."""
    found = []
    for number in range(8):
        for language in ("de", "ar"):
            is_missed = language == "ar" and number % 4 == 0
            scores = {"context_recall": 1.0, "quote_verbatim": 1.0, "noise_sensitivity": 0.2}
            scores["citation_correct"] = 0.0 if is_missed else 1.0
            found.append(row_of(f"q{number}", language, scores, milliseconds=50.0 + number))
    unknown = {"wanted": SILENT, "kind": "unanswerable", "sources": (), "reference": ""}
    found.append(row_of("d1", "ar", {"quote_verbatim": 1.0}, question="كم؟", **unknown))
    return found


@pytest.fixture
def summary() -> Summary:
    now = run_of(rows(), documents={"hund": (2, "Hundesteuersatzung"), "bad": (1, "Badeordnung")})
    before = [
        replace(row, scores={**row.scores, "context_recall": 0.5}) if row.language == "de" else row
        for row in rows()
    ]
    return summarise(
        now, run_of(before, name="release"), run_of(rows()[:3], name="yesterday"), TARGETS
    )


def page(summary: Summary) -> html.HtmlElement:
    return html.fromstring(render_html(summary, report_pictures(summary)))


def markdown(summary: Summary) -> str:
    return render_markdown(summary, {"heat-map.svg": "Heat map"})


def row_texts(root: html.HtmlElement, section: str) -> list[list[str]]:
    """The cells of a section's table rows, white space joined."""
    return [
        [" ".join(cell.text_content().split()) for cell in line.xpath("th|td")]
        for line in root.xpath(f"//section[@id='{section}']//tbody/tr")
    ]


def summary_of(*found: Row) -> Summary:
    return summarise(run_of(found), None, None)


def test_a_summary_counts_and_groups(summary: Summary) -> None:
    assert (summary.rows, summary.questions) == (17, 9)
    assert {name: group.rows for name, group in summary.languages.items()} == {"de": 8, "ar": 9}
    assert set(summary.kinds) == {"amount", "unanswerable"}
    assert summary.languages["ar"].figures["citation_correct"].value == 0.75
    assert summary.endings["not_in_documents"] == {"answered": 1}
    assert summary.overall["abstention_recall"].value == 0.0


def test_a_document_is_that_of_the_source_or_of_the_citation() -> None:
    cited = (Quoted("bad", 1, "§ 1", None, "", ""),)
    found = summary_of(row_of("a", citations=()), row_of("b", citations=cited))
    assert {name: group.rows for name, group in found.documents.items()} == {
        "Badeordnung (bad)": 1,
        "Hundesteuersatzung (hund)": 2,
    }


def test_a_documents_figures_say_nothing_of_the_questions_rightly_left_unanswered() -> None:
    """Nothing tells which document these would have been of: what is left would always be 0."""
    cited = (Quoted("bad", 1, "§ 1", None, "", ""),)
    wrong, right = (
        row_of(name, wanted=SILENT, status=status, sources=(), citations=citations)
        for name, status, citations in (("a", Status.ANSWERED, cited), ("b", SILENT, ()))
    )
    found = summary_of(wrong, right)
    assert found.overall["abstention_recall"].value == 0.5
    assert set(found.overall) - set(found.documents["Badeordnung (bad)"].figures) == {
        "abstention_precision", "abstention_recall",
    }  # fmt: skip
    headings = page(found).xpath("//*[@id='documents']//thead//th")
    assert [heading.text_content() for heading in headings] == ["document", "answers"]
    assert summary_of(right).documents == {}
    assert page(summary_of(right)).xpath("//*[@id='documents']//thead")


def test_versions_of_a_document_stand_beside_each_other() -> None:
    scores = {"citation_correct": 1.0}
    old = run_of([row_of("a", scores={"citation_correct": 0.5})], name="old")
    cited = (Quoted("hund", 2, "§ 5", 2, "", ""),)
    renamed = {"hund": (2, "Hundesteuersatzung 2027")}
    now = run_of([row_of("a", scores=scores, citations=cited)], documents=renamed)
    found = summarise(now, None, old).versions
    assert {name: of.figures["citation_correct"].value for name, of in found.items()} == {
        "Hundesteuersatzung (hund), version 1, previous run": 0.5,
        "Hundesteuersatzung 2027 (hund), version 2": 1.0,
    }
    assert summarise(old, None, None).versions == {}


def test_a_run_that_is_previous_and_baseline_is_compared_once() -> None:
    old = run_of(rows(), name="old")
    assert set(summarise(run_of(rows()), old, old).comparisons) == {BASELINE}
    other = run_of(rows(), name="older")
    assert set(summarise(run_of(rows()), other, old).comparisons) == {PREVIOUS, BASELINE}


def test_what_is_no_number_is_a_failure_and_no_score() -> None:
    found = summary_of(
        row_of("a", scores={"faithfulness": math.nan}), row_of("b", scores={"faithfulness": 0.5})
    )
    assert found.overall["faithfulness"].value == 0.5
    assert found.failures[0].reasons == {"not a number": 1}
    assert "nan" not in page(found).text_content().lower().split()
    assert json.loads(render_json(found))["overall"]["faithfulness"]["rows"] == 1


def test_a_failure_keeps_the_reason_it_was_given() -> None:
    row = row_of(scores={"faithfulness": math.nan}, failures={"faithfulness": "NaN: no claims"})
    assert summary_of(row).failures[0].reasons == {"NaN: no claims": 1}


def test_the_page_has_its_parts_in_order(summary: Summary) -> None:
    root = page(summary)
    sections = [section.get("id") for section in root.xpath("//main/section")]
    assert sections == [
        "measured", "targets", "overall", "languages", "kinds", "documents", "changes", "pictures",
        "mend", "worst", "failures",
    ]  # fmt: skip
    linked = [link.get("href").removeprefix("#") for link in root.xpath("//nav//a")]
    assert linked == sections


def test_the_page_says_what_was_measured(summary: Summary) -> None:
    text = page(summary).get_element_by_id("measured").text_content()
    for part in ("auental.jsonl", "22.11.2026, 09:30", "abc1234", "e5", "German, Arabic"):
        assert part in text
    assert ["Hundesteuersatzung", "hund", "2"] in row_texts(page(summary), "measured")


def test_targets_are_reached_missed_or_not_measured(summary: Summary) -> None:
    found = {line[0]: line[1:] for line in row_texts(page(summary), "targets")}
    assert found["citation correct German"] == ["1.000", "≥ 0.970", "✓ reached"]
    assert found["citation correct lowest of the other languages"] == [
        "0.750", "≥ 0.930", "✗ missed by 0.180 Arabic",
    ]  # fmt: skip
    assert found["quote verbatim all answers"][2] == "✓ reached"
    assert found["factual correctness all answers"] == ["–", "≥ 0.900", "✗ not measured"]
    assert "2 of 5 targets reached" in page(summary).text_content()


def test_figures_bear_their_interval_and_what_they_say(summary: Summary) -> None:
    found = {line[0]: line[1:] for line in row_texts(page(summary), "overall")}
    figure = summary.overall["citation_correct"]
    assert figure.low is not None
    assert found["citation correct"] == [
        "0.875", f"{figure.low:.3f} to {figure.high:.3f}", "16", "8",
        "facts that are cited from a place that proves them",
    ]  # fmt: skip
    assert found["noise sensitivity"][-1].endswith("(lower is better)")
    assert found["abstention recall"][:4] == ["0.000", "–", "1", "1"]


def test_changes_are_significant_or_not(summary: Summary) -> None:
    found = [line for line in row_texts(page(summary), "changes") if line[0] == "context recall"]
    of_yesterday, of_release = found
    assert of_yesterday[5] == "no clear change"
    assert of_release[1:4] == ["0.750", "1.000", "+0.250"]
    assert of_release[5:] == ["significantly better", "German +0.500"]
    text = page(summary).get_element_by_id("changes").text_content()
    assert "8 answers got better" in text
    assert "version 1 → version 2" in text


def test_the_page_needs_nothing_from_elsewhere_and_no_script(summary: Summary) -> None:
    text = render_html(summary, report_pictures(summary))
    root = html.fromstring(text)
    assert not root.xpath("//script|//link|//img|//iframe|//@src|//@onclick")
    assert {link for link in root.xpath("//@href") if not link.startswith("#")} == set()
    assert not re.search(r"@import|url\(", text)
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}


def test_ids_are_unique_and_what_labels_is_there(summary: Summary) -> None:
    root = page(summary)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    for labels in root.xpath("//@aria-labelledby"):
        assert set(labels.split()) <= set(ids)


def test_tables_have_captions_and_scopes(summary: Summary) -> None:
    tables = page(summary).xpath("//table")
    assert len(tables) > 8
    for table in tables:
        assert table.xpath("caption")
        assert table.xpath("thead//th") == table.xpath("thead//th[@scope='col']")
        assert all(line.xpath("th[@scope='row']") for line in table.xpath("tbody/tr"))


def test_the_page_is_for_phones_dark_rooms_and_paper(summary: Summary) -> None:
    text = render_html(summary, {"heat-map.svg": "<svg></svg>"})
    assert 'name="viewport"' in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_questions_bear_their_language_and_turn_to_its_side(summary: Summary) -> None:
    (question,) = page(summary).xpath("//article//*[@lang='ar' and text()='كم؟']")
    assert question.tag == "bdi" or question.get("dir") == "auto"


def test_the_worst_answers_show_both_sides(summary: Summary) -> None:
    wanted_none, missed = page(summary).xpath("//article")[:2]
    assert "Wanted: not in documents" in wanted_none.text_content()
    assert "Came: answered, extractive" in wanted_none.text_content()
    wanted, came = missed.xpath(".//div[@class='sides']/div")
    assert "Ein Hund kostet 108,00 Euro." in wanted.text_content()
    assert "Hundesteuersatzung, § 5" in wanted.text_content()
    assert "Der erste Hund 108,00 Euro." in came.text_content()
    assert "§ 5 Hundesteuersatzung, S. 2" in came.text_content()
    assert "citation correct 0.000" in missed.text_content()


def test_judge_failures_are_counted_and_named() -> None:
    slow = {"faithfulness": "The judge took longer than 60 s."}
    found = summary_of(row_of("a", failures=slow), row_of("b", failures=slow), row_of("c"))
    line = ["faithfulness", "2", "2 × The judge took longer than 60 s.", "a de, b de"]
    assert row_texts(page(found), "failures") == [line]
    assert "| " + " | ".join(line) + " |" in markdown(found)
    assert "No judge was asked." in page(summary_of(row_of())).text_content()


def test_a_report_is_called_by_its_set_and_the_name_that_a_run_was_given() -> None:
    for name, title in (("last", "Evaluation of auental.jsonl"), ("may", "of auental.jsonl: may")):
        found = summarise(run_of([row_of()], name=name), None, None)
        headings = [of.text_content() for of in page(found).xpath("//head/title|//header/h1")]
        assert [heading.endswith(title) for heading in headings] == [True, True]
        assert markdown(found).splitlines()[0].endswith(escape_markdown(title))


def test_a_judge_that_agrees_with_nobody_is_marked_and_names_nothing_to_mend() -> None:
    said = "Not to be trusted.\nfaithfulness: 0.50 of 4 agreed"
    rows = [row_of(f"q{n}", scores={"m": 1.0, "faithfulness": float(n > 3)}) for n in range(8)]

    def judged(is_trusted: bool) -> Summary:
        head = {"judge": "smollm2", "judge_agreement": said, "is_judge_trusted": is_trusted}
        return summarise(run_of(rows, **head), None, None, {"faithfulness": {"all": 0.9}})

    found = judged(is_trusted=False)
    (header,) = page(found).xpath("//header/p[@class='bad']")
    assert header.text_content() == "Not to be trusted."
    doubted = "judged: claims that the passages bear out; not to be trusted"
    assert doubted in [line[-1] for line in row_texts(page(found), "overall")]
    assert doubted in markdown(found)
    assert (found.overall["faithfulness"].value, found.weaknesses, found.worst) == (0.5, (), ())
    trusted = judged(is_trusted=True)
    assert not page(trusted).xpath("//header/p[@class='bad']")
    assert (trusted.weaknesses[0].metric, len(trusted.worst)) == ("faithfulness", 4)


def nasty() -> Summary:
    texts = {"question": NASTY, "context": NASTY, "reference": NASTY, "message": NASTY}
    quoted = (Quoted("hund", 1, NASTY, None, NASTY, NASTY),)
    said = {"statements": (NASTY,), "changes": (NASTY,)}
    row = row_of("x|y", scores={"m": 0.1}, citations=quoted, **said, **texts)
    failed = replace(row, kind=NASTY, failures={"m": NASTY})
    named = {"hund": (1, NASTY)}
    better = replace(failed, scores={"m": 0.9})
    return summarise(run_of([failed], documents=named), None, run_of([better], name=NASTY))


def test_what_an_answer_told_of_changes_is_among_its_words() -> None:
    found = summary_of(row_of(scores={"m": 0.1}, changes=("Ab 2027 sind es 99,00 Euro.",)))
    assert "Ab 2027 sind es 99,00 Euro." in page(found).text_content()
    assert "Ab 2027 sind es 99,00 Euro." in markdown(found)


def test_nobodys_text_becomes_part_of_the_page() -> None:
    root = page(nasty())
    assert not root.xpath("//script")
    assert not root.xpath("//a[contains(@href, 'boese')]")
    assert root.text_content().count("<script>alert(1)</script>") > 5


def test_nobodys_text_becomes_part_of_the_markdown() -> None:
    text = markdown(nasty())
    read = html.fromstring(MarkdownIt("commonmark").enable("table").render(text))
    assert not read.xpath("//script|//code|//em|//a")
    tables = read.xpath("//table")
    assert tables
    for table in tables:
        assert {len(line.xpath("td|th")) for line in table.xpath(".//tr")} == {
            len(table.xpath("./thead/tr/th"))
        }
    headings = [heading.text_content() for heading in read.xpath("//h3")]
    assert any("# hier [x](http://boese.example) $a$ *so*?" in heading for heading in headings)


def test_markdown_has_the_figures_of_the_page(summary: Summary) -> None:
    read = html.fromstring(MarkdownIt("commonmark").enable("table").render(markdown(summary)))
    lines = [
        [cell.text_content() for cell in line.xpath("td")] for line in read.xpath("//tbody/tr")
    ]
    for line in row_texts(page(summary), "overall"):
        plain = [re.sub(r" ?✗", "", cell) for cell in line]
        assert plain in [[re.sub(r" ?✗", "", cell) for cell in of] for of in lines]
    assert [heading.text_content() for heading in read.xpath("//h2")] == [
        "What was measured", "Targets", "Overall", "By language", "By kind of question",
        "By document", "Changes", "Pictures", "What to mend first", "The worst answers",
        "What could not be had",
    ]  # fmt: skip
    assert read.xpath("//img/@src") == ["heat-map.svg"]


def test_json_has_the_figures_of_the_page(summary: Summary) -> None:
    found = json.loads(render_json(summary))
    assert found["languages"]["ar"]["figures"]["citation_correct"]["value"] == 0.75
    assert found["comparisons"][BASELINE]["overall"]["context_recall"]["verdict"] == "better"
    assert found["worst"][0]["row"]["id"] == "d1"
    assert found["targets"][0]["missed_by"] == 0.0


def test_a_report_is_written_whole_beside_its_pictures(summary: Summary, tmp_path: Path) -> None:
    paths = write_report(summary, tmp_path / "new", "auental")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "auental.html", "auental.md", "auental.json", "auental-heat-map.svg",
        "auental-context-recall.svg", "auental-latency.svg",
    }  # fmt: skip
    assert {path.name for path in paths.values()} == {
        path.name for path in (tmp_path / "new").iterdir()
    }
    assert "![Time to an answer by language](<auental-latency.svg>)" in paths["md"].read_text(
        "utf-8"
    )
    assert "<svg" in paths["html"].read_text("utf-8")
    again = write_report(summary, tmp_path / "new", "auental")
    assert again == paths


def test_a_run_without_rows_makes_a_report_too(tmp_path: Path) -> None:
    paths = write_report(summarise(Run(run_of([]).head, []), None, None, TARGETS), tmp_path, "none")
    assert "0 answers to 0 questions" in paths["html"].read_text("utf-8")


def test_a_quote_that_is_the_statement_is_not_shown_twice() -> None:
    row = row_of(statements=("Der erste Hund", "108,00 Euro."))
    assert is_said(row, "108,00\nEuro")
    assert not is_said(row, "96,00 Euro")


def test_an_answer_is_in_the_askers_language_or_the_documents() -> None:
    row = row_of(language="tr")
    assert words_language("Köpek vergisi ne kadar?", row) == "tr"
    assert words_language("Die Steuer beträgt 108 Euro.", row) == "de"
    assert words_language("108,00", row) == "de"


def test_markdown_leaves_numbers_and_plain_words_alone() -> None:
    assert escape_markdown("Der erste Hund, 108,00 Euro.") == "Der erste Hund, 108,00 Euro."
    assert escape_markdown(0.5) == 0.5
    assert escape_markdown("a|b\n`c`") == "a\\|b \\`c\\`"
