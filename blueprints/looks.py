"""Who has looked, for the care team."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from access.permissions import Permission
from actions import looks
from blueprints.clinic_time import timezone, today
from blueprints.doors import open_patient
from blueprints.forms.fields import parse_day
from blueprints.gate import requires
from rendering import board as pictures
from rendering import looks as views

blueprint = Blueprint("looks", __name__, url_prefix="/patients/<int:patient_id>/looks")


@blueprint.get("")
@requires(Permission.LOOKS_VIEW)
def show(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.LOOKS_VIEW)
    last, wrong = until()
    page = looks.page(patient_id, last, ZoneInfo(timezone()))
    return render_template(
        "looks/show.html",
        page=page,
        days=views.days(page, grant.actor.user_id),
        wrong=wrong,
        today=today(),
        zone=timezone(),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


def until() -> tuple[date, str]:
    """The last day that is asked for, and what is wrong with it."""
    words = request.args.get("until", "").strip()[:40]
    if not words:
        return today(), ""
    try:
        return max(min(parse_day(words), today()), date(2000, 1, 1)), ""
    except ValueError:
        return today(), str(_("Write the day like 24 Nov 2026."))
