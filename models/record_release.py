"""Releasing a patient's record: who asked for it, what is withheld from it, what was given away, and to whom."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, current, key, user_fk
from models.plan_record import PlanRecord
from models.user import User


class RecordPreparation(Base):
    """Somebody asked for the record of a plan's patient. It ends released, or given up."""

    __tablename__ = "record_preparations"
    __table_args__ = (current("uq_record_preparations_current", "plan_id", ends="ended_at"),)

    id: Mapped[key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    asked_by: Mapped[str]
    asked_on: Mapped[date]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[user_fk]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    begun_by: Mapped[User] = relationship(foreign_keys="RecordPreparation.begun_by_id")


class RecordWithholding(Base):
    """What is not to be given away: `words` wherever they stand, or the `entry` with this id. Holds until undone."""

    __tablename__ = "record_withholdings"
    __table_args__ = (Index("ix_record_withholdings_preparation", "preparation_id", "id"),)

    id: Mapped[key]
    preparation_id: Mapped[int] = mapped_column(ForeignKey("record_preparations.id"))
    entry: Mapped[str]
    words: Mapped[str] = mapped_column(Text)
    ground: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[user_fk]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User] = relationship(foreign_keys="RecordWithholding.by_id")


class RecordRelease(PlanRecord, Base):
    """The `number`-th record of a plan that was given away. `sha256` (hex) is that of the file's bytes, `size` how many
    they are; the file itself stands in `record_release_pieces`."""

    __tablename__ = "record_releases"
    __table_args__ = (
        Index("uq_record_releases_place", "plan_id", "place", unique=True),
        UniqueConstraint("plan_id", "number"),
    )
    PURPOSE: ClassVar[str] = "record release"
    SEALED: ClassVar[tuple[str, ...]] = ("preparation_id", "number", "by_id", "at", "sha256", "size")

    preparation_id: Mapped[int] = mapped_column(ForeignKey("record_preparations.id"), unique=True)
    number: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    sha256: Mapped[str]
    size: Mapped[int]

    by: Mapped[User] = relationship()
    preparation: Mapped[RecordPreparation] = relationship()
    handovers: Mapped[list["RecordHandover"]] = relationship(order_by="RecordHandover.id")


class RecordReleasePiece(Base):
    """The `place`-th piece (from 1) of a released file, packed by gzip as one stream."""

    __tablename__ = "record_release_pieces"

    release_id: Mapped[int] = mapped_column(ForeignKey("record_releases.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class RecordHandover(Base):
    """A released record was handed over by staff: `to_whom`, and `how`. Downloads are in the audit."""

    __tablename__ = "record_handovers"
    __table_args__ = (Index("ix_record_handovers_release", "release_id", "id"),)

    id: Mapped[key]
    release_id: Mapped[int] = mapped_column(ForeignKey("record_releases.id"))
    to_whom: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[user_fk]

    by: Mapped[User] = relationship()
