"""What one was told: the list, and the way from each notice to what it is about."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from access.permissions import Permission
from actions import notices
from blueprints.doors import actor, units
from blueprints.gate import requires
from rendering import notices as pictures

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("")
@requires(Permission.NOTICES)
def index() -> str:
    before = request.args.get("before", type=int)
    return render_template("notices/index.html", page=pictures.page(actor(), before), is_first=before is None)


@blueprint.post("/seen")
@requires(Permission.NOTICES)
def see_all() -> Response:
    with units().begin(actor()) as work:
        notices.see_all(work)
    return redirect(url_for("notices.index"), 303)


@blueprint.get("/<int:notice_id>")
@requires(Permission.NOTICES)
def show(notice_id: int) -> Response:
    """To the thread, task or sign-off itself. What is gone, or no longer for this person, leads back to the list."""
    with units().begin(actor()) as work:
        notice = notices.open_notice(work, notice_id)
        if notice is None:
            return redirect(url_for("notices.index"), 303)
        where = pictures.place(notice.kind, notice.patient_id, notice.thread_id, notice.task_id)
    return redirect(where, 303)
