"""Alerts that wait, and putting on record what was done about one."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from access import loaders
from access.permissions import Permission
from actions import alerts, audit, elsewhere, pressing
from actions.unfit import Problem, Unfit
from blueprints import in_place
from blueprints.doors import actor, open_patient, units
from blueprints.gate import requires
from blueprints.questions import page

blueprint = Blueprint("alerts", __name__)


@blueprint.get("/alerts")
@requires(Permission.ALERTS)
def index() -> str:
    """Of one's patients, and those of others that one was told of: these without a name."""
    mine, told = pressing.alerts_of(actor()), elsewhere.told_of(actor())
    audit.record_views(
        units(), actor(), Permission.ALERTS, {each.patient_id for each in mine} | {each.patient_id for each in told}
    )
    return render_template("alerts/index.html", alerts=mine, elsewhere=told)


@blueprint.post("/patients/<int:patient_id>/alerts/<int:alert_id>/acknowledgement")
@requires(Permission.ALERT_ACKNOWLEDGE)
def acknowledge(patient_id: int, alert_id: int) -> in_place.Answer:
    grant = loaders.alert(actor(), patient_id, alert_id)
    try:
        with units().begin(grant.actor) as work:
            alerts.acknowledge(work, grant, request.form.get("action", ""))
    except Unfit as unfit:
        wrong = {"action": _said_wrong(unfit.faults["action"].problem)}
        if in_place.is_fetch():
            return in_place.refused(wrong)
        return page(open_patient(patient_id, Permission.QUESTIONS_VIEW), wrong, f"alert-{alert_id}"), 422
    here = url_for("questions.show", patient_id=patient_id, _anchor=f"alert-{alert_id}")
    return in_place.done(here, patient_id, _("What was done is on record."))


def _said_wrong(problem: Problem) -> str:
    if problem is Problem.CHANGED:
        return str(_("Somebody recorded meanwhile what was done."))
    if problem is Problem.TOO_LONG:
        return str(_("At most %(most)s characters.", most=alerts.MAX_WORDS))
    return str(_("Write what was done: whom you reached, and what was agreed."))
