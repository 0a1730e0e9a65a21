"""What the patient, or a guardian for the patient, says to the published plan."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PortalGrant
from access.permissions import Permission
from actions import portal, publications
from actions.publications import MAX_WORDS, Answer
from actions.unfit import Problem, Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from blueprints.my_plan import open_portal, plan_page
from models.portal import PortalRelation
from models.publication import AnswerKind, AnswerWay

blueprint = Blueprint("my_answer", __name__, url_prefix="/my/<int:patient_id>")


@blueprint.post("/publications/<int:publication_id>/answers")
@requires(Permission.PORTAL_WORDS_WRITE)
def give(patient_id: int, publication_id: int) -> Response | tuple[str, int]:
    grant = loaders.portal(actor(), patient_id, Permission.PORTAL_WORDS_WRITE)
    words = request.form.get("words", "")
    try:
        kind = AnswerKind(request.form.get("kind", ""))
    except ValueError:
        return _again(patient_id, _("Choose one of the three answers."), None, words)
    try:
        with units().begin(grant.actor) as work:
            given = Answer(kind, words, AnswerWay.PAGE, portal.speaker(grant), today())
            publications.answer(work, grant.plan, publication_id, given, today())
    except Unfit as unfit:
        return _again(patient_id, _wrong(unfit, kind), kind, words)
    flash(_("Your team has your answer.") if _is_own(grant) else _("The team has your answer."))
    return redirect(url_for("my_plan.show", patient_id=patient_id, _anchor="answer"), 303)


def _again(patient_id: int, wrong: str, kind: AnswerKind | None, words: str) -> tuple[str, int]:
    """The plan once more, with what is wrong and what was typed."""
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    return plan_page(grant, wrong=wrong, typed={"kind": kind, "words": words}), 422


def _is_own(grant: PortalGrant) -> bool:
    return grant.access.relation == PortalRelation.SELF


def _wrong(unfit: Unfit, kind: AnswerKind) -> str:
    if "publication" in unfit.faults:
        return str(_("The plan changed while you read it. Read it again, then answer."))
    if "words" in unfit.faults and unfit.faults["words"].problem is Problem.EMPTY:
        return str(
            _("Write your question.") if kind is AnswerKind.QUESTION else _("Write in a few words what is not right.")
        )
    return str(_("Please say it in at most %(most)s letters, or call us.", most=MAX_WORDS))
