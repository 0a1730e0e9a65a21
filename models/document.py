"""The live documents and their log. Nothing here knows what owns a document.

The log of a document is a chain of seals (models/seals.py): livedoc/chain.py says what each covers.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, key, user_fk
from models.user import User


class Document(Base):
    """A live text: where its log stands (`epoch`, `seq`, sealed by `seal`) and the text last taken from it (`text` as
    of `text_seq`)."""

    __tablename__ = "documents"

    id: Mapped[key]
    epoch: Mapped[int] = mapped_column(default=1)
    seq: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    text_seq: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[user_fk]
    seal: Mapped[bytes] = mapped_column(LargeBinary)

    changed_by: Mapped[User] = relationship()


class DocumentUpdate(Base):
    """One accepted edit: the bytes as they came (Yjs V1), who sent them, and the client ids they advance. `digest` is
    its seal behind the edit before."""

    __tablename__ = "document_updates"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    update: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[user_fk]
    client_ids: Mapped[list[int]]
    at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentSnapshot(Base):
    """The whole state at a `seq`, so that opening costs the snapshot plus the tail. An epoch after the first begins
    with one.

    `chain` is the seal that the next edit follows, `digest` the seal of the snapshot itself. `clocks`: client id → how
    far it is known. `halves`: client id → clocks of the second halves of surrogate pairs (livedoc/trial.py).
    """

    __tablename__ = "document_snapshots"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(Text)
    clocks: Mapped[dict[str, Any]]
    halves: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    chain: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentClient(Base):
    """Which person a client id of a document belongs to, for good. Ids from 2³² up are the server's."""

    __tablename__ = "document_clients"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    client_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[user_fk]
    at: Mapped[datetime]
