"""Small clocks: event limits, refusals a minute, and how often a section's head is refreshed."""

import pytest

from realtime import rates
from realtime.heads import Heads, Place
from realtime.rates import Bucket, Refusals


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(rates.time, "monotonic", lambda: now[0])
    return now


def test_a_bucket_allows_its_burst_and_then_its_rate(clock: list[float]) -> None:
    bucket = Bucket(rate=50, burst=100)
    assert [bucket.take() for _ in range(101)] == [True] * 100 + [False]
    assert 1 <= bucket.wait_ms() <= 21
    clock[0] += 0.11
    assert sum(bucket.take() for _ in range(10)) == 5


def test_the_twentieth_refusal_within_a_minute_is_too_much(clock: list[float]) -> None:
    refusals = Refusals()
    for _ in range(19):
        assert not refusals.are_too_many()
    clock[0] += 61
    for _ in range(19):
        assert not refusals.are_too_many()
    assert refusals.are_too_many()


def test_a_head_is_refreshed_at_once_then_every_five_seconds_and_once_more_at_the_end() -> None:
    now = [0.0]
    heads, place = Heads(lambda: now[0]), Place("3", 7, "nutrition")
    heads.know(1, place)
    heads.know(2, place)
    heads.typed(1)
    assert heads.due() == [place]
    sent = []
    for second in range(1, 13):
        now[0] = float(second)
        if second < 8:
            heads.typed(second % 2 + 1)
        sent += [second] * len(heads.due())
    assert sent == [5, 10]
    heads.typed(99)
    assert heads.due() == []
