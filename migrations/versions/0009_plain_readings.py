"""What the team's text said when somebody last saw to the patient's text."""

from alembic import op
import sqlalchemy as sa


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plain_readings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('plain_epoch', sa.Integer(), nullable=False),
    sa.Column('plain_seq', sa.Integer(), nullable=False),
    sa.Column('clinical_epoch', sa.Integer(), nullable=False),
    sa.Column('clinical_seq', sa.Integer(), nullable=False),
    sa.Column('clinical_text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_plain_readings_by_id_users')),
    sa.ForeignKeyConstraint(['section_id'], ['sections.id'], name=op.f('fk_plain_readings_section_id_sections')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plain_readings'))
    )
    with op.batch_alter_table('plain_readings', schema=None) as batch_op:
        batch_op.create_index('ix_plain_readings_section', ['section_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('plain_readings')
