"""Corrections of spelling and format change nothing; numbers, short words and everything in doubt do."""

import pytest

from richtext.sameness import says_the_same
from tests.stopwatch import assert_takes

SAME = [
    ("", ""),
    ("Walks daily.", "walks daily"),
    ("- Flexion 40°, guarded", "* **Flexion** 40°; guarded."),
    ("Graded exercse at home", "Graded exercise at home"),
    ("Graded exerciise, daily practcie", "Graded exercise, daily practice"),
    ("one two\n\nthree", "one two three"),
    ("Mood lower since Ocotber.", "Mood lower since October."),
]
OTHER = [
    ("Lifts 2 kg", "Lifts 3 kg"),
    ("Lifts 2.5 kg", "Lifts 25 kg"),
    ("walks daily", "walks"),
    ("Do not lift", "Do now lift"),
    ("Hip abduction weak", "Hip adduction weak"),
    ("typical pattern", "atypical pattern"),
    ("pain < 4", "pain > 4"),
    ("pain 4 → 5", "pain 5 → 4"),
    ("swim then walk", "walk then swim"),
    ("hypertension treated", "hypotension treated"),
    ("exercise daily", "exercises daily"),
    ("", "Walks daily."),
    ("increase slowly", "decrease slowly"),
]


@pytest.mark.parametrize(("before", "now"), SAME)
def test_spelling_punctuation_and_format_say_the_same(before: str, now: str) -> None:
    assert says_the_same(before, now)
    assert says_the_same(now, before)


@pytest.mark.parametrize(("before", "now"), OTHER)
def test_everything_else_is_a_change(before: str, now: str) -> None:
    assert not says_the_same(before, now)
    assert not says_the_same(now, before)


def test_long_texts_are_compared_in_a_moment() -> None:
    text = "Walks ten minutes after each late shift, even on sore days. " * 200
    other = text.replace("minutes", "hours")
    misspelt = text.replace("minutes", "minuets", 20)
    assert not says_the_same(text, other)
    assert says_the_same(text, misspelt)
    assert_takes(0.5, lambda: says_the_same(text, other))
    assert_takes(0.5, lambda: says_the_same(text, misspelt))
