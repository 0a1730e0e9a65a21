"""What can be done to a task: ending it, moving it, giving it to somebody else, taking it, and undoing that."""

from collections.abc import Callable

from flask import Blueprint, abort, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import TaskGrant
from access.permissions import Permission
from actions import task_undo, tasks
from actions.unfit import Unfit
from actions.unit_of_work import Work
from blueprints.doors import actor, units
from blueprints.forms.tasks import assignee_of
from blueprints.gate import requires
from blueprints.task_answers import did, refused
from models.task import TaskChange, TaskState
from rendering.tasks import STATES

blueprint = Blueprint("task_changes", __name__, url_prefix="/patients/<int:patient_id>/tasks/<int:task_id>")

Change = Callable[[Work, TaskGrant], TaskChange | None]


@blueprint.post("/completion")
@requires(Permission.TASK_WRITE)
def complete(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    seen = _seen(own)
    return _do(own, lambda work, grant: tasks.move(work, grant, TaskState.DONE, seen), _("Done."))


@blueprint.delete("/completion")
@requires(Permission.TASK_WRITE)
def reopen(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    seen = _seen(own)
    return _do(own, lambda work, grant: tasks.move(work, grant, TaskState.OPEN, seen), _("Open again."))


@blueprint.post("/state")
@requires(Permission.TASK_WRITE)
def move(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    to, seen = _state("state") or abort(400), _seen(own)
    reason = request.form.get("reason", "").replace("\0", "").replace("\r\n", "\n")
    words = _("Moved to %(state)s.", state=STATES[to])
    return _do(own, lambda work, grant: tasks.move(work, grant, to, seen, reason), words)


@blueprint.post("/assignment")
@requires(Permission.TASK_WRITE)
def assign(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    to = assignee_of(request.form.get("assignee", "")) or abort(400)
    seen = assignee_of(request.form.get("seen", ""))
    return _do(own, lambda work, grant: tasks.assign(work, grant, to, seen), _("Reassigned."))


@blueprint.post("/taking")
@requires(Permission.TASK_WRITE)
def take(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    return _do(own, tasks.take, _("The task is yours."))


@blueprint.post("/undo")
@requires(Permission.TASK_WRITE)
def undo(patient_id: int, task_id: int) -> Response:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    change_id = request.form.get("change", type=int) or abort(400)
    return _do(own, lambda work, grant: task_undo.undo(work, grant, change_id), _("Taken back."), final=True)


def _do(own: TaskGrant, change: Change, words: str, *, final: bool = False) -> Response:
    """Make one change and say so; `final` offers no undo."""
    patient_id, task_id = own.of.patient.id, own.task.id
    try:
        with units().begin(own.actor) as work:
            done = change(work, own)
            change_id = done.id if done is not None and not final else None
    except Unfit as error:
        return refused(error, patient_id, task_id)
    return did(patient_id, task_id, change_id, words, request.form.get("back", "task"))


def _state(field: str) -> TaskState | None:
    words = request.form.get(field, "")
    return TaskState(words) if words in set(TaskState) else None


def _seen(own: TaskGrant) -> TaskState:
    """The state in which the person saw the task; without it, the present one."""
    return _state("seen") or TaskState(own.task.state)
