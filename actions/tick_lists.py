"""Ticks read: of a patient's tasks in a week, of one task in the last weeks, and beside the tasks of a list."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, with_expression
from sqlalchemy.sql.base import ExecutableOption

from models.base import db
from models.task import Rhythm, Task
from models.tick import Tick, TickReason
from models.user import User

WEEKS = 4
"""So many weeks, this one included, the team sees and can write down."""
UNSURE = timedelta(weeks=2)
"""So long "not sure how" is shown beside a task, unless it was done since."""


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def of_days(rhythms: Mapping[int, str], first: date, last: date) -> Sequence[Tick]:
    """What holds of these days, both included, latest first; of a task that is done once, whenever that was. `rhythms`
    are by the task's id."""
    once = [task_id for task_id, rhythm in rhythms.items() if rhythm == Rhythm.ONCE]
    return (
        db.session.scalars(
            select(Tick)
            .where(
                Tick.withdrawn_at.is_(None),
                Tick.task_id.in_(rhythms),
                or_(Tick.day.between(first, last), Tick.task_id.in_(once)),
            )
            .order_by(Tick.day.desc(), Tick.id)
            .options(joinedload(Tick.told_to).options(lazyload(User.role_rows), lazyload(User.discipline)))
        )
        .unique()
        .all()
    )


def of_task(task: Task, today: date) -> Sequence[Tick]:
    """What holds of the last weeks, latest day first; of a task that is done once, whenever that was."""
    first = monday(today) - timedelta(weeks=WEEKS - 1)
    return of_days({task.id: task.rhythm}, first, today)


def in_lists(today: date) -> list[ExecutableOption]:
    """Fills `ticked`, `done_on` and `unsure_on` of the tasks of a query."""
    later = aliased(Tick)
    is_unsure = (
        Tick.reason == TickReason.NOT_SURE_HOW,
        Tick.day > today - UNSURE,
        ~exists().where(
            later.task_id == Tick.task_id, later.is_done, later.day > Tick.day, later.withdrawn_at.is_(None)
        ),
    )
    this_week = Tick.day.between(monday(today), today)
    return [
        with_expression(Task.ticked, _of_task(func.count(), Tick.is_done, this_week)),
        with_expression(Task.done_on, _of_task(func.max(Tick.day), Tick.is_done)),
        with_expression(Task.unsure_on, _of_task(func.max(Tick.day), *is_unsure)),
    ]


def _of_task(what: Any, *which: Any) -> ColumnElement[Any]:
    query = select(what).select_from(Tick).where(Tick.task_id == Task.id, Tick.withdrawn_at.is_(None), *which)
    return query.correlate(Task).scalar_subquery()
