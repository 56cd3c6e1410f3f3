"""Charts say in numbers and words what they draw."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from eval.charts import PLOT, Bar, Panel, draw_panels, write_charts

SVG = "{http://www.w3.org/2000/svg}"
PANELS = [
    Panel("de & en", [Bar(0.5, ["before"], is_strong=False), Bar(1.0, ["today"])], target=0.9),
    Panel("fr", [Bar(None, ["before", "of 0"])]),
]


def drawn(columns: int = 2) -> ElementTree.Element:
    return ElementTree.fromstring(draw_panels("Right & found", "By <language>", PANELS, columns))


def texts(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_a_chart_has_a_title_and_a_description() -> None:
    root = drawn()
    names = {element.get("id"): element.text for element in root if element.get("id")}
    assert names == {"title": "Right & found", "desc": "By <language>"}
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")


def test_every_bar_bears_its_number_and_is_as_high_as_it() -> None:
    root = drawn()
    assert [float(bar.get("height", "")) for bar in root.iter(f"{SVG}rect")] == [PLOT / 2, PLOT]
    assert texts(root)[1:] == [
        "de & en, target 0.90", "before", "0.50", "today", "1.00", "fr", "before", "of 0",
    ]  # fmt: skip


def test_the_target_is_a_line_at_its_height() -> None:
    lines = [path for path in drawn().iter(f"{SVG}path") if path.get("stroke-dasharray")]
    grounds = [path for path in drawn().iter(f"{SVG}path") if not path.get("stroke-dasharray")]
    heights = [float(path.get("d", "").split()[1].split("L")[0]) for path in (*grounds, *lines)]
    assert len(lines) == 1
    assert heights[0] - heights[-1] == 0.9 * PLOT


def test_colours_are_those_of_light_and_dark() -> None:
    root = drawn()
    assert root.get("fill") == "currentColor"
    assert {path.get("stroke") for path in root.iter(f"{SVG}path")} == {"currentColor"}
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")


def test_nothing_lies_outside() -> None:
    for columns in (1, 2):
        root = drawn(columns)
        width, height = (float(root.get(side, "")) for side in ("width", "height"))
        for element in (*root.iter(f"{SVG}text"), *root.iter(f"{SVG}rect")):
            assert 0 < float(element.get("x", "")) < width
            assert 0 < float(element.get("y", "")) < height


def test_charts_are_written_into_a_new_folder(tmp_path: Path) -> None:
    write_charts({"a.svg": "<svg/>"}, tmp_path / "new/charts")
    assert (tmp_path / "new/charts/a.svg").read_text("utf-8") == "<svg/>"
