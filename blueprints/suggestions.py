"""Suggestions of other words, answered by who may write the section."""

from flask import Blueprint, request

from access import loaders
from access.permissions import Permission
from actions import suggestions
from actions.suggestions import NotTaken, Spot
from actions.unfit import Unfit
from blueprints import talk
from blueprints.board import explain
from blueprints.doors import actor, house, units
from blueprints.forms.talk import messages
from blueprints.gate import requires
from blueprints.talk import Answer, Wrong

blueprint = Blueprint("suggestions", __name__, url_prefix="/patients/<int:patient_id>/plan/threads/<int:thread_id>")


@blueprint.post("/acceptance")
@requires(Permission.DOCUMENT_EDIT)
def accept(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.suggestion(actor(), patient_id, thread_id)
    try:
        suggestions.accept(units(), house().hub, grant, _spot())
    except Unfit as unfit:
        return talk.refused(grant.thread.plan, thread_id, Wrong("answer", messages(unfit)))
    except NotTaken as refusal:
        wrong = Wrong("answer", {"suggestion": explain(refusal.code)})
        return talk.refused(grant.thread.plan, thread_id, wrong)
    return talk.done(patient_id, thread_id)


@blueprint.post("/refusal")
@requires(Permission.DOCUMENT_EDIT)
def decline(patient_id: int, thread_id: int) -> Answer:
    grant = loaders.suggestion(actor(), patient_id, thread_id)
    words = request.form.get("words", "")
    try:
        with units().begin(grant.actor) as work:
            suggestions.decline(work, grant, words)
    except Unfit as unfit:
        return talk.refused(grant.thread.plan, thread_id, Wrong("decline", messages(unfit), {"words": words}))
    return talk.done(patient_id, thread_id)


def _spot() -> Spot | None:
    """Where the browser saw the words; a form without scripts does not say."""
    numbers = [request.form.get(name, type=int) for name in ("epoch", "base_seq", "start", "end")]
    found = [each for each in numbers if each is not None]
    return Spot(*found) if len(found) == len(numbers) else None
