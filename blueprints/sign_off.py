"""Sign-off: a version is put before the team, signed or declined, published, withdrawn and answered."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import behind, publications, sign_off, versions
from actions.publications import Answer, NotReady, Wish
from actions.sign_off import NotSignable
from actions.unfit import Unfit
from actions.unit_of_work import Work
from blueprints.clinic_time import today
from blueprints.confirming import confirm, is_confirmed
from blueprints.doors import actor, house, open_patient, units
from blueprints.forms.fields import parse_day
from blueprints.forms.talk import message
from blueprints.gate import requires
from models.publication import AnswerKind, AnswerWay
from rendering import board as pictures
from rendering import sign_off as views

blueprint = Blueprint("sign_off", __name__, url_prefix="/patients/<int:patient_id>/sign-off")

Shown = str | tuple[str, int]
Errors = Mapping[str, str]


@blueprint.get("")
@requires(Permission.SIGN_OFF_VIEW)
def show(patient_id: int) -> Shown:
    return _page(open_patient(patient_id, Permission.SIGN_OFF_VIEW))


@blueprint.post("/versions")
@requires(Permission.SIGN_OFF_WRITE)
def put_before(patient_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.SIGN_OFF_WRITE)
    documents = versions.documents_of(grant.plan.id)
    reason = request.form.get("reason", "")
    return _done(
        grant,
        lambda work: sign_off.put_before(work, house().hub, grant, reason),
        _("The version is before the team. Everyone who signs was told."),
        documents=documents,
        about="why",
    )


@blueprint.post("/versions/<int:version_id>/signature")
@requires(Permission.SIGN_OFF_WRITE)
def sign(patient_id: int, version_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.SIGN_OFF_WRITE)
    wrong = _confirm("sign")
    if wrong:
        return _page(grant, wrong), 422
    sha256 = request.form.get("sha256", "")
    return _done(grant, lambda work: sign_off.sign(work, grant, version_id, sha256), _("You signed this version."))


@blueprint.post("/versions/<int:version_id>/declined")
@requires(Permission.SIGN_OFF_WRITE)
def decline(patient_id: int, version_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.SIGN_OFF_WRITE)
    words = request.form.get("words", "")
    return _done(
        grant,
        lambda work: sign_off.decline(work, grant, version_id, words),
        _("You declined to sign. Your words are a discussion on the plan now."),
    )


@blueprint.post("/versions/<int:version_id>/publication")
@requires(Permission.PUBLISH)
def publish(patient_id: int, version_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.PUBLISH)
    wrong = _confirm("publish")
    if wrong:
        return _page(grant, wrong), 422
    wish = Wish(
        reason=request.form.get("reason", ""),
        missing={
            int(name.removeprefix("missing-")): words
            for name, words in request.form.items()
            if name.startswith("missing-") and name.removeprefix("missing-").isdecimal()
        },
        still_right=frozenset(request.form.getlist("still_right")),
    )
    return _done(
        grant,
        lambda work: publications.publish(work, grant, version_id, wish, _conditions(grant)),
        _("Published. This is what the patient reads from now on."),
    )


@blueprint.post("/publications/<int:publication_id>/withdrawal")
@requires(Permission.WITHDRAW)
def withdraw(patient_id: int, publication_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.WITHDRAW)
    reason = request.form.get("reason", "")
    wrong = _confirm("withdraw")
    if wrong:
        return _page(grant, wrong), 422

    def act(work: Work) -> object:
        row = publications.latest(grant.plan.id)
        if row is None or row.id != publication_id:
            abort(404)
        return publications.withdraw(work, grant, row, reason)

    return _done(grant, act, _("The plan is withdrawn. The patient reads that, and whom to call."), about="withdraw")


@blueprint.post("/publications/<int:publication_id>/answers")
@requires(Permission.ANSWER_RECORD)
def answer(patient_id: int, publication_id: int) -> Response | Shown:
    grant = loaders.patient(actor(), patient_id, Permission.ANSWER_RECORD)
    try:
        given = Answer(
            kind=AnswerKind(request.form.get("kind", "")),
            words=request.form.get("words", ""),
            way=AnswerWay(request.form.get("way", "")),
            told_by=request.form.get("told_by", ""),
            on=parse_day(request.form.get("on", "")),
        )
    except ValueError:
        errors = {"on": _("Choose an answer and how it was given, and write the day like 24 Nov 2026.")}
        return _page(grant, errors), 422
    return _done(
        grant,
        lambda work: publications.answer(work, grant.plan, publication_id, given, today()),
        _("The answer is on record."),
    )


def _done(
    grant: PatientGrant,
    act: Callable[[Work], object],
    said: str,
    *,
    documents: list[int] | None = None,
    about: str = "",
) -> Response | Shown:
    """Act in one unit of work and go back to the page; what was wrong stands there, with what was typed. `about` goes
    before the names of its fields where the page has several of the same name."""
    try:
        with units().begin(grant.actor, documents or []) as work:
            act(work)
    except NotSignable as reason:
        return _page(grant, {"page": views.why(reason.why)}), 422
    except NotReady:
        return _page(grant, {"page": _("This version cannot be published yet. See below why.")}), 422
    except Unfit as unfit:
        prefix = f"{about}-" if about else ""
        errors = {prefix + name: message(fault) for name, fault in unfit.faults.items()}
        return _page(grant, errors), 422
    flash(said)
    return redirect(url_for("sign_off.show", patient_id=grant.patient.id), 303)


def _confirm(form: str) -> Errors:
    return confirm(form, _("Give your password: signing and publishing ask for it again after ten minutes."))


def _conditions(grant: PatientGrant) -> publications.Conditions:
    return publications.Conditions(units().clinic().is_ready_for_publishing, behind.sections_behind(grant.plan.id))


def _page(grant: PatientGrant, errors: Errors | None = None) -> str:
    return render_template(
        "sign_off/show.html",
        page=views.page(grant, _conditions(grant), house().hub.text),
        errors=errors or {},
        hindrance=views.hindrance,
        typed=request.form,
        is_confirmed=is_confirmed(),
        today=today(),
        banner=pictures.banner(grant, today()),
        may=grant.permissions,
    )
