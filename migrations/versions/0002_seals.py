"""Seals: the audit and the documents' logs become chains; rows that exist are sealed as they stand."""

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from flask import current_app

from livedoc import states
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Entry
from livedoc.replica import Replica
from models.audit import AuditEvent, AuditHead
from models.seals import Seals

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

AUDIT_GUARD_SQLITE = """
CREATE TRIGGER audit_events_no_{verb} BEFORE {verb} ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are only ever added'); END
"""

AUDIT_GUARD_POSTGRESQL = (
    "CREATE TRIGGER audit_events_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_events_guard()"
)

ROWS = 1000
"""Rows read at once."""

BYTES, MOMENT = sa.LargeBinary(), sa.DateTime(timezone=True)
EVENTS = sa.table(
    "audit_events",
    *map(sa.column, ("id", "actor_id", "session_id", "action", "thing", "patient_id", "outcome")),
    sa.column("at", MOMENT),
    sa.column("detail", sa.JSON()),
    sa.column("seal", BYTES),
)
HEAD = sa.table("audit_head", sa.column("id"), sa.column("count"), sa.column("seal", BYTES))
DOCUMENTS = sa.table("documents", *map(sa.column, ("id", "epoch", "seq")), sa.column("seal", BYTES))
UPDATES = sa.table(
    "document_updates",
    *map(sa.column, ("document_id", "epoch", "seq", "user_id")),
    sa.column("update", BYTES),
    sa.column("client_ids", sa.JSON()),
    sa.column("at", MOMENT),
    sa.column("digest", BYTES),
)
SNAPSHOTS = sa.table(
    "document_snapshots",
    *map(sa.column, ("document_id", "epoch", "seq", "text")),
    sa.column("state", BYTES),
    sa.column("clocks", sa.JSON()),
    sa.column("halves", sa.JSON()),
    sa.column("at", MOMENT),
    sa.column("chain", BYTES),
    sa.column("digest", BYTES),
)


def guard_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(AUDIT_GUARD_SQLITE.format(verb=verb))
    else:
        op.execute(AUDIT_GUARD_POSTGRESQL)


def release_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_events_no_{verb}")
    else:
        op.execute("DROP TRIGGER audit_events_guard ON audit_events")


def upgrade() -> None:
    release_audit()
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    with op.batch_alter_table("document_snapshots") as table:
        table.add_column(sa.Column("clocks", sa.JSON(), nullable=True))
        table.add_column(sa.Column("halves", sa.JSON(), nullable=True))
        table.add_column(sa.Column("chain", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("digest", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("audit_events") as table:
        table.add_column(sa.Column("seal", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("seal", sa.LargeBinary(), nullable=True))
    seals = current_app.extensions["consilium"].seals
    seal_audit(seals)
    seal_documents(Chain(seals))
    with op.batch_alter_table("audit_events") as table:
        table.alter_column("seal", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("documents") as table:
        table.alter_column("seal", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("document_updates") as table:
        table.alter_column("digest", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("document_snapshots") as table:
        table.alter_column("clocks", existing_type=sa.JSON(), nullable=False)
        table.alter_column("halves", existing_type=sa.JSON(), nullable=False)
        table.alter_column("chain", existing_type=sa.LargeBinary(), nullable=False)
        table.alter_column("digest", existing_type=sa.LargeBinary(), nullable=False)
    guard_audit()


def seal_audit(seals: Seals) -> None:
    """Chain the audit rows; ids close up, since they are places in the chain from now on."""
    bind = op.get_bind()
    head = AuditHead(id=1, count=0, seal=BEGINNING)
    after = 0
    while rows := bind.execute(sa.select(EVENTS).where(EVENTS.c.id > after).order_by(EVENTS.c.id).limit(ROWS)).all():
        for row in rows:
            known = {name: getattr(row, name) for name in ("actor_id", "session_id", "action", "thing", "patient_id")}
            event = AuditEvent(at=aware(row.at), outcome=row.outcome, detail=row.detail, **known)
            head.append(event, seals)
            bind.execute(sa.update(EVENTS).where(EVENTS.c.id == row.id).values(id=event.id, seal=event.seal))
        after = rows[-1].id
    bind.execute(sa.insert(HEAD).values(id=1, count=head.count, seal=head.seal))


def seal_documents(chain: Chain) -> None:
    bind = op.get_bind()
    for document in bind.execute(sa.select(DOCUMENTS.c.id, DOCUMENTS.c.epoch, DOCUMENTS.c.seq)).all():
        last = BEGINNING
        for epoch in range(1, document.epoch + 1):
            last = seal_epoch(chain, document.id, epoch, last)
        seal = chain.head(last, document.id, document.epoch, document.seq)
        bind.execute(sa.update(DOCUMENTS).where(DOCUMENTS.c.id == document.id).values(seal=seal))


def seal_epoch(chain: Chain, document_id: int, epoch: int, last: bytes) -> bytes:
    """Seal the edits and snapshots of one epoch behind the last edit before it; answers the last seal."""
    bind = op.get_bind()
    query = sa.select(SNAPSHOTS).where(SNAPSHOTS.c.document_id == document_id, SNAPSHOTS.c.epoch == epoch)
    snapshots = {row.seq: row for row in bind.execute(query)}
    after = min(snapshots) if snapshots and epoch > 1 else 0
    if after:
        seal_snapshot(chain, snapshots[after], last)
    query = sa.select(UPDATES).where(UPDATES.c.document_id == document_id, UPDATES.c.epoch == epoch)
    while rows := bind.execute(query.where(UPDATES.c.seq > after).order_by(UPDATES.c.seq).limit(ROWS)).all():
        for row in rows:
            entry = Entry(document_id, epoch, row.seq, row.update, row.user_id, row.client_ids, (), aware(row.at))
            last = chain.update(last, entry)
            bind.execute(
                sa.update(UPDATES)
                .where(UPDATES.c.document_id == document_id, UPDATES.c.epoch == epoch, UPDATES.c.seq == row.seq)
                .values(digest=last)
            )
            if row.seq in snapshots:
                seal_snapshot(chain, snapshots[row.seq], last)
        after = rows[-1].seq
    return last


def seal_snapshot(chain: Chain, row: sa.Row, last: bytes) -> None:
    known = states.of(Replica([row.state]))
    snapshot = replace(known, state=row.state).at(row.document_id, row.epoch, row.seq, aware(row.at))
    op.get_bind().execute(
        sa.update(SNAPSHOTS)
        .where(
            SNAPSHOTS.c.document_id == row.document_id, SNAPSHOTS.c.epoch == row.epoch, SNAPSHOTS.c.seq == row.seq
        )
        .values(text=snapshot.text, clocks=snapshot.clocks, halves=snapshot.halves, chain=last, digest=chain.snapshot(last, snapshot))
    )


def aware(moment: datetime) -> datetime:
    """SQLite keeps moments of UTC without their zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def downgrade() -> None:
    release_audit()
    with op.batch_alter_table("document_updates") as table:
        table.alter_column("digest", existing_type=sa.LargeBinary(), nullable=True)
    op.execute("UPDATE document_updates SET digest = NULL")
    with op.batch_alter_table("documents") as table:
        table.drop_column("seal")
    with op.batch_alter_table("audit_events") as table:
        table.drop_column("seal")
    with op.batch_alter_table("document_snapshots") as table:
        for column in ("clocks", "halves", "chain", "digest"):
            table.drop_column(column)
    op.drop_table("audit_head")
    guard_audit()
