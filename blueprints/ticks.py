"""Ticks of the patient's tasks, written down by staff as told to them; and taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access import ticks as tick_loaders
from access.grants import TaskGrant
from access.permissions import Permission
from actions import care_team, ticks
from actions.ticks import MAX_TOLD_BY, MAX_WORDS
from actions.unfit import Fault, Problem, Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.ticks import TicksForm
from blueprints.gate import requires
from rendering import board, task_pages

blueprint = Blueprint("ticks", __name__, url_prefix="/patients/<int:patient_id>")


@blueprint.get("/tasks/<int:task_id>/ticks/new")
@requires(Permission.TICK_RECORD)
def new(patient_id: int, task_id: int) -> str | Response:
    open_patient(patient_id, Permission.TICK_RECORD)
    grant = loaders.task(actor(), patient_id, task_id, Permission.TICK_RECORD)
    if not grant.task.for_patient:
        return redirect(url_for("tasks.show", patient_id=patient_id, task_id=task_id), 303)
    return _page(grant, _form(grant))


@blueprint.post("/tasks/<int:task_id>/ticks")
@requires(Permission.TICK_RECORD)
def record(patient_id: int, task_id: int) -> Response | tuple[str, int]:
    """Several days at once: what a patient tells on the telephone."""
    grant = loaders.task(actor(), patient_id, task_id, Permission.TICK_RECORD)
    form = _form(grant)
    if not form.validate():
        return _page(grant, form), 422
    if not form.days.data:
        form.days.errors = [_("Choose at least one day.")]
        return _page(grant, form), 422
    try:
        with units().begin(grant.actor) as work:
            for said in form.said():
                ticks.record(work, grant, said, form.told(), today())
    except Unfit as unfit:
        for field, fault in unfit.faults.items():
            target = form[{"day": "days", "task": "days"}.get(field, field)]
            target.errors = [*target.errors, _words_for(fault)]
        return _page(grant, form), 422
    flash(_("Recorded."))
    return redirect(url_for("tasks.show", patient_id=patient_id, task_id=task_id), 303)


@blueprint.post("/ticks/<int:tick_id>/withdrawal")
@requires(Permission.TICK_RECORD)
def withdraw(patient_id: int, tick_id: int) -> Response:
    grant = tick_loaders.tick(actor(), patient_id, tick_id)
    task_id = grant.tick.task_id
    try:
        with units().begin(grant.actor) as work:
            ticks.withdraw(work, grant)
    except Unfit:
        flash(_("This comes from the patient's own page. Only there it can be taken back."))
    else:
        flash(_("Taken back."))
    return redirect(url_for("tasks.show", patient_id=patient_id, task_id=task_id, _anchor="at-home"), 303)


def _form(grant: TaskGrant) -> TicksForm:
    form = TicksForm()
    form.offer(((member.user_id, member.user.name) for member in care_team.members(grant.of)), today())
    if request.method == "GET":
        form.told_to.data = actor().user_id
        form.told_by.data = board.banner(grant.of, today()).first_name
    return form


def _page(grant: TaskGrant, form: TicksForm) -> str:
    head = board.banner(grant.of, today())
    page = task_pages.task_page(grant, head, today())
    return render_template("ticks/new.html", form=form, page=page, banner=head, may=grant.of.permissions)


def _words_for(fault: Fault) -> str:
    """One sentence that says what is wrong and what to do."""
    words = {
        Problem.TO_COME: _("This day is still to come."),
        Problem.TOO_LATE: _("One of these days is too long ago, or after the last day of the task."),
        Problem.LIKE_A_DOSE: _("This reads like a medicine dose, which is never ticked."),
        Problem.NOT_OF_THIS_PLAN: _("This task is not the patient's any more."),
        Problem.NOT_IN_CARE_TEAM: _("This person is no longer in the care team. Choose somebody who is."),
        Problem.EMPTY: _("Please fill this in."),
        Problem.TOO_LONG: _("At most %(max)s characters.", max=fault.about or min(MAX_WORDS, MAX_TOLD_BY)),
    }
    return str(words[fault.problem])
