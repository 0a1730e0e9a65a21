"""How a comment read before it was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import select

from access.grants import Hidden, PatientGrant
from access.permissions import Permission
from models.base import db
from models.thread import Comment, CommentEdit, Thread
from models.user import User
from richtext.comments import comment_html


@dataclass(frozen=True, slots=True)
class Wording:
    """What a comment said until `until`; None: it still does."""

    html: Markup
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Wordings:
    patient_id: int
    thread_id: int
    author: str
    latest_first: Sequence[Wording]


def of(grant: PatientGrant, thread_id: int, comment_id: int) -> Wordings:
    """Raises Hidden for a comment of another thread or plan, and for one that was withdrawn."""
    row = db.session.execute(
        select(Comment.body, User.name)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(User, User.id == Comment.author_id)
        .where(
            Comment.id == comment_id,
            Thread.id == thread_id,
            Thread.plan_id == grant.plan.id,
            Comment.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise Hidden(grant.actor, Permission.THREAD_VIEW, f"comment:{comment_id}", grant.patient.id)
    former = db.session.scalars(
        select(CommentEdit).where(CommentEdit.comment_id == comment_id).order_by(CommentEdit.id.desc())
    )
    wordings = [Wording(comment_html(row.body), None), *(Wording(comment_html(each.body), each.at) for each in former)]
    return Wordings(grant.patient.id, thread_id, row.name, wordings)
