"""Many tasks at once, over several patients: each is checked by itself, and what can be done is done together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from access.grants import Actor, TaskGrant
from access.reach import readable
from actions import task_undo, tasks
from actions.task_drafts import Assignee
from actions.unfit import Fault, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.patient import CareTeamMember
from models.task import TaskChange
from models.user import User

MOST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: a change, nothing because it was so already, or `faults` by field."""

    task_id: int
    title: str
    patient_id: int
    patient: str
    change_id: int | None
    faults: Mapping[str, Fault]


def assign(work: Work, grants: Sequence[TaskGrant], to: Assignee, seen: Mapping[int, Assignee]) -> list[Outcome]:
    """Give all of these tasks to somebody; those that cannot be are left as they are."""
    return [_one(work, grant, to, seen.get(grant.task.id)) for grant in sorted(grants, key=lambda each: each.task.id)]


def undo(work: Work, grants: Sequence[TaskGrant], change_ids: Sequence[int]) -> tuple[int, int]:
    """Take changes back; how many were, and how many could not be."""
    done = failed = 0
    changes = work.session.scalars(select(TaskChange).where(TaskChange.id.in_(change_ids)).order_by(TaskChange.task_id))
    own = {grant.task.id: grant for grant in grants}
    for change in changes.all():
        try:
            task_undo.undo(work, own[change.task_id], change.id)
            done += 1
        except (Unfit, KeyError):
            failed += 1
    return done, failed


def tasks_of(change_ids: Sequence[int]) -> list[int]:
    """The tasks that these changes changed."""
    return list(db.session.scalars(select(TaskChange.task_id).where(TaskChange.id.in_(change_ids)).distinct()))


def colleagues_of(actor: Actor) -> Sequence[User]:
    """Everyone who shares a care team with the actor, who comes first."""
    ids = select(CareTeamMember.user_id).where(
        CareTeamMember.patient_id.in_(readable(actor)), CareTeamMember.until.is_(None)
    )
    query = select(User).where(User.id.in_(ids), User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(User.id != actor.user_id, User.name)).unique().all()


def _one(work: Work, grant: TaskGrant, to: Assignee, seen: Assignee | None) -> Outcome:
    change_id, faults = None, {}
    try:
        change = tasks.assign(work, grant, to, seen)
        change_id = change.id if change else None
    except Unfit as error:
        faults = error.faults
    return Outcome(grant.task.id, grant.task.title, grant.of.patient.id, grant.of.patient.name, change_id, faults)
