"""The clinic's mail server: its address as one setting, and a connection to it."""

import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0
"""Seconds that any one step of the server's may take."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`is_tls`: encrypted from the start; `starts_tls`: once connected. Without a user nobody logs in."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    starts_tls: bool = False

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """From `smtp://user:password@host:587?starttls` or `smtps://user:password@host`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("it must look like smtp://user:password@mail.clinic.example:587?starttls")
        if parts.query not in ("", "starttls") or (parts.query and parts.scheme == "smtps"):
            raise ValueError("only smtp:// has an option, and that is ?starttls")
        is_tls = parts.scheme == "smtps"
        port = parts.port or (465 if is_tls else 587 if parts.query else 25)
        found = cls(
            parts.hostname,
            port,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            is_tls,
            parts.query == "starttls",
        )
        if not (found.user + found.password).isascii():
            raise ValueError("user and password may have plain letters, digits and signs only")
        if found.user and not found.is_encrypted and not found.is_here:
            raise ValueError("a password would travel readable: add ?starttls, or begin it with smtps://")
        return found

    @property
    def is_encrypted(self) -> bool:
        return self.is_tls or self.starts_tls

    @property
    def is_here(self) -> bool:
        return self.host in LOOPBACK


def connect(server: SmtpServer, own_name: str) -> smtplib.SMTP:
    """A connection that may send. Raises OSError, smtplib.SMTPException included. `own_name` greets the server."""
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.is_tls:
        connection = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=own_name, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=own_name, timeout=TIMEOUT)
    try:
        if server.starts_tls:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection
