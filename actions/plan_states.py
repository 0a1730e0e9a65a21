"""A plan rests, is closed, and is opened again: nothing of it is lost by any of these."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from access.grants import PatientGrant
from access.permissions import Permission
from access.reach import membership
from actions import versions
from actions.task_changes import put
from actions.task_drafts import Assignee, unfit
from actions.task_lists import IS_OPEN
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from livedoc.hub import Hub
from models.alert import Alert
from models.base import db
from models.notification import Notification
from models.plan import Section
from models.plan_state import CLOSED, PlanState, State
from models.task import Task, TaskChange, TaskState
from models.version import VersionKind

MAX_WORDS = 2_000
"""Letters of each field."""
ENDED = "closed"
"""The kind of a task's change that ended it because its plan was closed."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a plan ends. `outcome` is how things stand, for the team; `plain_words` the same for the patient; `call` whom
    to call from now on. `called` is what its version is called, `task_reason` why its open tasks were not done."""

    state: State
    outcome: str
    plain_words: str
    call: str
    called: str
    task_reason: str
    transferred_to: str = ""


def history(plan_id: int) -> Sequence[PlanState]:
    """Every state since the plan's beginning, latest first."""
    query = select(PlanState).where(PlanState.plan_id == plan_id).options(joinedload(PlanState.by))
    return db.session.scalars(query.order_by(PlanState.id.desc())).unique().all()


def open_tasks(plan_id: int) -> int:
    """How many tasks closing would end."""
    return db.session.scalars(select(func.count()).where(Task.plan_id == plan_id, IS_OPEN)).one()


def pause(work: Work, grant: PatientGrant, reason: str) -> PlanState:
    """Let an active plan rest. Raises Unfit."""
    words = _line("reason", reason)
    if _present(work, grant) is not State.ACTIVE:
        raise Unfit({"state": Problem.CHANGED})
    return _enter(work, grant, State.PAUSED, reason=words)


def close(work: Work, hub: Hub, grant: PatientGrant, closing: Closing) -> PlanState:
    """End the plan: its state is kept as a version, its open tasks end, and nothing of it is written any more. The unit
    of work holds its documents. A plan that is closed may end in another way, as when a patient dies.

    Raises Unfit, also while an alert waits for somebody to record what was done, unless the patient has died.
    """
    former = _present(work, grant)
    fields = _closing_fields(closing)
    if former == closing.state:
        raise Unfit({"state": Problem.CHANGED})
    if closing.state is not State.DIED and _has_open_alert(work, grant.patient.id):
        raise Unfit({"alerts": Problem.UNANSWERED})
    work.closes(grant.patient.id)
    version_id = None
    if former not in CLOSED:
        standing = versions.held(hub, versions.documents_of(grant.plan.id))
        version = versions.freeze(
            work, grant.plan.id, VersionKind.NAMED, standing, label=closing.called, reason=fields["outcome"]
        )
        version_id = version.id
        _end_tasks(work, grant, closing.task_reason)
    _stop_mails(work, grant.patient.id)
    return _enter(work, grant, closing.state, version_id=version_id, **fields)


def reopen(work: Work, grant: PatientGrant, reason: str, *, takes_up: bool) -> PlanState:
    """Let a paused plan go on, or open a closed one again; with `takes_up` the tasks that ended with it are open again.
    Raises Unfit."""
    former = _present(work, grant)
    words = _line("reason", reason) if former in CLOSED else reason.strip()[:MAX_WORDS]
    if former is State.ACTIVE:
        raise Unfit({"state": Problem.CHANGED})
    ended = _ended_tasks(work, grant) if takes_up and former in CLOSED else []
    entered = _enter(work, grant, State.ACTIVE, reason=words)
    for task in ended:
        _take_up(work, grant, task)
    return entered


def could_take_up(grant: PatientGrant) -> int:
    """How many tasks ended with the plan and could be taken up again."""
    since = _closed_since(grant.plan.id)
    return 0 if since is None else len(db.session.scalars(_ended(grant.plan.id, since)).unique().all())


def _enter(work: Work, grant: PatientGrant, state: State, **words: str | int | None) -> PlanState:
    work.session.execute(
        update(PlanState)
        .where(PlanState.plan_id == grant.plan.id, PlanState.until.is_(None))
        .values(until=work.now, ended_by_id=work.actor_id)
    )
    kept = {"reason": "", "outcome": "", "plain_words": "", "call": "", "transferred_to": "", **words}
    row = PlanState(plan_id=grant.plan.id, state=state.value, since=work.now, by_id=work.actor_id, **kept)
    work.session.add(row)
    work.session.flush()
    work.record(Permission.PLAN_STATE_CHANGE, f"plan:{grant.plan.id}", grant.patient.id, state=state.value)
    work.touched(grant.patient.id)
    work.access_changed(grant.patient.id)
    sections = work.session.scalars(select(Section.key).where(Section.plan_id == grant.plan.id))
    work.board_changed(
        grant.plan.id,
        *("banner", "what-matters", "sign-off", "threads", "threads-count", "tasks", "tasks-count", "tasks-page"),
        *("alerts", "questions"),
        *(f"head-{key}" for key in sections if key != "what-matters"),
    )
    return row


