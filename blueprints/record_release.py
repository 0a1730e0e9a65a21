"""Releasing the record: asked for, gone through, withheld in places, given away and handed over."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import releases
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from blueprints.clinic_time import today
from blueprints.confirming import confirm, is_confirmed, password_wanted
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.fields import parse_day
from blueprints.forms.talk import message
from blueprints.gate import requires
from blueprints.record import about_whom, as_attachment, page
from models.record_release import RecordRelease
from rendering import board as pictures
from rendering import record_review as views

blueprint = Blueprint("record_release", __name__, url_prefix="/patients/<int:patient_id>/record")

Shown = str | tuple[str, int]
Errors = Mapping[str, str]


@blueprint.post("/preparations")
@requires(Permission.RECORD_RELEASE)
def begin(patient_id: int) -> Response | Shown:
    grant = _grant(patient_id)
    try:
        asked_on = parse_day(request.form.get("asked_on", ""))
    except ValueError:
        return page(grant, {"asked_on": _("Write the day like 24 Nov 2026.")}), 422
    errors = _act(grant, lambda work: releases.begin(work, grant, request.form.get("asked_by", ""), asked_on, today()))
    return (page(_grant(patient_id), errors), 422) if errors else _to_review(patient_id)


@blueprint.get("/preparation")
@requires(Permission.RECORD_RELEASE)
def review(patient_id: int) -> Response | Shown:
    grant = open_patient(patient_id, Permission.RECORD_RELEASE)
    if releases.preparing(grant.plan.id) is None:
        return redirect(url_for("record.show", patient_id=patient_id), 303)
    return _review(grant)


@blueprint.post("/preparation/ending")
@requires(Permission.RECORD_RELEASE)
def give_up(patient_id: int) -> Response:
    grant = _grant(patient_id)
    if not _act(grant, lambda work: releases.give_up(work, grant)):
        flash(_("Nothing was released."))
    return redirect(url_for("record.show", patient_id=patient_id), 303)


@blueprint.post("/preparation/withholdings")
@requires(Permission.RECORD_RELEASE)
def withhold(patient_id: int) -> Response | Shown:
    grant = _grant(patient_id)
    ground = request.form.get("ground", "")
    if "words" in request.form:
        errors = _act(grant, lambda work: releases.withhold_words(work, grant, request.form["words"], ground))
    else:
        entries = request.form.getlist("entry")
        errors = _act(grant, lambda work: releases.withhold_entries(work, grant, entries, ground))
    return _review_again(patient_id, errors) if errors else _to_review(patient_id)


@blueprint.post("/preparation/withholdings/<int:withholding_id>/undone")
@requires(Permission.RECORD_RELEASE)
def undo(patient_id: int, withholding_id: int) -> Response:
    grant = _grant(patient_id)
    if _act(grant, lambda work: releases.undo(work, grant, withholding_id)):
        abort(404)
    return _to_review(patient_id)


@blueprint.post("/releases")
@requires(Permission.RECORD_RELEASE)
def release(patient_id: int) -> Response | Shown:
    grant = _grant(patient_id)
    preparation = releases.preparing(grant.plan.id)
    if preparation is None:
        return redirect(url_for("record.show", patient_id=patient_id), 303)
    errors = confirm("release", password_wanted())
    if not errors and not request.form.get("looked"):
        errors = {"looked": _("Say that you went through it.")}
    if errors:
        return _review_again(patient_id, errors)
    grant = _grant(patient_id)
    rows = releases.standing(preparation)
    withheld, ids = releases.withholding(rows), [row.id for row in rows]
    number = releases.next_number(grant.plan.id)
    if request.form.get("seen", " ".join(map(str, ids))) != " ".join(map(str, ids)):
        return _review_again(patient_id, {"page": _("Something changed meanwhile. Look again.")})
    packed = house().records.packed(replace(about_whom(grant), release=number), withheld)
    errors = _act(grant, lambda work: releases.release(work, grant, number, ids, packed))
    if errors:
        return _review_again(patient_id, errors)
    flash(_("Released. The patient can download it; or hand it over, and note it here."))
    return redirect(url_for("record.show", patient_id=patient_id), 303)


@blueprint.get("/releases/<int:release_id>")
@requires(Permission.RECORD_RELEASE)
def download(patient_id: int, release_id: int) -> Response:
    grant = _grant(patient_id)
    row = _release(grant, release_id)
    with units().begin(grant.actor) as work:
        work.record(Permission.RECORD_RELEASE, f"record-release:{row.id}", patient_id, change="downloaded")
    return as_attachment(releases.pieces(release_id), f"released-record-{_release(grant, release_id).number}.json")


@blueprint.post("/releases/<int:release_id>/handovers")
@requires(Permission.RECORD_RELEASE)
def hand_over(patient_id: int, release_id: int) -> Response | Shown:
    grant = _grant(patient_id)
    row = _release(grant, release_id)
    to_whom, how = request.form.get("to_whom", ""), request.form.get("how", "")
    errors = _act(grant, lambda work: releases.hand_over(work, grant, row.id, to_whom, how))
    if errors:
        return page(_grant(patient_id), errors), 422
    flash(_("It is noted."))
    return redirect(url_for("record.show", patient_id=patient_id), 303)


def _grant(patient_id: int) -> PatientGrant:
    return loaders.patient(actor(), patient_id, Permission.RECORD_RELEASE)


def _release(grant: PatientGrant, release_id: int) -> RecordRelease:
    row = releases.release_of(grant.plan.id, release_id)
    if row is None:
        abort(404)
    return row


def _act(grant: PatientGrant, act: Callable[[Work], object]) -> Errors:
    """Act in one unit of work; what was wrong, by field."""
    try:
        with units().begin(grant.actor) as work:
            act(work)
    except Unfit as unfit:
        return {name: _wrong(name, fault) for name, fault in unfit.faults.items()}
    return {}


def _wrong(field: str, fault: Fault) -> str:
    if field == "page":
        return str(_("Something changed meanwhile. Look again."))
    if field == "ground":
        return str(_("Say why it is withheld."))
    if field == "entry":
        return str(_("Tick what is to be withheld."))
    if field == "words" and fault.problem is Problem.EMPTY:
        return str(_("Give at least three letters."))
    return str(message(fault))


def _to_review(patient_id: int) -> Response:
    """Back to where one was."""
    asked = {name: request.args[name] for name in ("part", "q", "first") if request.args.get(name)}
    return redirect(url_for("record_release.review", patient_id=patient_id, **asked), 303)  # type: ignore[arg-type]


def _review_again(patient_id: int, errors: Errors) -> Shown:
    grant = _grant(patient_id)
    if releases.preparing(grant.plan.id) is None:
        return page(grant, errors), 422
    return _review(grant, errors), 422


def _review(grant: PatientGrant, errors: Errors | None = None) -> str:
    preparation = releases.preparing(grant.plan.id)
    assert preparation is not None
    names = views.tabs()
    part = request.args.get("part", "")
    part = part if part in names else next(iter(names))
    query, first = request.args.get("q", "").strip(), request.args.get("first", 0, int)
    withheld = releases.withholding(releases.standing(preparation))
    entries = house().records.look(about_whom(grant), withheld, part)
    return render_template(
        "record/review.html",
        preparation=preparation,
        review=views.review(preparation, withheld, entries, query, max(0, first)),
        tabs=names,
        grounds=views.grounds(),
        asked={"part": part, "q": query, "first": first},
        at_once=views.AT_ONCE,
        errors=errors or {},
        typed=request.form,
        is_confirmed=is_confirmed(),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
