"""The administrator's pages for teams."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import Hidden, TeamGrant
from access.permissions import Permission
from actions import accounts, responsibilities, task_handover, teams
from blueprints.doors import actor, units
from blueprints.forms.fields import options
from blueprints.forms.people import TeamForm, TeamMemberForm
from blueprints.gate import requires
from blueprints.successors import chosen_heirs, chosen_successors
from models.team import Membership

blueprint = Blueprint("teams", __name__, url_prefix="/admin/teams")


@blueprint.get("")
@requires(Permission.TEAMS_MANAGE)
def index() -> str:
    return _index(TeamForm())


@blueprint.post("")
@requires(Permission.TEAMS_MANAGE)
def create() -> Response | tuple[str, int]:
    filled = TeamForm()
    if not filled.validate():
        return _index(filled), 422
    grant = loaders.clinic(actor(), Permission.TEAMS_MANAGE)
    try:
        with units().begin(grant.actor) as work:
            team = teams.create(work, grant, filled.name.data)
    except teams.TeamNameTaken:
        filled.name.errors = [_("Another team has this name.")]
        return _index(filled), 422
    return redirect(url_for("teams.show", team_id=team.id), 303)


@blueprint.get("/<int:team_id>")
@requires(Permission.TEAMS_MANAGE)
def show(team_id: int) -> str:
    grant = _team(team_id)
    return _page(grant, TeamForm(obj=grant.team), _member_form(grant))


@blueprint.post("/<int:team_id>")
@requires(Permission.TEAMS_MANAGE)
def rename(team_id: int) -> Response | tuple[str, int]:
    grant = _team(team_id)
    filled = TeamForm()
    if not filled.validate():
        return _page(grant, filled, _member_form(grant)), 422
    try:
        with units().begin(grant.actor) as work:
            teams.rename(work, grant, filled.name.data)
    except teams.TeamNameTaken:
        filled.name.errors = [_("Another team has this name.")]
        return _page(grant, filled, _member_form(grant)), 422
    flash(_("Saved."))
    return redirect(url_for("teams.show", team_id=team_id), 303)


@blueprint.post("/<int:team_id>/members")
@requires(Permission.TEAMS_MANAGE)
def add(team_id: int) -> Response | tuple[str, int]:
    grant = _team(team_id)
    filled = _member_form(grant)
    if not filled.validate() or not filled.user.data:
        filled.user.errors = [_("Choose a person.")]
        return _page(grant, TeamForm(formdata=None, obj=grant.team), filled), 422
    person = loaders.account(actor(), filled.user.data, Permission.ACCOUNTS_MANAGE)
    with units().begin(grant.actor) as work:
        teams.add_member(work, grant, person.user, lead=filled.lead.data)
    flash(_("%(name)s is in the team.", name=person.user.name))
    return redirect(url_for("teams.show", team_id=team_id), 303)


@blueprint.post("/<int:team_id>/members/<int:membership_id>/lead")
@requires(Permission.TEAMS_MANAGE)
def lead(team_id: int, membership_id: int) -> Response:
    grant = _team(team_id)
    with units().begin(grant.actor) as work:
        teams.set_lead(work, grant, membership_id, request.form.get("lead") == "1")
    flash(_("Saved."))
    return redirect(url_for("teams.show", team_id=team_id), 303)


@blueprint.get("/<int:team_id>/members/<int:membership_id>/end")
@requires(Permission.TEAMS_MANAGE)
def ask_end(team_id: int, membership_id: int) -> str:
    return _end_page(_team(team_id), membership_id)


@blueprint.post("/<int:team_id>/members/<int:membership_id>/end")
@requires(Permission.TEAMS_MANAGE)
def end(team_id: int, membership_id: int) -> Response | tuple[str, int]:
    grant = _team(team_id)
    leaving = _membership(grant, membership_id)
    successors = chosen_successors(patient.id for patient in responsibilities.of(leaving.user_id, team_id))
    heirs = chosen_heirs(left.patient.id for left in task_handover.of(leaving.user_id, team_id))
    try:
        with units().begin(grant.actor) as work:
            teams.end_membership(work, grant, membership_id, successors, heirs)
    except task_handover.HeirNeeded:
        message = _("Name who takes over the open tasks: somebody of that patient's care team.")
        return _end_page(grant, membership_id, message), 422
    except responsibilities.SuccessorNeeded:
        return _end_page(grant, membership_id, _("Name who takes over each patient.")), 422
    except responsibilities.UnfitSuccessor:
        message = _("Only a clinician whose account is in use can be responsible.")
        return _end_page(grant, membership_id, message), 422
    flash(_("%(name)s has left the team.", name=leaving.user.name))
    return redirect(url_for("teams.show", team_id=team_id), 303)


def _team(team_id: int) -> TeamGrant:
    return loaders.team(actor(), team_id, Permission.TEAMS_MANAGE)


def _membership(grant: TeamGrant, membership_id: int) -> Membership:
    found = next((row for row in teams.members(grant.team.id) if row.id == membership_id), None)
    if found is None:
        raise Hidden(grant.actor, Permission.TEAMS_MANAGE, f"membership:{membership_id}")
    return found


def _index(form: TeamForm) -> str:
    return render_template("teams/index.html", teams=teams.with_sizes(), form=form)


def _page(grant: TeamGrant, form: TeamForm, member_form: TeamMemberForm) -> str:
    return render_template(
        "teams/show.html", team=grant.team, members=teams.members(grant.team.id), form=form, member_form=member_form
    )


def _member_form(grant: TeamGrant) -> TeamMemberForm:
    form = TeamMemberForm()
    present = {row.user_id for row in teams.members(grant.team.id)}
    others = [user for user in accounts.in_use() if user.id not in present]
    form.user.choices = options(((user.id, user.name) for user in others), _("Choose…")) if others else []
    return form


def _end_page(grant: TeamGrant, membership_id: int, error: str | None = None) -> str:
    membership = _membership(grant, membership_id)
    return render_template(
        "teams/end.html",
        team=grant.team,
        user=membership.user,
        membership=membership,
        patients=responsibilities.of(membership.user_id, grant.team.id),
        left=task_handover.of(membership.user_id, grant.team.id),
        clinicians=accounts.clinicians(without=membership.user_id),
        error=error,
    )
