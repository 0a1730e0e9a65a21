"""The clinic's settings and glossary."""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clinic_settings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('timezone', sa.String(), nullable=False),
    sa.Column('team_phone', sa.String(), nullable=False),
    sa.Column('team_hours', sa.String(), nullable=False),
    sa.Column('emergency_number', sa.String(), nullable=False),
    sa.Column('crisis_line', sa.String(), nullable=False),
    sa.Column('escalation_minutes', sa.Integer(), nullable=False),
    sa.Column('escalation_working_days', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_clinic_settings_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_settings'))
    )
    op.create_table('glossary_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('term', sa.String(), nullable=False),
    sa.Column('term_key', sa.String(), nullable=False),
    sa.Column('plain_words', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_glossary_terms_by_id_users')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['users.id'], name=op.f('fk_glossary_terms_ended_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_glossary_terms'))
    )
    with op.batch_alter_table('glossary_terms', schema=None) as batch_op:
        batch_op.create_index(
            'uq_glossary_terms_current', ['term_key'], unique=True,
            sqlite_where=sa.text('until IS NULL'), postgresql_where=sa.text('until IS NULL'),
        )


def downgrade() -> None:
    op.drop_table('glossary_terms')
    op.drop_table('clinic_settings')
