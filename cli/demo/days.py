"""Days of the demo: everything in it lies so many days from the day it is loaded, so that it never looks old."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

_SPANS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_PLACE = re.compile(r"\{([+-]\d+)(?: (day|month))?\}")
_OPENS, _MINUTES_OPEN = time(8, 0), 9 * 60


def working_day(day: date, forwards: bool) -> date:
    """The day itself, or the nearest one before or after it that is no weekend."""
    while day.weekday() > 4:
        day += timedelta(days=1 if forwards else -1)
    return day


def moment(ago: str, now: datetime, zone: ZoneInfo, what: str) -> datetime:
    """`8w` or `3d` ago is some time of that working day, always the same for one `what`; `2h` or `40m` is exact.

    Raises ValueError for anything else.
    """
    count, unit = ago[:-1], ago[-1:]
    if unit not in _SPANS or not count.isdigit():
        raise ValueError(f"{ago!r} is no time ago, such as 8w, 3d, 2h or 40m")
    then = now - int(count) * _SPANS[unit]
    if unit in "hm":
        return then
    day = working_day(then.astimezone(zone).date(), forwards=False)
    opened = datetime.combine(day, _OPENS, zone)
    at = opened + timedelta(minutes=crc32(what.encode()) % _MINUTES_OPEN)
    return min(at.astimezone(UTC), now)


def fill_in(text: str, today: date, *, long: bool) -> str:
    """Put days in place of `{+7}` (1 Dec, or 1 December when `long`), `{+7 day}` (Tue 1 Dec), `{-60 month}`."""

    def written(found: re.Match[str]) -> str:
        days, form = int(found[1]), found[2]
        day = working_day(today + timedelta(days=days), forwards=days > 0)
        if form == "month":
            return f"{day:%B %Y}" if long else f"{day:%b %Y}"
        plain = f"{day.day} {day:%B}" if long else f"{day.day} {day:%b}"
        weekday = (f"{day:%A}" if long else f"{day:%a}") + " "
        return (weekday if form == "day" else "") + plain

    return _PLACE.sub(written, text)
