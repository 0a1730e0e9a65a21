"""The list of patients, taking one in, and correcting who they are."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import directory, loaders
from access.permissions import Permission
from actions import audit, patients, pressing, teams
from actions.patients import Identity
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.fields import options
from blueprints.forms.patients import IdentityForm, NewPatientForm
from blueprints.gate import requires
from rendering import board as pictures
from rendering import plan_state

blueprint = Blueprint("patients", __name__, url_prefix="/patients")


@blueprint.get("")
@requires(Permission.PATIENTS_LIST)
def index() -> str:
    search = directory.Search(
        words=request.args.get("q", "").strip()[:80],
        mine=request.args.get("mine") == "1",
        closed=request.args.get("closed") == "1",
        order=directory.Order.NAME if request.args.get("order") == "name" else directory.Order.CHANGED,
        after=request.args.get("after", "")[:200],
    )
    try:
        page = directory.page(actor(), search)
    except directory.BadCursor:
        abort(400)
    alerts = pressing.alerts_of(actor())
    audit.record_views(units(), actor(), Permission.ALERTS, {each.patient_id for each in alerts})
    return render_template("patients/index.html", page=page, search=search, alerts=alerts, state_name=plan_state.name)


@blueprint.get("/new")
@requires(Permission.PATIENT_ADD)
def new() -> str:
    return _new_page(_new_form())


@blueprint.post("")
@requires(Permission.PATIENT_ADD)
def add() -> Response | tuple[str, int]:
    filled = _new_form()
    if not filled.validate():
        return _new_page(filled), 422
    same = directory.same_name(filled.name.data)
    if same and filled.same_name_seen.data != filled.name.data:
        return _new_page(filled, same), 422
    grant = loaders.clinic(actor(), Permission.PATIENT_ADD)
    try:
        with units().begin(grant.actor) as work:
            added = patients.add(work, grant, _identity(filled), filled.team.data or None)
    except patients.NumberTaken:
        filled.number.errors = [_number_taken()]
        return _new_page(filled), 422
    flash(_("%(name)s is added, and the plan is open.", name=added.name))
    return redirect(url_for("patients.show", patient_id=added.id), 303)


@blueprint.get("/<int:patient_id>")
@requires(Permission.PATIENT_VIEW)
def show(patient_id: int) -> Response:
    """To the plan, or for whoever may not read it, to the care team."""
    grant = loaders.patient(actor(), patient_id, Permission.PATIENT_VIEW)
    page = "board.show" if grant.may(Permission.BOARD_VIEW) else "care_team.show"
    return redirect(url_for(page, patient_id=patient_id), 303)


@blueprint.get("/<int:patient_id>/identity")
@requires(Permission.IDENTITY_CORRECT)
def identity(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.IDENTITY_CORRECT)
    return _identity_page(patient_id, IdentityForm(obj=grant.patient))


@blueprint.post("/<int:patient_id>/identity")
@requires(Permission.IDENTITY_CORRECT)
def correct(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.IDENTITY_CORRECT)
    filled = IdentityForm()
    if not filled.validate():
        return _identity_page(patient_id, filled), 422
    try:
        with units().begin(grant.actor) as work:
            patients.correct(work, grant, _identity(filled))
    except patients.NumberTaken:
        filled.number.errors = [_number_taken()]
        return _identity_page(patient_id, filled), 422
    flash(_("The correction is saved."))
    return redirect(url_for("patients.show", patient_id=patient_id), 303)


def _new_form() -> NewPatientForm:
    form = NewPatientForm()
    form.team.choices = options([(team.id, team.name) for team in teams.all_teams()], _("No team yet"))
    if request.method == "GET":
        own = teams.of_person(actor().user_id)
        form.team.data = own[0].id if own else 0
    return form


def _new_page(form: NewPatientForm, same: object = ()) -> str:
    return render_template("patients/new.html", form=form, same=same)


def _identity_page(patient_id: int, form: IdentityForm) -> str:
    grant = loaders.patient(actor(), patient_id, Permission.IDENTITY_CORRECT)
    return render_template(
        "patients/identity.html", form=form, banner=pictures.banner(grant, today()), may=grant.permissions
    )


def _identity(form: IdentityForm) -> Identity:
    return Identity(form.name.data, form.birth_date.day, form.number.data, form.pronouns.data)


def _number_taken() -> str:
    return str(_("Another patient has this ID. Check it, or look the patient up in the list."))
