"""The last thing that was brought back into a plan, as its history tells it and offers to take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select

from access.grants import PatientGrant
from actions.sides import Text
from livedoc.attributed import Point
from models.base import db
from models.document import DocumentUpdate
from models.edit_origin import EditOrigin, OriginKind
from models.user import User

SHOWN_FOR = timedelta(days=7)
MOST = 40
EVER = 100_000
"""More than anybody brings back."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Who brought back words of which sections, when and why. `edits`: document → the edit; `can_undo`: the viewer may
    write in all of them."""

    by: str
    at: datetime
    reason: str
    sections: Sequence[str]
    edits: Sequence[tuple[int, Point]]
    can_undo: bool


def latest(grant: PatientGrant, of: Sequence[Text], now: datetime) -> Restored | None:
    """One statement. None when nothing was brought back lately, or a document has another history since."""
    texts = {text.document_id: text for text in of}
    told, edit = EditOrigin, DocumentUpdate
    origin = (
        select(told.document_id, told.epoch, told.seq, told.reason)
        .where(told.document_id.in_(texts), told.kind == OriginKind.RESTORE)
        .limit(EVER)  # a limit makes the database begin here: there are few of these, and many edits
        .subquery()
        .c
    )
    same = and_(edit.document_id == origin.document_id, edit.epoch == origin.epoch, edit.seq == origin.seq)
    rows = db.session.execute(
        select(origin.document_id, origin.epoch, origin.seq, origin.reason, edit.at, edit.user_id, User.name)
        .join(edit, same)
        .join(User, User.id == edit.user_id)
        .where(edit.at > now - SHOWN_FOR)
        .order_by(edit.at.desc(), origin.seq.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return None
    first = rows[0]
    one = {row.document_id: row for row in reversed(rows) if (row.at, row.user_id) == (first.at, first.user_id)}
    concerned = [texts[document_id] for document_id in one]
    if any(row.epoch != texts[document_id].now[0] for document_id, row in one.items()):
        return None
    return Restored(
        by=first.name,
        at=first.at,
        reason=first.reason,
        sections=list(dict.fromkeys(text.title for text in of if text in concerned)),
        edits=[(document_id, (row.epoch, row.seq)) for document_id, row in one.items()],
        can_undo=all(grant.may_write_for(text.owner) for text in concerned),
    )
