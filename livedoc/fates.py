"""Follows the letters of a text through later states, and over the beginnings of new epochs."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from livedoc.attributed import Edit, Taken
from livedoc.difference import splices


class Fate:
    """What became of the letters of a text. `now` is the text as far as it was followed; those that still stand in it
    do so at `_places`, in order."""

    def __init__(self, text: str) -> None:
        self.text = self.now = text
        self._taken: list[Edit | None] = [None] * len(text)
        self._alive = list(range(len(text)))
        self._places = list(range(len(text)))

    def follow(self, after: str, removed: Iterable[Taken], added: Iterable[tuple[int, bool]]) -> None:
        """The text became `after`: what was removed of it, and which parts of the other were added."""
        takers = [each.by for each in removed for _ in range(each.length)]
        kept = [place for place, is_new in enumerate(new for length, new in added for _ in range(length)) if not is_new]
        became: list[int | None] = [None] * len(self.now)
        stay = iter(kept)
        for place, by in enumerate(takers):
            if by is None:
                became[place] = next(stay)
        self._move(became, takers)
        self.now = after

    def carry(self, text: str, by: Edit) -> None:
        """An epoch began with a text; what is not in it was taken away by that."""
        became: list[int | None] = []
        at = grown = 0
        for change in splices(self.now, text):
            became += range(at + grown, change.at + grown)
            became += [None] * change.removed
            at = change.at + change.removed
            grown += len(change.inserted) - change.removed
        became += range(at + grown, len(text))
        self._move(became, [by] * len(became))
        self.now = text

    def _move(self, became: Sequence[int | None], takers: Sequence[Edit | None]) -> None:
        alive, places = [], []
        for letter, place in zip(self._alive, self._places, strict=True):
            to = became[place]
            if to is None:
                self._taken[letter] = takers[place]
            else:
                alive.append(letter)
                places.append(to)
        self._alive, self._places = alive, places

    def runs(self) -> list[Taken]:
        return [Taken(len(list(same)), by) for by, same in groupby(self._taken)]
