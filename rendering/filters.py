"""Template filters: days, moments and how long ago, in the clinic's time zone."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from babel import Locale
from flask import Flask, g, url_for
from flask_babel import (
    format_date,
    format_datetime,
    format_timedelta,
    get_locale,
    get_timezone,
    get_translations,
    gettext,
    to_user_timezone,
)
from markupsafe import Markup

from models.clinic import dialled
from models.user import initials


def day(value: date) -> str:
    """12 Mar 1980. A moment is taken on the clinic's calendar."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    return str(format_date(value, "d MMM y"))


def long_day(value: date) -> str:
    """12 March 1980, for who reads plain words. A moment is taken on the clinic's calendar."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    return str(format_date(value, "d MMMM y"))


def moment(value: datetime) -> str:
    """12 Mar 2026, 14:05, on the clinic's clock."""
    return _moment(value, get_locale(), get_timezone())


def clock(value: datetime) -> str:
    """14:05, on the clinic's clock."""
    return str(format_datetime(value, "HH:mm"))


@lru_cache(maxsize=4096)
def _moment(value: datetime, _locale: Locale, _zone: tzinfo) -> str:
    """The same for everyone of one language and zone."""
    return str(format_datetime(value, "d MMM y, HH:mm"))


def ago(value: datetime, now: datetime | None = None) -> str:
    """just now, 5 minutes ago, yesterday …; a week and older as a day."""
    seconds = ((now or datetime.now(UTC)) - value).total_seconds()
    if seconds < 60:
        return str(gettext("just now"))
    if seconds < 7 * 86400:
        return _ago(int(seconds // 60), get_locale())
    return day(value)


@lru_cache(maxsize=4096)
def _ago(minutes: int, _locale: Locale) -> str:
    """The same for everyone of one language."""
    return str(gettext("%(span)s ago", span=format_timedelta(timedelta(minutes=minutes), granularity="minute")))


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
    """The address of a symbol in the icon sprite: asked for hundreds of times for one page, and built once."""
    sprite = g.get("icon_sprite")
    if sprite is None:
        sprite = g.icon_sprite = url_for("static", filename="vendor/icons.svg")
    return f"{sprite}#{name}"


def css_words(words: str) -> str:
    """Words as they stand between quotes of a style sheet within a page: nothing ends the string or the sheet."""
    if isinstance(words, Markup):
        words = words.unescape()
    return "".join(char if char.isalnum() or char in " .,:·/-" else f"\\{ord(char):06x}" for char in words)


def phrase(words: str) -> str:
    """Words in the reader's language, looked up once for a page: a list says the same on every line."""
    phrases: dict[str, str] = g.setdefault("phrases", {})
    found = phrases.get(words)
    if found is None:
        found = phrases[words] = get_translations().ugettext(words)
    return found


def register(app: Flask) -> None:
    app.add_template_filter(initials)
    app.add_template_filter(day)
    app.add_template_filter(long_day)
    app.add_template_filter(moment)
    app.add_template_filter(clock)
    app.add_template_filter(ago)
    app.add_template_filter(device)
    app.add_template_filter(dialled)
    app.add_template_filter(css_words)
    app.add_template_filter(lambda value: value.isoformat(), "iso")
    app.add_template_global(icon)
    app.add_template_global(lambda: day(datetime.now(UTC)), "printed_on")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=phrase, ngettext=lambda one, many, n: get_translations().ungettext(one, many, n), newstyle=True
    )
