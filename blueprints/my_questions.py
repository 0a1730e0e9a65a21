"""Questions of the patient, or of a guardian for the patient, to the team; and what was answered."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PortalGrant
from access.permissions import Permission
from actions import portal, questions
from actions.questions import MAX_WORDS, Asked
from actions.unfit import Problem, Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from blueprints.my_plan import open_portal
from models.publication import AnswerWay

blueprint = Blueprint("my_questions", __name__, url_prefix="/my/<int:patient_id>/questions")

CRISIS_FOR = timedelta(days=1)
"""So long after a yes the page begins with whom to call."""


@blueprint.get("")
@requires(Permission.PORTAL_QUESTIONS_READ)
def show(patient_id: int) -> str:
    return _page(open_portal(patient_id, Permission.PORTAL_QUESTIONS_READ))


@blueprint.post("")
@requires(Permission.PORTAL_WORDS_WRITE)
def ask(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.portal(actor(), patient_id, Permission.PORTAL_WORDS_WRITE)
    is_risk = {"yes": True, "no": False}.get(request.form.get("risk", ""))
    asked = Asked(request.form.get("text", ""), is_risk, AnswerWay.PAGE, portal.speaker(grant), today())
    try:
        with units().begin(grant.actor) as work:
            question = questions.ask(work, grant, Permission.PORTAL_WORDS_WRITE, asked, today())
            question_id = question.id
    except Unfit as unfit:
        return _page(open_portal(patient_id, Permission.PORTAL_WORDS_WRITE), _wrong(unfit)), 422
    if not is_risk:
        flash(_("Your question is sent. The answer will stand on this page."))
    where = "crisis" if is_risk else f"question-{question_id}"
    return redirect(url_for("my_questions.show", patient_id=patient_id, _anchor=where), 303)


def _page(grant: PortalGrant, wrong: dict[str, str] | None = None) -> str:
    asked = questions.of_patient(grant.patient.id)
    recently = units().clock() - CRISIS_FOR
    may_ask = grant.may(Permission.PORTAL_WORDS_WRITE)
    return render_template(
        "my/questions.html",
        questions=asked,
        may_ask=may_ask,
        is_crisis=may_ask and any(each.is_risk and each.asked_at > recently for each in asked),
        wrong=wrong or {},
        typed=request.form,
        most=MAX_WORDS,
        me_id=grant.actor.user_id,
    )


def _wrong(unfit: Unfit) -> dict[str, str]:
    """What is wrong, by field."""
    found = {}
    if "risk" in unfit.faults:
        found["risk"] = _("Choose yes or no. If you are not sure, choose yes.")
    if "text" in unfit.faults:
        is_empty = unfit.faults["text"].problem is Problem.EMPTY
        too_long = _("Please say it in at most %(most)s letters, or call us.", most=MAX_WORDS)
        found["text"] = _("Write your question.") if is_empty else too_long
    return {field: str(words) for field, words in found.items()}
