"""A patient's care team, the involved disciplines, and who is responsible."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant, Refusal
from access.permissions import Permission
from actions import accounts, care_team, responsibilities, task_handover
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.patients import InvolvedForm, MemberForm
from blueprints.gate import requires
from models.user import Role
from rendering import board as pictures

blueprint = Blueprint("care_team", __name__, url_prefix="/patients/<int:patient_id>/care-team")


@blueprint.get("")
@requires(Permission.CARE_TEAM_VIEW)
def show(patient_id: int) -> str:
    return _page(open_patient(patient_id, Permission.CARE_TEAM_VIEW))


@blueprint.post("/members")
@requires(Permission.CARE_TEAM_EDIT)
def add(patient_id: int) -> Response | tuple[str, int]:
    grant = _editing(patient_id)
    filled = MemberForm()
    filled.user.validate_choice = False
    if not filled.validate() or not filled.user.data:
        return _page(grant, _("Nobody was chosen. Choose a person, then add.")), 422
    try:
        with units().begin(grant.actor) as work:
            joined = care_team.add(work, grant, filled.user.data)
    except care_team.CannotJoin:
        return _page(grant, _("This person cannot join a care team. Choose somebody else.")), 422
    return _back(patient_id, _("%(name)s is in the care team.", name=joined.name))


@blueprint.post("/members/<int:member_id>/end")
@requires(Permission.CARE_TEAM_EDIT)
def remove(patient_id: int, member_id: int) -> Response | tuple[str, int]:
    grant = _editing(patient_id)
    try:
        with units().begin(grant.actor) as work:
            left = care_team.remove(work, grant, member_id, request.form.get("heir", type=int))
    except task_handover.HeirNeeded:
        return _leaving_page(grant, member_id), 422
    except responsibilities.SuccessorNeeded:
        message = _("This person is responsible for the plan. Hand that over first, then end the membership.")
        return _page(grant, message), 422
    if not _still_there(patient_id):
        flash(_("You left the care team."))
        return redirect(url_for("patients.index"), 303)
    return _back(patient_id, _("%(name)s has left the care team.", name=left.name))


@blueprint.post("/responsible")
@requires(Permission.CARE_TEAM_EDIT)
def hand_over(patient_id: int) -> Response | tuple[str, int]:
    grant = _editing(patient_id)
    filled = MemberForm()
    filled.user.validate_choice = False
    if not filled.validate() or not filled.user.data:
        return _page(grant, _("Nobody was chosen. Choose who takes over, then hand over.")), 422
    try:
        with units().begin(grant.actor) as work:
            care_team.hand_over(work, grant, filled.user.data)
    except responsibilities.UnfitSuccessor:
        return _page(grant, _("Only a clinician whose account is in use can be responsible.")), 422
    return _back(patient_id, _("The responsibility is handed over."))


@blueprint.post("/involved")
@requires(Permission.CARE_TEAM_EDIT)
def involve(patient_id: int) -> Response | tuple[str, int]:
    grant = _editing(patient_id)
    filled = InvolvedForm()
    filled.disciplines.validate_choice = False
    if not filled.validate():
        return _page(grant, _("Choose disciplines of the list.")), 422
    try:
        with units().begin(grant.actor) as work:
            care_team.set_involved(work, grant, frozenset(filled.disciplines.data or []))
    except care_team.StillHasTasks as error:
        message = _("Open tasks are left for %(names)s. Reassign or end them first.", names=", ".join(error.names))
        return _page(grant, message), 422
    return _back(patient_id, _("Saved."))


def _editing(patient_id: int) -> PatientGrant:
    return loaders.patient(actor(), patient_id, Permission.CARE_TEAM_EDIT)


def _still_there(patient_id: int) -> bool:
    try:
        loaders.patient(actor(), patient_id, Permission.CARE_TEAM_VIEW)
    except Refusal:
        return False
    return True


def _back(patient_id: int, message: str) -> Response:
    flash(message)
    return redirect(url_for("care_team.show", patient_id=patient_id), 303)


def _leaving_page(grant: PatientGrant, member_id: int) -> str:
    """Asks who takes over somebody's open tasks."""
    member = next(each for each in care_team.members(grant) if each.id == member_id)
    (left,) = task_handover.of(member.user_id, patient_id=grant.patient.id)
    return render_template(
        "care_team/leave.html",
        member=member,
        left=left,
        error=_("This person is not in the care team. Choose somebody who is.") if request.form.get("heir") else None,
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


def _page(grant: PatientGrant, error: str | None = None) -> str:
    members = care_team.members(grant)
    answering = care_team.responsible_clinicians(grant)
    responsible = next((row for row in answering if row.until is None), None)
    may_edit = grant.may(Permission.CARE_TEAM_EDIT)
    offered = care_team.offered(grant) if may_edit else []
    return render_template(
        "care_team/show.html",
        team=grant.patient.team,
        members=members,
        former=care_team.former(grant),
        responsible=responsible,
        formerly_responsible=[row for row in answering if row.until is not None],
        disciplines=accounts.disciplines(),
        involved={row.discipline_id for row in care_team.involved(grant)},
        offered=offered,
        candidates=[user for user in care_team.candidates(grant) if user not in offered] if may_edit else [],
        clinicians=[
            member.user
            for member in members
            if Role.CLINICIAN in member.user.roles and (responsible is None or responsible.user_id != member.user_id)
        ],
        may_edit=may_edit,
        error=error,
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
