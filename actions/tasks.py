"""Tasks: given, taken, moved and ended, each change with its witness."""

from datetime import date

from access.grants import PatientGrant, TaskGrant
from actions import task_lists
from actions.task_changes import apply, hold, keep_fit, name_of, note, plain, tell_assignee, tell_giver
from actions.task_drafts import Assignee, Draft, faults, rhythm_columns
from actions.task_origins import Origin
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from models.task import ENDED, Task, TaskChange, TaskState


def make(work: Work, grant: PatientGrant, draft: Draft, today: date, origin: Origin | None = None) -> TaskChange:
    """A new task. `today` is the clinic's day. Raises Unfit."""
    wrong = faults(work, grant, draft, today, None)
    if wrong:
        raise Unfit(wrong)
    task = Task(
        plan_id=grant.plan.id,
        state=TaskState.OPEN,
        reason="",
        created_at=work.now,
        created_by_id=work.actor_id,
        changed_at=work.now,
        origin=origin.row() if origin else None,
        **draft.columns(),
    )
    work.session.add(task)
    work.session.flush()
    after = {field: plain(value) for field, value in {**draft.columns(), "state": TaskState.OPEN}.items()}
    change = note(work, task, grant.patient.id, "made", {}, after)
    tell_assignee(work, task, grant.patient.id)
    return change


def change(work: Work, grant: TaskGrant, draft: Draft, today: date, based_on: int) -> TaskChange | None:
    """Change words, date, priority or assignee; None when nothing is different.

    `based_on` is the id of the change that was the last one when the form was shown. Raises Unfit, also (at `based_on`)
    when somebody changed the task meanwhile.
    """
    task = hold(work, grant)
    wrong = faults(work, grant.of, draft, today, task)
    if task_lists.last_change(task.id) != based_on:
        wrong["based_on"] = Fault(Problem.CHANGED)
    if wrong:
        raise Unfit(wrong)
    former = Assignee.of(task)
    done = apply(work, grant, "changed", **draft.columns())
    if done is not None and Assignee.of(task) != former:
        tell_assignee(work, task, grant.of.patient.id)
    return done


def move(work: Work, grant: TaskGrant, to: TaskState, seen: TaskState, reason: str = "") -> TaskChange | None:
    """Change the state; not done needs a reason. `seen` is the state in which the person saw the task.

    None when it is there already. Raises Unfit: at `state` when it is elsewhere than seen, at `reason` without one, at
    `assignee` when it would be open again for somebody who left.
    """
    task = hold(work, grant)
    if task.state == to:
        return None
    if task.state != seen:
        raise Unfit({"state": Fault(Problem.CHANGED, task.state)})
    reason = reason.strip() if to is TaskState.NOT_DONE else ""
    if to is TaskState.NOT_DONE and not reason:
        raise Unfit({"reason": Problem.EMPTY})
    if len(reason.encode()) > 2_000:
        raise Unfit({"reason": Problem.TOO_LONG})
    if to not in ENDED and task.state in ENDED:
        keep_fit(work, grant, Assignee.of(task))
    ends = to in ENDED
    done = apply(
        work,
        grant,
        "moved",
        state=to.value,
        reason=reason,
        ended_at=work.now if ends else None,
        ended_by_id=work.actor_id if ends else None,
    )
    if ends:
        tell_giver(work, grant)
    return done


def assign(work: Work, grant: TaskGrant, to: Assignee, seen: Assignee | None = None) -> TaskChange | None:
    """Give the task to somebody else; None when they have it already.

    Raises Unfit: at `assignee` when they cannot have it, or when it is no longer `seen`'s; at `plain_text` when the
    patient is to have it and there are no words for them.
    """
    task = hold(work, grant)
    former = Assignee.of(task)
    if former == to:
        return None
    if seen is not None and former != seen:
        raise Unfit({"assignee": Fault(Problem.CHANGED, name_of(task))})
    keep_fit(work, grant, to)
    if to.is_patient:
        raise Unfit({"plain_text": Problem.EMPTY})
    done = apply(work, grant, "assigned", plain_text="", **rhythm_columns(), **to.columns())
    tell_assignee(work, task, grant.of.patient.id)
    return done


def take(work: Work, grant: TaskGrant) -> TaskChange | None:
    """Take a task of one's discipline. Raises Unfit when it is somebody's already, or another discipline's."""
    task = hold(work, grant)
    if task.discipline is None:
        raise Unfit({"assignee": Fault(Problem.CHANGED, name_of(task))})
    if task.discipline.key != grant.actor.discipline:
        raise Unfit({"assignee": Fault(Problem.NOT_INVOLVED, name_of(task))})
    own = Assignee(user_id=grant.actor.user_id)
    keep_fit(work, grant, own)
    return apply(work, grant, "taken", **own.columns())
