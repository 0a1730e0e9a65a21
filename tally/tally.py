"""What is counted in one process since it started.

Increments are not guarded: under gevent nothing comes between, and with threads a count may rarely miss one.
No id, name or word of a person enters here: keys are routes, codes and kinds.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial

from tally.histogram import Histogram

QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds that a commit or an edit may take."""
PAGE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds that an answer may take."""
SIZES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(slots=True)
class Edits:
    """`ack_seconds` from the arrival of an edit to its acknowledgement; `tick_size` in edits of one commit."""

    committed: int = 0
    duplicates: int = 0
    commit_seconds: Histogram = field(default_factory=partial(Histogram, *QUICK))
    ack_seconds: Histogram = field(default_factory=partial(Histogram, *QUICK))
    tick_size: Histogram = field(default_factory=partial(Histogram, *SIZES))

    def wrote(self, edits: int, seconds: float) -> None:
        """A tick's edits were committed."""
        self.committed += edits
        self.tick_size.observe(edits)
        self.commit_seconds.observe(seconds)


@dataclass(slots=True)
class Sockets:
    """`refused` by (event, error); `ended` are sockets closed with their session, by reason."""

    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    slow_readers: int = 0
    ended: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Requests:
    """`answered` by (route rule, method, status)."""

    answered: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    seconds: defaultdict[str, Histogram] = field(default_factory=lambda: defaultdict(partial(Histogram, *PAGE)))


@dataclass(slots=True)
class Tally:
    """`sign_ins` and `mails` by outcome; `limited` by the limit that refused; `database_errors` by kind."""

    edits: Edits = field(default_factory=Edits)
    sockets: Sockets = field(default_factory=Sockets)
    requests: Requests = field(default_factory=Requests)
    sign_ins: Counter[str] = field(default_factory=partial(Counter, done=0, failed=0, throttled=0, demo=0))
    mails: Counter[str] = field(default_factory=partial(Counter, sent=0, refused=0, failed=0))
    limited: Counter[str] = field(default_factory=Counter)
    database_errors: Counter[str] = field(default_factory=Counter)
