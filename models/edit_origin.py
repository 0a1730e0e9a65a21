"""Where the words of an edit that the server made for somebody come from, and an index of who wrote what."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class OriginKind(StrEnum):
    SUGGESTION = "suggestion"
    """The person of the edit accepted words of another."""
    RESTORE = "restore"
    """The person of the edit brought former words back."""


class EditOrigin(Base):
    """An edit whose words are others': of a suggestion (`thread_id`) or of a former state (`reason`: why they came
    back). `seal` stands behind the edit's own.

    `runs`: whose each inserted letter is, in the order of the edit's clocks, as `[length, user id, at, epoch, seq]`:
    UTF-16 units, when it was first written (ISO 8601) and by which edit; `[length]` alone is the edit's own.
    """

    __tablename__ = "edit_origins"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    reason: Mapped[str] = mapped_column(Text)
    runs: Mapped[list[Any]] = mapped_column(JSON)
    seal: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentAuthorship(Base):
    """Which edit wrote each letter and which took it away, for the edits after `after` up to `seq` of an epoch
    (livedoc/authorship.py). Made from the log, at any time again; nothing is signed by it.

    `chain` is the seal of the last of these edits, `digest` the row's own.
    """

    __tablename__ = "document_authorship"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    index: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
