"""Tells people of what concerns them: rows that are committed with what they tell of."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import joinedload

from access.grants import Actor
from access.hearing import may_hear
from actions.mail_times import mail_after, wishes_of
from actions.unit_of_work import Work
from models.base import db
from models.notification import NoticeKind, Notification, NotificationSettings
from models.user import User

PAGE = 50
"""Notices on one page."""


def tell(
    work: Work,
    user_ids: frozenset[int],
    kind: NoticeKind,
    patient_id: int,
    *,
    thread_id: int | None = None,
    comment_id: int | None = None,
    task_id: int | None = None,
    question_id: int | None = None,
    alert_id: int | None = None,
) -> None:
    """Tell people once each; nobody is told of what they did themselves."""
    by = work.actor.user_id if work.actor else None
    told = sorted(user_ids - {by})
    if not told:
        return
    rows = work.session.execute(
        select(User.id, NotificationSettings)
        .outerjoin(NotificationSettings, NotificationSettings.user_id == User.id)
        .where(User.id.in_(told), User.disabled_at.is_(None))
        .order_by(User.id)
    )
    for user_id, row in rows:
        mails = mail_after(kind, wishes_of(row, work.clinic().timezone), work.now) if work.mailing.is_on else None
        if mails is not None:
            work.mail_at(mails)
        work.session.add(
            Notification(
                user_id=user_id,
                kind=kind,
                patient_id=patient_id,
                thread_id=thread_id,
                comment_id=comment_id,
                task_id=task_id,
                question_id=question_id,
                alert_id=alert_id,
                by_id=by,
                at=work.now,
                mail_after=mails,
            )
        )
    work.notices_changed(told)


def see(work: Work, *, thread_id: int | None = None, task_id: int | None = None) -> None:
    """The acting person looked at a thread or a task: what they were told of it is seen."""
    about = Notification.thread_id == thread_id if thread_id is not None else Notification.task_id == task_id
    _see(work, about)


def see_question(work: Work, question_id: int) -> None:
    """The acting person looked at a patient's question."""
    _see(work, Notification.question_id == question_id)


def see_kind(work: Work, kind: NoticeKind, patient_id: int) -> None:
    """The acting person did what they were told of a patient in this way."""
    _see(work, Notification.kind == kind, Notification.patient_id == patient_id)


def settle(work: Work, *, question_id: int | None = None, alert_id: int | None = None) -> None:
    """A question is answered, an alert taken care of: nobody who was told of it has to look any more."""
    about = Notification.question_id == question_id if question_id is not None else Notification.alert_id == alert_id
    seen = update(Notification).where(about, Notification.seen_at.is_(None)).values(seen_at=work.now)
    work.notices_changed(work.session.scalars(seen.returning(Notification.user_id)).all())


def see_all(work: Work) -> None:
    """The acting person has seen everything there is."""
    _see(work)


def open_notice(work: Work, notice_id: int) -> Notification | None:
    """One of the acting person's notices, seen from now on; None when it is not theirs, or about a patient whose
    record they no longer read."""
    query = select(Notification).where(Notification.id == notice_id, Notification.user_id == work.actor_id, may_hear())
    notice = work.session.scalar(query)
    if notice is not None:
        _see(work, Notification.id == notice_id)
    return notice


def listed(actor: Actor, before: int | None = None) -> Sequence[Notification]:
    """A person's notices, newest first, those with an id below `before`; one more than a page where there are more."""
    query = (
        select(Notification)
        .options(joinedload(Notification.by), joinedload(Notification.patient))
        .where(Notification.user_id == actor.user_id, may_hear())
        .order_by(Notification.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Notification.id < before)
    return db.session.scalars(query).unique().all()


def _see(work: Work, *which: ColumnElement[bool]) -> None:
    """Mark what is new. Nothing is written when nothing is."""
    new = (Notification.user_id == work.actor_id, Notification.seen_at.is_(None), *which)
    if work.session.scalar(select(func.count()).select_from(Notification).where(*new)):
        work.session.execute(update(Notification).where(*new).values(seen_at=work.now))
        work.notices_changed([work.actor_id])
