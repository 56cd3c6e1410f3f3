from __future__ import annotations

import numpy as np

from core.windows import split_windows, token_ranges


def test_a_token_belongs_to_the_sentence_it_ends_in() -> None:
    ends = np.array([3, 7, 8, 12, 16])
    assert token_ranges(ends, [(0, 8), (9, 16)]) == [(0, 3), (3, 5)]


def test_a_sentence_in_which_no_token_ends_takes_the_one_that_runs_across_it() -> None:
    assert token_ranges(np.array([10]), [(0, 4), (5, 10)]) == [(0, 1), (0, 1)]


def test_a_sentence_behind_the_last_token_takes_that_one() -> None:
    assert token_ranges(np.array([3, 5]), [(6, 9)]) == [(1, 2)]


def test_a_passage_that_fits_is_one_window() -> None:
    (window,) = split_windows(4, np.arange(8), 2, [(2, 5), (5, 8)], room=8)
    assert window.passage == 4
    assert window.is_first
    assert window.tokens.tolist() == list(range(8))
    assert window.sentences == ((0, 2, 5), (1, 5, 8))


def test_sentences_that_were_cut_off_follow_behind_the_same_head() -> None:
    first, second = split_windows(0, np.arange(12), 2, [(2, 6), (6, 9), (9, 12)], room=8)
    assert first.sentences == ((0, 2, 6),)
    assert second.tokens.tolist() == [0, 1, 6, 7, 8, 9, 10, 11]
    assert second.sentences == ((1, 2, 5), (2, 5, 8))
    assert not second.is_first


def test_a_sentence_longer_than_a_window_is_cut() -> None:
    windows = list(split_windows(0, np.arange(40), 2, [(2, 30), (30, 34)], room=8))
    assert [window.sentences for window in windows] == [(), ((0, 2, 8),), ((1, 2, 6),)]
    assert all(len(window.tokens) <= 8 for window in windows)


def test_a_head_longer_than_a_window_leaves_room_for_sentences() -> None:
    _, second = split_windows(0, np.arange(23), 20, [(20, 23)], room=8)
    assert second.tokens.tolist() == [0, 1, 2, 3, 20, 21, 22]
    assert second.sentences == ((0, 4, 7),)
