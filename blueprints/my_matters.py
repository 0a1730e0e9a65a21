"""What matters to the patient, written by the patient or who speaks for them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PortalGrant
from access.permissions import Permission
from actions import statements
from actions.statements import MAX_LENGTH
from actions.unfit import Problem, Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from blueprints.my_plan import open_portal

blueprint = Blueprint("my_matters", __name__, url_prefix="/my/<int:patient_id>/matters")


@blueprint.get("")
@requires(Permission.PORTAL_PLAN_READ)
def show(patient_id: int) -> str:
    return _page(open_portal(patient_id, Permission.PORTAL_PLAN_READ))


@blueprint.post("")
@requires(Permission.PORTAL_WORDS_WRITE)
def write(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.portal(actor(), patient_id, Permission.PORTAL_WORDS_WRITE)
    text = request.form.get("text", "")
    try:
        with units().begin(grant.actor) as work:
            statements.write(work, grant, text, today())
    except Unfit as unfit:
        is_empty = unfit.faults["text"].problem is Problem.EMPTY
        wrong = (
            _("Write a few words first.")
            if is_empty
            else _("Please say it in at most %(most)s letters.", most=MAX_LENGTH)
        )
        return _page(open_portal(patient_id, Permission.PORTAL_PLAN_READ), str(wrong), text), 422
    flash(_("Saved. The team sees it now."))
    return redirect(url_for("my_matters.show", patient_id=patient_id), 303)


def _page(grant: PortalGrant, wrong: str = "", typed: str | None = None) -> str:
    return render_template(
        "my/matters.html",
        statements=statements.former(grant.patient.id),
        may_write=grant.may(Permission.PORTAL_WORDS_WRITE),
        wrong=wrong,
        typed=typed,
    )
