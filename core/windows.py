"""Lays a passage's tokens into windows that fit the model, and finds each sentence's tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens for one forward pass, without the special ones. `sentences` holds, of each sentence
    that gets its vector here, its number in the passage and its token range in the window."""

    passage: int
    is_first: bool
    tokens: Numbers
    sentences: tuple[tuple[int, int, int], ...]


def token_ranges(ends: Numbers, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The token range of each character span, never empty where there are tokens.

    `ends` holds the character at which each token ends, ascending. A token belongs to the span in
    which it ends; a span in which none ends takes the token that runs across it, or the last one.
    """
    ranges = []
    for start, end in spans:
        first = int(np.searchsorted(ends, start, side="right"))
        first = min(first, max(len(ends) - 1, 0))
        ranges.append((first, max(int(np.searchsorted(ends, end, side="right")), first + 1)))
    return ranges


def split_windows(
    passage: int, tokens: Numbers, head: int, sentences: Sequence[tuple[int, int]], room: int
) -> Iterator[Window]:
    """The windows of one passage: one where it fits into `room` tokens, which is the usual case.

    `head` counts the tokens of prefix and context, `sentences` are token ranges in ascending
    order. The first window holds what fits; each further one begins, after the head, at the first
    sentence that was cut off. A sentence that alone is longer than a window is cut.
    """
    fitting = [number for number, (_, last) in enumerate(sentences) if last <= room]
    yield Window(passage, True, tokens[:room], tuple((n, *sentences[n]) for n in fitting))
    head = min(head, room // 2)
    pending = [number for number, (_, last) in enumerate(sentences) if last > room]
    while pending:
        start = sentences[pending[0]][0]
        shift = head - start
        inside: list[tuple[int, int, int]] = []
        for number in pending:
            first, last = sentences[number][0] + shift, sentences[number][1] + shift
            if inside and last > room:
                break
            inside.append((number, first, min(last, room)))
        body = tokens[start : start + room - head]
        yield Window(passage, False, np.concatenate([tokens[:head], body]), tuple(inside))
        pending = pending[len(inside) :]
