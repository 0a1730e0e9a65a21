"""How a person wants mail: looked up, and changed by themselves."""

from sqlalchemy.orm import Session

from access.permissions import Permission
from actions import outbox
from actions.mail_times import Wishes, wishes_of
from actions.unit_of_work import Work
from models.notification import NotificationSettings


def current(session: Session, user_id: int, clinic_zone: str) -> Wishes:
    return wishes_of(session.get(NotificationSettings, user_id), clinic_zone)


def change(work: Work, wishes: Wishes) -> None:
    """The acting person wants mail so from now on; what waits already follows."""
    row = work.session.get(NotificationSettings, work.actor_id)
    if row is None:
        row = NotificationSettings(user_id=work.actor_id)
        work.session.add(row)
    row.mails_at_once, row.mails_digest = wishes.mails_at_once, wishes.mails_digest
    row.digest_at, row.timezone = wishes.digest_at, wishes.timezone
    row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
    row.changed_at = work.now
    outbox.plan_anew(work, work.actor_id, wishes)
    work.record(Permission.ACCOUNT_OWN, f"user:{work.actor_id}", change="notices by mail")
