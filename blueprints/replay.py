"""A text's life, stop by stop, and bringing a moment of it back."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.permissions import Permission
from actions import restores
from actions.restores import NotRestored
from actions.unfit import Unfit
from blueprints import unhurried
from blueprints.clinic_time import today
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.talk import message
from blueprints.gate import requires
from blueprints.restores import point_of, why
from livedoc.attribution import NoSuchPoint
from rendering import authors, replay
from rendering import board as pictures

blueprint = Blueprint("replay", __name__, url_prefix="/patients/<int:patient_id>/history/replay")


@blueprint.get("/<int:document_id>")
@requires(Permission.PLAN_HISTORY)
def show(patient_id: int, document_id: int) -> str:
    return _page(patient_id, document_id)


@blueprint.post("/<int:document_id>/restorations")
@requires(Permission.RESTORE)
def restore(patient_id: int, document_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.RESTORE)
    loaders.document_of(grant, document_id)
    own = loaders.document(actor(), document_id, Permission.DOCUMENT_EDIT)
    moment, seen = point_of(request.form.get("moment", "")), point_of(request.form.get("seen", ""))
    if moment is None or seen is None:
        abort(400)
    try:
        restores.restore_moment(house(), own, moment, seen, request.form.get("reason", ""))
    except NotRestored as refusal:
        return _page(patient_id, document_id, why(refusal)), 422
    except Unfit as unfit:
        return _page(patient_id, document_id, message(unfit.faults["reason"])), 422
    flash(_("This moment is back. What others typed meanwhile is kept."))
    return redirect(url_for("replay.show", patient_id=patient_id, document_id=document_id), 303)


def _page(patient_id: int, document_id: int, error: str = "") -> str:
    grant = open_patient(patient_id, Permission.PLAN_HISTORY)
    own = loaders.document_of(grant, document_id)
    asked = request.args.get("moment", "") or request.form.get("moment", "")
    stop = point_of(asked)
    if asked and stop is None:
        abort(404)
    try:
        picture = replay.picture(grant, own, house().attribution, stop, units().clock())
    except NoSuchPoint:
        abort(404)
    banner = pictures.banner(grant, today())
    return unhurried.render(
        "history/_moment.html" if request.args.get("part") == "moment" else "history/replay.html",
        banner=banner,
        may=grant.permissions,
        text=authors.text_of(own, banner.first_name),
        replay=picture,
        error=error,
    )
