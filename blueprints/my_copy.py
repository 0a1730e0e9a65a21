"""The patient's copy: what was given to read and what was said, as a PDF or as a file with hashes."""

from collections.abc import Mapping

from flask import Blueprint, abort, current_app, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PortalGrant
from access.permissions import Permission
from actions import releases
from blueprints.clinic_time import today
from blueprints.confirming import confirm, is_confirmed, password_wanted
from blueprints.doors import actor, house, units
from blueprints.gate import requires
from blueprints.my_plan import open_portal
from blueprints.record import as_attachment
from rendering import my, press
from rendering.filters import day
from rendering.my_copy import copy

blueprint = Blueprint("my_copy", __name__, url_prefix="/my/<int:patient_id>/copy")


@blueprint.get("")
@requires(Permission.PORTAL_COPY)
def show(patient_id: int) -> str:
    return _page(open_portal(patient_id, Permission.PORTAL_COPY))


@blueprint.post("")
@requires(Permission.PORTAL_COPY)
def take(patient_id: int) -> Response | tuple[str, int]:
    grant = open_portal(patient_id, Permission.PORTAL_COPY)
    errors = confirm("copy", password_wanted())
    if errors:
        return _page(grant, errors), 422
    grant = loaders.portal(actor(), patient_id, Permission.PORTAL_COPY)
    kind = "pdf" if request.form.get("as") == "pdf" else "json"
    try:
        made = _pdf(grant) if kind == "pdf" else _json(grant)
    except press.NoPress:
        current_app.logger.exception("no PDF was made")
        wrong = _("A PDF cannot be made at the moment. Try again later, or take the other file.")
        return _page(grant, wrong=wrong), 422
    with units().begin(actor()) as work:
        work.record(Permission.PORTAL_COPY, f"patient:{patient_id}", patient_id, kind=kind)
    answer = make_response(made)
    answer.mimetype = "application/pdf" if kind == "pdf" else "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="my-copy-{today().isoformat()}.{kind}"'
    return answer


@blueprint.post("/records/<int:release_id>")
@requires(Permission.PORTAL_COPY)
def released(patient_id: int, release_id: int) -> Response | tuple[str, int]:
    """The record that the responsible clinician released."""
    grant = open_portal(patient_id, Permission.PORTAL_COPY)
    row = releases.release_of(grant.plan.id, release_id)
    if row is None:
        abort(404)
    errors = confirm(f"record-{release_id}", password_wanted())
    if errors:
        return _page(grant, errors), 422
    with units().begin(actor()) as work:
        work.record(Permission.PORTAL_COPY, f"record-release:{release_id}", patient_id, kind="record")
    return as_attachment(releases.pieces(release_id), f"record-{today().isoformat()}.json")


def _json(grant: PortalGrant) -> bytes:
    return copy.as_file(grant, units().clinic().name, units().clock(), house().seals)


def _pdf(grant: PortalGrant) -> bytes:
    patient = grant.patient
    whom = f"{patient.name} · {day(patient.birth_date)} · {patient.number}"
    html = render_template(
        "my/copy_paper.html",
        pieces=copy.on_paper(copy.about(grant)),
        mine=my.frame(),
        fonts=press.fonts(),
        footer=f"{units().clinic().name} · {whom}",
        about_whom=f"{patient.name} · {_('born %(day)s', day=day(patient.birth_date))} · "
        f"{_('ID %(number)s', number=patient.number)}",
        made_at=units().clock(),
    )
    return press.pdf(html)


def _page(grant: PortalGrant, errors: Mapping[str, str] | None = None, wrong: str = "") -> str:
    return render_template(
        "my/copy.html",
        releases=releases.releases(grant.plan.id),
        is_confirmed=is_confirmed(),
        can_press=not press.missing_packages(),
        errors=errors or {},
        wrong=wrong,
    )
