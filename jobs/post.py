"""Sends what the outbox has due: claim, send, mark. Killed between any two of these, the next one sends it again."""

import logging
import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask

from actions import outbox
from actions.outbox import Parcel
from actions.unit_of_work import Units
from jobs.smtp import SmtpServer, connect
from models.outage import AWAY
from models.write_gate import DatabaseBusy
from rendering.mails import Sender, Undeliverable, compose
from tally.tally import Tally

T = TypeVar("T")

log = logging.getLogger("consilium.mail")

PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=5)
"""How long a server that is away is left alone, at first and later."""
NOT_DELIVERABLE, FAILED = 553, 451
"""Codes as a server would answer where it is not asked."""


class Post:
    """`send_due` sends everything that is due now. One at a time calls it."""

    def __init__(self, app: Flask, units: Units, server: SmtpServer, sender: Sender, tally: Tally) -> None:
        self._app = app
        self._units = units
        self._server = server
        self._sender = sender
        self._tally = tally
        self._pause = PAUSE
        self._away_until: datetime | None = None

    def send_due(self) -> None:
        now = self._units.clock()
        if self._away_until is not None and now < self._away_until <= now + self._pause:
            return
        try:
            if self._in_context(lambda: outbox.is_due(self._units.clock())):
                self._send_all()
        except (*AWAY, DatabaseBusy) as error:
            log.warning("mails wait for the database: %s", type(error).__name__)

    def _send_all(self) -> None:
        try:
            connection = connect(self._server, self._sender.host)
        except OSError as error:  # smtplib's errors are its children
            self._is_away(error)
            return
        self._pause, self._away_until = PAUSE, None
        try:
            while parcel := self._in_context(lambda: outbox.claim(self._units)):
                if not self._send(connection, parcel):
                    return
        finally:
            _hang_up(connection)

    def _send(self, connection: smtplib.SMTP, parcel: Parcel) -> bool:
        """Whether the connection may carry the next one."""
        try:
            message = self._in_context(lambda: self._compose(parcel))
            connection.send_message(message, to_addrs=[parcel.email])
        except (*AWAY, DatabaseBusy):  # composing looks up the clinic's name
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()), (0, b""))[0]
            return self._not_taken(parcel, code)
        except (Undeliverable, smtplib.SMTPNotSupportedError):  # the latter: letters that this server does not know
            return self._not_taken(parcel, NOT_DELIVERABLE)
        except smtplib.SMTPSenderRefused as error:
            self._in_context(lambda: outbox.release(self._units, parcel))
            self._is_away(error)  # it would refuse all others too
            return False
        except smtplib.SMTPResponseException as error:
            return self._not_taken(parcel, error.smtp_code)
        except OSError as error:
            self._in_context(lambda: outbox.release(self._units, parcel))
            self._is_away(error)
            return False
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one message must not hold up the others)
            log.error("a mail to person %d cannot be sent", parcel.user_id, exc_info=error)
            return self._not_taken(parcel, FAILED)
        self._in_context(lambda: outbox.mark_mailed(self._units, parcel))
        self._tally.mails["sent"] += 1
        return True

    def _compose(self, parcel: Parcel) -> EmailMessage:
        """In the name of the clinic as it is called now."""
        return compose(parcel, replace(self._sender, clinic=self._units.clinic().name), self._units.clock())

    def _not_taken(self, parcel: Parcel, code: int) -> bool:
        """This message alone: for good with a code of 500 and above, else for now."""
        is_final = code >= 500
        log.warning(
            "a mail to person %d was refused with %d, %s", parcel.user_id, code, "for good" if is_final else "for now"
        )
        settle = outbox.mark_refused if is_final else outbox.release
        self._in_context(lambda: settle(self._units, parcel))
        self._tally.mails["refused" if is_final else "failed"] += 1
        return True

    def _is_away(self, error: OSError) -> None:
        self._tally.mails["failed"] += 1
        self._away_until = self._units.clock() + self._pause
        log.warning("the mail server is away: %s; next try in %d s", _why(error), self._pause.total_seconds())
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _in_context(self, work: Callable[[], T]) -> T:
        """With an own session of the database, and addresses as PUBLIC_URL has them."""
        with self._app.test_request_context("/", base_url=self._sender.public_url):
            return work()


def sender_of(public_url: str, mail_from: str, clinic_name: str) -> Sender:
    host = urlsplit(public_url).hostname or "localhost"
    return Sender(public_url, host, mail_from, clinic_name)


def _why(error: OSError) -> str:
    """What went wrong, without what a server echoes back: that may hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _hang_up(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except OSError:
        connection.close()
