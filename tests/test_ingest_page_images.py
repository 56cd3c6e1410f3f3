"""Pictures of pages: the quote is found and marked, and no file harms who draws it."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pypdf import PdfWriter

from core.errors import PageUndrawn
from ingest import page_images
from ingest.page_cache import PageCache
from ingest.page_images import AT_ONCE, WAITING, PageImage, PageImages
from ingest.page_marks import find_quote, find_row
from ingest.page_worker import MARKER
from ingest.readers.limits import ReaderLimits
from ingest.readers.scan_words import read_words, write_words

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
LIMITS = ReaderLimits(seconds=20, memory_mb=2000, pages=2000, file_mb=100)
PAGE = (
    "(1) Die Steu-\r\nersätze betra\u00adgen für „jeden“ Hund ﬁx 96,00 €.\r\n"
    "Stadt Auental · Seite 3\r\n"
    "(2) Für Welpen unter drei Mo\u0002naten wird keine Steuer erhoben; 196,00 Euro zahlt niemand."
)


@pytest.fixture
def images(tmp_path: Path) -> PageImages:
    return PageImages(tmp_path / "pages", LIMITS)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ('Die Steuersätze betragen für "jeden" Hund fix 96,00 €.', [PAGE[4 : PAGE.index("€") + 2]]),
        ("keine Steuer erhoben", ["keine Steuer erhoben;"]),
        ("drei Monaten", ["drei Mo\u0002naten"]),
        (
            "Hund fix 96,00 €. (2) Für Welpen unter drei Monaten",  # a page's foot in between
            ["Hund ﬁx 96,00 €.", "(2) Für Welpen unter drei Mo\u0002naten"],
        ),
        ("196,00 Euro", ["196,00 Euro"]),
        ("96,00 Euro", []),  # there is such an end of 196,00 Euro, but no such amount
        ("Die Katzensteuer beträgt 96,00 € im Jahr", []),
        ("…", []),
    ],
)
def test_a_quote_is_found_however_its_lines_are_broken(quote: str, found: list[str]) -> None:
    assert [PAGE[start:end] for start, end in find_quote(PAGE, quote)] == found


def test_a_whole_quote_is_given_up_at_the_first_word_that_is_missing() -> None:
    beginning = PAGE[:40].rsplit(" ", 1)[0]
    assert find_quote(PAGE, beginning, is_whole=True)
    assert find_quote(PAGE, f"Nirgends {beginning}", is_whole=True) == []


def test_a_row_is_found_by_its_cells_and_not_by_the_names_of_its_columns() -> None:
    lines = [["Hund", "Steuer"], ["Ersthund", "96,00", "Euro"], ["Zweithund", "192,00", "Euro"]]
    assert find_row(lines, "Hund: Zweithund | Steuer: 192,00 Euro") == [(2, 0), (2, 1), (2, 2)]
    assert find_row(lines, "Hund: Kampfhund | Steuer: 600,00 Euro") == []
    assert find_row(lines, "Ersthund und Zweithund") == []


@pytest.mark.parametrize(
    ("name", "page", "quote"),
    [
        ("hundesteuersatzung", 2, "der älter als drei Monate ist. Lässt sich das Alter"),
        ("oeffnungszeiten", 1, "Tag: Mittwoch | Vormittag: geschlossen | Nachmittag: geschlossen"),
    ],
)
def test_the_quoted_lines_are_marked(images: PageImages, name: str, page: int, quote: str) -> None:
    file = DOCUMENTS / f"{name}.pdf"
    marked, plain = images.picture(file, page, 640, quote), images.picture(file, page, 640)
    assert (marked.is_marked, plain.is_marked) == (True, False)
    assert marked.mark_top == _first_change(plain, marked)
    assert (marked.width, marked.height) == (plain.width, plain.height) == (640, 906)
    # Some lines, and no more, have the colour of a marker.
    share = _count(marked) / (640 * 906)
    assert 0.0005 < share < 0.02
    assert _count(plain) == 0


def test_what_is_not_on_the_page_is_not_marked(images: PageImages) -> None:
    file = DOCUMENTS / "hundesteuersatzung.pdf"
    assert not images.picture(file, 2, 640, "Die Steuer beträgt im Kalenderjahr").is_marked


def test_a_scan_is_marked_where_its_words_were_recognised(images: PageImages) -> None:
    file = DOCUMENTS / "bewohnerparken.pdf"
    unread = images.picture(file, 1, 640, "Der Ausweis gilt nur")
    assert unread.png.startswith(b"\x89PNG")
    assert not unread.is_marked
    words = [
        ("Parken.", (0, 0, 90, 20)),
        ("Der", (100, 420, 130, 440)),
        ("Aus-", (600, 420, 640, 440)),
    ]
    words += [
        ("weis", (100, 450, 140, 470)),
        ("gilt", (150, 450, 180, 470)),
        ("nur.", (190, 450, 220, 470)),
    ]
    written = write_words(words, 1000, 1000)
    assert images.picture(file, 1, 640, "Der Ausweis gilt immer", written).mark_top is None
    marked = images.picture(file, 1, 640, "Der Ausweis gilt nur", written)
    assert marked.mark_top == _first_change(unread, marked)
    assert 0.40 < marked.mark_top / marked.height < 0.43


def test_a_page_as_long_as_a_till_roll_becomes_no_giant_picture(
    images: PageImages, tmp_path: Path
) -> None:
    roll = PdfWriter()
    roll.add_blank_page(width=20, height=14_400)
    roll.write(tmp_path / "roll.pdf")
    picture = images.picture(tmp_path / "roll.pdf", 1, 1440)
    assert picture.height <= 4 * 1440
    assert picture.width >= 1


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nno more than this", b"\x89PNG"])
def test_a_broken_file_has_no_picture_and_is_not_tried_again_at_once(
    images: PageImages, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(content)
    with pytest.raises(PageUndrawn):
        images.picture(file, 1, 640)
    monkeypatch.setattr(page_images, "_draw", lambda *_: pytest.fail("it was tried again"))
    with pytest.raises(PageUndrawn):
        images.picture(file, 1, 640)


@pytest.mark.parametrize("limits", [{"seconds": 0.01}, {"memory_mb": 20}])
def test_drawing_ends_where_it_takes_too_much(tmp_path: Path, limits: Mapping[str, float]) -> None:
    fields = {"seconds": 20, "memory_mb": 2000, "pages": 2000, "file_mb": 100, **limits}
    images = PageImages(tmp_path, ReaderLimits(**fields))  # type: ignore[arg-type]
    with pytest.raises(PageUndrawn):
        images.picture(DOCUMENTS / "hundesteuersatzung.pdf", 1, 640)


def test_a_picture_is_drawn_once_and_then_kept(images: PageImages, tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    shutil.copy(DOCUMENTS / "hebesatzsatzung.pdf", file)
    first = images.picture(file, 1, 640)
    file.unlink()
    assert images.picture(file, 1, 640) == first
    assert PageImages(tmp_path / "pages", LIMITS).picture(file, 1, 640) == first
    with pytest.raises(PageUndrawn):
        images.picture(file, 1, 960)


def test_where_too_many_wait_the_next_is_sent_away(
    images: PageImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, begun = threading.Event(), threading.Semaphore(0)
    picture = b'{"width": 1, "height": 1, "mark_top": null}\n\x89PNG'

    def draw(*_: object) -> bytes:
        begun.release()
        assert drawn.wait(10)
        return picture

    monkeypatch.setattr(page_images, "_draw", draw)
    file = DOCUMENTS / "hebesatzsatzung.pdf"
    requests = [
        threading.Thread(target=images.picture, args=(file, number, 640))
        for number in range(AT_ONCE + WAITING)
    ]
    for request in requests:
        request.start()
    for _ in range(AT_ONCE):
        assert begun.acquire(timeout=10)
    assert not begun.acquire(timeout=0.2)  # the others wait
    with pytest.raises(PageUndrawn):
        images.picture(file, 99, 640)
    drawn.set()
    for request in requests:
        request.join(10)
    assert images.picture(file, 99, 640) == PageImage(b"\x89PNG", 1, 1)


def test_the_cache_forgets_what_was_unused_for_longest(tmp_path: Path) -> None:
    cache = PageCache(tmp_path, most_bytes=25)
    cache.write("a", b"a" * 10)
    cache.write("b", b"b" * 10)
    assert cache.read("a") == b"a" * 10  # used again
    cache.write("c", b"c" * 10)
    assert [cache.read(key) is not None for key in "abc"] == [True, False, True]


def test_without_a_folder_to_write_pictures_are_drawn_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    images = PageImages(tmp_path / "file" / "pages", LIMITS)
    assert images.picture(DOCUMENTS / "hebesatzsatzung.pdf", 1, 640).width == 640


def test_words_of_a_scan_are_kept_with_their_boxes() -> None:
    words = [("§", (10.0, 20.0, 30.0, 40.0)), ("5", (32.0, 20.0, 40.0, 41.0))]
    text = write_words(words, 1000, 2000)
    assert list(read_words(text, 500, 1000)) == [
        (word, tuple(place / 2 for place in box)) for word, box in words
    ]
    assert list(read_words(write_words([], 1000, 2000), 500, 1000)) == []


def _first_change(plain: PageImage, marked: PageImage) -> int:
    """The first row of dots in which two pictures differ."""
    pictures = (Image.open(io.BytesIO(one.png)).convert("RGB") for one in (plain, marked))
    box = ImageChops.difference(*pictures).getbbox()
    assert box
    return box[1]


def _count(picture: PageImage) -> int:
    """The dots that have the marker's colour."""
    drawn = Image.open(io.BytesIO(picture.png)).convert("RGB")
    return {colour: n for n, colour in drawn.getcolors(2**24) or []}.get(MARKER, 0)
