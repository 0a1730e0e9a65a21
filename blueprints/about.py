"""How to reach and speak with a patient."""

from dataclasses import fields

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import Field

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import about, consents, desk, portal, statements
from actions.about import ContactDetails
from blueprints import portal_access
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.patients import AboutForm
from blueprints.forms.portal import CONSENTS
from blueprints.gate import requires
from rendering import board as pictures

blueprint = Blueprint("about", __name__, url_prefix="/patients/<int:patient_id>/about")


@blueprint.get("")
@requires(Permission.ABOUT_VIEW)
def show(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.ABOUT_VIEW)
    said = consents.history(patient_id)
    return render_template(
        "about/show.html",
        accesses=portal.accesses(patient_id),
        codes=desk.open_codes(patient_id, units()),
        mails=portal_access.mails(grant),
        consents=consents.standing(said),
        consents_said=said,
        consent_kinds=CONSENTS,
        contact=about.current(grant),
        fields=_fields(),
        labels={field.name: field.label.text for field in _fields()},
        changes=about.changes(grant),
        statements=statements.former(patient_id),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )


@blueprint.get("/edit")
@requires(Permission.ABOUT_EDIT)
def edit(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.ABOUT_EDIT)
    present = about.current(grant)
    return _page(grant, AboutForm(obj=present, based_on=present.id if present else 0))


@blueprint.post("")
@requires(Permission.ABOUT_EDIT)
def change(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.ABOUT_EDIT)
    filled = AboutForm()
    if not filled.validate():
        return _page(grant, filled), 422
    details = ContactDetails(**{each.name: filled[each.name].data for each in fields(ContactDetails)})
    try:
        with units().begin(grant.actor) as work:
            about.change(work, grant, details, filled.based_on.data or 0)
    except about.ChangedMeanwhile:
        return _conflict(grant, filled), 422
    flash(_("Saved."))
    return redirect(url_for("about.show", patient_id=patient_id), 303)


def _fields() -> list[Field]:
    return [field for field in AboutForm() if field.name not in ("csrf_token", "based_on")]


def _conflict(grant: PatientGrant, filled: AboutForm) -> str:
    """The form with what was typed, and beside each differing field what stands there by now."""
    present = about.current(grant)
    assert present is not None
    for each in fields(ContactDetails):
        if getattr(present, each.name) != filled[each.name].data:
            filled[each.name].errors = [_("Now noted: %(words)s", words=getattr(present, each.name) or _("nothing"))]
    filled.based_on.raw_data, filled.based_on.data = None, present.id
    error = _("%(name)s changed this page meanwhile. Check the marked fields, then save again.", name=present.by.name)
    return _page(grant, filled, error)


def _page(grant: PatientGrant, form: AboutForm, error: str | None = None) -> str:
    head = pictures.banner(grant, today())
    return render_template("about/edit.html", form=form, banner=head, may=grant.permissions, error=error)
