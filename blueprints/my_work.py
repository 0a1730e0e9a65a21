"""My work: the page that staff begin with."""

from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_timezone
from werkzeug.wrappers import Response

from access.permissions import Permission
from actions import audit, visits
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from blueprints.task_answers import offer
from rendering import my_work

blueprint = Blueprint("my_work", __name__, url_prefix="/work")


@blueprint.get("")
@requires(Permission.WORK)
def index() -> str:
    now = units().clock()
    page = my_work.page(actor(), now, today(), request.args.get("all", ""))
    hour = now.astimezone(ZoneInfo(str(get_timezone()))).hour
    toast = offer()
    html = render_template(
        "my_work/index.html", page=page, greeting=my_work.greeting(hour, page.first_name), toast=toast
    )
    audit.record_views(units(), actor(), Permission.WORK, page.shown)
    return html


@blueprint.post("/seen")
@requires(Permission.WORK)
def see_all() -> Response:
    """What changed so far is known."""
    with units().begin(actor()) as work:
        visits.look_at_all(work)
    return redirect(url_for("my_work.index"), 303)
