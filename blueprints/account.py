"""One's own password and sessions, and staying signed in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.permissions import Permission
from actions import passwords, sign_in
from blueprints.doors import actor, house, units
from blueprints.forms.people import ChangePasswordForm
from blueprints.gate import requires
from blueprints.sign_in import explain_weak

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@requires(Permission.ACCOUNT_OWN)
def show() -> str:
    return _page(ChangePasswordForm())


@blueprint.post("/password")
@requires(Permission.ACCOUNT_OWN)
def change_password() -> Response | tuple[str, int]:
    filled = ChangePasswordForm()
    if not filled.validate():
        return _page(filled), 422
    try:
        sign_in.change_password(units(), actor(), filled.current.data, filled.password.data)
    except sign_in.BadCredentials:
        house().tally.sign_ins["failed"] += 1
        filled.current.errors = [_("This is not your present password.")]
        return _page(filled), 422
    except sign_in.Throttled:
        house().tally.sign_ins["throttled"] += 1
        filled.current.errors = [_("Too many tries. Wait five minutes, then try again.")]
        return _page(filled), 422
    except passwords.WeakPassword as weak:
        filled.password.errors = [explain_weak(str(weak))]
        return _page(filled), 422
    flash(_("Your password is changed. Your other sessions are signed out."))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/sessions/<int:session_id>/revocation")
@requires(Permission.ACCOUNT_OWN)
def revoke(session_id: int) -> Response:
    with units().begin(actor()) as work:
        sign_in.revoke(work, [session_id])
    flash(_("That session is signed out."))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/sessions/others/revocation")
@requires(Permission.ACCOUNT_OWN)
def revoke_others() -> Response:
    others = [each.id for each in sign_in.open_sessions(actor(), units()) if each.id != actor().session_id]
    with units().begin(actor()) as work:
        sign_in.revoke(work, others)
    flash(_("Your other sessions are signed out."))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/presence")
@requires(Permission.ACCOUNT_OWN)
def stay() -> tuple[str, int]:
    """The page says that its person is still there; the gate has noted it."""
    return "", 204


def _page(form: ChangePasswordForm) -> str:
    own = sign_in.open_sessions(actor(), units())
    name = "my/account.html" if actor().is_patient else "account/show.html"
    return render_template(name, form=form, sessions=own, current_id=actor().session_id)
