"""How a task is changed: held, set, and each change kept with its witness and told."""

from datetime import date
from typing import Any

from sqlalchemy import select

from access.grants import TaskGrant
from access.permissions import Permission
from access.reach import membership
from actions import notices
from actions.task_drafts import Assignee, people_of, unfit
from actions.unfit import Unfit
from actions.unit_of_work import Work
from models.notification import NoticeKind
from models.task import ENDED, Task, TaskChange


def hold(work: Work, grant: TaskGrant) -> Task:
    """The task as it is now; others who change it wait."""
    query = select(Task).where(Task.id == grant.task.id).with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(query).one()


def apply(work: Work, grant: TaskGrant, kind: str, **values: Any) -> TaskChange | None:
    """Set columns, and keep what they were. None when they are so already."""
    return put(work, grant.task, grant.of.patient.id, kind, **values)


def put(work: Work, task: Task, patient_id: int, kind: str, **values: Any) -> TaskChange | None:
    """The same without a right to the patient: for what an administrator causes and nobody chose by task."""
    different = {field: value for field, value in values.items() if getattr(task, field) != value}
    if not different:
        return None
    before = {field: plain(getattr(task, field)) for field in different}
    for field, value in different.items():
        setattr(task, field, value)
    task.changed_at = work.now
    return note(work, task, patient_id, kind, before, {field: plain(value) for field, value in different.items()})


def note(
    work: Work, task: Task, patient_id: int, kind: str, before: dict[str, Any], after: dict[str, Any]
) -> TaskChange:
    """Keep a change that was made, record it and refresh what shows the task."""
    row = TaskChange(task_id=task.id, at=work.now, by_id=work.actor_id, kind=kind, before=before, after=after)
    work.session.add(row)
    work.session.flush()
    work.record(Permission.TASK_WRITE, f"task:{task.id}", patient_id, change=kind, fields=sorted(after))
    work.touched(patient_id)
    work.board_changed(task.plan_id, "tasks", "tasks-count", "tasks-page", f"task-{task.id}")
    return row


def tell_assignee(work: Work, task: Task, patient_id: int) -> None:
    """Whoever has the task now is told, unless it has ended."""
    if task.state in ENDED:
        return
    told = people_of(patient_id, Assignee.of(task))
    notices.tell(work, told, NoticeKind.ASSIGNMENT, patient_id, task_id=task.id)


def tell_giver(work: Work, grant: TaskGrant) -> None:
    """Who made the task learns that it ended, as long as they are in the care team."""
    patient_id, task = grant.of.patient.id, grant.task
    if work.session.scalar(membership(patient_id, task.created_by_id)) is not None:
        notices.tell(work, frozenset({task.created_by_id}), NoticeKind.TASK_ENDED, patient_id, task_id=task.id)


def keep_fit(work: Work, grant: TaskGrant, assignee: Assignee) -> None:
    """Raises Unfit, at `assignee`, for somebody who cannot be given a task of this patient."""
    fault = unfit(work, grant.of.patient.id, assignee)
    if fault is not None:
        raise Unfit({"assignee": fault})


def name_of(task: Task) -> str:
    """Whose the task is; the patient's has no name here."""
    if task.assignee is not None:
        return task.assignee.name
    return task.discipline.name if task.discipline is not None else ""


def plain(value: Any) -> Any:
    """A column's value as JSON has it: days and moments in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value
