"""States of a plan: active, paused, discharged, transferred, ended by death."""

from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plan_states',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('plain_words', sa.Text(), nullable=False),
    sa.Column('call', sa.Text(), nullable=False),
    sa.Column('transferred_to', sa.Text(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_plan_states_by_id_users')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_plan_states_ended_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_states_plan_id_plans')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_plan_states_version_id_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_states'))
    )
    with op.batch_alter_table('plan_states', schema=None) as batch_op:
        batch_op.create_index('ix_plan_states_plan', ['plan_id', 'id'], unique=False)
        batch_op.create_index('uq_plan_states_current', ['plan_id'], unique=True, sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'))


def downgrade() -> None:
    op.drop_table('plan_states')
