"""Signing in and out, and the one-time link by which an account begins."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from access.limits import LINKS_OF_ADDRESS
from access.permissions import Permission
from actions import demo, passwords, sign_in
from blueprints.doors import actor, address, house, take, units
from blueprints.forms.people import NewPasswordForm, SignInForm
from blueprints.forms.portal import PatientWelcomeForm
from blueprints.gate import public, requires, signed_in
from models.user import Role, User

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/")
@requires(Permission.ACCOUNT_OWN)
def home() -> Response:
    if actor().may(Permission.PORTAL_ENTER):
        return redirect(url_for("my_plan.choose"), 303)
    return redirect(url_for("my_work.index" if actor().may(Permission.WORK) else "account.show"), 303)


@blueprint.get("/login")
@public
def form() -> str | Response:
    if current_user.is_authenticated:
        return redirect(wanted_page(), 303)
    return _page(SignInForm())


@blueprint.post("/login")
@public
def enter() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    filled = SignInForm()
    if not filled.validate():
        return _page(filled), 422
    try:
        token = sign_in.authenticate(
            units(),
            filled.email.data,
            filled.password.data,
            address(),
            request.user_agent.string,
            trusted=filled.trusted.data,
        )
    except sign_in.BadCredentials:
        house().tally.sign_ins["failed"] += 1
        return _page(filled, _("Email and password do not belong together. Check both and try again.")), 422
    except sign_in.Throttled as throttled:
        house().tally.sign_ins["throttled"] += 1
        return _page(filled, wait(throttled.seconds)), 422, {"Retry-After": str(throttled.seconds)}
    house().tally.sign_ins["done"] += 1
    begin(token)
    return redirect(wanted_page(), 303)


@blueprint.post("/logout")
@requires(Permission.ACCOUNT_OWN)
def sign_out() -> Response:
    with units().begin(actor()) as work:
        sign_in.sign_out(work)
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("sign_in.form"), 303)


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> str | tuple[str, int]:
    take(LINKS_OF_ADDRESS)
    try:
        person = sign_in.person_of_link(units(), token)
    except sign_in.SpentLink:
        return render_template("sign_in/spent_link.html"), 404
    return _welcome(person, _welcome_form(person))


@blueprint.post("/welcome/<token>")
@public
def set_first_password(token: str) -> Response | tuple[str, int]:
    take(LINKS_OF_ADDRESS)
    agent = request.user_agent.string
    try:
        person = sign_in.person_of_link(units(), token)
        filled = _welcome_form(person)
        if not filled.validate():
            return _welcome(person, filled), 422
        if isinstance(filled, PatientWelcomeForm):
            born, trusted = filled.born.day, filled.trusted.data
            session_token = sign_in.use_link(units(), token, filled.password.data, agent, born=born, trusted=trusted)
        else:
            session_token = sign_in.use_link(units(), token, filled.password.data, agent)
    except sign_in.SpentLink:
        return render_template("sign_in/spent_link.html"), 404
    except sign_in.WrongBirthDate:
        filled.born.errors = [_("This is not the birth date we know. Check it, or call the clinic.")]
        return _welcome(person, filled), 422
    except passwords.WeakPassword as weak:
        filled.password.errors = [explain_weak(str(weak))]
        return _welcome(person, filled), 422
    begin(session_token)
    return redirect(url_for("sign_in.home"), 303)


def _welcome_form(person: User) -> NewPasswordForm:
    return PatientWelcomeForm() if Role.PATIENT in person.roles else NewPasswordForm()


def _welcome(person: User, form: NewPasswordForm) -> str:
    name = "desk/welcome.html" if isinstance(form, PatientWelcomeForm) else "sign_in/welcome.html"
    return render_template(name, form=form, person=person)


def explain_weak(code: str) -> str:
    """Why a password is refused, in words."""
    reasons = {
        "short": _(
            "Use %(count)d characters or more. A short sentence is easy to remember.", count=passwords.MIN_LENGTH
        ),
        "long": _("Use at most %(count)d characters.", count=passwords.MAX_LENGTH),
        "obvious": _("Others would try this one first. Choose something less usual, such as a short sentence."),
        "personal": _("Leave out your name and email: others would try them first."),
    }
    return str(reasons[code])


def _page(form: SignInForm, error: str | None = None) -> str:
    first, more = demo.one_of_each(demo.people()) if house().settings.demo else ([], [])
    return render_template(
        "sign_in/form.html",
        form=form,
        error=error,
        first_people=first,
        more_people=more,
        next=request.values.get("next"),
        mails=units().mailing.is_on,
    )


def begin(token: str) -> None:
    """A new browser session for the new sign-in: nothing of a former one is carried over. A trusted device keeps its
    cookie when the browser closes."""
    session.clear()
    person = signed_in(token)
    session.permanent = person.session.trusted_until is not None
    login_user(person)


def wait(seconds: int) -> str:
    """How long somebody has to wait who tried too often, in words."""
    minutes = -(-seconds // 60)
    return str(
        ngettext(
            "Too many tries. Wait a minute, then try again.",
            "Too many tries. Wait %(num)d minutes, then try again.",
            minutes,
        )
    )


def wanted_page() -> str:
    """Where the person was going: a path of ours, or home."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    harmless = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if harmless and "\\" not in wanted and wanted.isprintable() else url_for("sign_in.home")
