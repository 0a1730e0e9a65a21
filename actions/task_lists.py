"""Tasks read in lists: of one plan, and across the patients whose record one reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, lazyload

from access.grants import Actor, PatientGrant, TaskGrant
from access.reach import readable
from actions.tick_lists import in_lists
from models.base import db
from models.discipline import Discipline
from models.patient import Involvement, Patient
from models.plan import Plan
from models.task import ENDED, Priority, Task, TaskChange, TaskOrigin, TaskState
from models.user import User

PAGE = 100
"""So many tasks a list shows before it is asked for more."""

IS_OPEN = Task.state.not_in(sorted(ENDED))


class Whose(StrEnum):
    """Which tasks of all one's patients."""

    MINE = "mine"
    OURS = "ours"
    """Of one's discipline, taken by nobody yet."""
    GIVEN = "given"
    """Made by oneself, for others."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filter:
    """`late` asks for those whose due date has passed; `shown` is how many are wanted."""

    ended: bool = False
    late: bool = False
    shown: int = PAGE


def of_plan(grant: PatientGrant, wanted: Filter, today: date, whose: Whose = Whose.ALL) -> Sequence[Task]:
    """Tasks of one plan: open ones by due date, ended ones latest first. One more than `shown` when there are more."""
    query = with_people(today).where(Task.plan_id == grant.plan.id, _whose(grant.actor, whose))
    return db.session.scalars(_filtered(query, wanted, today)).all()


def of_patients(actor: Actor, whose: Whose, wanted: Filter, today: date) -> Sequence[tuple[Task, Patient]]:
    """The same over every patient whose record the actor reads, with the patient."""
    query = (
        with_people(today)
        .add_columns(Patient)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .where(Patient.id.in_(readable(actor)), _whose(actor, whose))
    )
    return [(row[0], row[1]) for row in db.session.execute(_filtered(query, wanted, today))]


def counts(actor: Actor, today: date) -> dict[Whose, tuple[int, int]]:
    """How many open tasks, and how many of them late, there are of each kind."""
    columns = [
        func.coalesce(func.sum(case((and_(_whose(actor, whose), late), 1), else_=0)), 0)
        for whose in Whose
        for late in (Task.id.is_not(None), Task.due < today)
    ]
    row = db.session.execute(
        select(*columns)
        .select_from(Task)
        .join(Plan, Plan.id == Task.plan_id)
        .where(IS_OPEN, Plan.patient_id.in_(readable(actor)))
    ).one()
    return {whose: (int(row[2 * at]), int(row[2 * at + 1])) for at, whose in enumerate(Whose)}


def in_state(grant: PatientGrant, state: TaskState, most: int, today: date) -> Sequence[Task]:
    """One column of the board view."""
    query = with_people(today).where(Task.plan_id == grant.plan.id, Task.state == state)
    order = [Task.ended_at.desc(), Task.id.desc()] if state in ENDED else by_urgency()
    return db.session.scalars(query.order_by(*order).limit(most)).all()


def states(grant: PatientGrant) -> dict[TaskState, int]:
    """How many tasks of the plan are in each state."""
    rows = db.session.execute(
        select(Task.state, func.count()).where(Task.plan_id == grant.plan.id).group_by(Task.state)
    )
    found = {TaskState(state): count for state, count in rows}
    return {state: found.get(state, 0) for state in TaskState}


def history(grant: TaskGrant) -> Sequence[TaskChange]:
    """Every change, latest first, with who made it."""
    return db.session.scalars(
        select(TaskChange)
        .where(TaskChange.task_id == grant.task.id)
        .options(joinedload(TaskChange.by).options(lazyload(User.role_rows)))
        .order_by(TaskChange.id.desc())
    ).all()


def refreshed(grant: TaskGrant, today: date) -> Task:
    """The task with everything that a list shows of it."""
    query = with_people(today).where(Task.id == grant.task.id).execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def last_change(task_id: int) -> int:
    """The id of a task's last change."""
    return db.session.scalars(select(func.max(TaskChange.id)).where(TaskChange.task_id == task_id)).one()


def involved(patient_id: int) -> Sequence[Discipline]:
    """The disciplines that may be given a task."""
    return db.session.scalars(
        select(Discipline)
        .join(Involvement, Involvement.discipline_id == Discipline.id)
        .where(Involvement.patient_id == patient_id, Involvement.until.is_(None))
        .order_by(Discipline.position)
    ).all()


def by_urgency() -> list[ColumnElement[Any]]:
    """Due first, then what matters more; without a date last."""
    weight = case({Priority.HIGH.value: 0, Priority.NORMAL.value: 1}, value=Task.priority, else_=2)
    return [Task.due.is_(None), Task.due.asc(), weight.asc(), Task.id.asc()]


def with_people(today: date) -> Select[Task]:
    """Tasks with everything that a list shows of them, ticks included, in one statement."""
    return select(Task).options(
        *in_lists(today),
        joinedload(Task.assignee).options(lazyload(User.role_rows)),
        joinedload(Task.discipline),
        joinedload(Task.ended_by).options(lazyload(User.role_rows)),
        joinedload(Task.origin).options(lazyload(TaskOrigin.task)),
    )


def _filtered(query: Select[*tuple[Any, ...]], wanted: Filter, today: date) -> Select[*tuple[Any, ...]]:
    query = query.where(IS_OPEN if not wanted.ended else ~IS_OPEN)
    if wanted.late:
        query = query.where(Task.due < today)
    order = [Task.ended_at.desc(), Task.id.desc()] if wanted.ended else by_urgency()
    return query.order_by(*order).limit(wanted.shown + 1)


def _whose(actor: Actor, whose: Whose) -> ColumnElement[bool]:
    if whose is Whose.MINE:
        return Task.assignee_id == actor.user_id
    if whose is Whose.OURS:
        own = select(Discipline.id).where(Discipline.key == (actor.discipline or "")).scalar_subquery()
        return Task.discipline_id == own
    if whose is Whose.GIVEN:
        mine = or_(Task.assignee_id.is_(None), Task.assignee_id != actor.user_id)
        return and_(Task.created_by_id == actor.user_id, mine)
    return Task.id.is_not(None)


def late(grant: PatientGrant, today: date) -> int:
    """How many open tasks of the plan are past their date."""
    query = select(func.count()).where(Task.plan_id == grant.plan.id, IS_OPEN, Task.due < today)
    return db.session.scalars(query).one()
