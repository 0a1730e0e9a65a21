"""Visits: beside when a person last looked at a board, until when they had looked before."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('patients_seen', sa.Column('since', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('patients_seen') as batch_op:
        batch_op.drop_column('since')
