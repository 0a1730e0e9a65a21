"""Passages of a text: found by their surroundings, counted as browsers count, and carried through changes."""

import random

import pytest

from livedoc import passages
from livedoc.difference import splices
from livedoc.passages import Passage

TEXT = "## Plan\n\n😀 Rest on bad days.\n\nRest well.\n"


def test_browsers_count_utf16_units() -> None:
    start = len("## Plan\n\n😀 ".encode("utf-16-le")) // 2
    found = passages.from_utf16(TEXT, start, start + 4)
    assert found is not None
    assert found.of(TEXT) == "Rest"
    assert passages.from_utf16(TEXT, 0, 0) == Passage(0, 0)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 999), (10, 14), (9, 10)])
def test_a_place_outside_or_inside_a_character_is_none(start: int, end: int) -> None:
    assert passages.from_utf16(TEXT, start, end) is None


def test_words_are_found_between_what_surrounded_them() -> None:
    assert len(passages.find(TEXT, "Rest", "", "")) == 2
    (found,) = passages.find(TEXT, "Rest", "\n\n", " well")
    assert TEXT[found.start :].startswith("Rest well")
    assert len(passages.find(TEXT, "Rest", "gone", "too")) == 2
    assert passages.find(TEXT, "Pause", "", "") == []
    assert passages.find(TEXT, "", "", "") == []
    assert len(passages.find("aaa", "aa", "", "")) == 2


def test_a_passage_goes_where_its_words_go() -> None:
    """Whatever is typed outside a marked passage: the words between the marks are the same afterwards."""
    seed = random.randrange(2**32)
    print("seed", seed)
    draw = random.Random(seed)
    for _ in range(500):
        words = [f"w{number}" for number in range(draw.randrange(4, 12))]
        first = draw.randrange(len(words))
        last = draw.randrange(first, len(words))
        before, quote, after = (" ".join(part) for part in (words[:first], words[first : last + 1], words[last + 1 :]))
        text = before + "|" + quote + "|" + after
        passage = Passage(len(before) + 1, len(before) + 1 + len(quote))
        changed = _typed(draw, before) + "|" + quote + "|" + _typed(draw, after)
        carried, untouched = passages.carried(passage, splices(text, changed))
        assert untouched
        assert carried.of(changed) == quote


def _typed(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(["", "new ", "x", "\n"]) + text[min(len(text), at + draw.randrange(4)) :]


def test_a_passage_whose_own_words_changed_says_so() -> None:
    passage = Passage(TEXT.index("Rest on"), TEXT.index("."))
    for changed, now in (
        (TEXT.replace("bad", "worse"), "Rest on worse days"),
        (TEXT.replace("Rest on bad days", ""), ""),
        (TEXT.replace("bad days", "bad, bad days"), "Rest on bad, bad days"),
    ):
        carried, untouched = passages.carried(passage, splices(TEXT, changed))
        assert not untouched
        assert carried.of(changed) == now
