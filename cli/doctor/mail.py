"""Whether mails get out: the server answers, and nothing waits for long. Nothing is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select

from cli.doctor.findings import Finding, fault, ok, warning
from config import Settings
from jobs.smtp import connect
from models.base import db
from models.letter import Letter
from models.notification import Notification

LATE = timedelta(hours=1)


def check(settings: Settings) -> Iterator[Finding]:
    server = settings.smtp
    if server is None:
        yield ok("mail", "SMTP_URL is not set: no mail is sent.")
        return
    try:
        connection = connect(server, urlsplit(settings.public_url).hostname or "localhost")
        connection.noop()
        connection.close()
    except OSError as error:
        yield fault(
            "mail",
            f"{server.host}:{server.port} does not take mail: {type(error).__name__}.",
            "Check SMTP_URL, the server, and IPAddressAllow= of the unit (docs/operations.md, Mail).",
        )
    else:
        yield ok("mail", f"{server.host}:{server.port} answers.")
    if not server.is_encrypted and not server.is_here:
        yield warning("mail", "Mails travel readable to the server.", "Add ?starttls to SMTP_URL, or use smtps://.")
    late = _late()
    if late:
        waits = "One mail waits" if late == 1 else f"{late} mails wait"
        yield warning("mail", f"{waits} for more than an hour.", "See what the log says of the mail server.")


def _late() -> int:
    before = datetime.now(UTC) - LATE
    return sum(
        db.session.scalar(
            select(func.count())
            .select_from(noun)
            .where(noun.mailed_at.is_(None), noun.refused_at.is_(None), noun.mail_after < before)
        )
        or 0
        for noun in (Letter, Notification)
    )
