"""How often anything may happen: one table of limits, and the bucket that holds them.

The numbers are far above what a person does, so that only programs meet them. Failed sign-ins are counted in the
database instead of here, because they must outlive a restart.
"""

import ipaddress
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import NoReturn

Now = Callable[[], float]
"""Seconds of a clock that nobody sets back."""

KEYS = 10_000
"""How many sessions or addresses one limit remembers."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` every `seconds` for long, and `burst` at once (`count` unless it says otherwise). The name has no ids."""

    name: str
    count: float
    seconds: float = 1.0
    burst: float = 0.0

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def most(self) -> float:
        return self.burst or self.count


EVENTS = Limit("socket events", 50, burst=100)
CARETS = Limit("carets", 10)
FRAMES = Limit("frames of a socket", 500, burst=5000)
TOO_MANY_EVENTS = Limit("answers of busy", 5, burst=200)
REFUSALS = Limit("refusals", 20, 60, burst=19)
"""Of one socket. An event too much is answered `busy`, a caret dropped; the twentieth refusal hangs up, and so do
frames without end, and `busy` to somebody who never waits."""

POLLS = Limit("polls of a socket", 100, burst=300)
"""Requests of one socket that has no WebSocket: a poll for each batch it hears, and one for each event it sends."""

REQUESTS_OF_SESSION = Limit("requests of a session", 40, burst=2000)
REQUESTS_OF_ADDRESS = Limit("requests of an address", 60, burst=1200)
"""Of whoever is signed in, by session; of others by address. Static files are not counted. A board takes some 30."""

LINKS_OF_ADDRESS = Limit("one-time links", 60, 60)
RESETS_OF_ADDRESS = Limit("password resets of an address", 20, 600)
RESETS_OF_EMAIL = Limit("password resets of an email", 3, 3600)
"""What is too much for an email is answered like the rest, and not mailed."""
DESK_CODES_OF_ADDRESS = Limit("desk codes of an address", 20, 600)
DESK_CODES = Limit("desk codes", 2, burst=300)
"""Tries of all addresses together: a code has 35 bits, and whoever guesses may have many addresses."""
DEMO_SIGN_INS = Limit("demo sign-ins", 10, burst=600)
DEMO_COLLEAGUES = Limit("demo colleagues", 6, 60)

FAILURES_OF_EMAIL = Limit("failed sign-ins of an email", 5, 300)
FAILURES_OF_ADDRESS = Limit("failed sign-ins of an address", 50, 300)
"""Kept in the database: so many within so many seconds, then wait."""


def handshakes_of_person(connections: int) -> Limit:
    """Of someone who may have so many sockets open: all of them may come back twice at once, then twice a minute."""
    return Limit("handshakes of a person", 2 * connections, 60)


def handshakes_of_address(connections: int) -> Limit:
    """A clinic shares one address: after a restart everybody in it comes back at once."""
    return Limit("handshakes of an address", 20 * connections, 60)


class TooMany(Exception):
    """A limit was met; one more is allowed in `seconds`, 1 or more."""

    def __init__(self, limit: str, wait: float) -> None:
        super().__init__(limit)
        self.limit = limit
        self.seconds = max(1, ceil(wait))


class Bucket:
    """A token bucket over one limit."""

    __slots__ = ("_at", "_burst", "_left", "_now", "_rate")

    def __init__(self, limit: Limit, now: Now = time.monotonic) -> None:
        self._rate = limit.rate
        self._burst = self._left = limit.most
        self._now = now
        self._at = now()

    def take(self) -> bool:
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def spend(self, tokens: float) -> None:
        """Take more for what cost more. What is owed then is paid back before the next is allowed."""
        self._left = max(self._left - tokens, -self._burst)

    def wait(self) -> float:
        """Seconds until one more is allowed."""
        return max(0.0, (1 - self._left) / self._rate)

    def wait_ms(self) -> int:
        return int(self.wait() * 1000) + 1

    def is_full(self, now: float) -> bool:
        """Whether it is as good as a new one."""
        return self._left + (now - self._at) * self._rate >= self._burst


class Buckets:
    """A bucket for each key. Idle keys are forgotten, and past `keys` the one that was idle longest."""

    def __init__(self, limit: Limit, now: Now, keys: int = KEYS) -> None:
        self._limit = limit
        self._now = now
        self._most = keys
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Zero when it is allowed, else the seconds until it is."""
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket(self._limit, self._now)
            self._buckets.move_to_end(key)
            allowed = bucket.take()
            self._forget()
        return 0.0 if allowed else max(bucket.wait(), 0.001)

    def _forget(self) -> None:
        """Two at a time, so that no request pays for a crowd of them."""
        now = self._now()
        for _ in range(2):
            oldest = next(iter(self._buckets.values()))
            if len(self._buckets) <= self._most and not (len(self._buckets) > 1 and oldest.is_full(now)):
                return
            self._buckets.popitem(last=False)


class Limiter:
    """All limits that are kept by session or address. `counts` tells how often each refused."""

    def __init__(self, counts: Counter[str], now: Now = time.monotonic) -> None:
        self._counts = counts
        self._now = now
        self._buckets: dict[Limit, Buckets] = {}

    def take(self, limit: Limit, key: str) -> None:
        """Once more for this key. Raises TooMany."""
        buckets = self._buckets.get(limit)
        if buckets is None:
            buckets = self._buckets.setdefault(limit, Buckets(limit, self._now))
        wait = buckets.take(key)
        if wait:
            self.refuse(limit.name, wait)

    def refuse(self, limit: str, seconds: float) -> NoReturn:
        """Count a refusal and raise TooMany; for limits that are no bucket's."""
        self._counts[limit] += 1
        raise TooMany(limit, seconds)


def neighbourhood(address: str) -> str:
    """An address as limits see it: with IPv6 the network of 64 bits, of which one household has all."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
    return str(found)
