"""Template filters: days, moments and how long ago, in the clinic's time zone."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask, url_for
from flask_babel import format_date, format_datetime, format_timedelta, gettext, to_user_timezone


def day(value: date) -> str:
    """12 Mar 1980. A moment is taken on the clinic's calendar."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    return str(format_date(value, "d MMM y"))


def moment(value: datetime) -> str:
    """12 Mar 2026, 14:05, on the clinic's clock."""
    return str(format_datetime(value, "d MMM y, HH:mm"))


def ago(value: datetime, now: datetime | None = None) -> str:
    """just now, 5 minutes ago, yesterday …; a week and older as a day."""
    seconds = ((now or datetime.now(UTC)) - value).total_seconds()
    if seconds < 60:
        return str(gettext("just now"))
    if seconds < 7 * 86400:
        return str(gettext("%(span)s ago", span=format_timedelta(timedelta(seconds=seconds), granularity="minute")))
    return day(value)


BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Firefox on Windows, as far as a browser tells."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), gettext("Unknown browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return str(gettext("%(browser)s on %(system)s", browser=browser, system=system) if system else browser)


def icon(name: str) -> str:
    """The address of a symbol in the icon sprite."""
    return f"{url_for('static', filename='vendor/icons.svg')}#{name}"


def register(app: Flask) -> None:
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(ago)
    app.add_template_filter(device)
    app.add_template_filter(lambda value: value.isoformat(), "iso")
    app.add_template_global(icon)
