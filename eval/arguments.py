"""What may be typed for an option: a name for a run, a number, a time."""

from __future__ import annotations

import argparse
import math
import re

LAST, PREVIOUS = "last", "previous"  # the names of the runs that are always kept


def run_name(text: str) -> str:
    """A name for a run, which becomes that of a file."""
    if not re.fullmatch(r"\w[\w.-]*", text) or text in (LAST, PREVIOUS):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: use letters, digits, dots and dashes, and not "
            f"{LAST!r} or {PREVIOUS!r}"
        )
    return text


def seconds(text: str) -> float:
    """A time, longer than none."""
    try:
        if 0 < float(text) < math.inf:
            return float(text)
    except ValueError:
        pass  # told below
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")


def count(text: str) -> int:
    """A number of which there is at least one."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)
