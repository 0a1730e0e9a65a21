"""How many words somebody would say that changed."""

import re
from collections import Counter
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Size:
    """Words that came and words that went; words that only moved count for neither."""

    added: int = 0
    removed: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.added + other.added, self.removed + other.removed)


def count(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def change(before: str, after: str) -> Size:
    """How much of a text another is, whatever the order: linear in their length."""
    old, new = Counter(_WORD.findall(before)), Counter(_WORD.findall(after))
    return Size((new - old).total(), (old - new).total())
