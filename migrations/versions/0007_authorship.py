"""Who wrote what: where the words of the server's edits come from, and an index of the letters of each edit.

The index is made from the log, when it is first asked for or a document is next compacted. Accepted suggestions from
before this revision stay words of those who accepted them.
"""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('edit_origins',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('runs', sa.JSON(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_edit_origins_document_id_documents')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_edit_origins_thread_id_threads')),
    sa.PrimaryKeyConstraint('document_id', 'epoch', 'seq', name=op.f('pk_edit_origins'))
    )
    op.create_table('document_authorship',
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('after', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('index', sa.LargeBinary(), nullable=False),
    sa.Column('chain', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_authorship_document_id_documents')),
    sa.PrimaryKeyConstraint('document_id', 'epoch', 'after', name=op.f('pk_document_authorship'))
    )


def downgrade() -> None:
    op.drop_table('document_authorship')
    op.drop_table('edit_origins')
