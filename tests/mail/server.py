"""A real mail server for tests: it keeps what it accepts, and says when a step of the protocol is reached."""

import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.realtime.server_process import free_port

MOMENTS = ("connected", "MAIL", "RCPT", "DATA", "received", "answered")
"""The steps, in their order; `received` comes before the server says that it accepts, `answered` right after."""


def certify(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that lasts a day, with its key, in one file."""
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        + ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    both.write_text(key.read_text() + certificate.read_text())
    return both


@dataclass
class Received:
    to: list[str]
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    @property
    def everything(self) -> str:
        """Headers and both bodies, as a reader may see them."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.message.items()), self.text, self.html])


@dataclass
class MailServer:
    """`at` is told each moment; `refuse` maps an address to the answer it gets instead of a welcome.

    With a `certificate` (a file with its key) it wants STARTTLS, or with `is_tls` TLS from the start; with a `login` of
    user and password it takes mail from them alone.
    """

    port: int = field(default_factory=free_port)
    at: Callable[[str], None] = lambda _moment: None
    refuse: dict[str, str] = field(default_factory=dict)
    mails: list[Received] = field(default_factory=list)
    certificate: Path | None = None
    is_tls: bool = False
    login: tuple[str, str] | None = None
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        who = f"{self.login[0]}:{quote(self.login[1], safe='')}@" if self.login else ""
        scheme, option = ("smtps", "") if self.is_tls else ("smtp", "?starttls" if self.certificate else "")
        return f"{scheme}://{who}127.0.0.1:{self.port}{option}"

    def start(self) -> "MailServer":
        server, context = self, None
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)

        class Listening(Controller):  # type: ignore[misc]
            def factory(self) -> SMTP:
                return _Watched(
                    server,
                    self.handler,
                    enable_SMTPUTF8=True,
                    tls_context=None if server.is_tls else context,
                    require_starttls=context is not None and not server.is_tls,
                    auth_require_tls=False,
                    authenticator=server._knows,
                )

        self._controller = Listening(
            _Handler(self), hostname="127.0.0.1", port=self.port, ssl_context=context if self.is_tls else None
        )
        self._controller.start()
        return self

    def _knows(self, _smtp: SMTP, _session: Session, _envelope: Envelope, _how: str, who: LoginPassword) -> AuthResult:
        said = (who.login.decode(), who.password.decode())
        return AuthResult(success=said == self.login, handled=False)

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[Received]:
        return [each for each in self.mails if address in each.to]


class _Watched(SMTP):  # type: ignore[misc]
    def __init__(self, server: MailServer, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._watch = server
        self._accepted = False

    async def _handle_client(self) -> None:
        self._watch.at("connected")
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        self._watch.at("DATA")
        before = len(self._watch.mails)
        await super().smtp_DATA(arg)
        if len(self._watch.mails) > before:
            self._watch.at("answered")


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(
        self, _smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._server.at("MAIL")
        if self._server.login and not session.authenticated:
            return "530 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._server.at("RCPT")
        if address in self._server.refuse:
            return self._server.refuse[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:
        content = cast(bytes, envelope.content)
        parsed = cast(EmailMessage, message_from_bytes(content, policy=default))
        self._server.mails.append(Received(list(envelope.rcpt_tos), parsed))
        self._server.at("received")
        return "250 Accepted"
