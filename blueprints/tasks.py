"""A patient's tasks: the list, the board, the page of one, and giving and changing them."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant, TaskGrant
from access.permissions import Permission
from actions import notices, task_lists, task_origins, tasks
from actions.task_drafts import Assignee
from actions.unfit import Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.tasks import TaskForm, explain, how_often
from blueprints.gate import requires
from blueprints.task_answers import by_script, did, offer, wrong
from models.task import Priority
from rendering import board, task_pages
from rendering.tasks import choices, value_of

blueprint = Blueprint("tasks", __name__, url_prefix="/patients/<int:patient_id>/tasks")


@blueprint.get("")
@requires(Permission.TASK_VIEW)
def index(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.TASK_VIEW)
    head = board.banner(grant, today())
    page = task_pages.page(grant, head, request.args, today())
    return render_template(
        "tasks/index.html", banner=head, may=grant.permissions, page=page, toast=offer(), plan=grant.plan
    )


@blueprint.get("/new")
@requires(Permission.TASK_WRITE)
def new(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.TASK_WRITE)
    form = _offer(grant, TaskForm())
    form.title.data = request.args.get("title", "")[:200]
    form.assignee.data = request.args.get("for") or ""
    form.thread.data, form.section.data = request.args.get("thread", ""), request.args.get("section", "")
    found = task_origins.find(grant, form.thread.data, form.section.data)
    if found is not None:
        form.title.data = form.title.data or found.title
    return _form_page(grant, form, found)


@blueprint.post("")
@requires(Permission.TASK_WRITE)
def make(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.TASK_WRITE)
    form = _offer(grant, TaskForm())
    found = task_origins.find(grant, form.thread.data or "", form.section.data or "")
    if not form.validate():
        return _not_yet(grant, form, found)
    try:
        with units().begin(grant.actor) as work:
            change = tasks.make(work, grant, form.draft(), today(), found)
            task_id = change.task_id
    except Unfit as error:
        explain(form, error)
        return _not_yet(grant, form, found)
    return did(patient_id, task_id, None, _("Task assigned."), request.form.get("back", "list"))


@blueprint.get("/<int:task_id>")
@requires(Permission.TASK_VIEW)
def show(patient_id: int, task_id: int) -> str:
    grant = open_patient(patient_id, Permission.TASK_VIEW)
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_VIEW)
    head = board.banner(grant, today())
    page = task_pages.task_page(own, head, today())
    with units().begin(own.actor) as work:
        notices.see(work, task_id=task_id)
    return render_template(
        "tasks/show.html", banner=head, may=grant.permissions, page=page, toast=offer(), plan=grant.plan
    )


@blueprint.get("/<int:task_id>/edit")
@requires(Permission.TASK_WRITE)
def edit(patient_id: int, task_id: int) -> str:
    grant = open_patient(patient_id, Permission.TASK_WRITE)
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    form = _offer(grant, TaskForm(obj=own.task))
    form.assignee.data = value_of(Assignee.of(own.task))
    form.often.data = how_often(own.task.rhythm, own.task.times_a_week)
    form.based_on.data = task_lists.last_change(task_id)
    return _form_page(grant, form, task=own)


@blueprint.post("/<int:task_id>")
@requires(Permission.TASK_WRITE)
def change(patient_id: int, task_id: int) -> Response | tuple[str, int]:
    own = loaders.task(actor(), patient_id, task_id, Permission.TASK_WRITE)
    form = _offer(own.of, TaskForm())
    if not form.validate():
        return _form_page(own.of, form, task=own), 422
    try:
        with units().begin(own.actor) as work:
            done = tasks.change(work, own, form.draft(), today(), form.based_on.data or 0)
            change_id = done.id if done else None
    except Unfit as error:
        explain(form, error)
        form.based_on.data, form.based_on.raw_data = task_lists.last_change(task_id), None  # what is shown now
        return _form_page(own.of, form, task=own), 422
    return did(patient_id, task_id, change_id, _("Saved."), "task")


def _offer(grant: PatientGrant, form: TaskForm) -> TaskForm:
    head = board.banner(grant, today())
    form.offer([(who.value, who.name) for who in choices(grant, head.first_name)])
    return form


def _not_yet(grant: PatientGrant, form: TaskForm, origin: task_origins.Origin | None) -> Response | tuple[str, int]:
    """The form again with what is wrong beside its fields; the board's short form shows the words itself."""
    if by_script():
        return wrong(" ".join(message for messages in form.errors.values() for message in messages))
    return _form_page(grant, form, origin), 422


def _form_page(
    grant: PatientGrant, form: TaskForm, origin: task_origins.Origin | None = None, task: TaskGrant | None = None
) -> str:
    head = board.banner(grant, today())
    if request.method == "POST" and form.plain_text.errors:
        form.dose_seen.data = form.plain_text.data
    return render_template(
        "tasks/form.html",
        form=form,
        origin=origin,
        banner=head,
        may=grant.permissions,
        page=task_pages.task_page(task, head, today()) if task else None,
        is_normal=form.priority.data == Priority.NORMAL,
        back=request.values.get("back", "list"),
    )
