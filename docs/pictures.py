"""Makes the pictures of the docs: a demo site that is really asked and worked on, in a browser.

`make pictures` writes docs/pictures/*.png, `--to FOLDER` the same ones elsewhere; `--all FOLDER`
writes every page in every width, light and dark, German and Arabic, to be looked at. Everything is
done from outside, by HTTP and by hand.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from demo_site import PROJECT, Demo, ask_questions, raise_dog_tax, run_demo
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

PICTURES = PROJECT / "docs/pictures"
KERN = PROJECT / "node_modules/@kern-ux"
HEIGHTS = {320: 800, 768: 1024, 1440: 900}  # of a window, by its width
MOST_BYTES = 200_000  # of a picture
ASKED = {"de": "Was kostet die Hundesteuer für den ersten Hund?", "ar": "كم ضريبة الكلب الأول؟"}


@dataclass(frozen=True, slots=True)
class Look:
    """How wide a window is, and what its owner prefers."""

    width: int
    scheme: str = "light"
    language: str = "de"


Scene = Callable[[Page, Demo, str], None]  # brings a page, in a language, to where it is shown


def main() -> None:
    """Makes the pictures, and prints what each weighs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, metavar="FOLDER", default=PICTURES, help="those of docs")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page in every look")
    options = parser.parse_args()
    folder: Path = options.to
    everything: Path | None = options.all
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("The pictures need a browser: apt install chromium.")
    if not KERN.is_dir():
        sys.exit("The pictures need the design of the staff pages: install Node, then npm ci.")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with run_demo(Path(name)) as demo:
            asked = ask_questions(demo)
            prepare_bylaw(browser, demo, Path(name))
            await_counts(browser, demo, asked)
            for path, (scene, look) in chosen(folder, everything).items():
                path.parent.mkdir(parents=True, exist_ok=True)
                draw(browser, demo, scene, look, path, is_whole=everything is not None)
                print(f"{path}  {path.stat().st_size / 1000:.0f} kB", flush=True)
        browser.close()
    heavy = [path.name for path in folder.glob("*.png") if path.stat().st_size > MOST_BYTES]
    if heavy and everything is None:
        sys.exit(f"More than {MOST_BYTES // 1000} kB: {', '.join(heavy)}.")


def chosen(folder: Path, everything: Path | None) -> dict[Path, tuple[Scene, Look]]:
    """The pictures of the docs, or every scene in every look."""
    if everything is None:
        return {folder / f"{name}.png": drawn for name, drawn in OF_DOCS.items()}
    looks = [Look(*look) for look in product(HEIGHTS, ("light", "dark"), ASKED)]
    return {
        everything / f"{name}-{look.language}-{look.width}-{look.scheme}.png": (scene, look)
        for (name, scene), look in product(SCENES.items(), looks)
        if look.language == "de" or name in OF_CITIZENS
    }


def draw(
    browser: Browser, demo: Demo, scene: Scene, look: Look, path: Path, *, is_whole: bool
) -> None:
    """Writes the picture of a scene in a look, with a palette: of what the window shows, or of the
    whole page."""
    with new_page(browser, look) as page:
        scene(page, demo, look.language)
        page.evaluate("document.fonts.ready.then(() => null)")
        picture = Image.open(io.BytesIO(page.screenshot(full_page=is_whole))).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


# What is shown


def show_answer(page: Page, demo: Demo, language: str) -> None:
    """A citizen's question and its answer."""
    page.goto(f"{demo.site}/ask?language={language}")
    page.fill("#question", ASKED[language])
    page.press("#question", "Escape")  # no suggestions
    page.press("#question", "Enter")
    page.wait_for_url("**#answer")


def show_source(page: Page, demo: Demo, language: str) -> None:
    """The page of the by-law that the answer quotes."""
    show_answer(page, demo, language)
    page.locator(".sources .label a", has_text="§ 5").first.click()
    wait_for_picture(page, ".picture img")


def show_widget(page: Page, demo: Demo, language: str) -> None:
    """The widget on a town's page, with an answer."""
    page.goto(f"{demo.town}/{language}")
    page.locator(".launcher").click()
    page.locator("#question").fill(ASKED[language])
    page.locator("#question").press("Enter")
    expect(page.locator(".feedback")).to_be_visible()


def show_desk(page: Page, demo: Demo, _language: str) -> None:
    """A clerk's three words, the answer, and the page beside it."""
    sign_in(page, demo, "theke", "/desk?town=Auental")
    page.fill("#q", "hundesteuer zweiter hund")
    page.press("#q", "Enter")
    expect(page.locator("[data-answer]")).to_be_visible()
    if look_is_wide(page):
        wait_for_picture(page, "#pane img")


def show_documents(page: Page, demo: Demo, _language: str) -> None:
    """The editor's documents."""
    sign_in(page, demo, "redaktion", "/editor")


def show_stage(page: Page, demo: Demo, _language: str) -> None:
    """What a new by-law changes, and which answers."""
    sign_in(page, demo, "redaktion", "/editor/documents/stage?id=hundesteuersatzung")


def show_dashboard(page: Page, demo: Demo, _language: str) -> None:
    """How it goes."""
    sign_in(page, demo, "admin", "/editor/dashboard?days=7")


def page_of_staff(name: str, path: str) -> Scene:
    """A page as one of the demo accounts sees it."""

    def show(page: Page, demo: Demo, _language: str) -> None:
        sign_in(page, demo, name, path)

    return show


def page_of_citizens(path: str) -> Scene:
    """A page in the citizen's language."""

    def show(page: Page, demo: Demo, language: str) -> None:
        page.goto(f"{demo.site}{path}{'&' if '?' in path else '?'}language={language}")

    return show


