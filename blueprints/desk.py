"""Coming in by the code that was read out at the desk: code and birth date first, then how one signs in."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.limits import DESK_CODES, DESK_CODES_OF_ADDRESS
from actions import accounts, desk, passwords, sign_in
from blueprints.doors import address, house, take, units
from blueprints.forms.portal import DeskAccountForm, DeskCodeForm, DeskExistingForm, DeskPasswordForm
from blueprints.gate import public
from blueprints.sign_in import begin, explain_weak, wait
from models.portal import DeskCode

blueprint = Blueprint("desk", __name__, url_prefix="/code")
FOUND = "found_code"
"""Which code this browser has proved to know."""

Page = str | Response | tuple[str, int]


@blueprint.get("")
@public
def code() -> str:
    return render_template("desk/code.html", form=DeskCodeForm(), error=None)


@blueprint.post("")
@public
def enter() -> Page:
    filled = DeskCodeForm()
    if not filled.validate():
        return render_template("desk/code.html", form=filled, error=None), 422
    take(DESK_CODES_OF_ADDRESS)
    house().limiter.take(DESK_CODES, "all")
    try:
        found = desk.find(units(), filled.born.day, filled.code.data)
    except desk.WrongCode:
        house().tally.sign_ins["failed"] += 1
        error = _("This code and this birth date do not belong together, or the code is too old. Check both.")
        return render_template("desk/code.html", form=filled, error=error), 422
    session[FOUND] = found.id
    return redirect(url_for("desk.account"), 303)


@blueprint.get("/account")
@public
def account() -> Page:
    try:
        found = _found()
    except desk.SpentCode:
        return _spent()
    if found.user is not None:
        return _renewal(found, DeskPasswordForm())
    return render_template("desk/account.html", code=found, form=DeskAccountForm(name=desk.suggested_name(found)))


@blueprint.post("/account")
@public
def make_account() -> Page:
    take(DESK_CODES_OF_ADDRESS)
    try:
        found = _found()
        if found.user is not None:
            return _renew(found)
        filled = DeskAccountForm()
        if filled.validate():
            token = _begin_account(found, filled)
            if token is not None:
                return _go(token)
    except desk.SpentCode:
        return _spent()
    return render_template("desk/account.html", code=found, form=filled), 422


@blueprint.get("/existing")
@public
def existing() -> Page:
    try:
        found = _found()
    except desk.SpentCode:
        return _spent()
    return render_template("desk/existing.html", code=found, form=DeskExistingForm(), error=None)


@blueprint.post("/existing")
@public
def join() -> Page:
    take(DESK_CODES_OF_ADDRESS)
    filled = DeskExistingForm()
    error = None
    try:
        found = _found()
        if filled.validate():
            return _go(
                desk.join_account(
                    units(),
                    found.id,
                    filled.email.data,
                    filled.password.data,
                    address(),
                    request.user_agent.string,
                    trusted=filled.trusted.data,
                )
            )
    except desk.SpentCode:
        return _spent()
    except sign_in.BadCredentials:
        house().tally.sign_ins["failed"] += 1
        error = _("Name and password do not belong together. Check both and try again.")
    except sign_in.Throttled as throttled:
        house().tally.sign_ins["throttled"] += 1
        error = wait(throttled.seconds)
    except desk.StaffAccount:
        error = _("This is an account of the clinic's staff. Make one of your own for reading a plan.")
    return render_template("desk/existing.html", code=found, form=filled, error=error), 422


def _begin_account(found: DeskCode, filled: DeskAccountForm) -> str | None:
    """The session's token, or None when the form says what to change."""
    agent = request.user_agent.string
    name, password, trusted = filled.name.data, filled.password.data, filled.trusted.data
    try:
        return desk.begin_account(units(), found.id, name, password, agent, trusted=trusted)
    except desk.UnfitName:
        filled.name.errors = [_("Use four letters and digits or more, without spaces, or your email.")]
    except accounts.EmailTaken:
        filled.name.errors = [_("Somebody has this name already. Choose another, or use the account you have.")]
    except passwords.WeakPassword as weak:
        filled.password.errors = [explain_weak(str(weak))]
    return None


def _renew(found: DeskCode) -> Page:
    filled = DeskPasswordForm()
    if filled.validate():
        agent = request.user_agent.string
        try:
            return _go(desk.renew_password(units(), found.id, filled.password.data, agent, trusted=filled.trusted.data))
        except passwords.WeakPassword as weak:
            filled.password.errors = [explain_weak(str(weak))]
    return _renewal(found, filled), 422


def _renewal(found: DeskCode, form: DeskPasswordForm) -> str:
    return render_template("desk/password.html", code=found, form=form)


def _found() -> DeskCode:
    """The code that this browser knows. Raises SpentCode."""
    return desk.still_open(units(), session.get(FOUND, 0))


def _spent() -> tuple[str, int]:
    session.pop(FOUND, None)
    return render_template("desk/spent.html"), 404


def _go(token: str) -> Response:
    house().tally.sign_ins["done"] += 1
    begin(token)
    return redirect(url_for("sign_in.home"), 303)
