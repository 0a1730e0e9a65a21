"""Released records: who asked, what is withheld, what was given away and to whom."""

from alembic import op
import sqlalchemy as sa


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

RECORDS = ("record_releases", "record_release_pieces", "record_handovers")


def guard() -> None:
    """Let the database itself refuse to change or remove what was given away."""
    for table in RECORDS:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'what is on record is only ever added to'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION plan_records_guard()"
            )


def upgrade() -> None:
    op.create_table('record_preparations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('asked_by', sa.String(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by_id', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['begun_by_id'], ['users.id'], name=op.f('fk_record_preparations_begun_by_id_users')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_record_preparations_ended_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_record_preparations_plan_id_plans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_preparations'))
    )
    with op.batch_alter_table('record_preparations', schema=None) as batch_op:
        batch_op.create_index('uq_record_preparations_current', ['plan_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('record_withholdings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('preparation_id', sa.Integer(), nullable=False),
    sa.Column('entry', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('ground', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_record_withholdings_by_id_users')),
    sa.ForeignKeyConstraint(['preparation_id'], ['record_preparations.id'], name=op.f('fk_record_withholdings_preparation_id_record_preparations')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=op.f('fk_record_withholdings_undone_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_withholdings'))
    )
    with op.batch_alter_table('record_withholdings', schema=None) as batch_op:
        batch_op.create_index('ix_record_withholdings_preparation', ['preparation_id', 'id'], unique=False)

    op.create_table('record_releases',
    sa.Column('preparation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_record_releases_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_record_releases_plan_id_plans')),
    sa.ForeignKeyConstraint(['preparation_id'], ['record_preparations.id'], name=op.f('fk_record_releases_preparation_id_record_preparations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_releases')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_record_releases_plan_id_number')),
    sa.UniqueConstraint('preparation_id', name=op.f('uq_record_releases_preparation_id'))
    )
    with op.batch_alter_table('record_releases', schema=None) as batch_op:
        batch_op.create_index('uq_record_releases_place', ['plan_id', 'place'], unique=True)

    op.create_table('record_release_pieces',
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('packed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['release_id'], ['record_releases.id'], name=op.f('fk_record_release_pieces_release_id_record_releases')),
    sa.PrimaryKeyConstraint('release_id', 'place', name=op.f('pk_record_release_pieces'))
    )
    op.create_table('record_handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('to_whom', sa.String(), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_record_handovers_by_id_users')),
    sa.ForeignKeyConstraint(['release_id'], ['record_releases.id'], name=op.f('fk_record_handovers_release_id_record_releases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_handovers'))
    )
    with op.batch_alter_table('record_handovers', schema=None) as batch_op:
        batch_op.create_index('ix_record_handovers_release', ['release_id', 'id'], unique=False)
    guard()


def downgrade() -> None:
    for table in ("record_handovers", "record_release_pieces", "record_releases", "record_withholdings", "record_preparations"):
        op.drop_table(table)
