"""What a patient asks, on the team's side: read, sorted by how soon it wants an answer, answered; and written down as
it was told."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import alerts, care_team, questions
from actions.questions import Asked
from actions.unfit import Problem, Unfit
from blueprints import in_place
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.fields import options
from blueprints.forms.questions import YES, QuestionForm
from blueprints.gate import requires
from models.publication import AnswerWay
from models.question import Urgency
from rendering import board as pictures

blueprint = Blueprint("questions", __name__, url_prefix="/patients/<int:patient_id>/questions")


@blueprint.get("")
@requires(Permission.QUESTIONS_VIEW)
def show(patient_id: int) -> str:
    return page(open_patient(patient_id, Permission.QUESTIONS_VIEW))


@blueprint.get("/new")
@requires(Permission.QUESTION_RECORD)
def new(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.QUESTION_RECORD)
    return _new_page(grant, _form(grant))


@blueprint.post("")
@requires(Permission.QUESTION_RECORD)
def record(patient_id: int) -> Response | tuple[str, int]:
    """What the patient asked by phone, on paper or in the room."""
    grant = loaders.patient(actor(), patient_id, Permission.QUESTION_RECORD)
    filled = _form(grant)
    if not filled.validate():
        return _new_page(grant, filled), 422
    asked = Asked(
        filled.text.data,
        filled.risk.data == YES,
        AnswerWay(filled.way.data),
        filled.told_by.data,
        filled.told_on.day,
        filled.told_to.data,
    )
    try:
        with units().begin(grant.actor) as work:
            questions.ask(work, grant, Permission.QUESTION_RECORD, asked, today())
    except Unfit as unfit:
        for field, fault in unfit.faults.items():
            filled[field].errors = [_said_wrong(field, fault.problem)]
        return _new_page(grant, filled), 422
    if asked.is_risk:
        flash(_("The alert is raised, and those whom it is for are told. Record here what was done."))
        return redirect(url_for("board.show", patient_id=patient_id, _anchor="alerts"), 303)
    flash(_("The question is on record."))
    return redirect(url_for("questions.show", patient_id=patient_id), 303)


@blueprint.post("/<int:question_id>/triage")
@requires(Permission.QUESTION_ANSWER)
def triage(patient_id: int, question_id: int) -> in_place.Answer:
    grant = loaders.question(actor(), patient_id, question_id, Permission.QUESTION_ANSWER)
    chosen = request.form.get("urgency", "")
    if chosen not in list(Urgency):
        return _refused(patient_id, question_id, {"urgency": _("Choose one of the three.")})
    try:
        with units().begin(grant.actor) as work:
            questions.triage(work, grant, Urgency(chosen))
    except Unfit:
        return _refused(patient_id, question_id, {"urgency": _("This question was answered meanwhile.")})
    return in_place.done(
        url_for("questions.show", patient_id=patient_id, _anchor=f"question-{question_id}"), patient_id
    )


@blueprint.post("/<int:question_id>/answers")
@requires(Permission.QUESTION_ANSWER)
def answer(patient_id: int, question_id: int) -> in_place.Answer:
    grant = loaders.question(actor(), patient_id, question_id, Permission.QUESTION_ANSWER)
    words = request.form.get("words", "")
    try:
        with units().begin(grant.actor) as work:
            questions.answer(work, grant, words)
    except Unfit as unfit:
        return _refused(patient_id, question_id, {"words": _said_wrong("words", unfit.faults["words"].problem)})
    flash_when_leaving = _("The answer is on the patient's page.")
    here = url_for("questions.show", patient_id=patient_id, _anchor=f"question-{question_id}")
    return in_place.done(here, patient_id, flash_when_leaving)


def page(grant: PatientGrant, wrong: Mapping[str, str] | None = None, about: str = "") -> str:
    """All questions and alerts of the patient; `wrong` is what is wrong with the form of `about`, which comes back with
    what was typed."""
    return render_template(
        "questions/show.html",
        questions=questions.of_patient(grant.patient.id),
        alerts=alerts.of_patient(grant.patient.id),
        wrong=wrong or {},
        wrong_about=about,
        typed=request.form if about else {},
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
        standing=in_place.standing(grant),
    )


def _refused(patient_id: int, question_id: int, wrong: Mapping[str, str]) -> in_place.Answer:
    if in_place.is_fetch():
        return in_place.refused(wrong)
    return page(open_patient(patient_id, Permission.QUESTIONS_VIEW), wrong, f"question-{question_id}"), 422


def _form(grant: PatientGrant) -> QuestionForm:
    form = QuestionForm()
    form.told_to.choices = options((member.user_id, member.user.name) for member in care_team.members(grant))
    if request.method == "GET":
        form.told_to.data = actor().user_id
        form.told_on.data = today()
        form.told_by.data = pictures.banner(grant, today()).first_name
    return form


def _new_page(grant: PatientGrant, form: QuestionForm) -> str:
    head = pictures.banner(grant, today())
    return render_template("questions/new.html", form=form, banner=head, may=grant.permissions)


def _said_wrong(field: str, problem: Problem) -> str:
    if problem is Problem.TOO_LONG:
        return str(_("At most %(most)s characters.", most=questions.MAX_WORDS))
    said = {
        "told_on": _("This day is still to come."),
        "told_to": _("This person is no longer in the care team. Choose somebody who is."),
    }
    return str(said.get(field) or _("Please fill this in."))
