"""Gives whole words to one person: a letter that somebody mended in another's word is of no interest to readers."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from livedoc.authorship import Authorship, Span

_TOKEN = re.compile(r"[^\W_]+|\n+|[\W_]")


def by_words(text: str, spans: Sequence[Span], index: Authorship) -> list[Span]:
    """A word is theirs who typed most of its letters; what stands between words goes with the one before it, at the
    beginning of a line with the one behind. `spans` cover the text, in characters."""
    people = [index.person(first) for _length, first, _last in spans]
    owners = [number for number, span in enumerate(spans) for _ in range(span[0])]
    before: int | None = None
    line = 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if text[start] == "\n":
            before, line = None, end
        elif not text[start].isalnum():
            if before is not None:
                owners[start:end] = [before] * (end - start)
        else:
            word = owners[start:end]
            if word.count(word[0]) != len(word):
                owners[start:end] = _of_one(word, people)
            if before is None:
                owners[line:start] = [owners[start]] * (start - line)
            before = owners[end - 1]
    return [(len(list(same)), *spans[number][1:]) for number, same in groupby(owners)]


def _of_one(word: list[int], people: Sequence[object]) -> list[int]:
    """The spans of a word's letters, once those of others are given to who typed most of them, or began it."""
    typed = [people[number] for number in word]
    counts = Counter(typed)
    most = max(counts, key=lambda each: counts[each])
    theirs = word[typed.index(most)]
    return [number if person == most else theirs for number, person in zip(word, typed, strict=True)]
