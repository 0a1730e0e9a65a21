"""How often a connection may do what it does."""

import time
from collections import deque

REFUSALS_PER_MINUTE = 20


class Bucket:
    """A token bucket: `burst` at once, `rate` a second for long."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def spend(self, tokens: float) -> None:
        """Take more for what cost more. What is owed then is paid back before the next is allowed."""
        self._left = max(self._left - tokens, -self._burst)

    def wait_ms(self) -> int:
        """Milliseconds until one more is allowed."""
        return max(1, int((1 - self._left) / self._rate * 1000) + 1)


class Refusals:
    """Counts refusals of the last minute."""

    __slots__ = ("_times",)

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=REFUSALS_PER_MINUTE)

    def are_too_many(self) -> bool:
        """Count one more; whether it was the last that is put up with."""
        now = time.monotonic()
        self._times.append(now)
        return len(self._times) == REFUSALS_PER_MINUTE and now - self._times[0] < 60
