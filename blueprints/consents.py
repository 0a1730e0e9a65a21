"""What a patient consents to, recorded as told to somebody of the care team."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import care_team, consents, statements
from actions.consents import Said
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.fields import options
from blueprints.forms.portal import GIVEN, ConsentForm
from blueprints.gate import requires
from models.portal import ConsentKind
from rendering import board as pictures

blueprint = Blueprint("consents", __name__, url_prefix="/patients/<int:patient_id>/consents")


@blueprint.get("/new")
@requires(Permission.ABOUT_EDIT)
def new(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.ABOUT_EDIT)
    return _page(grant, _form(grant))


@blueprint.post("")
@requires(Permission.ABOUT_EDIT)
def record(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.ABOUT_EDIT)
    filled = _form(grant)
    if not filled.validate():
        return _page(grant, filled), 422
    said = Said(
        ConsentKind(filled.kind.data),
        filled.state.data == GIVEN,
        filled.by.data,
        filled.told_to.data,
        filled.told_on.day,
        filled.words.data,
    )
    try:
        with units().begin(grant.actor) as work:
            consents.record(work, grant, said, today())
    except statements.InFuture:
        filled.told_on.errors = [_("This day is still to come.")]
        return _page(grant, filled), 422
    except statements.NotInCareTeam:
        filled.told_to.errors = [_("This person is no longer in the care team. Choose somebody who is.")]
        return _page(grant, filled), 422
    flash(_("Recorded."))
    return redirect(url_for("about.show", patient_id=patient_id) + "#consents-title", 303)


def _form(grant: PatientGrant) -> ConsentForm:
    form = ConsentForm()
    form.told_to.choices = options((member.user_id, member.user.name) for member in care_team.members(grant))
    if request.method == "GET":
        form.kind.data = request.args.get("kind")
        form.told_to.data = actor().user_id
        form.told_on.data = today()
        form.by.data = pictures.banner(grant, today()).first_name
    return form


def _page(grant: PatientGrant, form: ConsentForm) -> str:
    head = pictures.banner(grant, today())
    return render_template("consents/new.html", form=form, banner=head, may=grant.permissions)
