"""How to reach and speak with a patient."""

from dataclasses import fields

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import about, statements
from actions.about import ContactDetails
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.patients import AboutForm
from blueprints.gate import requires
from rendering import board as pictures

blueprint = Blueprint("about", __name__, url_prefix="/patients/<int:patient_id>/about")


@blueprint.get("")
@requires(Permission.ABOUT_VIEW)
def show(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.ABOUT_VIEW)
    return render_template(
        "about/show.html",
        contact=about.current(grant),
        fields=[field for field in AboutForm() if field.name != "csrf_token"],
        statements=statements.former(patient_id),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


@blueprint.get("/edit")
@requires(Permission.ABOUT_EDIT)
def edit(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.ABOUT_EDIT)
    return _page(grant, AboutForm(obj=about.current(grant)))


@blueprint.post("")
@requires(Permission.ABOUT_EDIT)
def change(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.ABOUT_EDIT)
    filled = AboutForm()
    if not filled.validate():
        return _page(grant, filled), 422
    details = ContactDetails(**{each.name: filled[each.name].data for each in fields(ContactDetails)})
    with units().begin(grant.actor) as work:
        about.change(work, grant, details)
    flash(_("Saved."))
    return redirect(url_for("about.show", patient_id=patient_id), 303)


def _page(grant: PatientGrant, form: AboutForm) -> str:
    head = pictures.banner(grant, today())
    return render_template("about/edit.html", form=form, banner=head, may=grant.permissions)
