"""Contributions to a discussion: added, changed, taken back, and their former wordings."""

from collections.abc import Callable

from flask import Blueprint, render_template, request

from access import loaders
from access.grants import CommentGrant
from access.permissions import Permission
from actions import comments, threads
from actions.unfit import Unfit
from actions.unit_of_work import Work
from blueprints import talk
from blueprints.clinic_time import today
from blueprints.doors import actor, open_patient, units
from blueprints.forms.talk import messages
from blueprints.gate import requires
from blueprints.talk import Answer, Wrong
from rendering import board as pictures
from rendering import wordings

blueprint = Blueprint(
    "comments", __name__, url_prefix="/patients/<int:patient_id>/plan/threads/<int:thread_id>/comments"
)


@blueprint.post("")
@requires(Permission.THREAD_WRITE)
def add(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.thread(actor(), patient_id, thread_id, Permission.THREAD_WRITE)
    body = request.form.get("body", "")
    try:
        with units().begin(grant.actor) as work:
            comment_id = threads.reply(work, grant, body, talk.chosen_people())
    except Unfit as unfit:
        return talk.refused(grant.plan, thread_id, Wrong("reply", messages(unfit), {"body": body}))
    return talk.created(patient_id, thread_id, comment_id)


@blueprint.post("/<int:comment_id>")
@requires(Permission.THREAD_WRITE)
def edit(patient_id: int, thread_id: int, comment_id: int) -> Answer:
    grant = loaders.comment(actor(), patient_id, thread_id, comment_id)
    body = request.form.get("body", "")
    try:
        with units().begin(grant.actor) as work:
            comments.edit(work, grant, body, talk.chosen_people())
    except Unfit as unfit:
        wrong = Wrong(f"comment-{comment_id}", messages(unfit), {"body": body})
        return talk.refused(grant.thread.plan, thread_id, wrong)
    return talk.done(patient_id, thread_id)


@blueprint.get("/<int:comment_id>/wordings")
@requires(Permission.THREAD_VIEW)
def former(patient_id: int, thread_id: int, comment_id: int) -> str:
    """How a comment read before it was changed."""
    grant = open_patient(patient_id, Permission.THREAD_VIEW)
    found = wordings.of(grant, thread_id, comment_id)
    banner = pictures.banner(grant, today())
    return render_template("threads/wordings.html", found=found, banner=banner, may=grant.permissions)


@blueprint.post("/<int:comment_id>/withdrawal")
@requires(Permission.THREAD_WRITE)
def withdraw(patient_id: int, thread_id: int, comment_id: int) -> Answer:
    return _change(patient_id, thread_id, comment_id, threads.withdraw)


@blueprint.post("/<int:comment_id>/withdrawal/removal")
@requires(Permission.THREAD_WRITE)
def put_back_by_form(patient_id: int, thread_id: int, comment_id: int) -> Answer:
    return put_back(patient_id, thread_id, comment_id)


@blueprint.delete("/<int:comment_id>/withdrawal")
@requires(Permission.THREAD_WRITE)
def put_back(patient_id: int, thread_id: int, comment_id: int) -> Answer:
    return _change(patient_id, thread_id, comment_id, threads.put_back)


def _change(patient_id: int, thread_id: int, comment_id: int, change: Callable[[Work, CommentGrant], None]) -> Answer:
    grant = loaders.comment(actor(), patient_id, thread_id, comment_id)
    try:
        with units().begin(grant.actor) as work:
            change(work, grant)
    except Unfit as unfit:
        return talk.refused(grant.thread.plan, thread_id, Wrong(f"comment-{comment_id}", messages(unfit)))
    return talk.done(patient_id, thread_id)
