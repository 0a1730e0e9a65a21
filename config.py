"""Settings of one installation, from the environment, checked before anything starts."""

import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from jobs.smtp import SmtpServer

ROOT = Path(__file__).resolve().parent
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


class ConfigError(click.ClickException):
    """A setting that cannot work; `str()` is one line for the person who set it, which every `flask` command shows."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that an installation decides. `from_environment` documents each name."""

    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    integrity_keys: Mapping[int, bytes]
    public_url: str
    port: int
    metrics_port: int | None
    connections_per_person: int
    instance_dir: Path
    demo: bool
    demo_password: str | None
    clinic_name: str
    timezone: str
    log_level: str
    async_mode: str
    trusted_proxies: int
    smtp: SmtpServer | None
    mail_from: str

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def origins(self) -> frozenset[str]:
        """Origins a browser of ours may have: that of PUBLIC_URL, and in demo mode both names of this machine."""
        parts = urlsplit(self.public_url)
        own = {f"{parts.scheme}://{parts.netloc}"}
        if self.demo:
            own |= {f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"}
        return frozenset(own)

    @property
    def cookie_name(self) -> str:
        """Cookies ignore ports, so two installations on one host need two names."""
        port = urlsplit(self.public_url).port
        return "__Host-consilium" if self.is_https else f"consilium-{port or 80}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the settings. Raises ConfigError.

        DATABASE_URL   where the data are: sqlite:///… or postgresql://…; default SQLite in INSTANCE_DIR
        SECRET_KEY     signs cookies, 32 characters or more; default one kept in INSTANCE_DIR
        SECRET_KEY_FALLBACKS  former SECRET_KEYs whose cookies still hold, with commas; default the file's other lines
        INTEGRITY_KEYS "1:secret,2:secret", each of 32 characters or more, that seal the audit and the documents' logs;
                       the highest number seals, all verify; default one kept in INSTANCE_DIR
        PUBLIC_URL     the address people type; default http://localhost:PORT
        PORT           port on 127.0.0.1; default 8000
        METRICS_PORT   port on 127.0.0.1 for Prometheus, at /metrics; unset: no metrics
        CONNECTIONS_PER_PERSON  open sockets one person may have; default 100, and 2000 in a demo that many share
        INSTANCE_DIR   folder for database, secret and demo password; default `instance`
        DEMO           1: demo clinic and persona cards; 0 or unset: a real clinic, empty at first
        DEMO_PASSWORD  password of the demo accounts; default one made when the demo is loaded
        CLINIC_NAME    the clinic's name until an administrator sets it; default "Consilium"
        CLINIC_TIMEZONE  the zone that times are shown in until an administrator sets it; default Europe/Vienna
        LOG_LEVEL      debug, info, warning or error; default info
        ASYNC_MODE     gevent (served) or threading (tests and the development server); default gevent
        SMTP_URL       the clinic's mail server, smtp://user:password@host:587?starttls or smtps://…; unset: no mail
        MAIL_FROM      whom mails come from; default consilium@ the name in PUBLIC_URL
        TRUSTED_PROXIES  how many proxies stand in front, each adding to X-Forwarded-For; default 0: none is believed
        """
        env = os.environ if environ is None else environ
        port = _port("PORT", env.get("PORT", "") or "8000")
        demo = _flag("DEMO", env.get("DEMO", ""))
        instance_dir = Path(env.get("INSTANCE_DIR", "") or ROOT / "instance").resolve()
        _writable(instance_dir)
        _single_process(env)
        public_url = _public_url(env.get("PUBLIC_URL", "") or f"http://localhost:{port}")
        secret_keys = _secret_keys(env.get("SECRET_KEY", ""), env.get("SECRET_KEY_FALLBACKS", ""), instance_dir)
        return cls(
            database_url=_database_url(env.get("DATABASE_URL", ""), instance_dir),
            secret_key=secret_keys[0],
            secret_key_fallbacks=secret_keys[1:],
            integrity_keys=_integrity_keys(env.get("INTEGRITY_KEYS", ""), instance_dir),
            public_url=public_url,
            port=port,
            connections_per_person=_connections(env.get("CONNECTIONS_PER_PERSON", ""), demo),
            metrics_port=_metrics_port(env.get("METRICS_PORT", ""), port),
            instance_dir=instance_dir,
            demo=demo,
            demo_password=env.get("DEMO_PASSWORD") or None,
            clinic_name=env.get("CLINIC_NAME", "") or "Consilium",
            timezone=_zone(env.get("CLINIC_TIMEZONE", "") or "Europe/Vienna"),
            log_level=_choice("LOG_LEVEL", env.get("LOG_LEVEL", "") or "info", "debug", "info", "warning", "error"),
            async_mode=_choice("ASYNC_MODE", env.get("ASYNC_MODE", "") or "gevent", "gevent", "threading"),
            trusted_proxies=_proxies(env.get("TRUSTED_PROXIES", "") or "0"),
            smtp=_smtp(env.get("SMTP_URL", "")),
            mail_from=_mail_from(env.get("MAIL_FROM", ""), public_url),
        )


def _port(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= 65535:
        raise ConfigError(f"{name} must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def _metrics_port(value: str, port: int) -> int | None:
    if not value:
        return None
    if _port("METRICS_PORT", value) == port:
        raise ConfigError(f"METRICS_PORT must be another port than PORT, {port}: the pages are served there.")
    return int(value)


def _connections(value: str, demo: bool) -> int:
    if not value:
        return 2000 if demo else 100
    if not (value.isascii() and value.isdigit()) or int(value) < 1:
        raise ConfigError(f"CONNECTIONS_PER_PERSON must be a number from 1 on, not {value!r}.")
    return int(value)


def _proxies(value: str) -> int:
    if not value.isdigit() or int(value) > 9:
        raise ConfigError(f"TRUSTED_PROXIES must be the number of proxies in front, 0 to 9, not {value!r}.")
    return int(value)


def _smtp(value: str) -> SmtpServer | None:
    if not value:
        return None
    try:
        return SmtpServer.parse(value)
    except ValueError as error:
        raise ConfigError(f"SMTP_URL cannot be used: {error}.") from None


def _mail_from(value: str, public_url: str) -> str:
    value = value or f"consilium@{(urlsplit(public_url).hostname or '').encode('idna').decode()}"
    address = parseaddr(value)[1]
    if not re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.:-]+", address, re.ASCII) or not value.isprintable():
        raise ConfigError(f"MAIL_FROM must be an address like consilium@clinic.example, not {value!r}.")
    return value


def _flag(name: str, value: str) -> bool:
    if value not in ("", "0", "1"):
        raise ConfigError(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def _choice(name: str, value: str, *allowed: str) -> str:
    if value not in allowed:
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"CLINIC_TIMEZONE must name a time zone such as Europe/Vienna, not {value!r}.") from error
    return value


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ConfigError(f"PUBLIC_URL must look like https://plan.clinic.example, not {value!r}.")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ConfigError("PUBLIC_URL must be https: without it passwords and plans travel readable.")
    return value.rstrip("/")


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"INSTANCE_DIR {folder} cannot be written: {reason}. Change it or its rights.") from error


def _database_url(value: str, instance_dir: Path) -> str:
    if not value:
        return f"sqlite:///{instance_dir / 'consilium.db'}"
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return value


def _secret_keys(value: str, fallbacks: str, instance_dir: Path) -> tuple[str, ...]:
    """The key that signs, then those that still verify: from the settings, or from the lines of a file."""
    source = "SECRET_KEY"
    former = [each.strip() for each in fallbacks.split(",") if each.strip()]
    if value:
        found = [value, *former]
    else:
        file = instance_dir / "secret-key"
        source = str(file)
        found = [*_kept(file, lambda: secrets.token_urlsafe(48)).split(), *former]
    if not found:
        raise ConfigError(f"{source} holds no usable secret; delete it to have a new one made.")
    if any(len(each) < 32 for each in found):
        raise ConfigError(f"{source} needs 32 characters or more, and so do SECRET_KEY_FALLBACKS.")
    return tuple(found)


def _integrity_keys(value: str, instance_dir: Path) -> Mapping[int, bytes]:
    """Keys by number, from pairs as in the setting, or from the lines `number secret` of a file."""
    source = "INTEGRITY_KEYS"
    pairs = [pair.partition(":")[::2] for pair in value.split(",")]
    if not value:
        file = instance_dir / "integrity-keys"
        source = str(file)
        kept = _kept(file, lambda: f"1 {secrets.token_urlsafe(48)}")
        pairs = [line.partition(" ")[::2] for line in kept.splitlines() if line.strip()]
    keys: dict[int, bytes] = {}
    for number, secret in pairs:
        if not number.strip().isdigit() or not 1 <= int(number) <= 255 or int(number) in keys:
            raise ConfigError(f"{source}: each key needs a number of its own, from 1 to 255, before it.")
        if len(secret.strip()) < 32:
            raise ConfigError(f"{source}: key {number.strip()} needs 32 characters or more.")
        keys[int(number)] = secret.strip().encode()
    if not keys:
        raise ConfigError(f"{source} holds no key.")
    return keys


def _kept(file: Path, make: Callable[[], str]) -> str:
    """What a file of secrets holds; made on first start, for this user alone to read."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        try:
            return file.read_text().strip()
        except OSError as error:
            raise ConfigError(f"{file} cannot be read: {error.strerror}. Run this as the server's user.") from error
    made = make()
    with os.fdopen(handle, "w") as opened:
        opened.write(made + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    return made


def _single_process(env: Mapping[str, str]) -> None:
    workers = env.get("WEB_CONCURRENCY", "") or "1"
    if workers != "1":
        raise ConfigError("WEB_CONCURRENCY must be 1: one process serves all boards of this installation.")
