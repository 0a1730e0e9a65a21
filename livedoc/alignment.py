"""Which lines of two texts belong to each other: first those that are unique on both sides, then between them.

Patience matching: lines that occur once before and once after hold the rest in place. Where no such line is left, a
short stretch is compared in full and a long one counts as changed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_CLOSE_LOOK = 400
"""Up to so many lines on both sides together a stretch without unique lines is compared in full; it is quadratic."""


@dataclass(frozen=True, slots=True)
class Block:
    """The former lines `i1` … `i2` are the later lines `j1` … `j2` now; one side may be empty."""

    i1: int
    i2: int
    j1: int
    j2: int


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The changed stretches, in order; what lies between them is equal."""
    found: list[Block] = []
    for block in _between(old, new, Block(0, len(old), 0, len(new))):
        if found and (found[-1].i2, found[-1].j2) == (block.i1, block.j1):
            block = Block(found[-1].i1, block.i2, found.pop().j1, block.j2)
        found.append(block)
    return found


def _between(old: Sequence[str], new: Sequence[str], within: Block) -> Iterator[Block]:
    pending = [within]
    while pending:
        block = _trimmed(old, new, pending.pop())
        if block.i1 == block.i2 and block.j1 == block.j2:
            continue
        if block.i1 == block.i2 or block.j1 == block.j2:
            yield block
            continue
        anchors = _anchors(old, new, block)
        if anchors:
            pending += reversed(list(_gaps(block, anchors)))
        elif block.i2 - block.i1 + block.j2 - block.j1 <= _CLOSE_LOOK:
            yield from _in_full(old, new, block)
        else:
            yield block


def _trimmed(old: Sequence[str], new: Sequence[str], block: Block) -> Block:
    """Without equal lines at either end."""
    i1, i2, j1, j2 = block.i1, block.i2, block.j1, block.j2
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    return Block(i1, i2, j1, j2)


def _anchors(old: Sequence[str], new: Sequence[str], block: Block) -> list[tuple[int, int]]:
    """Lines that are unique on both sides and follow each other in both: as many letters of them as can be."""
    once = _once(old, block.i1, block.i2)
    places = [(once[line], j) for line, j in _once(new, block.j1, block.j2).items() if line in once]
    places.sort()
    return _heaviest_rising(places, [len(old[i]) + 1 for i, _j in places])


def _once(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    """Lines with words that occur once, and where."""
    counts = Counter(lines[start:end])
    return {lines[i]: i for i in range(start, end) if counts[lines[i]] == 1 and lines[i].strip()}


def _heaviest_rising(places: Sequence[tuple[int, int]], weights: Sequence[int]) -> list[tuple[int, int]]:
    """Of places in order of the one number those whose other rises too, of the greatest weight: among the best ends
    so far, by that number, each is heavier than those before it."""
    ends: list[tuple[int, int, int]] = []  # the later line, the weight of the best way there, the place's number
    before: list[int] = []
    for number, ((_i, j), weight) in enumerate(zip(places, weights, strict=True)):
        at = bisect_left(ends, (j, 0, 0))
        before.append(ends[at - 1][2] if at else -1)
        total = weight + (ends[at - 1][1] if at else 0)
        until = at
        while until < len(ends) and ends[until][1] <= total:
            until += 1
        ends[at:until] = [(j, total, number)]
    found: list[tuple[int, int]] = []
    number = ends[-1][2] if ends else -1
    while number >= 0:
        found.append(places[number])
        number = before[number]
    return found[::-1]


def _gaps(block: Block, anchors: Sequence[tuple[int, int]]) -> Iterator[Block]:
    i1, j1 = block.i1, block.j1
    for i, j in anchors:
        yield Block(i1, i, j1, j)
        i1, j1 = i + 1, j + 1
    yield Block(i1, block.i2, j1, block.j2)


def _in_full(old: Sequence[str], new: Sequence[str], block: Block) -> Iterator[Block]:
    matcher = SequenceMatcher(None, old[block.i1 : block.i2], new[block.j1 : block.j2], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield Block(block.i1 + i1, block.i1 + i2, block.j1 + j1, block.j1 + j2)
