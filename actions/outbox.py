"""The outbox: what is due to be mailed, claimed before it is sent and marked when a server has it.

A claim is a lease: a conditional update that fixes the message's id. Whoever dies between two steps leaves a lease that
runs out, and the next one sends the same message, with the same id.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from access.hearing import may_hear, reads_for_the_dead
from access.sessions import token_digest
from actions import mail_times
from actions.mail_times import Wishes, wishes_of
from actions.unit_of_work import Units, Work
from models.alert import Alert
from models.base import db
from models.letter import Letter, LetterKind
from models.notification import ALARMS, NoticeKind, Notification, NotificationSettings
from models.thread import Comment
from models.user import Role, User

LEASE = timedelta(minutes=2)
"""Longer than sending one message may take."""
RETRY = timedelta(minutes=1)
"""After a failure; what has waited for longer is tried less often."""
RARELY = timedelta(hours=1)
DIGEST = "digest."
"""How the ids of digests begin."""

Row = Notification | Letter
NOUNS: tuple[type[Row], ...] = (Letter, Notification)
IS_ALARM = Notification.kind.in_(ALARMS)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as mail may speak of it. `by` is None for whoever is not named, patients among them."""

    kind: NoticeKind
    by: str | None
    patient_id: int
    thread_id: int | None
    task_id: int | None
    question_id: int | None = None
    alert_id: int | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to one person: a notice, a digest of some, or a letter with its token. `message_id` is the part
    before the host's name."""

    message_id: str
    user_id: int
    name: str
    email: str
    notices: tuple[Told, ...] = ()
    letter: LetterKind | None = None
    token: str = ""

    @property
    def is_digest(self) -> bool:
        return self.message_id.startswith(DIGEST)

    @property
    def is_alarm(self) -> bool:
        return any(each.kind in ALARMS for each in self.notices)


def is_due(now: datetime) -> bool:
    """Whether anything may be sent now."""
    return any(db.session.scalar(select(noun.id).where(_due(noun, now)).limit(1)) for noun in NOUNS)


def claim(units: Units) -> Parcel | None:
    """The next message, leased to whoever asked; None when nothing is due."""
    with units.begin(None) as work:
        return _next_notice(work, IS_ALARM) or _next_letter(work) or _next_notice(work)


def mark_mailed(units: Units, parcel: Parcel) -> None:
    """A server has accepted the message."""
    _close(units, parcel, "mailed_at")


def mark_refused(units: Units, parcel: Parcel) -> None:
    """No server will ever accept it for this person."""
    _close(units, parcel, "refused_at")


def release(units: Units, parcel: Parcel) -> None:
    """It could not be sent now. It is tried again, as the same message."""
    with units.begin(None) as work:
        for noun in NOUNS:
            since = work.session.scalar(select(func.min(noun.mail_after)).where(_of(noun, parcel)))
            seldom = min(RARELY, max(RETRY, (work.now - (since or work.now)) / 4))
            again = work.now + (RETRY if parcel.is_alarm else seldom)
            work.session.execute(update(noun).where(_of(noun, parcel)).values(claimed_until=again))


def plan_anew(work: Work, user_id: int, wishes: Wishes) -> None:
    """A person changed how they want mail: what waits, and was never tried, follows it."""
    waiting = select(Notification).where(
        Notification.user_id == user_id,
        Notification.mail_after.is_not(None),
        Notification.mailed_at.is_(None),
        Notification.message_id.is_(None),
    )
    for notice in work.session.scalars(waiting):
        notice.mail_after = mail_times.mail_after(notice.kind, wishes, work.now)


def _due(noun: type[Row], now: datetime) -> ColumnElement[bool]:
    return and_(noun.mailed_at.is_(None), noun.mail_after <= now, noun.refused_at.is_(None), _free(noun, now))


def _free(noun: type[Row], now: datetime) -> ColumnElement[bool]:
    return or_(noun.claimed_until.is_(None), noun.claimed_until <= now)


def _of(noun: type[Row], parcel: Parcel) -> ColumnElement[bool]:
    return and_(noun.message_id == parcel.message_id, noun.mailed_at.is_(None))


def _close(units: Units, parcel: Parcel, witness: str) -> None:
    with units.begin(None) as work:
        for noun in NOUNS:
            values = {witness: work.now, "claimed_until": None}
            work.session.execute(update(noun).where(_of(noun, parcel)).values(values))


def _next_letter(work: Work) -> Parcel | None:
    query = select(Letter).options(joinedload(Letter.user), joinedload(Letter.link)).where(_due(Letter, work.now))
    while letter := work.session.scalars(query.order_by(Letter.mail_after, Letter.id).limit(1)).unique().first():
        token = _token(work, letter)
        if token is None:
            letter.mail_after = None
            work.session.flush()
            continue
        message_id = letter.message_id or f"letter.{letter.id}.{secrets.token_hex(8)}"
        if _lease(work, Letter, Letter.id == letter.id, message_id):
            user = letter.user
            return Parcel(message_id, user.id, user.name, user.email, letter=LetterKind(letter.kind), token=token)
    return None


