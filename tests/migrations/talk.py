"""Something in every table of talk and work, for migrations to carry."""

from datetime import date, time

from sqlalchemy import select

from actions import notices
from actions.unit_of_work import Work
from models.base import db
from models.letter import Letter, LetterKind
from models.notification import NoticeKind, NotificationSettings, PatientSeen
from models.plan import Plan, Section
from models.task import Priority, Task, TaskChange, TaskOrigin, TaskState
from models.thread import Comment, CommentEdit, Mention, Suggestion, Thread, ThreadKind, ThreadRead
from models.user import SignInLink
from tests.personas import DANA, LENA, RAVI, user

TABLES = frozenset(
    each.__tablename__
    for each in (
        Thread,
        Comment,
        CommentEdit,
        Mention,
        ThreadRead,
        Suggestion,
        Task,
        TaskOrigin,
        TaskChange,
        NotificationSettings,
        PatientSeen,
        Letter,
    )
) | {"notifications"}


def talk(work: Work, patient_id: int, document_id: int) -> None:
    """Ravi suggests other words to Dana, Lena is asked, and a task comes of it."""
    plan = db.session.scalars(select(Plan).where(Plan.patient_id == patient_id)).one()
    section = db.session.scalars(select(Section).where(Section.plan_id == plan.id).order_by(Section.position)).first()
    assert section is not None
    dana, lena, ravi = (user(each).id for each in (DANA, LENA, RAVI))
    thread = Thread(
        plan_id=plan.id,
        kind=ThreadKind.SUGGESTION,
        section_id=section.id,
        document_id=document_id,
        anchor={"start": {"tname": "body", "assoc": 0}, "end": {"tname": "body", "assoc": -1}},
        quote="rest on bad days",
        before="",
        after=".",
        opened_at=work.now,
        opened_by_id=ravi,
        changed_at=work.now,
    )
    comment = Comment(thread=thread, author_id=ravi, body="Halve the load? @Lena", at=work.now, edited_at=work.now)
    task = Task(
        plan_id=plan.id,
        title="Send pool times",
        details="",
        plain_text="",
        priority=Priority.NORMAL,
        due=date(2026, 12, 1),
        assignee_id=dana,
        for_patient=False,
        state=TaskState.OPEN,
        reason="",
        created_at=work.now,
        created_by_id=lena,
        changed_at=work.now,
    )
    work.session.add_all([thread, comment, task])
    work.session.flush()
    work.session.add_all(
        [
            Suggestion(thread_id=thread.id, replacement="halve the load on bad days", words=""),
            CommentEdit(comment_id=comment.id, body="Halve it?", at=work.now),
            Mention(comment_id=comment.id, user_id=lena),
            ThreadRead(thread_id=thread.id, user_id=lena, comment_id=comment.id, at=work.now),
            TaskOrigin(task_id=task.id, thread_id=thread.id),
            TaskChange(task_id=task.id, at=work.now, by_id=lena, kind="made", before={}, after={"state": "open"}),
            PatientSeen(user_id=lena, patient_id=patient_id, at=work.now, since=work.now),
            NotificationSettings(
                user_id=lena,
                mails_at_once=True,
                mails_digest=True,
                digest_at=time(7),
                timezone="Europe/Vienna",
                quiet_from=time(19),
                quiet_until=time(7),
                changed_at=work.now,
            ),
        ]
    )
    link = SignInLink(token_sha256="0" * 64, user_id=lena, created_at=work.now, expires_at=work.now)
    work.session.add(link)
    work.session.flush()
    work.session.add(Letter(user_id=lena, link_id=link.id, kind=LetterKind.RESET, seed="s", at=work.now))
    notices.tell(work, frozenset({lena}), NoticeKind.MENTION, patient_id, thread_id=thread.id, comment_id=comment.id)
