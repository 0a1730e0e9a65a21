"""How a plan came to be: its versions, what changed between them, and versions that somebody names."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import history, versions
from actions.unfit import Unfit
from blueprints import unhurried
from blueprints.clinic_time import today
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.talk import message
from blueprints.gate import requires
from rendering import board as pictures
from rendering import history as views

blueprint = Blueprint("history", __name__, url_prefix="/patients/<int:patient_id>/history")


@blueprint.get("")
@requires(Permission.PLAN_HISTORY)
def show(patient_id: int) -> str:
    return page(open_patient(patient_id, Permission.PLAN_HISTORY))


@blueprint.post("/versions")
@requires(Permission.VERSION_NAME)
def name(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.VERSION_NAME)
    label, reason = request.form.get("label", ""), request.form.get("reason", "")
    try:
        with units().begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
            version = history.name(work, house().hub, grant, label, reason)
            named, version_id = version.label, version.id
    except Unfit as unfit:
        return page(grant, {field: message(fault) for field, fault in unfit.faults.items()}), 422
    flash(_("“%(name)s” is on record. The plan goes on from here.", name=named))
    return redirect(url_for("history.show", patient_id=patient_id, until=version_id), 303)


def page(grant: PatientGrant, errors: Mapping[str, str] | None = None) -> str:
    """The page that the address asks for; `errors` of a form that came back, by field."""
    try:
        picture = views.picture(
            grant,
            house().attribution,
            house().sizes,
            units().clock(),
            since=request.args.get("since", ""),
            until=request.args.get("until", ""),
            before=request.args.get("before", type=int),
        )
    except views.NoSuchSide:
        abort(404)
    return unhurried.render(
        "history/show.html",
        history=picture,
        is_beside=request.args.get("view") == "beside",
        errors=errors or {},
        typed=request.form,
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
