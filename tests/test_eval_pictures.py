"""Pictures say in numbers and words what they draw, in light and dark."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from eval.pictures import (
    certainty_curve,
    draw_pictures,
    heat_map,
    inline,
    language_name,
    latency_bars,
    metric_label,
    recall_bars,
    recall_curve,
    written_share,
)
from eval.reliability import GERMAN, OTHERS, fill_bins
from eval.statistics import Difference, Figure, Latency, Verdict

SVG = "{http://www.w3.org/2000/svg}"


def figure(value: float | None) -> Figure:
    return Figure(value, None, None, 0 if value is None else 8, 0 if value is None else 8)


def difference(before: float, after: float, verdict: Verdict = Verdict.UNCLEAR) -> Difference:
    return Difference(before, after, after - before, None, None, 8, 8, verdict)


FIGURES = {
    "de": {"context_recall": figure(1.0), "noise_sensitivity": figure(0.3)},
    "ar": {"context_recall": figure(0.9), "noise_sensitivity": figure(0.1)},
    "fa": {"context_recall": figure(0.5), "noise_sensitivity": figure(None)},
}
METRICS = ["context_recall", "noise_sensitivity"]
RECALL = {"de": difference(0.95, 0.97, Verdict.BETTER), "ar": difference(0.91, 0.99)}
BINS = {
    GERMAN: fill_bins([(0.1, True), (0.2, False), (2.5, True)]),
    OTHERS: fill_bins([(-3.0, True), (1.5, True)]),
}
PICTURES = {
    "heat": heat_map(FIGURES, METRICS),
    "bars": recall_bars({name: of["context_recall"] for name, of in FIGURES.items()}),
    "curve": recall_curve(RECALL),
    "low curve": recall_curve({"de": difference(0.0, 1.0), "ar": difference(0.33, 0.0)}),
    "certainty": certainty_curve(BINS),
    "latency": latency_bars({"de": Latency(40.0, 80.0, 9), "ar": Latency(60.0, 120.0, 9)}),
}


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("svg", PICTURES.values(), ids=PICTURES)
def test_a_picture_is_named_described_and_in_the_colours_of_its_page(svg: str) -> None:
    root = parsed(svg)
    names = {element.get("id"): element.text for element in root if element.get("id")}
    assert set(names) == {"title", "desc"}
    assert all(names.values())
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")
    assert root.get("fill") == "currentColor"
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")


@pytest.mark.parametrize("svg", PICTURES.values(), ids=PICTURES)
def test_nothing_lies_outside_and_nothing_is_fetched(svg: str) -> None:
    root = parsed(svg)
    width, height = (float(root.get(side, "")) for side in ("width", "height"))
    for element in (*root.iter(f"{SVG}text"), *root.iter(f"{SVG}rect")):
        assert 0 < float(element.get("x", "")) < width
        assert 0 < float(element.get("y", "")) < height
    for circle in root.iter(f"{SVG}circle"):
        assert 0 < float(circle.get("cy", "")) < height
    assert svg.count("http") == 1  # the name of SVG
    assert "<script" not in svg


def test_a_heat_map_bears_every_number_and_spells_languages_out() -> None:
    found = texts(PICTURES["heat"])
    assert {"German", "Arabic", "Persian", "context", "recall", "1.000", "0.300", "–"} <= set(found)


def test_a_cell_is_the_darker_the_further_it_lies_behind_the_best() -> None:
    shades = [
        float(cell.get("fill-opacity", "")) for cell in parsed(PICTURES["heat"]).iter(f"{SVG}rect")
    ]
    german, arabic, persian, noise_german, noise_arabic = shades
    assert german == 0
    assert 0 < arabic < persian
    assert noise_arabic == 0  # less of it is better
    assert noise_german > 0


def test_recall_is_drawn_from_the_best_language_to_the_worst() -> None:
    names = [text for text in texts(PICTURES["bars"]) if text in {"German", "Arabic", "Persian"}]
    assert names == ["German", "Arabic", "Persian"]
    assert [text for text in texts(PICTURES["curve"]) if text in {"German", "Arabic"}] == [
        "Arabic", "German",
    ]  # fmt: skip


def test_the_curve_says_before_and_after_and_what_is_significant() -> None:
    found = texts(PICTURES["curve"])
    assert {"0.950", "→ 0.970", "0.910", "→ 0.990"} <= set(found)
    assert found.count("significant") == 1
    assert any("does not begin at 0" in text for text in found)


def test_a_higher_recall_is_drawn_higher() -> None:
    circles = [float(c.get("cy", "")) for c in parsed(PICTURES["curve"]).iter(f"{SVG}circle")]
    arabic_before, german_before, arabic_after, german_after = circles
    assert arabic_before > german_before > german_after > arabic_after


def test_bars_of_latency_are_as_long_as_their_time() -> None:
    lengths = [
        float(bar.get("width", "")) for bar in parsed(PICTURES["latency"]).iter(f"{SVG}rect")
    ]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[2] == pytest.approx(3 * lengths[1], abs=0.2)
    assert {"40 · 80 ms", "60 · 120 ms"} <= set(texts(PICTURES["latency"]))


def test_recall_is_a_curve_only_beside_another_run() -> None:
    alone = draw_pictures(FIGURES, METRICS, {})
    beside = {name: {"context_recall": of} for name, of in RECALL.items()}
    both = draw_pictures(FIGURES, METRICS, {"de": Latency(1.0, 2.0, 3)}, beside)
    assert set(alone) == {"heat-map.svg", "context-recall.svg"}
    assert set(both) == {"heat-map.svg", "context-recall.svg", "latency.svg"}
    assert "before and after" not in alone["context-recall.svg"]
    assert "before and after" in both["context-recall.svg"]


def test_pictures_without_figures_are_left_out() -> None:
    bare = {"de": {"chrf": figure(0.5)}}
    nothing = Difference(None, None, None, None, None, 0, 0, Verdict.UNCLEAR)
    assert set(draw_pictures(bare, ["chrf"], {})) == {"heat-map.svg"}
    unknown = {"de": {"context_recall": figure(None)}}
    found = draw_pictures(unknown, ["context_recall"], {}, {"de": {"context_recall": nothing}})
    assert set(found) == {"heat-map.svg"}


def test_a_surer_answer_that_is_right_more_often_is_drawn_higher_and_further_right() -> None:
    places = [
        (float(of.get("cx", "")), float(of.get("cy", "")))
        for of in parsed(PICTURES["certainty"]).iter(f"{SVG}circle")
    ]
    unsure, sure, silent, other = places  # German, then the other languages
    assert unsure[0] < sure[0]
    assert unsure[1] > sure[1]
    assert silent[0] < other[0]
    assert silent[1] == other[1]


def test_the_certainty_curve_names_its_lines_and_says_of_how_many() -> None:
    found = texts(PICTURES["certainty"])
    assert {"0.50 of 2", "1.00 of 1", "– of 0", "from", "2.00", "−1.00"} <= set(found)
    assert any("solid: German; dashed: other languages" in text for text in found)
    (alone,) = [t for t in texts(certainty_curve({GERMAN: BINS[GERMAN]})) if "solid" in t]
    assert "dashed" not in alone


def test_a_curve_is_broken_where_nothing_was_measured() -> None:
    paths = [path.get("d", "") for path in parsed(PICTURES["certainty"]).iter(f"{SVG}path")]
    drawn = [path for path in paths if path.count("L") == 0]
    assert len(drawn) == 4, "four points far from each other, and no line between them"


def test_reliability_is_drawn_where_it_was_measured() -> None:
    assert "reliability.svg" in draw_pictures(FIGURES, METRICS, {}, None, BINS)
    assert "reliability.svg" not in draw_pictures(FIGURES, METRICS, {}, None, {})


def test_pictures_in_one_page_have_ids_of_their_own() -> None:
    root = parsed(inline(PICTURES["heat"], "heat-map"))
    assert root.get("aria-labelledby") == "heat-map-title heat-map-desc"
    assert {element.get("id") for element in root.iter() if element.get("id")} == {
        "heat-map-title",
        "heat-map-desc",
    }


def test_a_share_is_never_rounded_up_to_a_whole_one() -> None:
    assert [written_share(value) for value in (1.0, 0.99996, 0.98765, 0.0, None)] == [
        "1.000", "0.999", "0.988", "0.000", "–",
    ]  # fmt: skip


def test_names_are_words() -> None:
    assert language_name("uk") == "Ukrainian"
    assert language_name("tlh-unknown") == "tlh-unknown"
    assert metric_label("citation_correct") == "citation correct"
    assert metric_label("chrf") == "chrF"


def test_a_name_with_brackets_stays_text() -> None:
    assert "<b>" in texts(heat_map({"de": {"a_<b>": figure(1.0)}}, ["a_<b>"]))
