"""Tasks of My work: one's own, those that one's discipline may take, and for a coordinator those that are late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select

from access.grants import Actor
from access.reach import active
from actions.task_lists import IS_OPEN, by_urgency, with_people
from models.base import db
from models.discipline import Discipline
from models.patient import Patient
from models.plan import Plan
from models.task import Task
from models.user import Role


class Kind(StrEnum):
    MINE = "mine"
    OURS = "ours"
    """Of one's discipline, taken by nobody yet."""
    LATE = "late"
    """Of others, past its date: for a coordinator."""


@dataclass(frozen=True, slots=True)
class Group:
    """The most urgent tasks of a kind; `total` and `late` count those beyond them, too."""

    tasks: Sequence[tuple[Task, Patient]] = ()
    total: int = 0
    late: int = 0


def groups(actor: Actor, today: date, most: int) -> Mapping[Kind, Group]:
    """At most so many of each kind."""
    numbered = _numbered(actor, today).subquery()
    rows = db.session.execute(
        with_people(today)
        .add_columns(Patient, numbered.c.kind, numbered.c.total, numbered.c.late)
        .join(numbered, numbered.c.id == Task.id)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Patient, Patient.id == Plan.patient_id)
        .where(numbered.c.place <= most)
        .order_by(numbered.c.place)
    ).all()
    found: dict[Kind, Group] = {}
    for kind in Kind:
        own = [row for row in rows if row.kind == kind]
        found[kind] = Group([(row[0], row[1]) for row in own], own[0].total, own[0].late) if own else Group()
    return found


def _numbered(actor: Actor, today: date):  # type: ignore[no-untyped-def]
    """The open tasks that concern the actor, each with its kind and its place among those of the kind."""
    kind = _kind(actor, today)
    return (
        select(
            Task.id,
            kind.label("kind"),
            func.row_number().over(partition_by=kind, order_by=by_urgency()).label("place"),
            func.count().over(partition_by=kind).label("total"),
            func.sum(case((Task.due < today, 1), else_=0)).over(partition_by=kind).label("late"),
        )
        .join(Plan, Plan.id == Task.plan_id)
        .where(IS_OPEN, Plan.patient_id.in_(active(actor)), kind.is_not(None))
    )


def _kind(actor: Actor, today: date) -> ColumnElement[str]:
    own = select(Discipline.id).where(Discipline.key == (actor.discipline or "")).scalar_subquery()
    kinds = [(Task.assignee_id == actor.user_id, Kind.MINE.value), (Task.discipline_id == own, Kind.OURS.value)]
    if Role.COORDINATOR in actor.roles:
        kinds.append((Task.due < today, Kind.LATE.value))
    return case(*kinds)
