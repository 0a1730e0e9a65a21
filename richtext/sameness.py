"""Whether two states of a text say the same: corrections of spelling, punctuation and format change nothing."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_WORDS = 400
"""Of what differs, on either side: whoever changed more did not correct spelling."""
LONG_WORD = 5
"""Letters from which on a letter more, less or swapped inside a word is a slip."""

_WORD = re.compile(r"[^\W_]+(?:[.,/:'’-][^\W_]+)*|[½¼¾%<>=+°→←↑↓≤≥±×]", re.UNICODE)


def says_the_same(before: str, now: str) -> bool:
    """Whether nothing but spelling, punctuation, capitals and format differs.

    A number is never a matter of spelling, nor is a sign such as < or %, a word more or less, a word of fewer than
    five letters, another first or last letter, or one letter in the place of another (abduction, adduction). What is
    in doubt counts as a change.
    """
    if before == now:
        return True
    former, latter = _words(before), _words(now)
    first = _shared(former, latter)
    last = _shared(former[first:][::-1], latter[first:][::-1])
    former, latter = former[first : len(former) - last], latter[first : len(latter) - last]
    if len(former) != len(latter) or len(former) > MOST_WORDS:
        return False
    matcher = SequenceMatcher(None, former, latter, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        if b - a != d - c or not all(map(_is_slip, former[a:b], latter[c:d])):
            return False
    return True


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _is_slip(before: str, now: str) -> bool:
    """One letter more, one less, or two neighbours swapped, inside a long word."""
    if min(len(before), len(now)) < LONG_WORD or any(map(str.isdigit, before + now)):
        return False
    if before[0] != now[0] or before[-1] != now[-1]:
        return False
    if len(before) == len(now):
        places = [at for at, (a, b) in enumerate(zip(before, now, strict=True)) if a != b]
        return (
            len(places) == 2
            and places[1] == places[0] + 1
            and (before[places[0]], before[places[1]]) == (now[places[1]], now[places[0]])
        )
    longer, shorter = (before, now) if len(before) > len(now) else (now, before)
    return len(longer) == len(shorter) + 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(1, len(longer) - 1)
    )
