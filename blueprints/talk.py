"""What the doors of discussions share: how they answer scripts and plain forms, and the page of one thread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask import abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from access.grants import PatientGrant
from blueprints.clinic_time import today
from blueprints.doors import house
from rendering import board as pictures
from rendering import threads as views
from rendering.threads import Filter, Show

Answer = Response | tuple[Response, int] | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form of the thread's page that comes back: which one, why, and what was typed."""

    form: str
    errors: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)


def is_fetch() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def chosen_people() -> frozenset[int]:
    """Whom the form mentions by id; what is no id of anybody is kept, to be refused."""
    return frozenset(
        int(each) if each.isascii() and each.isdigit() else -1 for each in request.form.getlist("mentions")
    )


def created(patient_id: int, thread_id: int, comment_id: int) -> Answer:
    if is_fetch():
        return jsonify(thread=thread_id, comment=comment_id), 201
    return to_thread(patient_id, thread_id)


def done(patient_id: int, thread_id: int) -> Answer:
    return ("", 204) if is_fetch() else to_thread(patient_id, thread_id)


def to_thread(patient_id: int, thread_id: int) -> Response:
    """Back to where the form stood: the thread's own page, or the board with the thread in sight."""
    if request.form.get("back") == "page":
        return redirect(url_for("threads.show", patient_id=patient_id, thread_id=thread_id), 303)
    return redirect(views.address(patient_id, thread_id), 303)


def refused(grant: PatientGrant, thread_id: int, wrong: Wrong) -> Answer:
    """What is wrong, beside what was typed."""
    if is_fetch():
        return jsonify(errors=dict(wrong.errors)), 422
    return page(grant, thread_id, wrong), 422


def page(grant: PatientGrant, thread_id: int, wrong: Wrong | None = None) -> str:
    thread = views.thread(grant, thread_id, house().units.clock(), whole=True)
    if thread is None:
        abort(404)
    banner = pictures.banner(grant, today())
    return render_template(
        "threads/show.html",
        thread=thread,
        patient_id=grant.patient.id,
        banner=banner,
        may=grant.permissions,
        wrong=wrong,
        on_page=True,
    )


def wanted(args: Mapping[str, str], sections: Collection[str] | None = None) -> Filter:
    """Which threads the address asks for; what it says wrongly is as if it said nothing."""
    show = args.get("threads", "")
    section = args.get("section", "")
    return Filter(
        Show(show) if show in list(Show) else Show.OPEN,
        section if sections is None or section in sections else "",
        min(max(_number(args.get("shown", "")) or views.SHOWN, views.SHOWN), views.MOST_SHOWN),
        _number(args.get("thread", "")),
    )


def known(args: Mapping[str, str]) -> frozenset[int]:
    """The threads that a page says it has as they are."""
    found = (_number(each) for each in args.get("known", "").split("."))
    return frozenset(each for each in found if each is not None)


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None
