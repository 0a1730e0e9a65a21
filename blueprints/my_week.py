"""The patient ticks the tasks of this week, takes a tick back, and says why something was not done."""

from contextlib import suppress
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import ticks as loaders
from access.permissions import Permission
from actions import ticks
from actions.ticks import MAX_WORDS, Said
from actions.unfit import Fault, Problem, Unfit
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.gate import requires
from blueprints.my_plan import open_portal, plan_page
from models.tick import TickReason

blueprint = Blueprint("my_week", __name__, url_prefix="/my/<int:patient_id>")


@blueprint.post("/tasks/<int:task_id>/ticks")
@requires(Permission.PORTAL_WORDS_WRITE)
def tick(patient_id: int, task_id: int) -> Response | tuple[str, int]:
    """A day on which the task was done; with `not_done`, one on which it was not, and perhaps why."""
    grant = loaders.step(actor(), patient_id, task_id)
    try:
        said = said_in_form()
        with units().begin(grant.actor) as work:
            ticks.say(work, grant, said, today())
    except Unfit as unfit:
        return _again(patient_id, task_id, unfit)
    if said.reason is TickReason.NOT_SURE_HOW:
        flash(_("Noted. The team sees that you are not sure how, and can show you. To know it today, call us."))
    else:
        flash(_("Noted. The team sees it."))
    return _back(patient_id, task_id)


@blueprint.post("/ticks/<int:tick_id>/withdrawal")
@requires(Permission.PORTAL_WORDS_WRITE)
def take_back(patient_id: int, tick_id: int) -> Response | tuple[str, int]:
    grant = loaders.own_tick(actor(), patient_id, tick_id)
    task_id = grant.tick.task_id
    try:
        with units().begin(grant.actor) as work:
            ticks.take_back(work, grant, today())
    except Unfit as unfit:
        return _again(patient_id, task_id, unfit)
    flash(_("Taken back."))
    return _back(patient_id, task_id)


def said_in_form() -> Said:
    """What a form says of a day. Raises Unfit when it names none."""
    form = request.form
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        raise Unfit({"day": Problem.MALFORMED}) from None
    reason = None
    with suppress(ValueError):
        reason = TickReason(form.get("reason", ""))
    return Said(day, "not_done" not in form, reason, form.get("words", ""))


def _back(patient_id: int, task_id: int) -> Response:
    if _by_script():
        grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
        return Response(plan_page(grant, "my/week_alone.html"))
    return redirect(url_for("my_plan.show", patient_id=patient_id, _anchor=f"step-{task_id}"), 303)


def _again(patient_id: int, task_id: int, unfit: Unfit) -> tuple[str, int]:
    """The plan once more, with what is wrong and what was typed."""
    fault = next(iter(unfit.faults.values()))
    wrong = {"task": task_id, "says": wrong_words(fault), "words": request.form.get("words", "")}
    template = "my/week_alone.html" if _by_script() else "my/plan.html"
    return plan_page(open_portal(patient_id, Permission.PORTAL_PLAN_READ), template, wrong_week=wrong), 422


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") is not None


def wrong_words(fault: Fault) -> str:
    """One sentence that says what is wrong and what to do."""
    if fault.problem is Problem.TO_COME:
        return str(_("This day is still to come. Tick it when it is there."))
    if fault.problem is Problem.TOO_LATE:
        return str(_("Only days of this week, while the task runs, can be changed here."))
    if fault.problem is Problem.TOO_LONG:
        return str(_("Please say it in at most %(most)s letters, or call us.", most=MAX_WORDS))
    if fault.problem is Problem.LIKE_A_DOSE:
        return str(_("A medicine is not ticked here. Keep taking it as its label says."))
    return str(_("Choose a day of this week."))
