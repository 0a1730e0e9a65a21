"""How often the patient does a task, in words, and how many of it a week has seen."""

from flask_babel import gettext as _
from flask_babel import ngettext

from models.task import Rhythm

MOST_A_WEEK = 6
"""Of a weekly task; more is every day."""


def often(rhythm: str, times_a_week: int | None) -> str:
    """every day, every other day, 3 times a week."""
    if rhythm == Rhythm.WEEKLY:
        return str(ngettext("once a week", "%(num)d times a week", times_a_week or 1))
    words = {
        Rhythm.ONCE: _("once"),
        Rhythm.DAILY: _("every day"),
        Rhythm.EVERY_OTHER_DAY: _("every other day"),
    }
    return str(words[Rhythm(rhythm)])


def this_week(rhythm: str, times_a_week: int | None, done: int) -> str:
    """2 of 3 this week."""
    return str(_("%(done)s this week", done=done_of(rhythm, times_a_week, done)))


def done_of(rhythm: str, times_a_week: int | None, done: int) -> str:
    """2 of 3, or 2 days: on how many days of a week it was done. Every other day makes three or four."""
    if rhythm == Rhythm.WEEKLY:
        return str(_("%(done)d of %(of)d", done=done, of=times_a_week or 1))
    if rhythm == Rhythm.DAILY:
        return str(_("%(done)d of 7", done=done))
    return str(ngettext("one day", "%(num)d days", done))
