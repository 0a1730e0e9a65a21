"""What is told of a text: whose its words are, and who took former ones away."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from typing import Generic, TypeVar

from livedoc.comparison import Part
from livedoc.difference import Splice
from livedoc.words import Size

Point = tuple[int, int]
"""Epoch and seq."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of the log. Without a user nobody knows whose: the document was begun anew with another text."""

    user_id: int | None
    at: datetime
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Run:
    """So many characters of a text are one person's, written from `first_at` to `last_at`, last by the edit `seq` of
    `epoch`. Without a user nobody knows whose they are. `hand`: the edit by which another person accepted them, or
    somebody brought them back. `is_template`: the document began with them, whoever made it."""

    length: int
    user_id: int | None
    first_at: datetime | None
    last_at: datetime | None
    epoch: int
    seq: int
    hand: Edit | None = None
    is_template: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A text and its runs, one behind the other, at a point."""

    epoch: int
    seq: int
    text: str
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Taken:
    """So many characters of a former text, and the edit that took them away; None when they are still there."""

    length: int
    by: Edit | None


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of a former text: `runs` cover it. `after` is the later text."""

    text: str
    after: str
    runs: list[Taken]


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two texts by words: whose the inserted ones are, and who took the others away."""

    splice: Splice
    inserted: list[Run]
    removed: list[Taken]


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment worth a look: the text at `point`, after what `people` wrote from `first_at` to `last_at`."""

    point: Point
    first_at: datetime
    last_at: datetime
    people: tuple[int, ...]


Cut = TypeVar("Cut", Run, Taken)


class Ruler(Generic[Cut]):
    """Finds the runs of a passage among many without counting from the front."""

    __slots__ = ("_runs", "_starts")

    def __init__(self, runs: Sequence[Cut]) -> None:
        self._runs: Sequence[Cut] = runs
        self._starts = list(accumulate((run.length for run in runs), initial=0))

    def between(self, start: int, end: int) -> Iterator[Cut]:
        """The parts of runs that lie between two characters of their text."""
        number = max(0, bisect_right(self._starts, start) - 1)
        while number < len(self._runs) and self._starts[number] < end:
            run, at = self._runs[number], self._starts[number]
            first, last = max(at, start), min(at + run.length, end)
            if first < last:
                yield run if last - first == run.length else replace(run, length=last - first)
            number += 1


@dataclass(frozen=True, slots=True)
class Compared:
    """A later text beside a former one: whose its words are, who took the others away, the changes between them, and
    how many words came and went."""

    written: Written
    removed: Removed
    hunks: list[list[Part]]
    size: Size
    whose: Ruler[Run] = field(init=False)
    """The runs of the later text."""
    fates: Ruler[Taken] = field(init=False)
    """Those of the former one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "whose", Ruler(self.written.runs))
        object.__setattr__(self, "fates", Ruler(self.removed.runs))


def between(runs: Sequence[Cut], start: int, end: int) -> Iterator[Cut]:
    """The parts of runs that lie between two characters of their text."""
    return Ruler(runs).between(start, end)
