"""After a database was put back: nobody's old history may merge into it, and nobody's old session may enter it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, update

from actions.unit_of_work import Work
from livedoc import epochs
from livedoc.chain import Chain
from models.document import Document
from models.letter import Letter
from models.notification import Notification
from models.portal import DeskCode
from models.user import LoginSession, SignInLink

ENDED_REASON = "restored"
"""Why a session ended, in its row. Nobody is connected then who could be told."""
_EPOCHS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a restore changed: documents under a new epoch, sessions ended, one-time links made void."""

    documents: int
    sessions: int
    links: int


def fresh_epoch(work: Work, elsewhere: int = 0) -> int:
    """A number that no document ever had: above those here, above `elsewhere`, and not below the minutes since 2020,
    so that restoring one backup twice, on two machines, gives two numbers."""
    here = work.session.scalar(select(func.max(Document.epoch))) or 0
    minutes = int((work.now - _EPOCHS_SINCE).total_seconds() // 60)
    return max(here, elsewhere, minutes) + 1


def renew(work: Work, epoch: int, origin: str, damaged: Iterable[int] = ()) -> Renewed:
    """Put every document under `epoch`, end all sessions, make unused one-time links and codes of the desk void, let
    nothing be mailed that waited, and record it.

    A link that was used since the backup would open an account again. `damaged` documents go on from their last good
    state. `origin` says in the audit row what was restored. Raises livedoc's Damaged, naming another document.
    """
    connection, chain = work.session.connection(), Chain(work.seals)
    repaired = [document_id for document_id in damaged if _repair(work, chain, document_id)]
    documents = epochs.begin_all(connection, chain, epoch, work.now)
    ended = work.session.execute(
        update(LoginSession)
        .where(LoginSession.ended_at.is_(None))
        .values(ended_at=work.now, ended_reason=ENDED_REASON)
        .returning(LoginSession.id)
    ).all()
    void = work.session.execute(
        update(SignInLink)
        .where(SignInLink.used_at.is_(None), SignInLink.expires_at > work.now)
        .values(expires_at=work.now)
        .returning(SignInLink.id)
    ).all()
    work.session.execute(update(DeskCode).where(DeskCode.expires_at > work.now).values(expires_at=work.now))
    for noun in (Letter, Notification):  # some of it was mailed since the backup
        work.session.execute(update(noun).where(noun.mailed_at.is_(None)).values(mail_after=None))
    renewed = Renewed(documents, len(ended), len(void))
    work.record(
        "restore",
        "database",
        origin=origin,
        epoch=epoch,
        documents=renewed.documents,
        sessions=renewed.sessions,
        links=renewed.links,
        repaired=repaired,
    )
    return renewed


def _repair(work: Work, chain: Chain, document_id: int) -> bool:
    """Whether a document needed it: what is wrong may lie in a history that a later epoch replaced."""
    try:
        epochs.repair(work.session.connection(), chain, document_id, work.now)
    except epochs.Sound:
        return False
    return True
