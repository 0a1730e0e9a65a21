"""Who wrote what in a section's text, now or at a former point of its history."""

from flask import Blueprint, abort, request

from access import loaders
from access.permissions import Permission
from blueprints import unhurried
from blueprints.clinic_time import today
from blueprints.doors import house, open_patient
from blueprints.gate import requires
from livedoc.attributed import Point
from livedoc.attribution import EVER, NoSuchPoint
from rendering import authors, authorship
from rendering import board as pictures

blueprint = Blueprint("authorship", __name__, url_prefix="/patients/<int:patient_id>/history/who-wrote-what")


@blueprint.get("/<int:document_id>")
@requires(Permission.DOCUMENT_VIEW)
def show(patient_id: int, document_id: int) -> str:
    grant = open_patient(patient_id, Permission.DOCUMENT_VIEW)
    own = loaders.document_of(grant, document_id)
    try:
        written = house().attribution.who_wrote(document_id, _point(), apart=EVER, by_words=True)
    except NoSuchPoint:
        abort(404)
    head = pictures.banner(grant, today())
    return unhurried.render(
        "authorship/show.html",
        banner=head,
        may=grant.permissions,
        text=authors.text_of(own, head.first_name),
        told=authorship.who_wrote_what(own, written, request.args.get("page", 1, type=int)),
        lines_of_a_page=authorship.MOST_LINES,
        point={"epoch": request.args.get("epoch"), "seq": request.args.get("seq")},
        at=authors.when(written, document_id) if _point() else None,
    )


def _point() -> Point | None:
    """Which point is asked for; now, unless both numbers are given."""
    epoch, seq = (request.args.get(name, type=int) for name in ("epoch", "seq"))
    return (epoch, seq) if epoch is not None and seq is not None else None
