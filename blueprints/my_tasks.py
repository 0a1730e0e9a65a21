"""One's own tasks and those of one's patients, across patients; many of them reassigned at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from access import loaders
from access.permissions import Permission
from actions import audit, task_bulk, task_lists
from actions.task_bulk import Outcome
from actions.task_drafts import Assignee
from actions.task_lists import Filter, Whose
from blueprints.clinic_time import today
from blueprints.doors import actor, units
from blueprints.forms.tasks import assignee_of, words_for
from blueprints.gate import requires
from blueprints.task_answers import Toast, by_script, offer
from rendering import task_pages, tasks

blueprint = Blueprint("my_tasks", __name__, url_prefix="/tasks")


@blueprint.get("")
@requires(Permission.TASKS_LIST)
def index() -> str:
    return _page(offer())


@blueprint.post("/assignments")
@requires(Permission.TASKS_LIST)
def assign() -> Response | str:
    """Reassign what was ticked, and say what happened to each."""
    ids = _numbers("task")
    to = assignee_of(request.form.get("assignee", ""))
    if not ids or to is None:
        flash(_("Nothing was reassigned: choose tasks and a person first."))
        return redirect(url_for("my_tasks.index", choose=1, whose=request.form.get("whose")), 303)
    seen = {number: assignee_of(request.form.get(f"seen-{number}", "")) for number in ids}
    grants = loaders.some_tasks(actor(), ids, Permission.TASK_WRITE)
    with units().begin(actor()) as work:
        known: dict[int, Assignee] = {number: each for number, each in seen.items() if each is not None}
        outcomes = task_bulk.assign(work, grants, to, known)
    changes = [(each.patient_id, each.task_id, each.change_id) for each in outcomes if each.change_id is not None]
    words = ngettext("One task reassigned.", "%(num)d tasks reassigned.", len(changes))
    missing = len(ids) - len(outcomes)
    return _page(Toast(str(words), changes), [(each, _what_became(each)) for each in outcomes], missing)


@blueprint.post("/undo")
@requires(Permission.TASKS_LIST)
def undo() -> Response:
    """Take back several changes at once."""
    changes = _numbers("change")
    grants = loaders.some_tasks(actor(), task_bulk.tasks_of(changes), Permission.TASK_WRITE)
    with units().begin(actor()) as work:
        done, failed = task_bulk.undo(work, grants, changes)
    words = str(ngettext("One task is as it was.", "%(num)d tasks are as they were.", done))
    if failed:
        words += " " + str(ngettext("One could not be taken back.", "%(num)d could not be taken back.", failed))
    if by_script():
        return Response(render_template("tasks/_toast.html", toast=Toast(words, is_bad=bool(failed))))
    flash(words)
    return redirect(url_for("my_tasks.index"), 303)


def _page(toast: Toast | None, outcomes: list[tuple[Outcome, str]] | None = None, missing: int = 0) -> str:
    words = request.values.get("whose", "")
    whose = Whose(words) if words in set(Whose) else Whose.MINE
    wanted = Filter(
        ended=request.args.get("show") == "ended",
        late=bool(request.args.get("late")),
        shown=task_pages.shown(request.args),
    )
    audit.record_view(units(), actor(), Permission.TASKS_LIST, f"tasks:{whose}", None)
    found = task_lists.of_patients(actor(), whose, wanted, today())
    return render_template(
        "tasks/mine.html",
        tasks=[tasks.picture(task, patient, actor(), today()) for task, patient in found[: wanted.shown]],
        has_more=len(found) > wanted.shown,
        whose=whose,
        filter=wanted,
        counts=task_lists.counts(actor(), today()),
        chooses=bool(request.values.get("choose")),
        colleagues=task_bulk.colleagues_of(actor()),
        outcomes=outcomes,
        missing=missing,
        toast=toast,
        has_discipline=actor().discipline is not None,
    )


def _what_became(outcome: Outcome) -> str:
    if outcome.faults:
        return " ".join(words_for(field, fault) for field, fault in outcome.faults.items())
    return str(_("Reassigned.")) if outcome.change_id is not None else str(_("They have it already."))


def _numbers(field: str) -> list[int]:
    """The ids that a form names, none twice and at most so many."""
    words = [each for each in request.form.getlist(field) if each.isascii() and each.isdigit() and len(each) < 10]
    return [int(each) for each in dict.fromkeys(words)][: task_bulk.MOST]
