"""A passage of a text: where quoted words stand, and where they went while others typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from livedoc.difference import Splice


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters from `start` to `end` (0 ≤ start ≤ end ≤ length)."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def from_utf16(text: str, start: int, end: int) -> Passage | None:
    """The passage between two positions as browsers count them; None when they are no place between characters."""
    raw = text.encode("utf-16-le")
    if not 0 <= start <= end <= len(raw) // 2:
        return None
    try:
        first = raw[: 2 * start].decode("utf-16-le")
        words = raw[2 * start : 2 * end].decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    return Passage(len(first), len(first) + len(words))


def find(text: str, quote: str, before: str, after: str) -> Sequence[Passage]:
    """Where quoted words stand: between the words that surrounded them if they do so anywhere, else everywhere."""
    surrounded = [start + len(before) for start in _places(text, before + quote + after)]
    starts = surrounded or _places(text, quote)
    return [Passage(start, start + len(quote)) for start in starts]


def _places(text: str, words: str) -> list[int]:
    found, at = [], text.find(words)
    while words and at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def carried(passage: Passage, changes: Sequence[Splice]) -> tuple[Passage, bool]:
    """Where a passage is after changes (in order of place), and whether its own words are still as they were."""
    start, end, untouched = passage.start, passage.end, True
    for change in changes:
        grown, until = len(change.inserted) - change.removed, change.at + change.removed
        if until <= passage.start:
            start, end = start + grown, end + grown
        elif change.at < passage.end:
            untouched = False
            start -= max(0, passage.start - change.at)
            end = max(start, end + grown)
    return Passage(max(0, start), max(0, end)), untouched
