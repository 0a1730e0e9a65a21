"""Which notices come by mail, and when."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.permissions import Permission
from actions import mail_wishes
from blueprints.doors import actor, units
from blueprints.forms.mail import MailWishesForm, zones
from blueprints.gate import requires
from models.base import db

blueprint = Blueprint("mail_wishes", __name__, url_prefix="/account/notifications")


@blueprint.get("")
@requires(Permission.NOTICES)
def show() -> str:
    wishes = mail_wishes.current(db.session(), actor().user_id, units().clinic().timezone)
    return _page(MailWishesForm(None, obj=wishes))


@blueprint.post("")
@requires(Permission.NOTICES)
def change() -> Response | tuple[str, int]:
    filled = MailWishesForm()
    if not filled.validate():
        return _page(filled), 422
    with units().begin(actor()) as work:
        mail_wishes.change(work, filled.wishes())
    flash(_("Saved."))
    return redirect(url_for("mail_wishes.show"), 303)


def _page(form: MailWishesForm) -> str:
    return render_template("mail_wishes/show.html", form=form, zones=zones(), mails=units().mailing.is_on)
