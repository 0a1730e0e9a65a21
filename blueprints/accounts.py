"""The administrator's pages for accounts."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from access import loaders
from access.grants import AccountGrant, TeamGrant
from access.permissions import Permission
from actions import accounts, responsibilities, task_handover, teams
from actions.accounts import AccountDetails
from blueprints.doors import actor, house, units
from blueprints.forms.fields import options
from blueprints.forms.people import AccountForm, NewAccountForm
from blueprints.gate import requires
from blueprints.successors import chosen_heirs, chosen_successors
from models.user import Role

blueprint = Blueprint("accounts", __name__, url_prefix="/admin/accounts")
LINK = "account_link"
"""Where a new link waits in the administrator's session until the page that shows it, once."""


@blueprint.get("")
@requires(Permission.ACCOUNTS_MANAGE)
def index() -> str:
    words = request.args.get("q", "").strip()[:80]
    return render_template("accounts/index.html", people=accounts.search(words), q=words)


@blueprint.get("/new")
@requires(Permission.ACCOUNTS_MANAGE)
def new() -> str:
    return render_template("accounts/new.html", form=_choices(NewAccountForm()))


@blueprint.post("")
@requires(Permission.ACCOUNTS_MANAGE)
def create() -> Response | tuple[str, int]:
    filled = _choices(NewAccountForm())
    if not filled.validate():
        return render_template("accounts/new.html", form=filled), 422
    grant = loaders.clinic(actor(), Permission.ACCOUNTS_MANAGE)
    try:
        with units().begin(grant.actor) as work:
            user, token = accounts.create(work, grant, _details(filled))
            if filled.team.data:
                joined = loaders.team(grant.actor, filled.team.data, Permission.TEAMS_MANAGE)
                teams.add_member(work, TeamGrant(grant.actor, joined.team), user)
    except accounts.Unfit as error:
        _explain(filled, error)
        return render_template("accounts/new.html", form=filled), 422
    return _show_link(user.id, token)


