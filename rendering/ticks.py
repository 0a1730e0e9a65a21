"""What the team sees of a patient's task at home: the last weeks in a small table, and each entry with its witness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from actions import tick_lists
from models.task import Rhythm, Task
from models.tick import Tick
from rendering.my_week import reason
from rendering.rhythms import done_of


@dataclass(frozen=True, slots=True)
class Week:
    """`done` is 2 of 3, `days` Mon, Wed; `reasons` say why not, with their days."""

    name: str
    done: str
    days: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """`told_to` is empty for what came from the patient's own page; only what staff wrote down can they take back."""

    id: int
    day: date
    what: str
    told_by: str
    told_to: str


@dataclass(frozen=True, slots=True)
class AtHome:
    """`weeks` are empty for a task that is done once."""

    weeks: Sequence[Week]
    entries: Sequence[Entry]


def at_home(task: Task, today: date) -> AtHome:
    """One statement."""
    found = tick_lists.of_task(task, today)
    first = tick_lists.monday(today)
    weeks = [first - timedelta(weeks=number) for number in range(tick_lists.WEEKS)]
    return AtHome(
        [] if task.rhythm == Rhythm.ONCE else [_week(task, found, begins, first) for begins in weeks],
        [_entry(tick) for tick in found],
    )


def _week(task: Task, found: Sequence[Tick], begins: date, this_week: date) -> Week:
    ends = begins + timedelta(days=6)
    own = [tick for tick in reversed(found) if begins <= tick.day <= ends]
    done = [tick for tick in own if tick.is_done]
    said = [(tick, tick.words or reason(tick.reason)) for tick in own if not tick.is_done]
    return Week(
        str(_("This week"))
        if begins == this_week
        else f"{format_date(begins, 'd MMM')} – {format_date(ends, 'd MMM')}",
        done_of(task.rhythm, task.times_a_week, len(done)),
        ", ".join(format_date(tick.day, "EEE") for tick in done),
        [f"{format_date(tick.day, 'EEE')}: {why or _('not done')}" for tick, why in said],
    )


def _entry(tick: Tick) -> Entry:
    why = tick.words or reason(tick.reason)
    what = _("done") if tick.is_done else _("not done, %(why)s", why=why) if why else _("not done")
    return Entry(tick.id, tick.day, str(what), tick.told_by, tick.told_to.name if tick.told_to else "")
