"""A few wrong cases stand for all of a set, and are shown as they are."""

from __future__ import annotations

import io

from rich.console import Console

from eval.cases import LENGTH, SHOWN, Case, excerpt, print_cases, spread


def cases(count: int) -> list[Case]:
    return [Case(str(number), ("a",), ("b",)) for number in range(count)]


def test_cases_are_taken_evenly_from_the_whole_set() -> None:
    numbers = [int(case.question) for case in spread(cases(SHOWN * 10))]
    assert numbers == list(range(0, SHOWN * 10, 10))
    assert [int(case.question) for case in spread(cases(SHOWN + 1))][-1] == SHOWN - 1


def test_a_few_cases_are_all_shown() -> None:
    assert spread(cases(3)) == tuple(cases(3))
    assert spread([]) == ()


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("Die\nSteuer  beträgt") == "Die Steuer beträgt"
    assert len(excerpt("lang " * 100)) == LENGTH


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    file = io.StringIO()
    case = Case("Was ist [bold]?", ("a: [/x]", "b: c"), ("no answer",))
    print_cases("omos-qa", {"de": [case], "en": []}, Console(file=file, width=40))
    assert file.getvalue().splitlines() == [
        "",
        "omos-qa, de: some that went wrong",
        "  Was ist [bold]?",
        "      wanted  a: [/x]",
        "      wanted  b: c",
        "      came    no answer",
    ]