@blueprint.get("/<int:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def show(user_id: int) -> str:
    grant = _account(user_id)
    form = AccountForm(
        name=grant.user.name,
        email=grant.user.email,
        roles=[str(role) for role in grant.user.roles],
        discipline=grant.user.discipline_id or 0,
    )
    return _page(grant, _choices(form))


@blueprint.post("/<int:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def change(user_id: int) -> Response | tuple[str, int]:
    grant = _account(user_id)
    filled = _choices(AccountForm())
    if not filled.validate():
        return _page(grant, filled), 422
    former = grant.user.email
    try:
        with units().begin(grant.actor) as work:
            accounts.change(work, grant, _details(filled))
    except accounts.Unfit as error:
        _explain(filled, error)
        return _page(grant, filled), 422
    if grant.user.email == former:
        flash(_("Saved."))
    else:
        flash(_("Saved. Links that were sent to the former email no longer open."))
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@blueprint.post("/<int:user_id>/links")
@requires(Permission.ACCOUNTS_MANAGE)
def new_link(user_id: int) -> Response:
    grant = _account(user_id)
    with units().begin(grant.actor) as work:
        token = accounts.new_link(work, grant)
    return _show_link(user_id, token)


@blueprint.get("/<int:user_id>/disablement")
@requires(Permission.ACCOUNTS_MANAGE)
def ask_disable(user_id: int) -> str:
    return _disable_page(_account(user_id))


@blueprint.post("/<int:user_id>/disablement")
@requires(Permission.ACCOUNTS_MANAGE)
def disable(user_id: int) -> Response | tuple[str, int]:
    grant = _account(user_id)
    successors = chosen_successors(patient.id for patient in responsibilities.of(user_id))
    heirs = chosen_heirs(left.patient.id for left in task_handover.of(user_id))
    try:
        with units().begin(grant.actor) as work:
            accounts.disable(work, grant, successors, heirs)
    except task_handover.HeirNeeded:
        return _disable_page(grant, _("Name who takes over the open tasks: somebody of that patient's care team.")), 422
    except responsibilities.SuccessorNeeded:
        return _disable_page(grant, _("Name who takes over each patient.")), 422
    except responsibilities.UnfitSuccessor:
        return _disable_page(grant, _("Only a clinician whose account is in use can be responsible.")), 422
    except accounts.LastAdministrator:
        return _disable_page(grant, _last_administrator()), 422
    flash(_("%(name)s can no longer sign in.", name=grant.user.name))
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@blueprint.post("/<int:user_id>/enablement")
@requires(Permission.ACCOUNTS_MANAGE)
def enable(user_id: int) -> Response:
    grant = _account(user_id)
    with units().begin(grant.actor) as work:
        token = accounts.enable(work, grant)
    return _show_link(user_id, token)


def _account(user_id: int) -> AccountGrant:
    return loaders.account(actor(), user_id, Permission.ACCOUNTS_MANAGE)


def _show_link(user_id: int, token: str) -> Response:
    session[LINK] = [user_id, token]
    return redirect(url_for("accounts.show", user_id=user_id), 303)


def _page(grant: AccountGrant, form: AccountForm) -> str:
    kept = session.pop(LINK, None)
    token = kept[1] if kept and kept[0] == grant.user.id else None
    return render_template(
        "accounts/show.html",
        form=form,
        user=grant.user,
        link=house().settings.public_url + url_for("sign_in.welcome", token=token) if token else None,
        mails=units().mailing.is_on,
        link_days=accounts.LINK_LIFE.days,
        memberships=teams.memberships_of(grant.user.id),
        is_self=grant.user.id == actor().user_id,
    )


def _disable_page(grant: AccountGrant, error: str | None = None) -> str:
    return render_template(
        "accounts/disable.html",
        user=grant.user,
        patients=responsibilities.of(grant.user.id),
        left=task_handover.of(grant.user.id),
        clinicians=accounts.clinicians(without=grant.user.id),
        error=error,
    )


def _choices(form: AccountForm) -> AccountForm:
    form.discipline.choices = options([(each.id, each.name) for each in accounts.disciplines()], _("None"))
    if isinstance(form, NewAccountForm):
        form.team.choices = options([(team.id, team.name) for team in teams.all_teams()], _("No team yet"))
    return form


def _details(form: AccountForm) -> AccountDetails:
    roles = frozenset(Role(role) for role in form.roles.data)
    return AccountDetails(form.name.data, form.email.data, roles, form.discipline.data or None)


def _explain(form: AccountForm, error: accounts.Unfit) -> None:
    if isinstance(error, accounts.EmailTaken):
        form.email.errors = [_("Another account has this email.")]
    elif isinstance(error, accounts.DisciplineNeeded):
        form.discipline.errors = [_("A clinician writes as a discipline: choose one.")]
    elif isinstance(error, accounts.StillResponsible):
        form.roles.errors = [_still_responsible(error.count)]
    elif isinstance(error, accounts.StillHasTasks):
        form.roles.errors = [_still_has_tasks(error.count)]
    else:
        form.roles.errors = [_last_administrator()]


def _still_responsible(count: int) -> str:
    return str(
        ngettext(
            "Responsible for one patient, which only a clinician can be. Ask a coordinator to hand that over first.",
            "Responsible for %(num)d patients, which only a clinician can be."
            " Ask a coordinator to hand them over first.",
            count,
        )
    )


def _still_has_tasks(count: int) -> str:
    return str(
        ngettext(
            "Has one open task, which only clinicians and coordinators can have. Ask them to reassign it first.",
            "Has %(num)d open tasks, which only clinicians and coordinators can have. Ask them to reassign them first.",
            count,
        )
    )


def _last_administrator() -> str:
    return str(_("This is the last administrator. Make another one first."))
