"""Reaching the mail server: encrypted, signed in, and what an administrator reads when it is neither."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from jobs.smtp import SmtpServer
from tests.cli.command_line import flask, installation
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.mail.conftest import post_to
from tests.mail.server import MailServer, certify
from tests.mail.talking import Mention, waiting
from tests.personas import LENA
from tests.realtime.server_process import free_port

USER, PASSWORD = "consilium@clinic.example", "p:a/s@s #%"
Listen = Callable[..., MailServer]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return certify(tmp_path)


@pytest.fixture
def listen() -> Iterator[Listen]:
    started: list[MailServer] = []

    def start(**fields: Any) -> MailServer:
        started.append(MailServer(**fields).start())
        return started[-1]

    yield start
    for each in started:
        each.stop()


WAYS = pytest.mark.parametrize("is_tls", [True, False], ids=["smtps", "starttls"])


@WAYS
def test_mail_travels_encrypted_and_signed_in(
    app: Flask,
    clock: MovableClock,
    mention: Mention,
    listen: Listen,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_tls: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = listen(certificate=certificate, is_tls=is_tls, login=(USER, PASSWORD))
    mention("@Lena ?")
    clock.advance(seconds=16)
    post_to(app, server.url).send_due()
    assert [mail.to for mail in server.mails] == [[LENA.email]]


@WAYS
def test_nothing_is_sent_to_a_server_that_nobody_vouches_for(
    app: Flask, clock: MovableClock, mention: Mention, listen: Listen, certificate: Path, is_tls: bool
) -> None:
    server = listen(certificate=certificate, is_tls=is_tls, login=(USER, PASSWORD))
    mention("@Lena ?")
    clock.advance(seconds=16)
    post_to(app, server.url).send_due()
    assert not server.mails
    assert waiting(app) == 1


def test_a_wrong_password_leaves_everything_waiting_and_is_told_without_it(
    app: Flask, clock: MovableClock, mention: Mention, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    server = listen(login=(USER, PASSWORD))
    mention("@Lena ?")
    clock.advance(seconds=16)
    caplog.set_level(logging.WARNING, "consilium.mail")
    post_to(app, server.url.replace("%23", "x")).send_due()
    assert waiting(app) == 1
    assert [record.getMessage() for record in caplog.records if record.name == "consilium.mail"] == [
        "the mail server is away: SMTPAuthenticationError 535; next try in 15 s"
    ]
    post_to(app, server.url).send_due()
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mail.clinic.example", "must look like"),
        ("smtp://mail.clinic.example/inbox", "must look like"),
        ("smtp://mail.clinic.example?tls", "only smtp:// has an option"),
        ("smtps://mail.clinic.example?starttls", "only smtp:// has an option"),
        ("smtp://user:secret@mail.clinic.example", "a password would travel readable"),
        ("smtps://user:schl%C3%BCssel@mail.clinic.example", "plain letters"),
        ("smtp://mail.clinic.example:99999", "0-65535"),
    ],
)
def test_an_address_that_cannot_be_is_refused_at_the_start(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SmtpServer.parse(url)


def doctor(instance: Path, url: str) -> list[str]:
    with installation(instance, SMTP_URL=url) as app:
        said = flask(app, "doctor").output
    return [line for line in said.splitlines() if " mail " in line]


@both
def test_the_doctor_tries_the_server_and_says_what_is_wrong(
    instance: Path, listen: Listen, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no mail is sent" in doctor(instance, "")[0]
    plain = listen()
    assert "answers" in doctor(instance, plain.url)[0]
    assert "ConnectionRefusedError" in doctor(instance, f"smtp://127.0.0.1:{free_port()}")[0]
    secured = listen(certificate=certificate, login=(USER, PASSWORD))
    assert "SSLCertVerificationError" in doctor(instance, secured.url)[0]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert "answers" in doctor(instance, secured.url)[0]
    assert "SMTPAuthenticationError" in doctor(instance, secured.url.replace("%23", "x"))[0]
    assert not plain.mails
    assert not secured.mails


def test_the_doctor_counts_what_waits_too_long_and_warns_of_readable_mail(
    instance: Path, clock: MovableClock, mail_server: MailServer, mention: Mention
) -> None:
    clock.now = datetime.now(UTC) - timedelta(days=2)
    mention("@Lena ?")
    assert "One mail waits for more than an hour" in "\n".join(doctor(instance, mail_server.url))
    readable = "\n".join(doctor(instance, "smtp://mail.invalid"))
    assert "does not take mail: gaierror" in readable
    assert "Mails travel readable" in readable
