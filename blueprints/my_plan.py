"""The patient's own pages. Staff discussion is absent from them by construction: nothing here loads any."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from access import loaders
from access.closed import reads_until
from access.grants import PortalGrant, ReadingOver
from access.permissions import Permission
from actions import audit, portal, publications, published, statements
from actions.published import Standing
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from models.plan_state import State
from models.publication import PatientAnswer
from rendering import my as pictures
from rendering import my_changes, my_plan, my_week, press

blueprint = Blueprint("my_plan", __name__, url_prefix="/my")


@blueprint.get("")
@requires(Permission.PORTAL_ENTER)
def choose() -> str | Response:
    """To the plan that one may read, or a choice of several."""
    readable = portal.readable_by(actor())
    if len(readable) == 1:
        return redirect(url_for("my_plan.show", patient_id=readable[0].patient_id), 303)
    return render_template("my/choose.html", accesses=readable)


@blueprint.get("/<int:patient_id>")
@requires(Permission.PORTAL_PLAN_READ)
def show(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    if grant.state is not None and grant.state.state == State.DIED and "read" not in request.args:
        return render_template("my/ended.html")
    return plan_page(grant)


@blueprint.get("/<int:patient_id>/flare-up")
@requires(Permission.PORTAL_PLAN_READ)
def flare_up(patient_id: int) -> str:
    """What to do when the pain flares up, quick to find on a bad day."""
    return _plan(open_portal(patient_id, Permission.PORTAL_PLAN_READ), "my/flare_up.html")


@blueprint.get("/<int:patient_id>/changes")
@requires(Permission.PORTAL_PLAN_READ)
def changes(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    read = published.latest(grant.plan.id)
    if read is None or read.is_withdrawn:
        return nothing_to_read(grant, read)
    found = my_changes.changes(grant.plan.id, read.id)
    return render_template("my/changes.html", found=found, patient=grant.patient, dose_note=my_plan.beside_a_dose())


@blueprint.get("/<int:patient_id>/team")
@requires(Permission.PORTAL_PLAN_READ)
def team(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    return render_template("my/team.html", team=pictures.team(grant))


def plan_page(grant: PortalGrant, template: str = "my/plan.html", **more: object) -> str:
    """The plan as it was published last, or why there is none to read. `more` is what else its template needs."""
    return _plan(
        grant,
        template,
        may_answer=grant.may(Permission.PORTAL_WORDS_WRITE),
        may_copy=grant.may(Permission.PORTAL_COPY),
        may_ask=grant.may(Permission.PORTAL_WORDS_WRITE),
        me_id=grant.actor.user_id,
        answer_to=_answer_to,
        can_press=not press.missing_packages(),
        week_of=lambda steps: my_week.rows(steps, today()),
        today=today(),
        **_words(grant),
        **more,
    )


def _answer_to(publication_id: int) -> PatientAnswer | None:
    """The one that counts."""
    return next(iter(publications.answers(publication_id)), None)


def _plan(grant: PortalGrant, template: str, **more: object) -> str:
    read = published.latest(grant.plan.id)
    if read is None or read.is_withdrawn:
        return nothing_to_read(grant, read)
    page = my_plan.page(read.id)
    return render_template(template, page=page, patient=grant.patient, dose_note=my_plan.beside_a_dose(), **more)


def _words(grant: PortalGrant) -> dict[str, object]:
    """What matters to the patient, as it was said last, and whether the reader may say it anew."""
    return {
        "statement": statements.latest(grant.patient.id),
        "may_write": grant.may(Permission.PORTAL_WORDS_WRITE),
    }


def nothing_to_read(grant: PortalGrant, read: Standing | None) -> str:
    """Nothing was published yet, or it is withdrawn: then nothing of it is shown."""
    may_ask = grant.may(Permission.PORTAL_WORDS_WRITE)
    if read is None:
        return render_template("my/unpublished.html", responsible=grant.responsible, may_ask=may_ask, **_words(grant))
    return render_template("my/withdrawn.html", may_ask=may_ask, **_words(grant))


def open_portal(patient_id: int, permission: Permission) -> PortalGrant:
    """Load a patient's own page for whoever may read it, note the view, and frame the page with it. Raises ReadingOver
    when the plan was closed too long ago."""
    grant = loaders.portal(actor(), patient_id, permission)
    if grant.state is not None and grant.state.is_closed and reads_until(grant.state) <= units().clock():
        raise ReadingOver(grant, permission)
    if audit.record_view(units(), grant.actor, permission, f"patient:{patient_id}", patient_id):
        grant = loaders.portal(actor(), patient_id, permission)
    g.portal = grant
    return grant
