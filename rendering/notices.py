"""Notices as a person reads them: one sentence without a word of what it is about, and where to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from access.grants import Actor
from actions import notices
from models.notification import NoticeKind, Notification
from rendering import threads


@dataclass(frozen=True, slots=True)
class NoticeView:
    id: int
    words: str
    patient: str
    icon: str
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """`next` is where the older ones begin, if there are any."""

    entries: Sequence[NoticeView]
    next: int | None


ICONS = {
    NoticeKind.MENTION: "message-square",
    NoticeKind.REPLY: "message-square",
    NoticeKind.QUESTION: "message-square",
    NoticeKind.CONFLICT: "triangle-alert",
    NoticeKind.SUGGESTION: "pencil",
    NoticeKind.ANSWER: "pencil",
    NoticeKind.ASSIGNMENT: "list-checks",
    NoticeKind.TASK_ENDED: "check-check",
    NoticeKind.TO_SIGN: "signature",
    NoticeKind.DECLINED: "signature",
    NoticeKind.PUBLISHED: "eye",
    NoticeKind.WITHDRAWN: "triangle-alert",
    NoticeKind.PATIENT_ANSWER: "heart",
    NoticeKind.PATIENT_QUESTION: "message-square",
    NoticeKind.URGENT_QUESTION: "message-square",
    NoticeKind.LATE_QUESTION: "message-square",
    NoticeKind.ALERT: "triangle-alert",
    NoticeKind.LATE_ALERT: "triangle-alert",
    NoticeKind.ALERT_ELSEWHERE: "triangle-alert",
}


def page(actor: Actor, before: int | None) -> NoticePage:
    rows = notices.listed(actor, before)
    shown = rows[: notices.PAGE]
    entries = [
        NoticeView(row.id, _words(row), _patient(row), ICONS[NoticeKind(row.kind)], row.at, row.seen_at is None)
        for row in shown
    ]
    return NoticePage(entries, shown[-1].id if len(rows) > len(shown) else None)


def sentence(kind: NoticeKind, by: str | None) -> str:
    """Who did what. Nobody's words, and no patient's name: this sentence goes by mail too."""
    name = by or _("Somebody")
    said = {
        NoticeKind.MENTION: _("%(name)s mentioned you in a discussion", name=name),
        NoticeKind.REPLY: _("%(name)s wrote in a discussion of yours", name=name),
        NoticeKind.QUESTION: _("%(name)s asked your discipline a question", name=name),
        NoticeKind.CONFLICT: _("%(name)s found a conflict with a section you write", name=name),
        NoticeKind.SUGGESTION: _("%(name)s suggested other words for a section you write", name=name),
        NoticeKind.ANSWER: _("%(name)s answered your suggestion", name=name),
        NoticeKind.ASSIGNMENT: _("%(name)s gave you a task", name=name),
        NoticeKind.TASK_ENDED: _("%(name)s ended a task you gave", name=name),
        NoticeKind.TO_SIGN: _("%(name)s asks your discipline to sign a plan", name=name),
        NoticeKind.DECLINED: _("%(name)s declined to sign a plan", name=name),
        NoticeKind.PUBLISHED: _("%(name)s published a plan", name=name),
        NoticeKind.WITHDRAWN: _("%(name)s withdrew a plan", name=name),
        NoticeKind.PATIENT_ANSWER: _("A patient answered their plan"),
        NoticeKind.PATIENT_QUESTION: _("A patient asked the team a question"),
        NoticeKind.URGENT_QUESTION: _("%(name)s found a patient's question urgent", name=name),
        NoticeKind.LATE_QUESTION: _("A patient's question still waits for an answer"),
        NoticeKind.ALERT: _("Alert: a patient needs somebody now"),
        NoticeKind.LATE_ALERT: _("Alert: nobody has recorded yet what was done"),
        NoticeKind.ALERT_ELSEWHERE: _("Alert: a care team has not recorded yet what was done"),
    }
    return str(said[kind])


def _patient(notice: Notification) -> str:
    """Whoever does not read the record knows the patient by the clinic's ID alone."""
    if notice.kind == NoticeKind.ALERT_ELSEWHERE:
        return str(_("Patient %(number)s", number=notice.patient.number))
    return notice.patient.name


def _words(notice: Notification) -> str:
    return sentence(NoticeKind(notice.kind), notice.by.name if notice.by is not None else None)


OF_QUESTIONS = frozenset({NoticeKind.PATIENT_QUESTION, NoticeKind.URGENT_QUESTION, NoticeKind.LATE_QUESTION})
OF_ALERTS = frozenset({NoticeKind.ALERT, NoticeKind.LATE_ALERT})
OF_SIGN_OFF = frozenset({NoticeKind.TO_SIGN, NoticeKind.PUBLISHED, NoticeKind.WITHDRAWN, NoticeKind.PATIENT_ANSWER})


def place(kind: str, patient_id: int, thread_id: int | None, task_id: int | None) -> str:
    """The page of exactly the thread, the task or the sign-off; of the patient's questions, or the board under its
    alerts."""
    if kind == NoticeKind.ALERT_ELSEWHERE:
        return url_for("alerts.index")
    if kind in OF_ALERTS:
        return url_for("board.show", patient_id=patient_id, _anchor="alerts")
    if kind in OF_QUESTIONS:
        return url_for("questions.show", patient_id=patient_id)
    if kind in OF_SIGN_OFF:
        return url_for("sign_off.show", patient_id=patient_id)
    if thread_id is not None:
        return threads.address(patient_id, thread_id)
    if task_id is not None:
        return url_for("tasks.show", patient_id=patient_id, task_id=task_id)
    return url_for("board.show", patient_id=patient_id)
