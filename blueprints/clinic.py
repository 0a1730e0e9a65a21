"""The administrator's page for the clinic's settings."""

from dataclasses import fields

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.permissions import Permission
from actions import clinic
from actions.clinic_now import Clinic, latest
from actions.unfit import Unfit
from blueprints.clinic_time import the_clinic
from blueprints.doors import actor, units
from blueprints.forms.clinic import ClinicForm, explain
from blueprints.forms.mail import zones
from blueprints.gate import requires
from models.base import db

blueprint = Blueprint("clinic", __name__, url_prefix="/admin/clinic")


@blueprint.get("")
@requires(Permission.CLINIC_SETTINGS)
def show() -> str:
    row = latest(db.session())
    return _page(ClinicForm(None, obj=row or units().clinic.unset, based_on=row.id if row else 0))


@blueprint.post("")
@requires(Permission.CLINIC_SETTINGS)
def change() -> Response | tuple[str, int]:
    filled = ClinicForm()
    if not filled.validate():
        return _page(filled), 422
    grant = loaders.clinic(actor(), Permission.CLINIC_SETTINGS)
    try:
        with units().begin(grant.actor) as work:
            clinic.change(work, grant, filled.wanted(), filled.based_on.data or 0)
    except Unfit as unfit:
        explain(filled, unfit)
        return _page(filled), 422
    except clinic.ChangedMeanwhile:
        return _conflict(filled), 422
    flash(_("Saved."))
    return redirect(url_for("clinic.show"), 303)


def _conflict(filled: ClinicForm) -> str:
    """The form with what was typed, and beside each differing field what holds by now."""
    row = latest(db.session())
    assert row is not None
    for each in fields(Clinic):
        if getattr(row, each.name) != filled[each.name].data:
            filled[each.name].errors = [_("Holds now: %(words)s", words=getattr(row, each.name) or _("nothing"))]
    filled.based_on.raw_data, filled.based_on.data = None, row.id
    error = _("%(name)s changed the settings meanwhile. Check the marked fields, then save again.", name=row.by.name)
    return _page(filled, error)


def _page(form: ClinicForm, error: str | None = None) -> str:
    return render_template(
        "clinic/show.html",
        form=form,
        error=error,
        clinic=the_clinic(),
        labels={field.name: field.label.text for field in form},
        changes=clinic.changes(units().clinic.unset),
        zones=zones(),
    )
