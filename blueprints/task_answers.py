"""What a change of a task answers: a page for a form, a toast with Undo for a script."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from actions import task_undo
from actions.unfit import Unfit
from blueprints.doors import actor, units
from blueprints.forms.tasks import words_for


@dataclass(frozen=True, slots=True)
class Toast:
    """What happened, and what an undo would take back: patient, task and change."""

    words: str
    changes: Sequence[tuple[int, int, int]] = ()
    is_bad: bool = False

    @property
    def seconds(self) -> int:
        return int(task_undo.UNDO_OFFERED.total_seconds())


def by_script() -> bool:
    return request.headers.get("X-Requested-With") is not None


def did(patient_id: int, task_id: int, change_id: int | None, words: str, back: str) -> Response:
    """Say that it is done, with an offer to undo when there is a change to take back."""
    if by_script():
        changes = [(patient_id, task_id, change_id)] if change_id is not None else []
        return Response(render_template("tasks/_toast.html", toast=Toast(words, changes)))
    flash(words)
    return redirect(_place(back, patient_id, task_id, change_id), 303)


def _place(back: str, patient_id: int, task_id: int, change_id: int | None) -> str:
    """Where a form without scripts goes back to, by the name it sends."""
    if back == "list":
        return url_for("tasks.index", patient_id=patient_id, did=change_id)
    if back == "columns":
        return url_for("tasks.index", patient_id=patient_id, view="board", did=change_id)
    if back == "plan":
        return url_for("board.show", patient_id=patient_id)
    if back == "work":
        return url_for("my_work.index", did=change_id)
    if back == "mine":
        return url_for("my_tasks.index", did=change_id)
    return url_for("tasks.show", patient_id=patient_id, task_id=task_id, did=change_id)


def refused(error: Unfit, patient_id: int, task_id: int) -> Response:
    """Say what was wrong: nothing was changed."""
    words = " ".join(words_for(field, fault) for field, fault in error.faults.items())
    if by_script():
        return wrong(words)
    flash(words)
    return redirect(url_for("tasks.show", patient_id=patient_id, task_id=task_id), 303)


def wrong(words: str) -> Response:
    """What a script shows beside what was sent."""
    return Response(render_template("tasks/_toast.html", toast=Toast(words, is_bad=True)), 409)


def offer() -> Toast | None:
    """The offer to undo on a page without scripts: one's own changes that the address names, while it is time."""
    named = [
        int(each) for each in request.args.getlist("did")[:200] if each.isascii() and each.isdigit() and len(each) < 10
    ]
    changes = task_undo.offered(actor(), named, units().clock())
    return Toast(_("You can still take this back."), changes) if changes else None
