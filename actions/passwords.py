"""Passwords: which are accepted, and their argon2id hashes."""

from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from gevent import get_hub
from gevent.monkey import is_module_patched

MIN_LENGTH = 12
MAX_LENGTH = 256

_hasher = PasswordHasher()
_absent = _hasher.hash("no account has this password")
_COMMON = ("password", "passwort", "qwerty", "letmein", "welcome", "consilium", "123456", "abcdef", "iloveyou")

T = TypeVar("T")


class WeakPassword(ValueError):
    """A password that is refused; `args[0]` is a code: short, long, obvious or personal."""


def check_strength(password: str, *, email: str, name: str) -> None:
    """Raise WeakPassword unless the password is long enough and not one that others would try first."""
    lowered = password.casefold()
    if len(password) < MIN_LENGTH:
        raise WeakPassword("short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("long")
    if len(set(lowered)) < 5 or any(lowered.startswith(word) and len(lowered) < len(word) + 8 for word in _COMMON):
        raise WeakPassword("obvious")
    personal = [email.casefold(), email.split("@")[0].casefold(), *name.casefold().split()]
    if any(len(part) > 3 and part in lowered and len(lowered) < len(part) + 8 for part in personal):
        raise WeakPassword("personal")


def hash_password(password: str) -> str:
    """The argon2id hash, with its parameters, as one string."""
    return _off_the_loop(lambda: _hasher.hash(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes as long when there is none, so that time tells nothing."""

    def verify() -> bool:
        try:
            return _hasher.verify(stored or _absent, password[: MAX_LENGTH + 1]) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False

    return _off_the_loop(verify)


def _off_the_loop(work: Callable[[], T]) -> T:
    """Run in a native thread when greenlets share this one: a hash takes longer than the loop may stand still."""
    if is_module_patched("threading"):
        return get_hub().threadpool.apply(work)  # type: ignore[no-any-return]
    return work()
