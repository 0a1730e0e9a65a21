"""What matters to the patient, recorded as told to somebody of the care team."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import care_team, statements
from actions.statements import Statement
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.fields import options
from blueprints.forms.patients import StatementForm
from blueprints.gate import requires
from rendering import board as pictures

blueprint = Blueprint("statements", __name__, url_prefix="/patients/<int:patient_id>/statements")


@blueprint.get("/new")
@requires(Permission.STATEMENT_RECORD)
def new(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.STATEMENT_RECORD)
    return _page(grant, _form(grant))


@blueprint.post("")
@requires(Permission.STATEMENT_RECORD)
def record(patient_id: int) -> Response | tuple[str, int]:
    grant = loaders.patient(actor(), patient_id, Permission.STATEMENT_RECORD)
    filled = _form(grant)
    if not filled.validate():
        return _page(grant, filled), 422
    said = Statement(filled.text.data, filled.told_by.data, filled.told_to.data, filled.told_on.day)
    try:
        with units().begin(grant.actor) as work:
            statements.record(work, grant, said, today())
    except statements.InFuture:
        filled.told_on.errors = [_("This day is still to come.")]
        return _page(grant, filled), 422
    except statements.NotInCareTeam:
        filled.told_to.errors = [_("This person is no longer in the care team. Choose somebody who is.")]
        return _page(grant, filled), 422
    flash(_("What matters is recorded."))
    return redirect(url_for("board.show", patient_id=patient_id), 303)


def _form(grant: PatientGrant) -> StatementForm:
    form = StatementForm()
    form.told_to.choices = options((member.user_id, member.user.name) for member in care_team.members(grant))
    if request.method == "GET":
        form.told_to.data = actor().user_id
        form.told_on.data = today()
        form.told_by.data = pictures.banner(grant, today()).first_name
    return form


def _page(grant: PatientGrant, form: StatementForm) -> str:
    head = pictures.banner(grant, today())
    return render_template("statements/new.html", form=form, banner=head, may=grant.permissions)
