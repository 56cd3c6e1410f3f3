"""Passages hold every word of a document once, in pieces that can be found and quoted."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from core.types import BlockKind, Document, Kind, Paragraph, Passage, Section
from ingest.passages import LIMIT, make_passages
from ingest.readers.limits import ReaderLimits
from ingest.readers.markdown import read_markdown

TOWNS = Path(__file__).parent.parent.parent / "shared/data/ortsrecht-bw/towns.jsonl"
LIMITS = ReaderLimits(seconds=60, memory_mb=2000, pages=2000, file_mb=10)
BYLAW = Document("hund", "Hundesteuersatzung", Kind.STATUTE)


def section(*paragraphs: Paragraph | str, path: tuple[str, ...] = ("§ 5 Steuersatz",)) -> Section:
    texts = tuple(Paragraph(p) if isinstance(p, str) else p for p in paragraphs)
    return Section(path, "§ 5", "Steuersatz", texts)


def passages(*sections: Section, document: Document = BYLAW, model: str = "m") -> list[Passage]:
    return make_passages(document, sections, model)


def quotes(passage: Passage) -> list[str]:
    return [passage.quote(sentence) for sentence in passage.sentences]


def absatz(number: int, sentences: int) -> Paragraph:
    text = " ".join(f"In Satz {i} steht etwas über die Hundesteuer." for i in range(sentences))
    return Paragraph(f"({number}) {text}", page=number, mark=str(number))


def test_a_short_section_is_one_passage_with_its_labels() -> None:
    (passage,) = passages(
        section(
            Paragraph("(1) Die Steuer beträgt im Jahr:", 3, "1"),
            Paragraph("Ersthund: 96,00 Euro. Ab 2026", 4, "1", BlockKind.ROW),
            path=("Hundesteuersatzung", "II. Abschnitt Höhe", "§ 5 Steuersatz"),
        )
    )
    assert (passage.section, passage.heading, passage.page) == ("§ 5", "Steuersatz", 3)
    assert passage.context == "Hundesteuersatzung › II. Abschnitt Höhe › § 5 Steuersatz"
    assert passage.text == "(1) Die Steuer beträgt im Jahr:\nErsthund: 96,00 Euro. Ab 2026"
    assert quotes(passage) == passage.text.split("\n")
    assert [(s.page, s.mark) for s in passage.sentences] == [(3, "1"), (4, "1")]


def test_a_long_section_is_divided_between_its_absaetze() -> None:
    parts = passages(section(*(absatz(number, 8) for number in range(1, 7))))
    assert len(parts) > 1
    assert all(len(part.text) <= LIMIT and part.text.startswith("(") for part in parts)
    assert len({part.id for part in parts}) == len(parts)
    assert parts[-1].page == int(parts[-1].text[1])


def test_a_long_absatz_is_divided_between_sentences() -> None:
    parts = passages(section(absatz(1, 80)))
    assert all(len(part.text) <= LIMIT and part.text.endswith(".") for part in parts)
    assert all(sentence.mark == "1" for part in parts for sentence in part.sentences)


def test_text_without_any_full_stop_is_divided_between_words() -> None:
    parts = passages(section("Hundesteuer " * 500))
    assert [word for part in parts for word in part.text.split()] == ["Hundesteuer"] * 500
    assert all(len(part.text) <= LIMIT for part in parts)


def test_a_list_stays_with_its_lead_and_carries_it_in_its_context_where_it_goes_on() -> None:
    items = [f"{i}. ein Hund der Rasse {i}, der sehr brav ist und nicht bellt," for i in range(60)]
    first, *others = passages(section("Von der Steuer befreit sind:", *items))
    assert first.text.startswith("Von der Steuer befreit sind:\n0. ein Hund")
    assert others
    assert all(part.context.endswith("› Von der Steuer befreit sind:") for part in others)
    assert all(part.text[0].isdigit() for part in others)


def test_a_section_without_words_makes_no_passage() -> None:
    assert passages(section("---"), section(Paragraph("| – |", kind=BlockKind.ROW))) == []


def test_ids_stay_and_digests_follow_what_is_stored() -> None:
    (passage,) = passages(section("96 Euro."))
    (same,) = passages(section("96 Euro."))
    (raised,) = passages(section("120 Euro."))
    (renamed,) = passages(section("96 Euro."), document=replace(BYLAW, short_title="HStS"))
    (other_model,) = passages(section("96 Euro."), model="n")
    assert passage == same
    assert len({p.id for p in (passage, raised, renamed, other_model)}) == 1
    assert len({p.digest for p in (passage, raised, renamed, other_model)}) == 4


def test_a_new_section_leaves_the_ids_of_the_others_alone() -> None:
    old = passages(section("Eins."), section("Zwei.", path=("§ 6 Ende",)))
    new = passages(
        section("Neu.", path=("§ 4 Neu",)), section("Eins."), section("Zwei.", path=("§ 6 Ende",))
    )
    assert [p.id for p in old] == [p.id for p in new[1:]]


def test_sections_of_one_name_have_ids_of_their_own() -> None:
    first, second = passages(section("Eins."), section("Zwei."))
    assert first.id != second.id


def test_an_faq_passage_has_the_language_of_its_entry_and_its_own_question(tmp_path: Path) -> None:
    german, turkish = read_faq(tmp_path, "Wie melde ich mich um?")
    assert (german.language, german.section) == ("de", "Wie melde ich mich um?")
    assert (turkish.language, turkish.section) == ("tr", "Adresimi nasıl bildiririm?")
    assert turkish.context == "Fragen › Wie melde ich mich um? › Adresimi nasıl bildiririm?"


def test_an_faq_entry_keeps_its_ids_when_its_question_is_worded_anew(tmp_path: Path) -> None:
    before = read_faq(tmp_path, "Wie melde ich mich um?")
    after = read_faq(tmp_path, "Wo kann ich mich ummelden?")
    assert [p.id for p in before] == [p.id for p in after]


def read_faq(folder: Path, question: str) -> list[Passage]:
    file = folder / "faq.md"
    file.write_text(
        f"---\nkind: faq\n---\n# Fragen\n\n## {question} {{#ummelden}}\n\nIm Bürgerbüro.\n\n"
        "### tr: Adresimi nasıl bildiririm?\n\nVatandaş bürosunda.\n",
        "utf-8",
    )
    return make_passages(
        Document("faq", "Fragen", Kind.FAQ), read_markdown(file, LIMITS).sections, "m"
    )


@pytest.mark.shared_data
@pytest.mark.skipif(not TOWNS.is_file(), reason="the measuring data is not there")
def test_every_word_of_real_bylaws_stands_in_exactly_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "bylaw.md"
    for line in TOWNS.read_text("utf-8").splitlines()[::8]:
        bylaw = json.loads(line)
        file.write_text(bylaw["text"], "utf-8")
        sections = read_markdown(file, LIMITS).sections
        made = make_passages(Document(bylaw["_id"], bylaw["title"]), sections, "m")
        paragraphs = [paragraph.text for part in sections for paragraph in part.paragraphs]
        assert words(quote for passage in made for quote in quotes(passage)) == words(paragraphs)
        assert len({passage.id for passage in made}) == len(made)
        for passage in made:
            assert 0 < len(passage.text) <= LIMIT
            ends = [0, *(sentence.end for sentence in passage.sentences)]
            assert all(s.start >= end for s, end in zip(passage.sentences, ends, strict=False))
            assert all(quote == quote.strip() != "" for quote in quotes(passage))


def words(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in re.findall(r"\w+", text))
