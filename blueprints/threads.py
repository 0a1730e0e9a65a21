"""Discussions of a plan: begun, shown, resolved and opened again, read."""

from flask import Blueprint, jsonify, render_template, request

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import threads
from actions.unfit import Unfit
from blueprints import talk
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.talk import ThreadForm, first_errors, messages
from blueprints.gate import requires
from blueprints.talk import Answer, Wrong
from rendering import board as pictures
from rendering import openings

blueprint = Blueprint("threads", __name__, url_prefix="/patients/<int:patient_id>/plan/threads")


@blueprint.get("/new")
@requires(Permission.THREAD_WRITE)
def new(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.THREAD_WRITE)
    return _page(grant, ThreadForm(request.args))


@blueprint.post("")
@requires(Permission.THREAD_WRITE)
def open_thread(patient_id: int) -> Answer:
    grant = loaders.patient(actor(), patient_id, Permission.THREAD_WRITE)
    form = ThreadForm()
    if form.validate():
        try:
            with units().begin(grant.actor) as work:
                opened = threads.open_thread(work, grant, form.opening())
            return talk.created(patient_id, opened.thread_id, opened.comment_id)
        except Unfit as unfit:
            form.take(unfit)
    if talk.is_fetch():
        return jsonify(errors=first_errors(form)), 422
    return _page(grant, form), 422


@blueprint.get("/<int:thread_id>")
@requires(Permission.THREAD_VIEW)
def show(patient_id: int, thread_id: int) -> str:
    """The whole thread; whoever sees it has read it."""
    open_patient(patient_id, Permission.THREAD_VIEW)
    grant = loaders.thread(actor(), patient_id, thread_id, Permission.THREAD_VIEW)
    shown = talk.page(grant.plan, thread_id)
    with units().begin(grant.actor) as work:
        threads.mark_read(work, grant)
    return shown


@blueprint.post("/<int:thread_id>/resolution")
@requires(Permission.THREAD_WRITE)
def resolve(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.thread(actor(), patient_id, thread_id, Permission.THREAD_WRITE)
    try:
        with units().begin(grant.actor) as work:
            threads.resolve(work, grant)
    except Unfit as unfit:
        return talk.refused(grant.plan, thread_id, Wrong("thread", messages(unfit)))
    return talk.done(patient_id, thread_id)


@blueprint.post("/<int:thread_id>/resolution/removal")
@requires(Permission.THREAD_WRITE)
def reopen_by_form(patient_id: int, thread_id: int) -> Answer:
    return reopen(patient_id, thread_id)


@blueprint.delete("/<int:thread_id>/resolution")
@requires(Permission.THREAD_WRITE)
def reopen(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.thread(actor(), patient_id, thread_id, Permission.THREAD_WRITE)
    try:
        with units().begin(grant.actor) as work:
            threads.reopen(work, grant)
    except Unfit as unfit:
        return talk.refused(grant.plan, thread_id, Wrong("thread", messages(unfit)))
    return talk.done(patient_id, thread_id)


@blueprint.post("/<int:thread_id>/read")
@requires(Permission.THREAD_VIEW)
def read(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.thread(actor(), patient_id, thread_id, Permission.THREAD_VIEW)
    with units().begin(grant.actor) as work:
        threads.mark_read(work, grant)
    return talk.done(patient_id, thread_id)


def _page(grant: PatientGrant, form: ThreadForm) -> str:
    form.offer(openings.offer(grant))
    banner = pictures.banner(grant, today())
    return render_template("threads/new.html", form=form, banner=banner, may=grant.permissions)
