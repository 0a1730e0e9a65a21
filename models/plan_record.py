"""What is put on record about a plan for good: rows that no one changes, sealed in one chain per plan.

Versions, signatures, publications and answers of one plan follow each other in the order they were made; the head
says how many there are. A row that is changed, missing or moved breaks the chain where it stands.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from models.base import Base, key
from models.seals import Field, Seals


class PlanRecord:
    """A row at `place` (from 1) of its plan's chain. `SEALED` names what the seal covers beside plan, place and id, in
    an order that never changes; a column that comes later joins at the end of a list under another `PURPOSE`."""

    __tablename__: str
    PURPOSE: ClassVar[str]
    SEALED: ClassVar[tuple[str, ...]]

    id: Mapped[key]
    place: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    @declared_attr
    @classmethod
    def plan_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("plans.id"))

    def sealed_fields(self) -> tuple[Field, ...]:
        named = (_plain(getattr(self, name)) for name in self.SEALED)
        return (self.plan_id, self.place, self.id, *named)


class PlanHead(Base):
    """How many records a plan has, and the seal of the last. `seal` follows it, so that a count cannot be set back
    without the key."""

    __tablename__ = "plan_heads"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    count: Mapped[int]
    last: Mapped[bytes] = mapped_column(LargeBinary)
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    PURPOSE: ClassVar[str] = "plan head"

    def append(self, record: PlanRecord, seals: Seals) -> None:
        """Give a record (with its id) its place behind the last, and seal it and the head."""
        self.count += 1
        record.place = self.count
        record.seal = seals.link(record.PURPOSE, self.last, *record.sealed_fields())
        self.last = record.seal
        self.seal = seals.link(self.PURPOSE, self.last, self.plan_id, self.count)


def _plain(value: object) -> Field:
    """A value as a seal takes it; moments in UTC to the microsecond."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (int, str, bytes)):
        return value
    raise TypeError(f"no seal covers a {type(value).__name__}")
