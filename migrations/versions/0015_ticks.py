"""Ticks of the patient's tasks; what matters may be written by the patient, who tells it to nobody of the staff.

Below this revision such a statement is told to whoever wrote it. Going up, what a patient's account wrote is told to
nobody again.
"""

from alembic import op
import sqlalchemy as sa


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ticks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_done', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('told_by', sa.String(), nullable=False),
    sa.Column('told_to_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_ticks_by_id_users')),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_ticks_task_id_tasks')),
    sa.ForeignKeyConstraint(['told_to_id'], ['users.id'], name=op.f('fk_ticks_told_to_id_users')),
    sa.ForeignKeyConstraint(['withdrawn_by_id'], ['users.id'], name=op.f('fk_ticks_withdrawn_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticks'))
    )
    with op.batch_alter_table('ticks', schema=None) as batch_op:
        batch_op.create_index('ix_ticks_task', ['task_id', 'day'], unique=False)
        batch_op.create_index('uq_ticks_current', ['task_id', 'day'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    with op.batch_alter_table('patient_statements', schema=None) as batch_op:
        batch_op.alter_column('told_to_id', existing_type=sa.Integer(), nullable=True)
    op.execute(
        "UPDATE patient_statements SET told_to_id = NULL WHERE told_to_id = recorded_by_id"
        " AND recorded_by_id IN (SELECT user_id FROM user_roles WHERE role = 'patient')"
    )


def downgrade() -> None:
    op.execute("UPDATE patient_statements SET told_to_id = recorded_by_id WHERE told_to_id IS NULL")
    with op.batch_alter_table('patient_statements', schema=None) as batch_op:
        batch_op.alter_column('told_to_id', existing_type=sa.Integer(), nullable=False)
    op.drop_table('ticks')
