"""Who has looked, for the patient at home."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from access.permissions import Permission
from actions import looks
from blueprints.clinic_time import timezone, today
from blueprints.gate import requires
from blueprints.looks import until
from blueprints.my_plan import open_portal
from rendering import looks as views

blueprint = Blueprint("my_looks", __name__, url_prefix="/my/<int:patient_id>/looks")


@blueprint.get("")
@requires(Permission.PORTAL_LOOKS_READ)
def show(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_LOOKS_READ)
    last, wrong = until()
    page = looks.page(patient_id, last, ZoneInfo(timezone()))
    days = views.days(page, grant.actor.user_id)
    return render_template("my/looks.html", page=page, days=days, wrong=wrong, today=today(), zone=timezone())
