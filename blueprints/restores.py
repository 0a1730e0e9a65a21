"""Bringing former words back: one change, a section, or the whole plan; and taking that back."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.permissions import Permission
from actions import restores
from actions.restores import NotRestored
from actions.unfit import Unfit
from blueprints import history
from blueprints.doors import actor, house, open_patient
from blueprints.forms.talk import message
from blueprints.gate import requires
from livedoc.attributed import Point

blueprint = Blueprint("restores", __name__, url_prefix="/patients/<int:patient_id>/history")

Answer = Response | tuple[str, int]


@blueprint.post("/documents/<int:document_id>/undone-changes")
@requires(Permission.DOCUMENT_EDIT)
def undo_change(patient_id: int, document_id: int) -> Answer:
    grant = open_patient(patient_id, Permission.DOCUMENT_VIEW)
    loaders.document_of(grant, document_id)
    own = loaders.document(actor(), document_id, Permission.DOCUMENT_EDIT)
    since, until = point_of(request.form.get("since_point", "")), point_of(request.form.get("until_point", ""))
    number = request.form.get("number", type=int)
    if since is None or until is None or number is None:
        abort(400)
    try:
        restores.undo_change(house(), own, since, until, number, request.form.get("reason", ""))
    except NotRestored as refusal:
        return history.page(loaders.patient(actor(), patient_id, Permission.PLAN_HISTORY), {"page": why(refusal)}), 422
    except Unfit as unfit:
        return _unfit(patient_id, unfit)
    return _back(patient_id, _("The change is undone."))


@blueprint.post("/restorations")
@requires(Permission.RESTORE)
def restore(patient_id: int) -> Answer:
    grant = loaders.patient(actor(), patient_id, Permission.RESTORE)
    version = request.form.get("version", type=int)
    seen = {int(name[5:]): point_of(value) for name, value in request.form.items() if _is_seen(name)}
    if version is None:
        abort(400)
    try:
        done = restores.restore(
            house(),
            grant,
            version,
            request.form.get("section") or None,
            {document_id: point for document_id, point in seen.items() if point is not None},
            request.form.get("reason", ""),
        )
    except NotRestored as refusal:
        return history.page(loaders.patient(actor(), patient_id, Permission.PLAN_HISTORY), {"page": why(refusal)}), 422
    except Unfit as unfit:
        return _unfit(patient_id, unfit)
    said = _("Restored. What others typed meanwhile is kept.")
    if done.kept:
        said += " " + _("Not yours to write, so left as they were: %(titles)s.", titles=", ".join(done.kept))
    return _back(patient_id, said)


@blueprint.post("/restorations/withdrawals")
@requires(Permission.RESTORE)
def take_back(patient_id: int) -> Answer:
    grant = loaders.patient(actor(), patient_id, Permission.RESTORE)
    edits: dict[int, Point] = {}
    for value in request.form.getlist("edit"):
        document, _dot, rest = value.partition(".")
        point = point_of(rest)
        if point is None or not _is_number(document):
            abort(400)
        edits[int(document)] = point
    try:
        restores.take_back(house(), grant, edits)
    except NotRestored as refusal:
        return history.page(loaders.patient(actor(), patient_id, Permission.PLAN_HISTORY), {"page": why(refusal)}), 422
    return _back(patient_id, _("It is as it was before."))


def why(refusal: NotRestored) -> str:
    """Why nothing came back, and what to do."""
    said = {
        "changed": _("These words, or those beside them, were changed since. Compare with now and undo it there."),
        "gone": _("This change is not there any more. Compare again."),
        "passed": _("Something else was brought back since. Undo that first, or undo single changes below."),
        "nothing": _("Nothing to bring back: it is as it was."),
        "forbidden": _("What differs is written by other disciplines, or the text is damaged and can only be read."),
        "stale_epoch": _("The section was restored from a backup since you opened this page. Compare again."),
        "too_large": _("The text would be too long."),
    }
    return str(said.get(refusal.code) or _("That did not work just now. Wait a moment and try again."))


def _unfit(patient_id: int, unfit: Unfit) -> Answer:
    faults = {f"restore-{field}": message(fault) for field, fault in unfit.faults.items()}
    faults["page"] = faults.get("restore-reason", "")
    return history.page(loaders.patient(actor(), patient_id, Permission.PLAN_HISTORY), faults), 422


def _back(patient_id: int, said: str) -> Response:
    flash(said)
    since, until, view = (request.args.get(name) for name in ("since", "until", "view"))
    return redirect(url_for("history.show", patient_id=patient_id, since=since, until=until, view=view), 303)


def point_of(value: str) -> Point | None:
    """Epoch and seq as a form has them: `1.17`."""
    epoch, _dot, seq = value.partition(".")
    return (int(epoch), int(seq)) if _is_number(epoch) and _is_number(seq) else None


def _is_seen(name: str) -> bool:
    return name.startswith("seen-") and _is_number(name[5:])


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10
