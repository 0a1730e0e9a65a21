"""The tasks page of a patient, as list or board, and the page of one task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from access.grants import PatientGrant, TaskGrant
from access.permissions import Permission
from actions import task_lists
from actions.task_lists import Filter
from models.base import db
from models.discipline import Discipline
from models.plan import Section
from models.task import Priority, Rhythm, Task, TaskChange, TaskState
from models.thread import Thread
from models.user import User
from rendering.board import Banner
from rendering.rhythms import often
from rendering.tasks import PRIORITIES, STATES, TaskPicture, Who, choices, picture, pictures
from rendering.ticks import AtHome, at_home
from richtext.render import to_html

IN_COLUMN = 50
FIELDS = {
    "title": _l("Title"),
    "details": _l("Details"),
    "plain_text": _l("What the patient reads"),
    "often": _l("How often"),
    "priority": _l("Priority"),
    "due": _l("Due"),
    "assignee": _l("For"),
    "state": _l("State"),
    "reason": _l("Reason"),
}
KINDS = {
    "made": _l("made the task"),
    "changed": _l("changed the task"),
    "moved": _l("moved the task"),
    "assigned": _l("reassigned the task"),
    "taken": _l("took the task"),
    "undone": _l("took the last change back"),
    "closed": _l("closed the plan, and the task with it"),
    "taken up": _l("reopened the plan, and the task with it"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One state in the board view; `total` counts those beyond what is shown, too."""

    state: TaskState
    name: str
    tasks: Sequence[TaskPicture]
    total: int


@dataclass(frozen=True, slots=True)
class TasksPage:
    """`columns` in the board view, `tasks` in the list."""

    view: str
    filter: Filter
    tasks: Sequence[TaskPicture]
    has_more: bool
    columns: Sequence[Column]
    late: int
    ended: int
    choices: Sequence[Who]
    may_write: bool


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PastChange:
    """One line of a task's history."""

    by: str
    at: datetime
    what: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread on a task: how it began, how many comments it has, and whether it is resolved."""

    id: int
    by: str
    words: str
    comments: int
    is_resolved: bool


@dataclass(frozen=True, slots=True)
class OneTask:
    task: TaskPicture
    details: Markup
    plain_text: str
    made_by: str
    made_at: datetime
    thread_id: int | None
    quote: str
    section: Section | None
    talks: Sequence[Talk]
    may_talk: bool
    history: Sequence[PastChange]
    choices: Sequence[Who]
    may_write: bool
    may_tick: bool
    at_home: AtHome | None
    """Of a task for the patient."""


def page(grant: PatientGrant, head: Banner, query: Mapping[str, str], today: date) -> TasksPage:
    """`query` is the address's: view=board, show=ended, late=1, shown=200."""
    wanted = Filter(ended=query.get("show") == "ended", late=bool(query.get("late")), shown=shown(query))
    is_board = query.get("view") == "board"
    found = [] if is_board else task_lists.of_plan(grant, wanted, today)
    states = task_lists.states(grant)
    return TasksPage(
        view="board" if is_board else "list",
        filter=wanted,
        tasks=pictures(grant, found[: wanted.shown], head.first_name, today),
        has_more=len(found) > wanted.shown,
        columns=[_column(grant, head, state, states[state], today) for state in TaskState] if is_board else [],
        late=task_lists.late(grant, today),
        ended=states[TaskState.DONE] + states[TaskState.NOT_DONE],
        choices=choices(grant, head.first_name),
        may_write=grant.may(Permission.TASK_WRITE),
    )


def one_of(grant: PatientGrant, task_id: str) -> TaskGrant | None:
    """A task of this plan, by the id as an address has it."""
    if not (task_id.isascii() and task_id.isdigit() and len(task_id) < 10) or not grant.may(Permission.TASK_VIEW):
        return None
    found = db.session.scalar(select(Task).where(Task.id == int(task_id), Task.plan_id == grant.plan.id))
    return None if found is None else TaskGrant(found, grant)


