"""How a page of staff stands in every look that people have: a line for whatever is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsers import scrolls_sideways, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENLARGED = (320, 256)  # a window of 1280 × 1024 at 400 %, and narrower than any telephone
PAPER = (718, 1047)  # A4 within its margins
# What is told by colours alone, where colours are the visitor's own.
ALIKE = """() => {
    const look = (at) => {
        const {backgroundColor, borderBlockEnd, borderInlineStart, color, fontWeight, outline,
               textDecorationLine} = getComputedStyle(at);
        return [backgroundColor, borderBlockEnd, borderInlineStart, color, fontWeight, outline,
                textDecorationLine].join();
    };
    const found = [];
    for (const at of document.querySelectorAll("a[aria-current]")) {
        const others = at.closest("ul, ol, nav, [role=group]").querySelectorAll("a");
        const other = [...others].find((one) => !one.hasAttribute("aria-current"));
        if (other && look(at) === look(other)) found.push(at.outerHTML);
    }
    for (const at of document.querySelectorAll("mark, ins, del, .alert"))
        if (look(at) === look(at.parentElement)) found.push(at.outerHTML);
    for (const at of document.querySelectorAll("button, input, select, textarea")) {
        if (at.matches("[type=checkbox], [type=radio]")) continue; // the browser draws them
        const {borderBlockEndStyle, textDecorationLine} = getComputedStyle(at);
        if (at.checkVisibility() && borderBlockEndStyle + textDecorationLine === "nonenone")
            found.push(at.outerHTML);
    }
    return found.map((html) => html.slice(0, 200));
}"""
# What cannot be pressed on paper, and what is cut off there.
ON_PAPER = """() => {
    const found = [];
    if (!document.querySelector("h1").checkVisibility()) found.push("no heading");
    for (const at of document.querySelectorAll("nav, button, input, select, textarea"))
        if (at.checkVisibility()) found.push(at.outerHTML);
    for (const at of document.querySelectorAll("main, main *"))
        if (at.clientWidth > 1 && at.scrollWidth > at.clientWidth + 1
            && getComputedStyle(at).overflowX !== "visible") found.push(`cut: ${at.outerHTML}`);
    return found.map((html) => html.slice(0, 200));
}"""

# Words of a table that stand on several lines, as where its columns are too narrow for them.
TORN = """() => {
    const found = [], range = new Range();
    for (const cell of document.querySelectorAll("th, td")) {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode;
            for (const {0: word, index} of text.data.matchAll(/[\\p{L}\\p{N}]{2,20}/gu)) {
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                const lines = new Set([...range.getClientRects()].map((box) => box.top));
                if (lines.size > 1) found.push(word);
            }
        }
    }
    return found;
}"""


def flaws(page: Page) -> list[str]:
    """What is wrong with a page: by axe, in light and dark; in forced colours; on paper; enlarged
    to 400 %. Everything that can be folded is open then."""
    size = page.viewport_size
    page.wait_for_load_state()  # its words can be there before its style sheets
    page.evaluate("for (const at of document.querySelectorAll('details')) at.open = true")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {line}" for line in violations(page, ["color-contrast"])]
    page.emulate_media(color_scheme="light", forced_colors="active")
    found += [f"forced colours: {line}" for line in page.evaluate(ALIKE)]
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    page.emulate_media(forced_colors="none", media="print")
    found += [f"on paper: {line}" for line in page.evaluate(ON_PAPER)]
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": ENLARGED[0], "height": ENLARGED[1]})
    if scrolls_sideways(page):
        found.append("enlarged: scrolls sideways")
    found += [f"enlarged: tears {word}" for word in page.evaluate(TORN)]
    if size:
        page.set_viewport_size(size)
    return found
