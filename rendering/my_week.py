"""*This week* on the patient's page: what is to be done, and the days on which it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from actions import tick_lists
from actions.published import Step
from models.task import Rhythm
from models.tick import Tick, TickReason
from rendering import my_plan


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week. `short` is Mon, `name` Monday 23 November; `tick` is what holds of it; `is_open` whether it
    can be ticked."""

    on: date
    short: str
    name: str
    tick: Tick | None
    is_today: bool
    is_open: bool

    @property
    def is_done(self) -> bool:
        return self.tick is not None and self.tick.is_done


@dataclass(frozen=True, slots=True)
class Note:
    """A day on which it was not done, and why, as far as that was said; `told_to` is who of staff heard it."""

    tick_id: int
    name: str
    why: str
    told_by: str
    told_to: str
    is_unsure: bool
    can_go: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One task. Of one that is done once `done_on` is the tick that says so, of this week or before."""

    id: int
    text: str
    often: str
    is_dose: bool
    is_once: bool
    days: Sequence[Day]
    done_on: Day | None
    notes: Sequence[Note]

    @property
    def today(self) -> Day | None:
        """Today, where it can be ticked."""
        return next((day for day in self.days if day.is_today and day.is_open), None)

    @property
    def is_unsure(self) -> bool:
        return any(note.is_unsure for note in self.notes)


def rows(steps: Sequence[Step], today: date) -> list[Row]:
    """The tasks of a publication with what holds of this week; one statement."""
    first = tick_lists.monday(today)
    rhythms = {step.task_id: step.rhythm for step in steps}
    found = tick_lists.of_days(rhythms, first, first + timedelta(days=6)) if steps else ()
    return [_row(step, [tick for tick in found if tick.task_id == step.task_id], today) for step in steps]


def _row(step: Step, of_it: Sequence[Tick], today: date) -> Row:
    task = my_plan.task(step)
    first = tick_lists.monday(today)
    by_day = {tick.day: tick for tick in of_it}
    is_once = step.rhythm == Rhythm.ONCE
    last = today if is_once or step.due is None else min(today, step.due)
    days = [_day(day, by_day.get(day), today, last) for day in (first + timedelta(days=n) for n in range(7))]
    done = next((tick for tick in of_it if tick.is_done), None)
    return Row(
        id=step.task_id,
        text=task.text,
        often=task.often,
        is_dose=step.is_dose,
        is_once=is_once,
        days=[] if step.is_dose else days,
        done_on=_day(done.day, done, today, last) if is_once and done is not None else None,
        notes=[_note(tick, first) for tick in reversed(of_it) if not tick.is_done and tick.day >= first],
    )


def _day(on: date, tick: Tick | None, today: date, last: date) -> Day:
    is_open = tick_lists.monday(today) <= on <= last
    return Day(on, format_date(on, "EEE"), format_date(on, "EEEE d MMMM"), tick, on == today, is_open)


def _note(tick: Tick, first: date) -> Note:
    return Note(
        tick.id,
        format_date(tick.day, "EEEE"),
        tick.words or reason(tick.reason),
        tick.told_by,
        tick.told_to.name if tick.told_to else "",
        tick.reason == TickReason.NOT_SURE_HOW,
        tick.day >= first,
    )


def reason(key: str) -> str:
    """Why a task was not done, in words; empty where nobody said."""
    words = {
        TickReason.TOO_SORE: _("too sore"),
        TickReason.NO_TIME: _("no time"),
        TickReason.NOT_SURE_HOW: _("not sure how"),
        TickReason.OTHER: _("something else"),
    }
    return str(words[TickReason(key)]) if key else ""
