"""The administrator's page for the clinic's glossary."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.permissions import Permission
from actions import glossary
from actions.unfit import Unfit
from blueprints.doors import actor, units
from blueprints.forms.clinic import GlossaryForm, explain
from blueprints.gate import requires

blueprint = Blueprint("glossary", __name__, url_prefix="/admin/glossary")


@blueprint.get("")
@requires(Permission.CLINIC_SETTINGS)
def show() -> str:
    return _page(GlossaryForm(None))


@blueprint.post("")
@requires(Permission.CLINIC_SETTINGS)
def write() -> Response | tuple[str, int]:
    filled = GlossaryForm()
    if not filled.validate():
        return _page(filled), 422
    grant = loaders.clinic(actor(), Permission.CLINIC_SETTINGS)
    try:
        with units().begin(grant.actor) as work:
            glossary.write(work, grant, filled.term.data, filled.plain_words.data)
    except Unfit as unfit:
        explain(filled, unfit)
        return _page(filled), 422
    flash(_("“%(term)s” is in the glossary.", term=filled.term.data))
    return redirect(url_for("glossary.show"), 303)


@blueprint.post("/<int:term_id>/end")
@requires(Permission.CLINIC_SETTINGS)
def end(term_id: int) -> Response:
    grant = loaders.clinic(actor(), Permission.CLINIC_SETTINGS)
    with units().begin(grant.actor) as work:
        row = glossary.end(work, grant, term_id)
    flash(_("“%(term)s” is no longer in the glossary.", term=row.term))
    return redirect(url_for("glossary.show"), 303)


def _page(form: GlossaryForm) -> str:
    return render_template("glossary/show.html", form=form, terms=glossary.terms(), former=glossary.former())
