"""From one text to another, as the fewest pieces that a person would call changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_CLOSE_LOOK = 800
"""Up to so many words on both sides together a changed passage is compared word by word; the matching is quadratic."""
_MANY_LINES = 1_500
"""Beyond so many changed lines the whole passage counts as changed."""


@dataclass(frozen=True, slots=True)
class Splice:
    """At character `at` of the former text, remove `removed` characters and put `inserted` there."""

    at: int
    removed: int
    inserted: str


def splices(before: str, after: str) -> list[Splice]:
    """The changes from `before` to `after`, in order of place; positions refer to `before`."""
    start = _common_prefix(before, after)
    end = _common_suffix(before[start:], after[start:])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return []
    return [Splice(start + piece.at, piece.removed, piece.inserted) for piece in _by_line(old, new)]


def _by_line(old: str, new: str) -> Iterator[Splice]:
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(old_lines) + len(new_lines) > _MANY_LINES:
        yield Splice(0, len(old), new)
        return
    for piece in _pieces(old_lines, new_lines):
        removed = old[piece.at : piece.at + piece.removed]
        for word in _by_word(removed, piece.inserted):
            yield Splice(piece.at + word.at, word.removed, word.inserted)


def _by_word(old: str, new: str) -> Iterator[Splice]:
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if not old or not new or len(old_words) + len(new_words) > _CLOSE_LOOK:
        yield Splice(0, len(old), new)
        return
    yield from _pieces(old_words, new_words)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Splice]:
    starts = [0]
    for token in old:
        starts.append(starts[-1] + len(token))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Splice(starts[i1], starts[i2] - starts[i1], "".join(new[j1:j2]))


def _common_prefix(one: str, other: str) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(one: str, other: str) -> int:
    return _common_prefix(one[::-1], other[::-1])
