"""The layout of PDF pages: what a reader of a by-law sees, in the order in which it reads."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table as DrawnTable
from reportlab.platypus import TableStyle

from ingest.readers.pdf_blocks import TextBlock, make_blocks
from ingest.readers.pdf_shapes import Page, Table, Word
from ingest.readers.pdf_worker import Outcome, WorkerLimits, read_blocks

LIMITS = WorkerLimits(seconds=60, recognition_seconds=60, memory_mb=2000, pages=100)
TOP = A4[1] - 60
Drawing = Callable[[Canvas], None]


def read(*pages: Drawing) -> Outcome:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, pageCompression=0)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return read_blocks(buffer.getvalue(), LIMITS)


def write(canvas: Canvas, lines: Sequence[str], x: float = 70, y: float = TOP) -> float:
    """Write lines one under another; returns where the next would stand."""
    for line in lines:
        canvas.drawString(x, y, line)
        y -= 12
    return y


def texts(outcome: Outcome) -> list[str]:
    return [block.text for block in outcome.blocks if isinstance(block, TextBlock)]


def tables(outcome: Outcome) -> list[Table]:
    return [block for block in outcome.blocks if isinstance(block, Table)]


def test_lines_become_paragraphs_and_broken_words_are_mended() -> None:
    def draw(canvas: Canvas) -> None:
        y = write(
            canvas,
            [
                "(1) Steuergegenstand ist das Halten von Hunden im Gemeindegebiet zu per-",
                "sönlichen Zwecken. Das Melde- und Passwesen bleibt davon unberührt, so-",
                "weit nichts anderes bestimmt ist.",
                "(2) Die Steuer wird als Jahressteuer erhoben und ist am 1. Juli eines Jahres",
                "fällig.",
            ],
        )
        write(canvas, ["Nach einer Leerzeile beginnt ein Absatz."], y=y - 12)

    assert texts(read(draw)) == [
        "(1) Steuergegenstand ist das Halten von Hunden im Gemeindegebiet zu persönlichen Zwecken. "
        "Das Melde- und Passwesen bleibt davon unberührt, soweit nichts anderes bestimmt ist.",
        "(2) Die Steuer wird als Jahressteuer erhoben und ist am 1. Juli eines Jahres fällig.",
        "Nach einer Leerzeile beginnt ein Absatz.",
    ]


def test_a_paragraph_goes_on_over_the_page() -> None:
    def first(canvas: Canvas) -> None:
        write(canvas, ["Die Gemeinde erhebt für das Halten von Hunden im Gemeindegebiet"], y=80)

    def second(canvas: Canvas) -> None:
        write(canvas, ["eine Steuer nach dieser Satzung."])

    outcome = read(first, second)
    assert texts(outcome) == [
        "Die Gemeinde erhebt für das Halten von Hunden im Gemeindegebiet eine Steuer nach dieser "
        "Satzung."
    ]


def test_running_headers_footers_and_page_numbers_are_dropped() -> None:
    def page(number: int) -> Drawing:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, A4[1] - 30, "Hundesteuersatzung der Gemeinde Auental")
            canvas.drawString(70, 30, "F:/Hauptamt/Satzungen/hundesteuer.doc")
            canvas.drawRightString(520, 30, f"Seite {number} von 3")
            write(canvas, [f"Der {number}. Absatz steht nur auf einer Seite."], y=A4[1] / 2)

        return draw

    assert texts(read(page(1), page(2), page(3))) == [
        f"Der {number}. Absatz steht nur auf einer Seite." for number in (1, 2, 3)
    ]


def test_a_page_that_comes_twice_loses_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ["Antrag auf einen Bewohnerparkausweis"])

    assert texts(read(draw, draw)) == ["Antrag auf einen Bewohnerparkausweis"] * 2


@pytest.mark.parametrize(
    "footer", ["Rathausplatz 1, 99001 Auental, Tel. 0999 1234", "Stand: 1. Juni 2025"]
)
def test_what_people_ask_for_is_kept_once_of_a_footer(footer: str) -> None:
    def page(sentence: str) -> Drawing:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, 30, footer)
            write(canvas, [sentence])

        return draw

    outcome = read(
        page("Bitte bringen Sie den Ausweis mit."), page("Die Gebühr ist bar zu zahlen.")
    )
    assert texts(outcome)[-1] == footer  # not amid a text that goes on on the next page
    assert texts(outcome).count(footer) == 1


@pytest.mark.parametrize("pages", [1, 3])
def test_what_counts_pages_is_dropped_from_the_row_of_what_is_kept(pages: int) -> None:
    def page(number: int) -> Drawing:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, 30, "Stand: 21.11.2019")
            canvas.drawRightString(520, 30, f"Seite {number} von {pages}")
            write(canvas, [f"Nr. {number} steht auf Seite 5 von 9."], y=A4[1] / 2)

        return draw

    read_texts = texts(read(*(page(number + 1) for number in range(pages))))
    assert read_texts[-1] == "Stand: 21.11.2019"
    assert sum("Seite" in text for text in read_texts) == pages
    assert sum("Stand" in text for text in read_texts) == 1


def test_a_sheet_of_a_register_is_no_page_count() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(70, 30, "Grundbuch von Auental")
        canvas.drawRightString(520, 30, "Blatt 4711")
        write(canvas, ["Die Gebühr ist bar zu zahlen."])

    assert "Blatt 4711" in " ".join(texts(read(draw)))


def test_what_stands_in_footers_and_then_in_headers_is_kept() -> None:
    def page(number: int) -> Drawing:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(70, 30 if number < 2 else A4[1] - 30, "Rathaus, Tel. 0999 1234")
            write(canvas, [f"Auf Seite {number} steht etwas anderes."], y=A4[1] / 2)

        return draw

    assert any("0999 1234" in text for text in texts(read(*map(page, range(4)))))


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"Die linke Spalte sagt in Zeile {n} etwas zur" for n in range(8)]
    right = [f"Die rechte Spalte sagt in Zeile {n} mehr zur" for n in range(8)]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(70, TOP, "Merkblatt für alle Bürgerinnen und Bürger von Auental")
        canvas.setFont("Helvetica", 10)
        write(canvas, left, x=70, y=TOP - 40)
        write(canvas, right, x=300, y=TOP - 43)

    joined = " ".join(texts(read(draw)))
    assert joined.index("Merkblatt") < joined.index("linke Spalte sagt in Zeile 0")
    assert joined.index("linke Spalte sagt in Zeile 7") < joined.index(
        "rechte Spalte sagt in Zeile 0"
    )


def test_headings_are_told_by_size_and_weight_and_keep_their_order() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(70, TOP, "Hundesteuersatzung")
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(70, TOP - 40, "§ 5 Steuersatz")
        canvas.setFont("Helvetica", 10)
        write(canvas, ["Die Steuer beträgt 108,00 Euro."], y=TOP - 60)

    assert read(draw).blocks == [
        TextBlock("Hundesteuersatzung", "heading", 1, 1),
        TextBlock("§ 5 Steuersatz", "heading", 1, 2),
        TextBlock("Die Steuer beträgt 108,00 Euro.", "text", 1),
    ]


def test_amounts_at_the_right_belong_to_their_entry() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, ["Die Gebühren betragen:"])
        rows = [
            (["a) für die Überlassung eines Reihengrabes"], "1.150,00 €"),
            (
                ["b) für die Verlängerung des Nutzungsrechts an einem", "Wahlgrab je Jahr"],
                "50,00 €",
            ),
        ]
        y = TOP - 24
        for label, amount in rows:
            y = write(canvas, label, y=y)
            canvas.drawRightString(520, y + 12, amount)

    assert texts(read(draw)) == [
        "Die Gebühren betragen:",
        "a) für die Überlassung eines Reihengrabes: 1.150,00 €",
        "b) für die Verlängerung des Nutzungsrechts an einem Wahlgrab je Jahr: 50,00 €",
    ]


def test_dots_lead_to_an_amount_or_to_a_page() -> None:
    def draw(canvas: Canvas) -> None:
        write(
            canvas,
            [
                "für den ersten Hund ........................ 108,00 Euro",
                "für jeden weiteren Hund .................... 216,00 Euro",
            ],
        )
        write(canvas, ["§ 1 Steuergegenstand ........................ 3"], y=TOP - 60)

    blocks = read(draw).blocks
    assert blocks[:2] == [
        TextBlock("für den ersten Hund: 108,00 Euro", "row", 1),
        TextBlock("für jeden weiteren Hund: 216,00 Euro", "row", 1),
    ]
    assert blocks[2] == TextBlock("§ 1 Steuergegenstand ........ 3", "text", 1)


HEADER = ["Grabart", "Nutzungszeit", "Gebühr"]
GRAVES = [["Reihengrab", "20 Jahre", "1.150,00 Euro"], ["Urnengrab", "15 Jahre", "640,00 Euro"]]


def draw_table(rows: Sequence[Sequence[str]], *, ruled: bool) -> Drawing:
    style: list[tuple[object, ...]] = [("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    if ruled:
        style.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))

    def draw(canvas: Canvas) -> None:
        table = DrawnTable(rows, colWidths=[150, 120, 120], style=TableStyle(style))
        _, height = table.wrapOn(canvas, 400, 400)
        table.drawOn(canvas, 70, TOP - height)

    return draw


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "aligned"])
def test_a_table_is_rows_with_their_header(ruled: bool) -> None:
    (table,) = tables(read(draw_table([HEADER, *GRAVES], ruled=ruled)))
    assert table.header == tuple(HEADER)
    assert table.rows == tuple(map(tuple, GRAVES))


def test_wrapped_cells_are_joined() -> None:
    rows = [
        HEADER,
        ["Reihengrab für Ver-\nstorbene bis 5 Jahre", "20 Jahre", "300,00 Euro"],
        GRAVES[1],
    ]
    (table,) = tables(read(draw_table(rows, ruled=True)))
    assert table.rows[0] == ("Reihengrab für Verstorbene bis 5 Jahre", "20 Jahre", "300,00 Euro")


def test_a_table_keeps_its_header_on_the_next_page() -> None:
    first, second = tables(
        read(
            draw_table([HEADER, *GRAVES], ruled=True),
            draw_table([["Wahlgrab", "30 Jahre", "2.900,00 Euro"], *GRAVES], ruled=True),
        )
    )
    assert first.header == second.header == tuple(HEADER)
    assert second.rows[0] == ("Wahlgrab", "30 Jahre", "2.900,00 Euro")


def test_a_header_printed_again_is_no_row() -> None:
    page = draw_table([HEADER, *GRAVES], ruled=True)
    assert all(tuple(HEADER) not in table.rows for table in tables(read(page, page)))


def test_several_amounts_in_a_cell_stay_with_what_they_are_for() -> None:
    rows = [
        ["Nr.", "Gegenstand", "Euro"],
        ["8", "Pläne und Karten\nDIN A 1\nkleiner als DIN A 1", "\n10,00\n7,50"],
        ["9", "Beglaubigung", "5,00"],
    ]
    (table,) = tables(read(draw_table(rows, ruled=True)))
    assert table.rows[0] == (
        "8",
        "Pläne und Karten",
        "DIN A 1: 10,00; kleiner als DIN A 1: 7,50",
    )


def test_a_page_drawn_sideways_reads_like_any_other() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(A4[0], 0)
        canvas.rotate(90)
        write(canvas, ["Die Steuer beträgt im Jahr", "108,00 Euro."], y=400)

    assert texts(read(draw)) == ["Die Steuer beträgt im Jahr 108,00 Euro."]


def test_a_raised_figure_stays_a_square() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(70, TOP)
        text.setFont("Helvetica", 10)
        text.textOut("Die Fläche beträgt 120 m")
        text.setRise(4)
        text.setFont("Helvetica", 6)
        text.textOut("2")
        canvas.drawText(text)

    assert texts(read(draw)) == ["Die Fläche beträgt 120 m²"]


def test_a_misread_section_sign_is_mended_where_that_section_is_due() -> None:
    def line(text: str, y: float, x: float = 70) -> list[Word]:
        words, places = text.split(), range(len(text.split()))
        return [
            Word(w, x + 60 * i, x + 60 * i + 55, y, 10) for w, i in zip(words, places, strict=True)
        ]

    paragraph = "Die Steuer beträgt im Jahr 8 Euro."
    words = [
        *line("§ 1", 100, x=290),
        *line(paragraph, 130),
        *line("82", 160, x=290),
        *line(paragraph, 190),
        *line("89", 220, x=290),
    ]
    page = Page(1, A4[0], A4[1], tuple(words), is_recognised=True)
    assert [block.text for block in make_blocks([page]) if isinstance(block, TextBlock)] == [
        "§ 1",
        paragraph,
        "§ 2",
        paragraph,
        "89",
    ]
