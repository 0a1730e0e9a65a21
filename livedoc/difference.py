"""From one text to another, as the fewest pieces that a person would call changed."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from livedoc.alignment import blocks

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_CLOSE_LOOK = 800
"""Up to so many words on both sides together a changed passage is compared word by word; the matching is quadratic."""
_MANY_LINES = 1_500
"""Beyond so many changed lines they are held in place by those that are unique (livedoc/alignment.py)."""


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
    is_long = len(old_lines) + len(new_lines) > _MANY_LINES
    for piece in _of_blocks(old_lines, new_lines) if is_long else _pieces(old_lines, new_lines):
        removed = old[piece.at : piece.at + piece.removed]
        for word in by_word(removed, piece.inserted):
            yield Splice(piece.at + word.at, word.removed, word.inserted)


def _of_blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Splice]:
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for block in blocks(old, new):
        yield Splice(starts[block.i1], starts[block.i2] - starts[block.i1], "".join(new[block.j1 : block.j2]))


def by_word(old: str, new: str) -> Iterator[Splice]:
    """The changes of a short passage by words; a long one counts as changed."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if not old or not new or len(old_words) + len(new_words) > _CLOSE_LOOK:
        yield Splice(0, len(old), new)
        return
    yield from _pieces(old_words, new_words, _holds_a_word, str.isspace)


def _holds_a_word(tokens: Sequence[str]) -> bool:
    """Two passages that share no more than spaces or stops have nothing in common a person would call kept."""
    return any(any(letter.isalnum() for letter in token) for token in tokens)


def _pieces(
    old: Sequence[str],
    new: Sequence[str],
    is_kept: Callable[[Sequence[str]], bool] = bool,
    is_junk: Callable[[str], bool] | None = None,
) -> Iterator[Splice]:
    """The changed runs of tokens; an equal run between two of them that is not worth keeping joins them. What is junk
    is equal only beside what is equal: no search begins at a space, which is like every other."""
    head = _equal(zip(old, new, strict=False))
    tail = _equal(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    # What both begin and end with needs no search.
    starts = [sum(map(len, old[:head]))]
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    for token in old:
        starts.append(starts[-1] + len(token))
    codes = SequenceMatcher(is_junk, old, new, autojunk=False).get_opcodes()
    begun: tuple[int, int] | None = None
    for position, (tag, i1, i2, j1, j2) in enumerate(codes):
        if tag != "equal":
            begun = begun or (i1, j1)
        elif begun and (position == len(codes) - 1 or is_kept(old[i1:i2])):
            yield Splice(starts[begun[0]], starts[i1] - starts[begun[0]], "".join(new[begun[1] : j1]))
            begun = None
        if position == len(codes) - 1 and begun:
            yield Splice(starts[begun[0]], starts[i2] - starts[begun[0]], "".join(new[begun[1] : j2]))


def _equal(pairs: Iterable[tuple[str, str]]) -> int:
    """How many of them, from the first, are of equals."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


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
