"""The server is killed between any two steps of sending mail: everything arrives, and what arrives twice is the same
message."""

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from access.grants import ClinicGrant
from access.permissions import Permission
from actions import accounts, links
from actions.accounts import AccountDetails
from models.user import Role
from tests.conftest import MovableClock
from tests.databases import address
from tests.databases.kinds import both
from tests.faults import shifted_clock
from tests.faults.shifted_server import ShiftedServer
from tests.mail.server import MOMENTS, MailServer, Received
from tests.mail.talking import Mention, reply
from tests.personas import ADAM, AINO, LENA, actor
from tests.realtime.people import eventually
from tests.realtime.server_process import ServerProcess

KILLS = {"sqlite": 50, "postgresql": 14} if os.environ.get("LONG") else {"sqlite": 10, "postgresql": 3}
UP = "up"
"""The server answers and has something to mail: whatever it does just then."""
SOME_MINUTES = timedelta(minutes=3)
"""Longer than a lease."""


@dataclass
class Death:
    """Kills the server the `count`th time that a moment of the protocol is reached."""

    server: ServerProcess
    moment: str = ""
    count: int = 0
    delay: float = 0.0
    died: Counter[str] = field(default_factory=Counter)

    def __call__(self, moment: str) -> None:
        if moment != self.moment:
            return
        self.count -= 1
        if self.count == 0:
            time.sleep(self.delay)
            self.strike()

    def strike(self) -> None:
        self.died[self.moment] += 1
        self.moment = ""
        self.server.kill()


@dataclass
class Clinic:
    """What people do meanwhile, and the clock of all."""

    app: Flask
    clock: MovableClock
    instance: Path
    mention: Mention
    invited: int = 0

    def goes_on(self) -> None:
        """Two mentions, two answers for the digest, and a letter."""
        reply(self.app, self.mention("@Aino @Ravi ?"), LENA)
        units = self.app.extensions["consilium"].units
        with self.app.app_context():
            self.invited += 1
            if self.invited % 2:
                links.ask_for_reset(units, AINO.email)
                return
            details = AccountDetails(
                f"Nils {self.invited}", f"nils{self.invited}@clinic.example", frozenset({Role.ADMIN})
            )
            with units.begin(actor(ADAM)) as work:
                accounts.create(work, ClinicGrant(actor(ADAM), Permission.ACCOUNTS_MANAGE), details)

    def wait(self, span: timedelta) -> None:
        self.clock.now += span
        shifted_clock.shift(self.instance, self.clock.now.timestamp() - time.time())

    def owes(self) -> int:
        """How many mails are due and not sent."""
        due = "mail_after <= ? AND mailed_at IS NULL"
        counts = [
            address.rows(self.instance, f"SELECT count(*) FROM {noun} WHERE {due}", self._now)[0][0]
            for noun in ("notifications", "letters")
        ]
        return sum(counts)

    @property
    def _now(self) -> object:
        on_postgresql = address.url_of(self.instance).startswith("postgresql")
        return self.clock.now if on_postgresql else f"{self.clock.now:%Y-%m-%d %H:%M:%S.%f}"


@pytest.fixture
def server(instance: Path, mail_server: MailServer) -> Iterator[ServerProcess]:
    server = ShiftedServer(instance, SMTP_URL=mail_server.url)
    yield server
    server.kill()


@pytest.mark.timeout(300 + max(KILLS.values()) * 15)
@both
def test_every_mail_arrives_and_doubles_are_the_same_message(
    app: Flask,
    clock: MovableClock,
    instance: Path,
    database: str,
    mail_server: MailServer,
    mention: Mention,
    server: ServerProcess,
) -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    kills = KILLS[database]
    clinic, death = Clinic(app, clock, instance, mention), Death(server)
    mail_server.at = death
    clock.now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    for number, moment in enumerate(_moments(rng, kills)):
        if number == kills * 2 // 3:
            _until_all_is_sent(clinic, server)
            clinic.wait(timedelta(days=1))  # by when everybody's digest is due
        clinic.goes_on()
        clinic.wait(SOME_MINUTES)
        death.moment, death.count = moment, rng.choice((1, 2)) if moment not in (UP, "connected") else 1
        death.delay = rng.uniform(0, 0.02) if moment == "answered" else 0
        _dies(server, death, rng)
    _until_all_is_sent(clinic, server)
    assert sum(death.died.values()) == kills
    _verify(instance, mail_server.mails, death.died, kills)


def _moments(rng: random.Random, kills: int) -> list[str]:
    """Each kind once before any comes again; the rarest to go wrong is among the first three."""
    moments: list[str] = []
    while len(moments) < kills:
        few = [*MOMENTS, UP]
        rng.shuffle(few)
        few.sort(key=lambda moment: moment != "received")
        moments += few
    return moments[:kills]


def _dies(server: ServerProcess, death: Death, rng: random.Random) -> None:
    """Start the server, which begins to mail at once, and wait for its end, which may come before it answers."""
    with suppress(RuntimeError):
        server.start()
    if death.moment == UP:
        time.sleep(rng.uniform(0, 0.3))
        death.strike()
    eventually(lambda: not death.moment)


def _until_all_is_sent(clinic: Clinic, server: ServerProcess) -> None:
    clinic.wait(SOME_MINUTES)
    server.start()
    eventually(lambda: clinic.owes() == 0)
    server.kill()


def _verify(instance: Path, mails: list[Received], died: Counter[str], kills: int) -> None:
    host = "127.0.0.1"
    notices = address.rows(instance, "SELECT kind, user_id, message_id FROM notifications WHERE mailed_at IS NOT NULL")
    letters = address.rows(instance, "SELECT message_id FROM letters WHERE mailed_at IS NOT NULL")
    kinds = Counter(kind for kind, _user, _message in notices)
    assert kinds["mention"] == 2 * kills
    assert len(letters) == kills
    at_once = [message for kind, _user, message in notices if kind == "mention"] + [message for (message,) in letters]
    digests = {(user, message) for kind, user, message in notices if kind != "mention"}
    assert len(set(at_once)) == 3 * kills
    assert len({message for _user, message in digests}) == len(digests) == len({user for user, _message in digests}) > 0
    by_id: dict[str, list[Received]] = defaultdict(list)
    for mail in mails:
        by_id[mail.id].append(mail)
    assert set(by_id) == {f"<{message}@{host}>" for message in [*at_once, *(message for _user, message in digests)]}
    for first, *again in by_id.values():
        for double in again:
            assert (double.to, double.subject, double.text, double.html) == (
                first.to,
                first.subject,
                first.text,
                first.html,
            )
    doubles = len(mails) - len(by_id)
    assert died["received"] <= doubles <= died["received"] + died["answered"] + died[UP]
