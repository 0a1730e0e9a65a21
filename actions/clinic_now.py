"""The clinic's settings as everything reads them: pages, mails, escalation and the rules of publishing."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import db
from models.clinic import ClinicSettings, GlossaryTerm

KNOWN_FOR = 60.0
"""Seconds after which the settings are read again, in case another process changed them."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """What holds now. Texts that nobody set are empty; `timezone` is a name that zoneinfo knows."""

    name: str
    timezone: str
    team_phone: str = ""
    team_hours: str = ""
    emergency_number: str = ""
    crisis_line: str = ""
    escalation_minutes: int = 60
    escalation_working_days: int = 1

    @property
    def missing(self) -> Sequence[str]:
        """The fields of the emergency block that nobody has set."""
        return [name for name in EMERGENCY_BLOCK if not getattr(self, name)]

    @property
    def is_ready_for_publishing(self) -> bool:
        """Whether patients will know whom to call: without it no plan is published."""
        return not self.missing


EMERGENCY_BLOCK = ("emergency_number", "crisis_line", "team_phone", "team_hours")


def latest(session: Session) -> ClinicSettings | None:
    """The row that holds, with its witness."""
    return session.scalars(select(ClinicSettings).order_by(ClinicSettings.id.desc()).limit(1)).one_or_none()


def read(session: Session, unset: Clinic) -> Clinic:
    """The settings as the database has them; `unset` as long as nobody has set any."""
    columns = [getattr(ClinicSettings, each.name) for each in fields(Clinic)]
    row = session.execute(select(*columns).order_by(ClinicSettings.id.desc()).limit(1)).one_or_none()
    return Clinic(*row) if row is not None else unset


def read_glossary(session: Session) -> Mapping[str, str]:
    """Term → plain words, of those that hold."""
    query = select(GlossaryTerm.term, GlossaryTerm.plain_words).where(GlossaryTerm.until.is_(None))
    return {row.term: row.plain_words for row in session.execute(query)}


@dataclass(slots=True)
class ClinicNow:
    """Answers settings and glossary without asking the database for every page: once, after a change, and once a
    minute.

    `unset` is what the installation's own settings say; it holds until an administrator sets the clinic's.
    """

    unset: Clinic = Clinic("Consilium", "UTC")
    monotonic: Callable[[], float] = time.monotonic
    _known: Clinic | None = None
    _words: Mapping[str, str] = field(default_factory=dict)
    _until: float = field(default=0.0)

    def __call__(self) -> Clinic:
        if self._known is None or self.monotonic() >= self._until:
            session = db.session()
            self._words, self._known = read_glossary(session), read(session, self.unset)
            self._until = self.monotonic() + KNOWN_FOR
        return self._known

    def glossary(self) -> Mapping[str, str]:
        """The clinic's plain words by term."""
        self()
        return self._words

    @property
    def last(self) -> Clinic:
        """As they were known last: for while the database is away."""
        return self._known or self.unset

    def forget(self) -> None:
        """They have changed."""
        self._known = None
