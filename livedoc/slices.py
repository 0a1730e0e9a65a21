"""Applies an edit in slices, so that no edit takes the processor for long.

What an edit costs the CRDT depends on the whole document: each inserted run looks at all that stands between its
neighbours, which is little for whoever saw them side by side, and each deleted range moves the list of all letters
behind it. A few kilobytes can so keep it busy for minutes. The time is therefore looked at on the way.
"""

import gc
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from livedoc import updates
from livedoc.refusals import Code, Refused
from livedoc.trial import Edit

Part = TypeVar("Part")

BUDGET = 0.05
"""Seconds of processor time that an edit may take."""
EACH = 0.005
"""Seconds that one part may take: thousands of letters stand between what were neighbours."""
STEP = 0.01
"""Seconds that one slice should take."""
WHOLE = 2
"""Parts that are applied at once."""


class TooLong(Refused):
    """The edit takes too long. `is_sure` when it is not for one measurement alone: what else the machine does may
    fall into that."""

    def __init__(self, *, is_sure: bool) -> None:
        super().__init__(Code.TOO_LARGE, "it takes too long")
        self.is_sure = is_sure


def apply(edit: Edit, apply_one: Callable[[bytes], object]) -> float:
    """Apply an edit and answer the processor time it took, in seconds. Raises TooLong; part of it is applied then.
    Whatever `apply_one` raises passes through."""
    collects = gc.isenabled()
    gc.disable()  # a collection takes longer than the edit in which it happens to fall due
    try:
        return _apply(edit, apply_one)
    finally:
        if collects:
            gc.enable()


def _apply(edit: Edit, apply_one: Callable[[bytes], object]) -> float:
    began = time.thread_time()
    structs, ranges = edit.structs, edit.ranges
    if len(structs) + len(ranges) <= WHOLE:
        apply_one(edit.news)
        cost = time.thread_time() - began
        if cost > EACH * (len(structs) + len(ranges)):
            raise TooLong(is_sure=False)
        return cost
    _in_slices(structs, began, lambda some: apply_one(updates.write(some, ())))
    _in_slices(ranges, began, lambda some: apply_one(updates.write((), some)))
    return time.thread_time() - began


def _in_slices(parts: Sequence[Part], began: float, apply_some: Callable[[Sequence[Part]], object]) -> None:
    at, size = 0, 1
    while at < len(parts):
        started = time.thread_time()
        apply_some(parts[at : at + size])
        at += size
        now = time.thread_time()
        left, each = BUDGET - (now - began), (now - started) / size
        if each > EACH or (left < 0 and at < len(parts)):
            raise TooLong(is_sure=left < 0)
        size = max(1, min(size * 8, int(min(STEP, left) / max(each, 1e-6))))