def _present(work: Work, grant: PatientGrant) -> State:
    """The state as it is now; others who change it wait."""
    query = select(PlanState.state).where(PlanState.plan_id == grant.plan.id, PlanState.until.is_(None))
    return State(work.session.scalar(query.with_for_update()) or State.ACTIVE)


def _has_open_alert(work: Work, patient_id: int) -> bool:
    query = select(Alert.id).where(Alert.patient_id == patient_id, Alert.acknowledged_at.is_(None))
    return work.session.scalar(query.limit(1)) is not None


def _closing_fields(closing: Closing) -> dict[str, str]:
    """Each field's words. Raises Unfit: after a death only whom to call is asked for."""
    needed = {"call"} if closing.state is State.DIED else {"outcome", "plain_words", "call"}
    if closing.state is State.TRANSFERRED:
        needed.add("transferred_to")
    fields = {
        "outcome": closing.outcome.strip(),
        "plain_words": closing.plain_words.strip(),
        "call": closing.call.strip(),
        "transferred_to": closing.transferred_to.strip() if closing.state is State.TRANSFERRED else "",
    }
    faults: dict[str, Fault | Problem] = {name: Problem.EMPTY for name in sorted(needed) if not fields[name]}
    for name, words in fields.items():
        if len(words) > MAX_WORDS:
            faults[name] = Fault(Problem.TOO_LONG, str(MAX_WORDS))
    if closing.state not in CLOSED:
        faults["state"] = Problem.MALFORMED
    if faults:
        raise Unfit(faults)
    return fields


def _line(field: str, words: str) -> str:
    words = words.strip()
    if not words:
        raise Unfit({field: Problem.EMPTY})
    if len(words) > MAX_WORDS:
        raise Unfit({field: Fault(Problem.TOO_LONG, str(MAX_WORDS))})
    return words


def _end_tasks(work: Work, grant: PatientGrant, reason: str) -> None:
    for task in work.session.scalars(select(Task).where(Task.plan_id == grant.plan.id, IS_OPEN).order_by(Task.id)):
        put(
            work,
            task,
            grant.patient.id,
            ENDED,
            state=TaskState.NOT_DONE.value,
            reason=reason,
            ended_at=work.now,
            ended_by_id=work.actor_id,
        )


def _stop_mails(work: Work, patient_id: int) -> None:
    """What waits to be mailed about the patient is not sent any more."""
    work.session.execute(
        update(Notification)
        .where(Notification.patient_id == patient_id, Notification.mailed_at.is_(None))
        .values(mail_after=None)
    )


def _closed_since(plan_id: int) -> object:
    """When the present, or else the latest, time began in which the plan was closed; None: it never was."""
    since = None
    for state in history(plan_id):
        if state.is_closed:
            since = state.since
        elif since is not None:
            break
    return since


def _ended(plan_id: int, since: object):  # type: ignore[no-untyped-def]
    """Tasks whose last change was their end with the plan."""
    last = select(func.max(TaskChange.id)).where(TaskChange.task_id == Task.id).correlate(Task).scalar_subquery()
    return (
        select(Task)
        .join(TaskChange, TaskChange.id == last)
        .where(Task.plan_id == plan_id, TaskChange.kind == ENDED, TaskChange.at >= since)
        .order_by(Task.id)
    )


def _ended_tasks(work: Work, grant: PatientGrant) -> Sequence[Task]:
    since = _closed_since(grant.plan.id)
    return [] if since is None else work.session.scalars(_ended(grant.plan.id, since)).unique().all()


def _take_up(work: Work, grant: PatientGrant, task: Task) -> None:
    """Open a task again as it was; one of somebody who left goes to whoever reopens the plan."""
    last = task.changes[-1]
    whose = {}
    if unfit(work, grant.patient.id, Assignee.of(task)) is not None:
        assert work.session.scalar(membership(grant.patient.id, work.actor_id)) is not None
        whose = {"plain_text": "", **Assignee(user_id=work.actor_id).columns()}
    state = last.before.get("state", TaskState.OPEN.value)
    put(work, task, grant.patient.id, "taken up", state=state, reason="", ended_at=None, ended_by_id=None, **whose)
