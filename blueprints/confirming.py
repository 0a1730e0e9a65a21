"""Asking again who one is, by the password that comes with a form, ten minutes after it was given last."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _

from actions import confirmations, sign_in
from blueprints.doors import actor, units


def is_confirmed() -> bool:
    """Whether the form needs no password."""
    try:
        confirmations.check(actor(), units().clock())
    except confirmations.NotConfirmed:
        return False
    return True


def confirm(form: str, missing: str) -> Mapping[str, str]:
    """Prove again who one is; what was wrong, by the name of the field `<form>-password`. `missing` is said when the
    form came without a password and needs one."""
    if is_confirmed():
        return {}
    field = f"{form}-password"
    if not request.form.get("password"):
        return {field: missing}
    try:
        confirmations.confirm(units(), actor(), request.form["password"])
    except sign_in.BadCredentials:
        return {field: _("This is not your password.")}
    except sign_in.Throttled:
        return {field: _("Too many tries. Wait five minutes, then try again.")}
    return {}


def password_wanted() -> str:
    return str(_("Give your password: ten minutes after you gave it last, it is asked for again."))
