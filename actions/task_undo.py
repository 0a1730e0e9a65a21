"""Taking one's last change of a task back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import aliased

from access.grants import Actor, TaskGrant
from access.reach import readable
from actions import task_lists
from actions.task_changes import apply, hold, keep_fit
from actions.task_drafts import Assignee
from actions.unfit import Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.notification import Notification
from models.plan import Plan
from models.task import Task, TaskChange

UNDO_OFFERED = timedelta(seconds=10)
"""How long the offer to undo stays in sight; it stays longer while somebody's focus is on it."""
UNDO_TAKEN = timedelta(seconds=60)
"""How long an undo is accepted, for those who need more time to reach the button."""

FINAL = ("made", "undone", "closed", "taken up")
"""Kinds of changes that are not taken back: a task made by mistake ends as not done."""


def undo(work: Work, grant: TaskGrant, change_id: int) -> TaskChange:
    """Put back what was before one's own last change. Raises Unfit when it is too late, or changed since."""
    task = hold(work, grant)
    last = work.session.get(TaskChange, change_id)
    if last is None or last.task_id != task.id or last.by_id != work.actor_id or last.kind in FINAL:
        raise Unfit({"undo": Problem.TOO_LATE})
    if last.id != task_lists.last_change(task.id):
        raise Unfit({"undo": Problem.CHANGED})
    if work.now - last.at > UNDO_TAKEN:
        raise Unfit({"undo": Problem.TOO_LATE})
    restored = {field: _column(field, value) for field, value in last.before.items()}
    whose = Assignee(*(restored.get(field, getattr(task, field)) for field in Assignee().columns()))
    if whose != Assignee.of(task):
        keep_fit(work, grant, whose)
    _untell(work, task.id, last.at)
    done = apply(work, grant, "undone", **restored)
    assert done is not None
    return done


def _untell(work: Work, task_id: int, since: datetime) -> None:
    """What was told of a task since then, and has not gone by mail, was never told."""
    gone = work.session.scalars(
        delete(Notification)
        .where(
            Notification.task_id == task_id,
            Notification.by_id == work.actor_id,
            Notification.at >= since,
            Notification.mailed_at.is_(None),
            Notification.claimed_until.is_(None),
        )
        .returning(Notification.user_id)
    )
    work.notices_changed(set(gone))


def offered(actor: Actor, change_ids: Sequence[int], now: datetime) -> list[tuple[int, int, int]]:
    """Patient, task and change of those of one's own changes that can still be taken back in time."""
    if not change_ids:
        return []
    newer = aliased(TaskChange)
    rows = db.session.execute(
        select(Plan.patient_id, Task.id, TaskChange.id)
        .join(Task, Task.id == TaskChange.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(
            TaskChange.id.in_(change_ids),
            TaskChange.by_id == actor.user_id,
            TaskChange.kind.not_in(FINAL),
            TaskChange.at >= now - UNDO_OFFERED,
            ~exists().where(newer.task_id == TaskChange.task_id, newer.id > TaskChange.id),
            Plan.patient_id.in_(readable(actor)),
        )
        .order_by(TaskChange.id)
    )
    return [(patient_id, task_id, change_id) for patient_id, task_id, change_id in rows]


def _column(field: str, value: Any) -> Any:
    """A column's value from what JSON kept of it."""
    if value is None:
        return None
    return {"due": date.fromisoformat, "ended_at": datetime.fromisoformat}.get(field, lambda kept: kept)(value)
