"""The state of a plan: it rests, is closed, and is opened again."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import plan_states, versions
from actions.plan_states import Closing
from actions.unfit import Unfit
from actions.unit_of_work import Work
from blueprints.clinic_time import today
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.talk import message
from blueprints.gate import requires
from models.plan_state import CLOSED, State
from rendering import board as pictures
from rendering import plan_state as views

blueprint = Blueprint("plan_state", __name__, url_prefix="/patients/<int:patient_id>/state")

Shown = str | tuple[str, int]


@blueprint.get("")
@requires(Permission.BOARD_VIEW)
def show(patient_id: int) -> Shown:
    return _page(open_patient(patient_id, Permission.BOARD_VIEW))


@blueprint.post("/pause")
@requires(Permission.PLAN_STATE_CHANGE)
def pause(patient_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.PLAN_STATE_CHANGE)
    reason = request.form.get("reason", "")
    return _done(grant, lambda work: plan_states.pause(work, grant, reason), _("The plan is paused."), "pause")


@blueprint.post("/close")
@requires(Permission.PLAN_STATE_CHANGE)
def close(patient_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.PLAN_STATE_CHANGE)
    chosen = request.form.get("state", "")
    if chosen not in CLOSED:
        return _page(grant, {"close-state": _("Choose how the plan ends.")}), 422
    if request.form.get("confirmed") != "1":
        return _page(grant, {"close-confirmed": _("Read what closing does, then tick this box.")}), 422
    closing = Closing(
        state=State(chosen),
        outcome=request.form.get("outcome", ""),
        plain_words=request.form.get("plain_words", ""),
        call=request.form.get("call", ""),
        transferred_to=request.form.get("transferred_to", ""),
        called=_("Plan closed"),
        task_reason=_("The plan was closed."),
    )
    return _done(
        grant,
        lambda work: plan_states.close(work, house().hub, grant, closing),
        _("The plan is closed. It can be read, and not changed any more."),
        "close",
        versions.documents_of(grant.plan.id),
    )


@blueprint.post("/reopen")
@requires(Permission.PLAN_STATE_CHANGE)
def reopen(patient_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.PLAN_STATE_CHANGE)
    reason, takes_up = request.form.get("reason", ""), request.form.get("takes_up") == "1"
    return _done(
        grant,
        lambda work: plan_states.reopen(work, grant, reason, takes_up=takes_up),
        _("The plan goes on."),
        "reopen",
    )


def _done(
    grant: PatientGrant, act: Callable[[Work], object], said: str, about: str, documents: list[int] | None = None
) -> Response | Shown:
    """Act in one unit of work and go back to the page; `about` goes before the names of fields that were wrong."""
    try:
        with units().begin(grant.actor, documents or []) as work:
            act(work)
    except Unfit as unfit:
        errors = {f"{about}-{name}": message(fault) for name, fault in unfit.faults.items()}
        if "alerts" in unfit.faults:
            errors["page"] = _("An alert waits. Put on record what was done about it, then close the plan.")
        if "state" in unfit.faults:
            errors["page"] = _("Somebody changed the state of the plan meanwhile. Look at it again.")
        return _page(loaders.patient(actor(), grant.patient.id, Permission.BOARD_VIEW), errors), 422
    flash(said)
    return redirect(url_for("plan_state.show", patient_id=grant.patient.id), 303)


def _page(grant: PatientGrant, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "plan_state/show.html",
        page=views.page(grant),
        errors=errors or {},
        typed=request.form,
        name_of=views.name,
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
