"""Settings that start and still are not right, and files that others may read."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cli.doctor.findings import Finding, fault, ok, warning
from config import Settings

SECRETS = ("secret-key", "integrity-keys", "demo-password")
FEW_LETTERS = 8
"""A secret with fewer different letters was not made by chance."""


def check(settings: Settings) -> Iterator[Finding]:
    yield from _address(settings)
    yield from _secret_key(settings)
    yield from _files(settings)


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.demo and settings.is_https:
        yield fault("settings", f"DEMO=1 at {settings.public_url}: anyone signs in as anyone.", "Set DEMO=0.")
    elif not settings.demo and not settings.is_https:
        yield warning(
            "settings",
            f"PUBLIC_URL is {settings.public_url}: only this machine can use it.",
            "Set it to the https address that people type, and put nginx in front (docs/operations.md).",
        )
    else:
        yield ok("settings", f"PUBLIC_URL is {settings.public_url}" + (", a demo." if settings.demo else "."))
    if settings.is_https and not settings.trusted_proxies:
        yield warning(
            "settings",
            "TRUSTED_PROXIES is 0: everyone seems to come from the proxy's address, and shares its sign-in throttle.",
            "Set it to the number of proxies in front, 1 for nginx on this machine.",
        )
    if settings.async_mode != "gevent":
        yield warning("settings", f"ASYNC_MODE is {settings.async_mode}: for tests only.", "Unset it.")
    if settings.log_level == "debug":
        yield warning("settings", "LOG_LEVEL is debug: slow, and it may say more than you want.", "Set it to info.")


def _secret_key(settings: Settings) -> Iterator[Finding]:
    if len(set(settings.secret_key)) < FEW_LETTERS:
        yield fault(
            "keys",
            "SECRET_KEY is guessable: sessions can be forged.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    else:
        yield ok("keys", f"SECRET_KEY has {len(settings.secret_key)} characters.")


def _files(settings: Settings) -> Iterator[Finding]:
    folder = settings.instance_dir
    open_to_others = [path for path in _kept(folder) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    secrets = [path for path in open_to_others if path.name in SECRETS]
    if secrets:
        names = " ".join(map(str, secrets))
        yield fault("files", f"Others may read {names}.", f"Run: chmod 600 {names}")
    rest = [path for path in open_to_others if path not in secrets]
    if rest and folder.stat().st_mode & stat.S_IRWXO:
        yield warning("files", f"Others may read {', '.join(path.name for path in rest)}.", f"Run: chmod 700 {folder}")
    foreign = sorted({path.name for path in _kept(folder) if path.stat().st_uid != folder.stat().st_uid})
    if foreign:
        yield warning(
            "files",
            f"{', '.join(foreign)} in {folder} belongs to another user than the folder.",
            f"Run: chown -R --reference={folder} {folder}",
        )
    if os.geteuid() not in (0, folder.stat().st_uid):
        yield warning("files", f"{folder} belongs to another user than yours.", "Run this as the server's user.")
    if not (open_to_others and (secrets or folder.stat().st_mode & stat.S_IRWXO)) and not foreign:
        yield ok("files", f"{folder} is for its owner alone.")


def _kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.endswith(".serving"))
