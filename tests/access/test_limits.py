"""Each limit with the clock moved: what is allowed at once, what for long, and what is remembered."""

import random
from collections import Counter
from dataclasses import fields

import pytest

from access import limits
from access.limits import Bucket, Buckets, Limit, Limiter, TooMany, neighbourhood


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


TABLE = [
    *(each for each in vars(limits).values() if isinstance(each, Limit)),
    limits.handshakes_of_person(100),
    limits.handshakes_of_address(100),
]


@pytest.mark.parametrize("limit", TABLE, ids=lambda limit: limit.name)
def test_each_limit_allows_its_burst_and_then_its_rate(limit: Limit, time: Time) -> None:
    bucket = Bucket(limit, time)
    assert sum(bucket.take() for _ in range(int(limit.most) + 50)) == limit.most
    allowed = 0
    for _second in range(600):
        time.now += 1
        allowed += sum(bucket.take() for _ in range(int(limit.rate) + 2))
    assert allowed == pytest.approx(600 * limit.rate, abs=2)
    time.now += 10 * limit.most / limit.rate
    assert sum(bucket.take() for _ in range(int(limit.most) + 50)) == limit.most


def test_names_are_labels_of_metrics_and_differ() -> None:
    names = [limit.name for limit in TABLE]
    assert len(set(names)) == len(names)
    assert [field.name for field in fields(Limit)] == ["name", "count", "seconds", "burst"]


def test_the_wait_that_is_told_is_enough(time: Time) -> None:
    bucket = Bucket(limits.EVENTS, time)
    while bucket.take():
        pass
    assert 1 <= bucket.wait_ms() <= 21
    time.now += bucket.wait_ms() / 1000
    assert bucket.take()


def test_a_key_is_refused_alone_and_told_when_to_come_again(time: Time) -> None:
    counts: Counter[str] = Counter()
    limiter, limit = Limiter(counts, time), Limit("of a test", 2, 60)
    for _ in range(2):
        limiter.take(limit, "10.0.0.1")
    with pytest.raises(TooMany) as refused:
        limiter.take(limit, "10.0.0.1")
    assert (refused.value.limit, refused.value.seconds) == ("of a test", 30)
    limiter.take(limit, "10.0.0.2")
    time.now += refused.value.seconds
    limiter.take(limit, "10.0.0.1")
    assert counts == {"of a test": 1}


def test_memory_is_bounded_however_many_come(time: Time) -> None:
    draw = random.Random(4)
    buckets = Buckets(Limit("of a test", 5, 60), time, keys=1000)
    for _ in range(20_000):
        buckets.take(str(draw.getrandbits(64)))
        assert len(buckets) <= 1000
    time.now += 61
    for _ in range(1000):
        buckets.take("one who stays")
    assert len(buckets) == 1


def test_idle_keys_are_forgotten_and_busy_ones_are_not(time: Time) -> None:
    buckets = Buckets(Limit("of a test", 3, 60), time)
    for _ in range(3):
        assert buckets.take("guesser") == 0
    for number in range(500):
        buckets.take(f"visitor {number}")
    assert buckets.take("guesser") > 0
    assert len(buckets) == 501


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 300, "x" * 64),
    ],
)
def test_an_ipv6_household_counts_as_one(address: str, seen: str) -> None:
    assert neighbourhood(address) == seen
