"""Whether what was frozen, signed, published and answered is as it was put on record, for who signs it."""

from flask import Blueprint, render_template

from access.permissions import Permission
from blueprints.clinic_time import today
from blueprints.doors import house, open_patient
from blueprints.gate import requires
from models.base import db
from rendering import board as pictures
from rendering import plan_check as views

blueprint = Blueprint("plan_check", __name__, url_prefix="/patients/<int:patient_id>/sign-off/check")


@blueprint.get("")
@requires(Permission.SIGN_OFF_VIEW)
def show(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.SIGN_OFF_VIEW)
    return render_template(
        "sign_off/check.html",
        check=views.check(db.session(), house().seals, grant.plan.id),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
