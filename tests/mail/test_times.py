"""When a mail may go: quiet hours and digests on the person's own clock, also when the clocks change."""

from datetime import UTC, datetime, time

import pytest

from actions.mail_times import GRACE, Wishes, after_quiet, mail_after, next_digest
from models.notification import NoticeKind

VIENNA = Wishes("Europe/Vienna")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(2026, 11, 24, 5, 59), utc(2026, 11, 24, 6)),
        (utc(2026, 11, 24, 6), utc(2026, 11, 25, 6)),
        (utc(2027, 3, 27, 12), utc(2027, 3, 28, 5)),  # clocks went forward in the night
        (utc(2027, 10, 30, 12), utc(2027, 10, 31, 6)),  # and back
    ],
)
def test_the_digest_keeps_to_the_clock_on_the_wall(now: datetime, expected: datetime) -> None:
    assert next_digest(VIENNA, now) == expected


def test_a_time_that_the_change_leaves_out_comes_an_hour_later() -> None:
    wishes = Wishes("Europe/Vienna", digest_at=time(2, 30))
    assert next_digest(wishes, utc(2027, 3, 27, 12)) == utc(2027, 3, 28, 1, 30)


def test_a_time_that_comes_twice_has_one_digest() -> None:
    wishes = Wishes("Europe/Vienna", digest_at=time(2, 30))
    first = next_digest(wishes, utc(2027, 10, 30, 12))
    assert first == utc(2027, 10, 31, 0, 30)
    assert next_digest(wishes, first) == utc(2027, 11, 1, 1, 30)


@pytest.mark.parametrize(
    ("quiet", "now", "expected"),
    [
        ((time(19), time(7)), utc(2026, 11, 24, 12), utc(2026, 11, 24, 12)),
        ((time(19), time(7)), utc(2026, 11, 24, 18), utc(2026, 11, 25, 6)),
        ((time(19), time(7)), utc(2026, 11, 24, 5), utc(2026, 11, 24, 6)),
        ((time(12), time(14)), utc(2026, 11, 24, 11, 30), utc(2026, 11, 24, 13)),
        ((time(12), time(14)), utc(2026, 11, 24, 13), utc(2026, 11, 24, 13)),
        ((time(0), time(0)), utc(2026, 11, 24, 23, 30), utc(2026, 11, 24, 23, 30)),
    ],
)
def test_quiet_hours(quiet: tuple[time, time], now: datetime, expected: datetime) -> None:
    wishes = Wishes("Europe/Vienna", quiet_from=quiet[0], quiet_until=quiet[1])
    assert after_quiet(wishes, now) == expected


def test_what_goes_at_once_and_what_waits() -> None:
    now = utc(2026, 11, 24, 9)
    assert mail_after(NoticeKind.MENTION, VIENNA, now) == now + GRACE
    assert mail_after(NoticeKind.REPLY, VIENNA, now) == utc(2026, 11, 25, 6)
    silent = Wishes("Europe/Vienna", mails_at_once=False, mails_digest=False)
    assert mail_after(NoticeKind.MENTION, silent, now) is None
    assert mail_after(NoticeKind.REPLY, silent, now) is None
