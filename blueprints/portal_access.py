"""Who may read a plan from outside the clinic: invited, given a code, and ended by the care team."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import accounts, desk, letters, portal
from actions.portal import Invited
from blueprints.clinic_time import today
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.portal import BY_CODE, BY_MAIL, InviteForm
from blueprints.gate import requires
from models.plan_state import State
from models.portal import PortalRelation
from rendering import board as pictures

blueprint = Blueprint("portal_access", __name__, url_prefix="/patients/<int:patient_id>/access")
LETTERS = "desk_code"
"""Where a new code waits in the session of whoever made it until the page that shows it, once."""


@blueprint.get("/new")
@requires(Permission.ABOUT_EDIT)
def new(patient_id: int) -> str:
    return _page(open_patient(patient_id, Permission.ABOUT_EDIT), InviteForm())


@blueprint.post("")
@requires(Permission.ABOUT_EDIT)
def invite(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.ABOUT_EDIT)
    filled = InviteForm()
    if not filled.validate() or (filled.way.data == BY_MAIL and not mails(grant)):
        return _page(grant, filled), 422
    invited = Invited(PortalRelation(filled.relation.data), filled.name.data, filled.words.data)
    try:
        with units().begin(grant.actor) as work:
            if filled.way.data == BY_CODE:
                code, drawn = desk.make(work, grant, invited)
                return _show(patient_id, code.id, drawn)
            portal.invite(work, grant, invited, filled.email.data)
    except portal.PatientReads:
        filled.relation.errors = [_("The patient reads the plan already. End that access first, or make a new code.")]
        return _page(grant, filled), 422
    except accounts.EmailTaken:
        filled.email.errors = [_("Somebody has an account with this address. Make a code: they add this plan with it.")]
        return _page(grant, filled), 422
    flash(_("The invitation is on its way."))
    return _back(patient_id)


@blueprint.get("/codes/<int:code_id>")
@requires(Permission.ABOUT_EDIT)
def code(patient_id: int, code_id: int) -> str:
    open_patient(patient_id, Permission.ABOUT_EDIT)
    grant, row = loaders.desk_code(actor(), patient_id, code_id)
    kept = session.pop(LETTERS, None)
    return render_template(
        "portal_access/code.html",
        code=row,
        letters=kept[1] if kept and kept[0] == code_id else None,
        is_open=row in desk.open_codes(patient_id, units()),
        spelled=letters.spelled,
        shown=letters.shown,
        where=house().settings.public_url + url_for("desk.code"),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


@blueprint.post("/codes/<int:code_id>/withdrawal")
@requires(Permission.ABOUT_EDIT)
def withdraw(patient_id: int, code_id: int) -> Response:
    grant, row = loaders.desk_code(actor(), patient_id, code_id)
    with units().begin(grant.actor) as work:
        desk.withdraw(work, grant, row)
    flash(_("The code no longer works."))
    return _back(patient_id)


@blueprint.post("/<int:access_id>/codes")
@requires(Permission.ABOUT_EDIT)
def renew(patient_id: int, access_id: int) -> Response:
    grant, access = loaders.access_from_outside(actor(), patient_id, access_id)
    try:
        with units().begin(grant.actor) as work:
            made, drawn = desk.make_anew(work, grant, access)
    except desk.OtherPatients:
        flash(_("This person also reads another plan, which you do not. End this access and invite them anew instead."))
        return _back(patient_id)
    return _show(patient_id, made.id, drawn)


@blueprint.post("/<int:access_id>/letters")
@requires(Permission.ABOUT_EDIT)
def mail_again(patient_id: int, access_id: int) -> Response:
    grant, access = loaders.access_from_outside(actor(), patient_id, access_id)
    if mails(grant) and access.user.takes_mail and access.until is None:
        with units().begin(grant.actor) as work:
            portal.mail_again(work, grant, access)
        flash(_("A new link is on its way; former ones no longer work."))
    return _back(patient_id)


@blueprint.post("/<int:access_id>/end")
@requires(Permission.ABOUT_EDIT)
def end(patient_id: int, access_id: int) -> Response:
    grant, access = loaders.access_from_outside(actor(), patient_id, access_id)
    with units().begin(grant.actor) as work:
        portal.end(work, grant, access)
        name = access.user.name
    flash(_("%(name)s can no longer read this plan.", name=name))
    return _back(patient_id)


def _show(patient_id: int, code_id: int, drawn: str) -> Response:
    session[LETTERS] = [code_id, drawn]
    return redirect(url_for("portal_access.code", patient_id=patient_id, code_id=code_id), 303)


def _back(patient_id: int) -> Response:
    return redirect(url_for("about.show", patient_id=patient_id) + "#access-title", 303)


def _page(grant: PatientGrant, form: InviteForm) -> str:
    return render_template(
        "portal_access/new.html",
        form=form,
        mails=mails(grant),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


def mails(grant: PatientGrant) -> bool:
    """Whether anything is sent to those who read at home: never after a death."""
    return units().mailing.is_on and not (grant.state is not None and grant.state.state == State.DIED)