def show_sign_in(page: Page, demo: Demo, _language: str) -> None:
    """Where staff signs in."""
    page.goto(f"{demo.site}/sign-in")


OF_CITIZENS: dict[str, Scene] = {
    "ask": show_answer,
    "source": show_source,
    "widget": show_widget,
    "start": page_of_citizens("/ask"),
    "thanks": page_of_citizens("/ask/thanks"),
    "nothing": page_of_citizens("/nothing"),
    "no-town": page_of_citizens("/ask?town=Atlantis"),
    "transparency": page_of_citizens("/transparency"),
}
SCENES: dict[str, Scene] = OF_CITIZENS | {
    "desk": show_desk,
    "compared": page_of_staff(
        "theke", "/desk?q=Hundesteuer&town=Auental&compare=Landkreis+Auenkreis"
    ),
    "prompts": page_of_staff("theke", "/prompts"),
    "prompt": page_of_staff("theke", "/prompts/edit"),
    "practice": page_of_staff("theke", "/practice"),
    "practice-answer": page_of_staff("theke", "/practice/answer?q=Hundesteuer&seed=7&check=1"),
    "practice-letter": page_of_staff("theke", "/practice/letter?seed=7&check=1"),
    "refused": page_of_staff("theke", "/editor"),
    "documents": show_documents,
    "document": page_of_staff("redaktion", "/editor/documents/show?id=hundesteuersatzung"),
    "draft": page_of_staff("redaktion", "/editor/documents/draft?id=hundesteuersatzung"),
    "withdraw": page_of_staff("redaktion", "/editor/documents/withdraw?id=hundesteuersatzung"),
    "stage": show_stage,
    "uploads": page_of_staff("redaktion", "/editor/uploads"),
    "questions": page_of_staff("redaktion", "/editor/questions"),
    "answers": page_of_staff("redaktion", "/editor/answers"),
    "answer": page_of_staff("redaktion", "/editor/answers/edit"),
    "glossary": page_of_staff("redaktion", "/editor/glossary"),
    "term": page_of_staff("redaktion", "/editor/glossary/edit"),
    "feedback": page_of_staff("redaktion", "/editor/feedback"),
    "dashboard": show_dashboard,
    "audit": page_of_staff("admin", "/editor/audit"),
    "people": page_of_staff("admin", "/people"),
    "account": page_of_staff("admin", "/account"),
    "gone": page_of_staff("admin", "/editor/nothing"),
    "sign-in": show_sign_in,
}
OF_DOCS: dict[str, tuple[Scene, Look]] = {
    "ask-de": (show_answer, Look(1440)),
    "ask-dark": (show_answer, Look(768, "dark")),
    "ask-ar": (show_answer, Look(320, language="ar")),
    "source": (show_source, Look(1440)),
    "source-ar": (show_source, Look(320, "dark", "ar")),
    "widget": (show_widget, Look(1440)),
    "widget-ar": (show_widget, Look(320, "dark", "ar")),
    "desk": (show_desk, Look(1440)),
    "desk-phone": (show_desk, Look(320, "dark")),
    "documents": (show_documents, Look(1440, "dark")),
    "editor": (show_stage, Look(1440)),
    "editor-phone": (show_stage, Look(320)),
    "dashboard": (show_dashboard, Look(1440)),
    "sign-in": (show_sign_in, Look(768)),
}


# What is done before


def prepare_bylaw(browser: Browser, demo: Demo, folder: Path) -> None:
    """Uploads a by-law with higher amounts as an editor does, and has the answers checked."""
    file = raise_dog_tax(folder)
    with new_page(browser, Look(1440)) as page:
        sign_in(page, demo, "redaktion", "/editor/uploads")
        page.get_by_label("Dateien", exact=True).set_input_files(file)
        page.get_by_label("Grund").fill("Beschluss des Gemeinderats")
        page.get_by_role("button", name="Hochladen und lesen").click()
        page.get_by_role("link", name="Prüfen und veröffentlichen").click(timeout=60_000)
        page.get_by_role("button", name="Antworten prüfen").click()
        expect(page.get_by_text("Antworten ändern sich")).to_be_visible(timeout=120_000)


def await_counts(browser: Browser, demo: Demo, asked: int) -> None:
    """Waits until the questions stand in the figures: they are written every half minute."""
    with new_page(browser, Look(1440)) as page:
        show_dashboard(page, demo, "de")
        for _ in range(60):
            if int(page.locator(".figures dd").first.inner_text()) >= asked:
                return
            page.wait_for_timeout(1000)
            page.reload()
    sys.exit(f"The figures of {asked} questions did not come.")


# The browser


@contextmanager
def new_page(browser: Browser, look: Look) -> Iterator[Page]:
    """A page in a browser of its own."""
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHTS[look.width]},
        color_scheme="dark" if look.scheme == "dark" else "light",
        locale=look.language,
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def sign_in(page: Page, demo: Demo, name: str, path: str) -> None:
    """Signs in as one of the demo accounts and goes on to a path."""
    page.goto(f"{demo.site}/sign-in")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Passwort").fill(demo.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk")
    page.goto(f"{demo.site}{path}")


def look_is_wide(page: Page) -> bool:
    """Whether the desk has room for a page beside the passages."""
    return bool(page.evaluate("matchMedia('(min-width: 64rem)').matches"))


def wait_for_picture(page: Page, selector: str) -> None:
    """Waits until a page of a PDF is drawn."""
    expect(page.locator(selector)).to_be_visible()
    page.locator(selector).evaluate("image => image.decode()")


if __name__ == "__main__":
    main()
