"""Forms about what presses, sent where it stands: on the board, the list of patients, My work, or a page of its own."""

from collections.abc import Mapping

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from access.grants import PatientGrant
from actions import pressing
from actions.pressing import Pressing

Answer = Response | tuple[Response, int] | tuple[str, int]


def is_fetch() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def done(here: str, patient_id: int, said: str = "") -> Answer:
    """A script refreshes what it shows; a plain form goes back to where it stood, or `here`."""
    if is_fetch():
        return "", 204
    if said:
        flash(said)
    places = {
        "board": url_for("board.show", patient_id=patient_id),
        "work": url_for("my_work.index"),
        "patients": url_for("patients.index"),
    }
    return redirect(places.get(request.form.get("back", ""), here), 303)


def refused(wrong: Mapping[str, str]) -> Answer:
    """What a script shows beside the fields."""
    return jsonify(errors=dict(wrong)), 422


def standing(grant: PatientGrant) -> Pressing:
    """What presses about one patient."""
    return pressing.of_patient(grant.patient.id)