def task_page(grant: TaskGrant, head: Banner, today: date) -> OneTask:
    task = task_lists.refreshed(grant, today)
    origin = task.origin
    thread = db.session.get(Thread, origin.thread_id) if origin and origin.thread_id else None
    return OneTask(
        task=picture(task, grant.of.patient, grant.actor, today, head.first_name),
        details=to_html(task.details),
        plain_text=task.plain_text,
        made_by=task.created_by.name,
        made_at=task.created_at,
        thread_id=thread.id if thread else None,
        quote=thread.quote if thread else "",
        section=db.session.get(Section, origin.section_id) if origin and origin.section_id else None,
        talks=_talks(task.id),
        may_talk=grant.of.may(Permission.THREAD_WRITE),
        history=_history(grant, head),
        choices=choices(grant.of, head.first_name),
        may_write=grant.of.may(Permission.TASK_WRITE),
        may_tick=grant.of.may(Permission.TICK_RECORD),
        at_home=at_home(task, today) if task.for_patient else None,
    )


def _talks(task_id: int) -> list[Talk]:
    """The threads on a task, oldest first."""
    rows = db.session.scalars(
        select(Thread).where(Thread.task_id == task_id).options(selectinload(Thread.comments)).order_by(Thread.id)
    ).all()
    return [
        Talk(
            row.id,
            row.opened_by.name,
            next((each.body for each in row.comments if each.withdrawn_at is None), ""),
            len(row.comments),
            row.resolved_at is not None,
        )
        for row in rows
    ]


def _column(grant: PatientGrant, head: Banner, state: TaskState, total: int, today: date) -> Column:
    found = task_lists.in_state(grant, state, IN_COLUMN, today)
    return Column(state, str(STATES[state]), pictures(grant, found, head.first_name, today), total)


def _history(grant: TaskGrant, head: Banner) -> list[PastChange]:
    changes = task_lists.history(grant)
    names = _names(changes)
    return [
        PastChange(change.by.name, change.at, str(KINDS[change.kind]), _differences(change, names, head.first_name))
        for change in changes
    ]


def _differences(change: TaskChange, names: Mapping[str, str], first_name: str) -> list[Difference]:
    before, after = (_readable(side, names, first_name) for side in (change.before, change.after))
    fields = ("assignee", "due", "often") if change.kind == "made" else FIELDS
    shown = [field for field in fields if before.get(field, "") != after.get(field, "")]
    return [Difference(str(FIELDS[field]), before.get(field, ""), after.get(field, "")) for field in shown]


def _readable(side: Mapping[str, Any], names: Mapping[str, str], first_name: str) -> dict[str, str]:
    """The fields of one side as people read them."""
    found = {field: str(side[field] or "") for field in ("title", "details", "plain_text", "reason") if field in side}
    if "priority" in side:
        found["priority"] = str(PRIORITIES[Priority(side["priority"])])
    if side.get("rhythm", Rhythm.ONCE) != Rhythm.ONCE or side.get("times_a_week"):
        found["often"] = often(side.get("rhythm", Rhythm.WEEKLY), side.get("times_a_week"))
    if "state" in side:
        found["state"] = str(STATES[TaskState(side["state"])])
    if side.get("due"):
        found["due"] = str(format_date(date.fromisoformat(side["due"]), "d MMM y"))
    if side.get("for_patient"):
        found["assignee"] = first_name
    elif side.get("assignee_id"):
        found["assignee"] = names[f"user:{side['assignee_id']}"]
    elif side.get("discipline_id"):
        found["assignee"] = names[f"discipline:{side['discipline_id']}"]
    return found


def _names(changes: Sequence[TaskChange]) -> dict[str, str]:
    """The names of all people and disciplines that a history speaks of."""
    sides = [side for change in changes for side in (change.before, change.after)]
    found: dict[str, str] = {}
    for prefix, field, model in (("user", "assignee_id", User), ("discipline", "discipline_id", Discipline)):
        ids = {side[field] for side in sides if side.get(field)}
        if ids:
            rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            found |= {f"{prefix}:{number}": name for number, name in rows}
    return found


def shown(query: Mapping[str, str]) -> int:
    """How many tasks the address asks for, within reason."""
    words = query.get("shown", "")
    return min(int(words), 2_000) if words.isascii() and words.isdigit() and len(words) < 5 else task_lists.PAGE
