"""When a mail may go to a person: at once outside their quiet hours, or with the next digest of their day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.notification import ALARMS, AT_ONCE, NotificationSettings

GRACE = timedelta(seconds=15)
"""What is undone within ten seconds, and a click on its way, is never mailed."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants mail. Times are of their zone; quiet hours of no length are none."""

    timezone: str
    mails_at_once: bool = True
    mails_digest: bool = True
    digest_at: time = time(7)
    quiet_from: time = time(19)
    quiet_until: time = time(7)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def wishes_of(row: NotificationSettings | None, clinic_zone: str) -> Wishes:
    """What a person set, or what holds for whoever set nothing."""
    if row is None:
        return Wishes(clinic_zone)
    return Wishes(row.timezone, row.mails_at_once, row.mails_digest, row.digest_at, row.quiet_from, row.quiet_until)


def is_at_once(kind: str, wishes: Wishes) -> bool:
    """Whether it has a mail of its own; otherwise it joins the digest."""
    return kind in ALARMS or (kind in AT_ONCE and wishes.mails_at_once)


def mail_after(kind: str, wishes: Wishes, now: datetime) -> datetime | None:
    """From when on a mail of something that happens `now` may go; None: never."""
    if kind in ALARMS:
        return now
    if is_at_once(kind, wishes):
        return after_quiet(wishes, now + GRACE)
    return next_digest(wishes, now) if wishes.mails_digest else None


def after_quiet(wishes: Wishes, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    local = moment.astimezone(wishes.zone)
    begins, ends, at = wishes.quiet_from, wishes.quiet_until, local.time()
    if begins == ends:
        return moment
    is_quiet = begins <= at < ends if begins < ends else at >= begins or at < ends
    if not is_quiet:
        return moment
    return max(moment, _on(wishes, local.date() + timedelta(days=0 if at < ends else 1), ends))


def next_digest(wishes: Wishes, now: datetime) -> datetime:
    """The first moment after `now` at which the clock of the person's zone shows the digest's time.

    A time that a change of clocks leaves out is taken an hour later, one that comes twice the first time.
    """
    day = now.astimezone(wishes.zone).date()
    found = _on(wishes, day, wishes.digest_at)
    return found if found > now else _on(wishes, day + timedelta(days=1), wishes.digest_at)


def day_of(wishes: Wishes, moment: datetime) -> date:
    """The day of the person's calendar."""
    return moment.astimezone(wishes.zone).date()


def day_begins(wishes: Wishes, moment: datetime) -> datetime:
    """When that day began."""
    return _on(wishes, day_of(wishes, moment), time())


def _on(wishes: Wishes, day: date, at: time) -> datetime:
    return datetime.combine(day, at, wishes.zone).astimezone(UTC)
