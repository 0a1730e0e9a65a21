"""The patient's plan to keep: a tagged PDF."""

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.permissions import Permission
from actions import published
from blueprints.gate import requires
from blueprints.my_plan import nothing_to_read, open_portal
from rendering import my, my_plan, press
from rendering.filters import day

blueprint = Blueprint("my_paper", __name__, url_prefix="/my/<int:patient_id>")


@blueprint.get("/plan.pdf")
@requires(Permission.PORTAL_PLAN_READ)
def show(patient_id: int) -> Response | str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    read = published.latest(grant.plan.id)
    if read is None or read.is_withdrawn:
        return nothing_to_read(grant, read)
    patient = grant.patient
    html = render_template(
        "my/paper.html",
        page=my_plan.page(read.id),
        mine=my.frame(),
        dose_note=my_plan.beside_a_dose(),
        fonts=press.fonts(),
        footer=f"{patient.name} · {day(patient.birth_date)} · {patient.number} · {read.number}",
    )
    try:
        made = press.pdf(html)
    except press.NoPress:
        current_app.logger.exception("no PDF was made")
        flash(_("A PDF cannot be made at the moment. Print this page instead: your browser can keep it as a PDF, too."))
        return redirect(url_for("my_plan.show", patient_id=patient_id), 303)
    answer = make_response(made)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="plan-{read.number}.pdf"'
    return answer
