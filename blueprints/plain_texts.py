"""A patient's text beside what changed in the team's: still right, or to be written anew."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.grants import DocumentGrant
from access.permissions import Permission
from actions import behind, plain_readings
from actions.behind import Standing
from blueprints.board import own_document
from blueprints.clinic_time import today
from blueprints.doors import house, units
from blueprints.gate import requires
from rendering import board as pictures
from rendering import comparison

blueprint = Blueprint(
    "plain_texts", __name__, url_prefix="/patients/<int:patient_id>/plan/documents/<int:document_id>/confirmation"
)


@blueprint.get("")
@requires(Permission.DOCUMENT_EDIT)
def show(patient_id: int, document_id: int) -> str:
    grant, own = own_document(patient_id, document_id)
    standing = _standing(own)
    head = pictures.banner(grant, today())
    return render_template(
        "plain_texts/show.html",
        banner=head,
        may=grant.permissions,
        card=pictures.cards(grant, head.first_name, house().hub.text, only=own.section_key)[0],
        standing=standing,
        compared=comparison.since_last_seen(own, house().hub.current(standing.clinical_id)),
    )


@blueprint.post("")
@requires(Permission.DOCUMENT_EDIT)
def confirm(patient_id: int, document_id: int) -> Response | tuple[dict[str, str], int]:
    """The patient's text is still right, says whoever writes it."""
    _grant, own = own_document(patient_id, document_id)
    standing = _standing(own)
    seen = request.form.get("seen", type=int)
    if seen is None:
        abort(400)
    is_script = bool(request.headers.get("X-Requested-With"))
    try:
        with units().begin(own.actor, [standing.clinical_id, standing.plain_id]) as work:
            plain_readings.confirm(work, house().hub, own, standing.clinical_id, seen)
    except plain_readings.ChangedMeanwhile:
        error = _("The team's text has just changed again. Look at it once more.")
        if is_script:
            return {"error": error}, 409
        flash(error)
        return redirect(url_for("plain_texts.show", patient_id=patient_id, document_id=document_id), 303)
    if is_script:
        return {}, 200
    return redirect(url_for("board.show", patient_id=patient_id) + f"#section-{own.section_key}", 303)


def _standing(own: DocumentGrant) -> Standing:
    """How the text stands; only a patient's text with a team's beside it stands anyhow."""
    found = behind.of_plan(own.plan_id, house().hub.text, own.section_key).get(own.section_key)
    if found is None or found.plain_id != own.document_id:
        abort(400)
    return found
