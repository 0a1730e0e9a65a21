"""Mails: who did what and where to look, never a word of it and no patient's name. Plain text, and simple HTML."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from actions.outbox import Parcel, Told
from models.letter import LetterKind
from models.notification import NoticeKind
from rendering import notices

MOST_LINKS = 5
"""Of one kind in a digest; the list of notices has them all."""


class Undeliverable(ValueError):
    """Nobody can be written to at such an address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mails come from. `host` completes the ids, `public_url` the links."""

    public_url: str
    host: str
    address: str
    clinic: str


@dataclass(frozen=True, slots=True)
class Group:
    """How often something happened, and where."""

    words: str
    links: tuple[str, ...]


def compose(parcel: Parcel, sender: Sender, now: datetime) -> EmailMessage:
    """The message of a parcel. Needs a request's context, for addresses. Raises Undeliverable."""
    if parcel.letter is not None:
        subject, name, about = _letter(parcel, sender)
    elif parcel.is_digest:
        subject, name, about = _digest(parcel, sender)
    else:
        subject, name, about = _notice(parcel, sender)
    message = EmailMessage(policy=SMTP)
    name_of_sender, address = parseaddr(sender.address)
    message["From"] = Address(name_of_sender or sender.clinic, addr_spec=address)
    message["To"] = _addressee(parcel)
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{parcel.message_id}@{sender.host}>"
    message["Auto-Submitted"] = "auto-generated"
    if parcel.letter is None:
        message["List-Id"] = f"{sender.clinic} <notices.{sender.host}>"
        message["List-Unsubscribe"] = f"<{_absolute(sender, url_for('mail_wishes.show'))}>"
        if not parcel.is_digest:
            message["In-Reply-To"] = message["References"] = _discussion(parcel.notices[0], sender)
    data = {"clinic": sender.clinic, "settings": _absolute(sender, url_for("mail_wishes.show")), **about}
    message.set_content(_fill(f"{name}.txt", data))
    message.add_alternative(_fill(f"{name}.html", {**data, "subject": subject}), subtype="html")
    return message


def _addressee(parcel: Parcel) -> Address:
    """Checked, for what is written to a wrong address may reach somebody else."""
    try:
        return Address(parcel.name, addr_spec=parcel.email)
    except Exception as error:  # noqa: BLE001  (the library's own parser meets words that it trips over)
        raise Undeliverable(type(error).__name__) from None


def _fill(name: str, data: dict[str, Any]) -> str:
    templates = current_app.jinja_env.overlay(trim_blocks=True, lstrip_blocks=True)
    return templates.get_template(f"mail/{name}").render(**data).strip() + "\n"


def _absolute(sender: Sender, path: str) -> str:
    return sender.public_url + path


def _discussion(told: Told, sender: Sender) -> str:
    """What all mails about one discussion or task refer to, so that they stand together."""
    about = f"thread.{told.thread_id}" if told.thread_id is not None else f"task.{told.task_id}"
    if told.alert_id is not None or told.question_id is not None:
        about = f"alert.{told.alert_id}" if told.alert_id is not None else f"question.{told.question_id}"
    return f"<{about}@{sender.host}>"


def _link(told: Told, sender: Sender) -> str:
    return _absolute(sender, notices.place(told.kind, told.patient_id, told.thread_id, told.task_id))


def _notice(parcel: Parcel, sender: Sender) -> tuple[str, str, dict[str, Any]]:
    told = parcel.notices[0]
    sentence = notices.sentence(told.kind, told.by)
    return sentence, "notice", {"sentence": sentence, "link": _link(told, sender)}


def _digest(parcel: Parcel, sender: Sender) -> tuple[str, str, dict[str, Any]]:
    counts = Counter(told.kind for told in parcel.notices)
    groups = []
    for kind, count in sorted(counts.items()):
        links = dict.fromkeys(_link(told, sender) for told in parcel.notices if told.kind is kind)
        groups.append(Group(_counted(kind, count), tuple(links)[:MOST_LINKS]))
    subject = ngettext("One thing waits for you", "%(num)d things wait for you", len(parcel.notices))
    return subject, "digest", {"groups": groups, "all": _absolute(sender, url_for("notices.index"))}


def _counted(kind: NoticeKind, count: int) -> str:
    said = {
        NoticeKind.MENTION: ngettext("You were mentioned once", "You were mentioned %(num)d times", count),
        NoticeKind.ASSIGNMENT: ngettext("One task for you", "%(num)d tasks for you", count),
        NoticeKind.REPLY: ngettext("One answer in a discussion", "%(num)d answers in discussions", count),
        NoticeKind.QUESTION: ngettext("One question to you", "%(num)d questions to you", count),
        NoticeKind.CONFLICT: ngettext("One conflict of sections", "%(num)d conflicts of sections", count),
        NoticeKind.SUGGESTION: ngettext("One suggestion to you", "%(num)d suggestions to you", count),
        NoticeKind.ANSWER: ngettext("One suggestion answered", "%(num)d suggestions answered", count),
        NoticeKind.TASK_ENDED: ngettext("One task of yours ended", "%(num)d tasks of yours ended", count),
        NoticeKind.TO_SIGN: ngettext("One plan to sign", "%(num)d plans to sign", count),
        NoticeKind.DECLINED: ngettext("One signature declined", "%(num)d signatures declined", count),
        NoticeKind.PUBLISHED: ngettext("One plan published", "%(num)d plans published", count),
        NoticeKind.WITHDRAWN: ngettext("One plan withdrawn", "%(num)d plans withdrawn", count),
        NoticeKind.PATIENT_ANSWER: ngettext("One answer to a plan", "%(num)d answers to plans", count),
        NoticeKind.PATIENT_QUESTION: ngettext("One question of a patient", "%(num)d questions of patients", count),
        NoticeKind.URGENT_QUESTION: ngettext("One urgent question", "%(num)d urgent questions", count),
        NoticeKind.LATE_QUESTION: ngettext("One question still waits", "%(num)d questions still wait", count),
        NoticeKind.ALERT: ngettext("One alert", "%(num)d alerts", count),
        NoticeKind.LATE_ALERT: ngettext("One alert still waits", "%(num)d alerts still wait", count),
        NoticeKind.ALERT_ELSEWHERE: ngettext("One alert still waits", "%(num)d alerts still wait", count),
    }
    return str(said[kind])


def _letter(parcel: Parcel, sender: Sender) -> tuple[str, str, dict[str, Any]]:
    link = _absolute(sender, url_for("sign_in.welcome", token=parcel.token))
    if parcel.letter is LetterKind.INVITATION:
        subject = _("Your account at %(clinic)s", clinic=sender.clinic)
    else:
        subject = _("A new password for %(clinic)s", clinic=sender.clinic)
    return subject, "letter", {"link": link, "is_invitation": parcel.letter is LetterKind.INVITATION}