def _token(work: Work, letter: Letter) -> str | None:
    """The token of a link that still opens, or None; also for somebody to whom nothing is sent after a death."""
    link = letter.link
    if work.session.scalar(select(reads_for_the_dead(letter.user_id))):
        return None
    if link.used_at is not None or link.expires_at <= work.now or letter.user.disabled_at is not None:
        return None
    return next((each for each in work.mailing.tokens(letter.seed) if token_digest(each) == link.token_sha256), None)


def _next_notice(work: Work, *which: ColumnElement[bool]) -> Parcel | None:
    query = (
        select(Notification, User, NotificationSettings, _is_news())
        .join(User, User.id == Notification.user_id)
        .outerjoin(NotificationSettings, NotificationSettings.user_id == User.id)
        .where(_due(Notification, work.now), *which)
        .order_by(Notification.mail_after, Notification.id)
        .limit(1)
    )
    while found := work.session.execute(query).unique().first():
        notice, user, row, is_news = found
        wishes = wishes_of(row, work.clinic().timezone)
        if not is_news:
            notice.mail_after = None
            work.session.flush()
        elif _is_digest(notice, wishes):
            if parcel := _digest(work, user, wishes, notice):
                return parcel
        elif notice.kind not in ALARMS and (later := mail_times.after_quiet(wishes, work.now)) > work.now:
            notice.mail_after = later
            work.session.flush()
        else:
            message_id = notice.message_id or f"notice.{notice.id}.{secrets.token_hex(8)}"
            if _lease(work, Notification, Notification.id == notice.id, message_id):
                return Parcel(message_id, user.id, user.name, user.email, (_told(notice),))
    return None


def _is_news() -> ColumnElement[bool]:
    """Not seen meanwhile, not taken back, and of a patient whose record the person still reads. An alert is news, seen
    or not, until it is on record what was done."""
    withdrawn = exists().where(Comment.id == Notification.comment_id, Comment.withdrawn_at.is_not(None))
    is_open = exists().where(Alert.id == Notification.alert_id, Alert.acknowledged_at.is_(None))
    unseen = and_(Notification.seen_at.is_(None), not_(withdrawn.correlate(Notification)))
    return and_(may_hear(), case((IS_ALARM, is_open.correlate(Notification)), else_=unseen))


def _is_digest(notice: Notification, wishes: Wishes) -> bool:
    """What was sent once keeps its form."""
    if notice.message_id is not None:
        return notice.message_id.startswith(DIGEST)
    return not mail_times.is_at_once(notice.kind, wishes)


def _digest(work: Work, user: User, wishes: Wishes, first: Notification) -> Parcel | None:
    """All that waits for the person's digest, in one message a day. None: nothing of it goes now."""
    if first.message_id is not None:
        message_id, which = first.message_id, Notification.message_id == first.message_id
    else:
        day = mail_times.day_of(wishes, work.now)
        if not wishes.mails_digest or _had_digest(work.session, user.id, wishes, work.now):
            first.mail_after = mail_times.next_digest(wishes, work.now) if wishes.mails_digest else None
            work.session.flush()
            return None
        message_id = f"{DIGEST}{user.id}.{day:%Y%m%d}.{secrets.token_hex(8)}"
        alone = [kind for kind in NoticeKind if mail_times.is_at_once(kind, wishes)]
        which = and_(
            Notification.user_id == user.id,
            Notification.message_id.is_(None),
            Notification.kind.not_in(alone),
            _is_news(),
        )
    _lease(work, Notification, which, message_id)
    query = (
        select(Notification)
        .where(Notification.message_id == message_id, Notification.mailed_at.is_(None), _is_news())
        .order_by(Notification.id)
    )
    notices = tuple(_told(each) for each in work.session.scalars(query).unique())
    return Parcel(message_id, user.id, user.name, user.email, notices) if notices else None


def _had_digest(session: Session, user_id: int, wishes: Wishes, now: datetime) -> bool:
    """Whether the person had today's digest, or has one on its way."""
    on_its_way = and_(Notification.mailed_at.is_(None), Notification.refused_at.is_(None))
    query = select(Notification.id).where(
        Notification.user_id == user_id,
        Notification.message_id.startswith(DIGEST),
        Notification.mail_after.is_not(None),
        or_(on_its_way, Notification.mailed_at >= mail_times.day_begins(wishes, now)),
    )
    return session.scalar(query.limit(1)) is not None


def _lease(work: Work, noun: type[Row], which: ColumnElement[bool], message_id: str) -> bool:
    """Take what is still free; whether there was any."""
    taken = work.session.execute(
        update(noun)
        .where(which, _due(noun, work.now))
        .values(claimed_until=work.now + LEASE, message_id=message_id)
        .returning(noun.id)
    ).all()
    return bool(taken)


def _told(notice: Notification) -> Told:
    by = notice.by.name if notice.by is not None and Role.PATIENT not in notice.by.roles else None
    about = notice.thread_id, notice.task_id, notice.question_id, notice.alert_id
    return Told(NoticeKind(notice.kind), by, notice.patient_id, *about)
