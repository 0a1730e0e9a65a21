"""Two texts beside each other: what was kept, removed, inserted and moved, by words; and the changes as places.

Kept, removed and gone pieces make the former text, kept, inserted and come ones the later text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from livedoc.alignment import Block, blocks
from livedoc.difference import by_word

LEAST_MOVED = 12
"""Letters of a paragraph from which on it counts as moved when it is gone in one place and comes in another."""


_PARAGRAPH = re.compile(r"([^\n]*)(\n*)")


class Kind(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    INSERTED = "inserted"
    GONE = "gone"
    """A paragraph that stands elsewhere now."""
    CAME = "came"
    """A paragraph that stood elsewhere."""


IN_FORMER = frozenset({Kind.KEPT, Kind.REMOVED, Kind.GONE})
IN_LATER = frozenset({Kind.KEPT, Kind.INSERTED, Kind.CAME})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text. `move` numbers the two pieces of a moved paragraph, from 1."""

    kind: Kind
    text: str
    move: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A changed piece where it stands: at `before` of the former text, at `after` of the later one (characters)."""

    piece: Piece
    before: int
    after: int

    @property
    def former(self) -> tuple[int, int]:
        """The characters of the former text that it covers."""
        return self.before, self.before + (len(self.piece.text) if self.piece.kind in IN_FORMER else 0)

    @property
    def later(self) -> tuple[int, int]:
        """The characters of the later text that it covers."""
        return self.after, self.after + (len(self.piece.text) if self.piece.kind in IN_LATER else 0)


def pieces(before: str, after: str) -> list[Piece]:
    """The way from one text to the other, in order."""
    old, new = _paragraphs(before), _paragraphs(after)
    changed = blocks([each.words for each in old], [each.words for each in new])
    gone, came = _moves(old, new, changed)
    found: list[Piece] = []
    i = j = 0
    for block in [*changed, Block(len(old), len(old), len(new), len(new))]:
        for former, later in zip(old[i : block.i1], new[j : block.j1], strict=True):
            found += _kept(former, later)
        found += _of_block(block, old, new, gone, came)
        i, j = block.i2, block.j2
    return _joined(found)


def hunks(found: Sequence[Piece]) -> list[list[Part]]:
    """The changes as a person counts them: parts with no end of a kept line between them, kept words among them. What
    moved stands for itself; changes of blank lines alone are none."""
    made: list[list[Part]] = []
    current: list[Part] = []
    before = after = 0
    for piece in found:
        part = Part(piece, before, after)
        before, after = part.former[1], part.later[1]
        if piece.move:
            made += [current, [part]]
            current = []
        elif piece.kind is not Kind.KEPT:
            current.append(part)
        elif "\n" in piece.text:
            made.append(current)
            current = []
        elif current:
            current.append(part)
    made.append(current)
    for hunk in made:
        while hunk and hunk[-1].piece.kind is Kind.KEPT:
            hunk.pop()
    return [hunk for hunk in made if any(part.piece.kind is not Kind.KEPT and part.piece.text.strip() for part in hunk)]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A line and the line ends after it, so that blank lines stay with what they follow."""

    words: str
    ends: str

    @property
    def text(self) -> str:
        return self.words + self.ends


def _paragraphs(text: str) -> list[_Paragraph]:
    return [_Paragraph(*found.groups()) for found in _PARAGRAPH.finditer(text) if found[0]]


def _kept(former: _Paragraph, later: _Paragraph) -> Iterator[Piece]:
    common = min(former.ends, later.ends, key=len)
    yield Piece(Kind.KEPT, former.words + common)
    yield Piece(Kind.REMOVED, former.ends[len(common) :])
    yield Piece(Kind.INSERTED, later.ends[len(common) :])


def _moves(
    old: Sequence[_Paragraph], new: Sequence[_Paragraph], changed: Sequence[Block]
) -> tuple[dict[int, int], dict[int, int]]:
    """The number of the move of each paragraph that only changed its place, on both sides."""
    waiting: dict[str, list[int]] = {}
    for block in changed:
        for i in range(block.i1, block.i2):
            if len(old[i].words.strip()) >= LEAST_MOVED:
                waiting.setdefault(old[i].words, []).append(i)
    gone: dict[int, int] = {}
    came: dict[int, int] = {}
    for block in changed:
        for j in range(block.j1, block.j2):
            places = waiting.get(new[j].words)
            if places:
                gone[places.pop(0)] = came[j] = len(gone) + 1
    return gone, came


def _of_block(
    block: Block, old: Sequence[_Paragraph], new: Sequence[_Paragraph], gone: dict[int, int], came: dict[int, int]
) -> Iterator[Piece]:
    """A changed stretch: what moved stands for itself, what lies between is compared by words."""
    former = _stretches(old[block.i1 : block.i2], block.i1, gone, Kind.GONE)
    later = _stretches(new[block.j1 : block.j2], block.j1, came, Kind.CAME)
    for (moved_away, removed), (moved_here, inserted) in zip_longest(former, later, fillvalue=((), "")):
        yield from moved_away
        yield from moved_here
        yield from _words(removed, inserted)


def _stretches(
    paragraphs: Sequence[_Paragraph], first: int, moved: dict[int, int], kind: Kind
) -> list[tuple[Sequence[Piece], str]]:
    """Moved paragraphs, and the text of those after them up to the next moved one."""
    found: list[tuple[list[Piece], str]] = [([], "")]
    for number, paragraph in enumerate(paragraphs, first):
        if number in moved:
            if found[-1][1]:
                found.append(([], ""))
            found[-1][0].append(Piece(kind, paragraph.text, moved[number]))
        else:
            found[-1] = (found[-1][0], found[-1][1] + paragraph.text)
    return list(found)


def _words(old: str, new: str) -> Iterator[Piece]:
    """By words; line ends that both sides end with are kept."""
    tail = 0
    while tail < min(len(old), len(new)) and old[-1 - tail] == new[-1 - tail] == "\n":
        tail += 1
    at, end = 0, len(old) - tail
    for splice in by_word(old[:end], new[: len(new) - tail]):
        yield Piece(Kind.KEPT, old[at : splice.at])
        at = splice.at + splice.removed
        yield Piece(Kind.REMOVED, old[splice.at : at])
        yield Piece(Kind.INSERTED, splice.inserted)
    yield Piece(Kind.KEPT, old[at:])


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Without empty ones; kept ones that follow each other are one."""
    joined: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        if joined and piece.kind is Kind.KEPT is joined[-1].kind:
            piece = Piece(Kind.KEPT, joined.pop().text + piece.text)
        joined.append(piece)
    return joined
