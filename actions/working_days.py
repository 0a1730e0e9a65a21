"""Spans of the clinic's working days: Monday to Friday on its own calendar. It knows no holidays."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day so many working days later; what begins at a weekend counts from Monday's first minute.

    `moment` is aware; so is the answer, in the clinic's zone.
    """
    at = moment.astimezone(zone)
    if at.weekday() >= SATURDAY:
        at = (at + timedelta(days=7 - at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    for _day in range(days):
        at += timedelta(days=1 if at.weekday() < SATURDAY - 1 else 3)
    return at
