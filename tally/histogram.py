"""How often a measure fell into which range."""

from bisect import bisect_left


class Histogram:
    """`counts[i]` is how many values were above `bounds[i - 1]` and at most `bounds[i]`; the last counts the rest."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value
