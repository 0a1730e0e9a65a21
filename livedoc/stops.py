"""The moments of a text's life that are worth a look: where somebody stopped writing, or another went on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from livedoc.lives import Lives

MOST = 100
PAUSE, RELAY = 300_000_000, 15_000_000
"""Microseconds: a pause ends a piece of work; a short one does when another person goes on."""
STRETCH = 10
"""So many edits on each side make a change of hands one without a pause; typing at once is one piece of work."""


@dataclass(slots=True)
class _Stretch:
    """Edits of one person that follow each other; `is_own`: it stands for itself, as when words are brought back."""

    user: int
    first_at: int
    last_at: int
    epoch: int
    seq: int
    edits: int
    is_own: bool


def stops(job: dict[str, Any], lives: Sequence[Lives]) -> dict[str, Any]:
    """`legs` as for a comparison. Answers `stops`, in order: [epoch, seq, first at, last at, [user, …]]; who wrote
    most comes first. Each stands for the edits since the one before it."""
    found = list(_stretches(job["legs"], lives))
    ends = [number for number in range(len(found) - 1) if _parts(found[number], found[number + 1])]
    if len(ends) >= MOST:  # of neighbours the one with the longest pause behind it
        kept: dict[int, int] = {}
        for place, number in enumerate(ends):
            slot = place * (MOST - 1) // len(ends)
            if slot not in kept or _pause(found, number) > _pause(found, kept[slot]):
                kept[slot] = number
        ends = list(kept.values())
    answer, start = [], 0
    for end in [*ends, *([len(found) - 1] if found else [])]:
        piece = found[start : end + 1]
        start = end + 1
        people: Counter[int] = Counter()
        for each in piece:
            people[each.user] += each.edits
        last = piece[-1]
        who = [user for user, _edits in people.most_common()]
        answer.append([last.epoch, last.seq, piece[0].first_at, last.last_at, who])
    return {"stops": answer}


def _stretches(legs: Sequence[dict[str, Any]], lives: Sequence[Lives]) -> Iterator[_Stretch]:
    current: _Stretch | None = None
    for leg, of in zip(legs, lives, strict=True):
        for seq, user, at, is_own in of.edits(leg["since"], leg["until"]):
            if (
                current is not None
                and user == current.user
                and not (is_own or current.is_own)
                and at - current.last_at < PAUSE
                and current.epoch == of.epoch
            ):
                current.last_at, current.seq = at, seq
                current.edits += 1
                continue
            if current is not None:
                yield current
            current = _Stretch(user, at, at, of.epoch, seq, 1, is_own)
    if current is not None:
        yield current


def _parts(one: _Stretch, other: _Stretch) -> bool:
    """Whether a look is worth it between two stretches."""
    pause = other.first_at - one.last_at
    if one.is_own or other.is_own or pause >= PAUSE:
        return True
    return pause >= RELAY or min(one.edits, other.edits) >= STRETCH


def _pause(found: Sequence[_Stretch], number: int) -> int:
    return found[number + 1].first_at - found[number].last_at
