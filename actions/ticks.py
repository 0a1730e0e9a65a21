"""Ticks: a task of the patient's, done or not done on a day; told by the patient, or as told to staff.

A week begins on Monday, on the clinic's calendar. The patient ticks a day of this week; staff also write down what
they are told of the three weeks before.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from access.grants import OwnTickGrant, StepGrant, TaskGrant, TickGrant
from access.permissions import Permission
from access.reach import membership
from actions import portal
from actions.tick_lists import WEEKS, monday
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.plan import Plan
from models.task import Rhythm, Task
from models.tick import Tick, TickReason
from models.version import VersionTask
from richtext.plain import dose_in

MAX_WORDS = 500
"""Letters of a reason in other words."""
MAX_TOLD_BY = 80


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a task was done on a `day`; if not, perhaps why."""

    day: date
    is_done: bool
    reason: TickReason | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Whose words it is, and the id of the member of staff who heard them."""

    by: str
    to_id: int


def say(work: Work, grant: StepGrant, said: Said, today: date) -> Tick | None:
    """The patient, or who speaks for the patient, ticks. None when it is said already. Raises Unfit."""
    faults = _faults(grant.step, said, monday(today), today)
    if faults:
        raise Unfit(faults)
    by, permission = portal.speaker(grant.portal), Permission.PORTAL_WORDS_WRITE
    return _put(work, permission, grant.portal.plan, grant.step.task_id, said, by, None)


def record(work: Work, grant: TaskGrant, said: Said, told: Told, today: date) -> Tick | None:
    """Staff write down what they were told of a task for the patient. None when it is said already. Raises Unfit."""
    faults = _faults(grant.task, said, monday(today) - timedelta(weeks=WEEKS - 1), today)
    told_by = " ".join(told.by.split())
    if not told_by:
        faults["told_by"] = Fault(Problem.EMPTY)
    elif len(told_by) > MAX_TOLD_BY:
        faults["told_by"] = Fault(Problem.TOO_LONG, str(MAX_TOLD_BY))
    if not grant.task.for_patient:
        faults["task"] = Fault(Problem.NOT_OF_THIS_PLAN)
    if work.session.scalar(membership(grant.of.patient.id, told.to_id)) is None:
        faults["told_to"] = Fault(Problem.NOT_IN_CARE_TEAM)
    if faults:
        raise Unfit(faults)
    return _put(work, Permission.TICK_RECORD, grant.of.plan, grant.task.id, said, told_by, told.to_id)


def take_back(work: Work, grant: OwnTickGrant, today: date) -> None:
    """Withdraw a tick of this week from the patient's page. Raises Unfit when the week is over."""
    if grant.tick.day < monday(today):
        raise Unfit({"day": Problem.TOO_LATE})
    _withdraw(work, Permission.PORTAL_WORDS_WRITE, grant.portal.plan, grant.tick)


def withdraw(work: Work, grant: TickGrant) -> None:
    """Withdraw what staff wrote down. Raises Unfit for what came from the patient's own page."""
    if grant.tick.told_to_id is None:
        raise Unfit({"tick": Problem.CHANGED})
    _withdraw(work, Permission.TICK_RECORD, grant.task.of.plan, grant.tick)


def _faults(task: VersionTask | Task, said: Said, first: date, today: date) -> dict[str, Fault | Problem]:
    """What is wrong, by field. A dose is never ticked, and neither is a day after the last one of a repeating task."""
    found: dict[str, Fault | Problem] = {}
    if dose_in(task.plain_text) is not None:
        found["task"] = Problem.LIKE_A_DOSE
    if said.day > today:
        found["day"] = Problem.TO_COME
    elif said.day < first or (task.rhythm != Rhythm.ONCE and task.due is not None and said.day > task.due):
        found["day"] = Problem.TOO_LATE
    if len(said.words.strip()) > MAX_WORDS:
        found["words"] = Fault(Problem.TOO_LONG, str(MAX_WORDS))
    return found


def _put(
    work: Work, permission: Permission, plan: Plan, task_id: int, said: Said, told_by: str, told_to_id: int | None
) -> Tick | None:
    """What is said of a day takes the place of what was said before, which stays, withdrawn."""
    words = "" if said.is_done else said.words.replace("\0", "").strip()
    reason = None if said.is_done else said.reason
    if words and reason is None:
        reason = TickReason.OTHER
    if reason is TickReason.OTHER and not words:
        reason = None
    held = work.session.scalar(
        select(Tick).where(Tick.task_id == task_id, Tick.day == said.day, Tick.withdrawn_at.is_(None))
    )
    if held is not None:
        if (held.is_done, held.reason, held.words) == (said.is_done, reason or "", words):
            return None
        _withdraw(work, permission, plan, held)
    tick = Tick(
        task_id=task_id,
        day=said.day,
        is_done=said.is_done,
        reason=reason.value if reason else "",
        words=words,
        told_by=told_by,
        told_to_id=told_to_id,
        at=work.now,
        by_id=work.actor_id,
    )
    work.session.add(tick)
    work.session.flush()
    work.record(permission, f"tick:{tick.id}", plan.patient_id, change="ticked", task=task_id)
    _refresh(work, plan, task_id)
    return tick


def _withdraw(work: Work, permission: Permission, plan: Plan, tick: Tick) -> None:
    """Once: it stays as it was said, with who took it back and when."""
    if tick.withdrawn_at is not None:
        return
    tick.withdrawn_at, tick.withdrawn_by_id = work.now, work.actor_id
    work.session.flush()
    work.record(permission, f"tick:{tick.id}", plan.patient_id, change="withdrawn", task=tick.task_id)
    _refresh(work, plan, tick.task_id)


def _refresh(work: Work, plan: Plan, task_id: int) -> None:
    work.board_changed(plan.id, "tasks", "tasks-page", f"task-{task_id}")
