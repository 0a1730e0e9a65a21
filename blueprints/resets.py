"""A forgotten password: a one-time link by mail, and one answer whether there is such an account or not."""

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from access.limits import RESETS_OF_ADDRESS, RESETS_OF_EMAIL, TooMany
from actions import links
from blueprints.doors import house, take, units
from blueprints.forms.people import ForgottenForm
from blueprints.gate import public

blueprint = Blueprint("resets", __name__, url_prefix="/forgot")


@blueprint.get("")
@public
def form() -> str:
    _mails_only()
    return render_template("sign_in/forgotten.html", form=ForgottenForm(), asked=None)


@blueprint.post("")
@public
def ask() -> str | Response | tuple[str, int]:
    _mails_only()
    take(RESETS_OF_ADDRESS)
    filled = ForgottenForm()
    if not filled.validate():
        return render_template("sign_in/forgotten.html", form=filled, asked=None), 422
    email = filled.email.data.strip().lower()
    try:
        house().limiter.take(RESETS_OF_EMAIL, email)
        links.ask_for_reset(units(), email)
    except TooMany:
        pass  # whoever asks again and again hears the same, and nothing more is mailed
    return render_template("sign_in/forgotten.html", form=filled, asked=email)


def _mails_only() -> None:
    """Without a mail server there is no such page."""
    if not units().mailing.is_on:
        abort(404)
