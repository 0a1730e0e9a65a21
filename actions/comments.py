"""The contributions to a discussion: each is its author's, and none of its wordings is lost."""

from datetime import timedelta

from sqlalchemy import func, select

from access.grants import CommentGrant
from access.permissions import Permission
from actions import notices
from actions.colleagues import colleagues
from actions.mentions import named
from actions.unfit import Problem, Unfit
from actions.unit_of_work import Work
from models.base import db
from models.notification import NoticeKind
from models.thread import Comment, CommentEdit, Mention, Thread, ThreadKind, ThreadRead

MAX_BODY = 20_000
"""Bytes of UTF-8."""
UNDO = timedelta(seconds=10)
"""How long a withdrawal is offered to be undone."""
ON_THE_WAY = timedelta(seconds=5)
"""What a click in the last second may take to arrive."""


def plain(body: str) -> str:
    """Words as they are kept: one kind of line end, nothing around them, no letter that a database refuses."""
    return body.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def checked(body: str, *, may_be_empty: bool = False) -> str:
    """A body as it is kept. Raises Unfit when there is none, or too much."""
    body = plain(body)
    if not body and not may_be_empty:
        raise Unfit({"body": Problem.EMPTY})
    if len(body.encode()) > MAX_BODY:
        raise Unfit({"body": Problem.TOO_LONG})
    return body


def put(work: Work, thread: Thread, body: str, mentioned: frozenset[int]) -> Comment:
    """Add a comment of the acting person, who has then read the thread."""
    comment = Comment(thread_id=thread.id, author_id=work.actor_id, body=body, at=work.now)
    work.session.add(comment)
    work.session.flush()
    work.session.add_all(Mention(comment_id=comment.id, user_id=user_id) for user_id in sorted(mentioned))
    thread.changed_at = work.now
    read(work, thread)
    return comment


def participants(thread: Thread) -> frozenset[int]:
    """Who opened a thread, wrote in it, or was mentioned."""
    rows = db.session.execute(
        select(Comment.author_id, Mention.user_id)
        .outerjoin(Mention, Mention.comment_id == Comment.id)
        .where(Comment.thread_id == thread.id, Comment.withdrawn_at.is_(None))
    ).all()
    return frozenset({thread.opened_by_id} | {each for row in rows for each in row if each is not None})


def stands(thread: Thread) -> bool:
    """Whether there is still something to discuss: a comment, and of a suggestion the one that makes it."""
    standing = select(func.min(Comment.id)).where(Comment.thread_id == thread.id, Comment.withdrawn_at.is_(None))
    first = db.session.scalar(standing)
    if thread.kind == ThreadKind.SUGGESTION:
        return first == db.session.scalar(select(func.min(Comment.id)).where(Comment.thread_id == thread.id))
    return first is not None


def read(work: Work, thread: Thread) -> None:
    """The acting person has read a thread up to its last comment."""
    last = work.session.scalar(select(func.max(Comment.id)).where(Comment.thread_id == thread.id))
    if last is None:
        return
    row = work.session.get(ThreadRead, (thread.id, work.actor_id))
    if row is None:
        work.session.add(ThreadRead(thread_id=thread.id, user_id=work.actor_id, comment_id=last, at=work.now))
    elif row.comment_id < last:
        row.comment_id, row.at = last, work.now
    notices.see(work, thread_id=thread.id)


def edit(work: Work, grant: CommentGrant, body: str, chosen: frozenset[int]) -> None:
    """Change one's own words; the former ones are kept, and whom they newly mention is told. Raises Unfit."""
    comment, patient_id = grant.comment, grant.thread.plan.patient.id
    if comment.withdrawn_at is not None:
        raise Unfit({"body": Problem.WITHDRAWN})
    body = checked(body, may_be_empty=_opens_suggestion(grant))
    mentioned = named(body, chosen, colleagues(patient_id))
    before = {mention.user_id for mention in comment.mentions}
    if body == comment.body and mentioned == before:
        return
    if body != comment.body:
        work.session.add(CommentEdit(comment_id=comment.id, body=comment.body, at=work.now))
        comment.body, comment.edited_at = body, work.now
    comment.mentions = [each for each in comment.mentions if each.user_id in mentioned]
    comment.mentions += [Mention(user_id=user_id) for user_id in sorted(mentioned - before)]
    about = {"thread_id": comment.thread_id, "comment_id": comment.id}
    notices.tell(work, mentioned - before, NoticeKind.MENTION, patient_id, **about)
    _noted(work, grant, "edited")


def _opens_suggestion(grant: CommentGrant) -> bool:
    """A suggestion speaks for itself: its first comment needs no words."""
    thread = grant.thread.thread
    if thread.kind != ThreadKind.SUGGESTION:
        return False
    return grant.comment.id == db.session.scalar(select(func.min(Comment.id)).where(Comment.thread_id == thread.id))


def withdraw(work: Work, grant: CommentGrant) -> bool:
    """Take one's own words back: nobody sees them any more. Answers whether nothing is left to discuss."""
    if grant.comment.withdrawn_at is None:
        grant.comment.withdrawn_at = work.now
        work.session.flush()
        _noted(work, grant, "withdrew")
    return not stands(grant.thread.thread)


def put_back(work: Work, grant: CommentGrant) -> None:
    """Undo a withdrawal. Raises Unfit when it was made too long ago."""
    withdrawn = grant.comment.withdrawn_at
    if withdrawn is None:
        return
    if work.now - withdrawn > UNDO + ON_THE_WAY:
        raise Unfit({"comment": Problem.TOO_LATE})
    grant.comment.withdrawn_at = None
    work.session.flush()
    _noted(work, grant, "put back")


def _noted(work: Work, grant: CommentGrant, done: str) -> None:
    thread, patient_id = grant.thread.thread, grant.thread.plan.patient.id
    work.record(Permission.THREAD_WRITE, f"thread:{thread.id}", patient_id, done=done, comment=grant.comment.id)
    work.touched(patient_id)
    work.board_changed(thread.plan_id, f"thread-{thread.id}")
