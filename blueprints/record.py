"""The full record: the clinic's own file of it."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO

from flask import Blueprint, render_template, request, stream_with_context
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import releases
from actions.exports.record.record import About, about
from blueprints.clinic_time import today
from blueprints.confirming import confirm, is_confirmed, password_wanted
from blueprints.doors import actor, house, open_patient, units
from blueprints.gate import requires
from rendering import board as pictures

blueprint = Blueprint("record", __name__, url_prefix="/patients/<int:patient_id>/record")

PIECE = 1 << 16
"""Bytes that are sent at a time."""


@blueprint.get("")
@requires(Permission.RECORD_RELEASE)
def show(patient_id: int) -> str:
    return page(open_patient(patient_id, Permission.RECORD_RELEASE))


@blueprint.post("/file")
@requires(Permission.RECORD_RELEASE)
def take(patient_id: int) -> Response | tuple[str, int]:
    """Everything, for the clinic itself."""
    grant = loaders.patient(actor(), patient_id, Permission.RECORD_RELEASE)
    errors = confirm("file", password_wanted())
    if errors:
        return page(grant, errors), 422
    grant = loaders.patient(actor(), patient_id, Permission.RECORD_RELEASE)
    whom = about_whom(grant)
    with units().begin(grant.actor) as work:
        work.record(Permission.RECORD_RELEASE, f"patient:{patient_id}", patient_id, kind="file")
    return as_attachment(_written(whom), f"record-{today().isoformat()}.json")


def _written(whom: About) -> Iterator[bytes]:
    """Made out of the loop, and sent from a file that has no name."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        house().records.write(file, whom)
        file.seek(0)
        stack.pop_all()
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def as_attachment(pieces: Iterator[bytes], name: str) -> Response:
    answer = Response(stream_with_context(_in_turns(pieces)), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _in_turns(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Others have a turn after each piece: to a reader that is near a socket takes all at once."""
    for piece in pieces:
        yield piece
        time.sleep(0)


def about_whom(grant: PatientGrant) -> About:
    """What a record made now is about."""
    return about(grant, house().hub, units().clinic().name, units().clock())


def page(grant: PatientGrant, errors: Mapping[str, str] | None = None) -> str:
    return render_template(
        "record/show.html",
        errors=errors or {},
        is_confirmed=is_confirmed(),
        typed=request.form,
        today=today(),
        releases=releases.releases(grant.plan.id),
        preparation=releases.preparing(grant.plan.id),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
