"""Versions of a plan, and sign-off: signatures, publications and the patient's answers, which nobody changes; the rhythm of tasks."""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

RECORDS = (
    "versions",
    "version_texts",
    "version_tasks",
    "signatures",
    "declined_signatures",
    "publications",
    "missing_disciplines",
    "withdrawals",
    "patient_answers",
)


def guard() -> None:
    """Let the database itself refuse to change or remove what is on record."""
    if op.get_bind().dialect.name == "sqlite":
        for table in RECORDS:
            for verb in ("update", "delete"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'what is on record is only ever added to'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION plan_records_guard() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what is on record is only ever added to'; END $$"
    )
    for table in RECORDS:
        op.execute(
            f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION plan_records_guard()"
        )


def release() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in RECORDS:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        return
    for table in RECORDS:
        op.execute(f"DROP TRIGGER {table}_guard ON {table}")
    op.execute("DROP FUNCTION plan_records_guard()")


def upgrade() -> None:
    op.create_table('plan_heads',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('last', sa.LargeBinary(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_heads_plan_id_plans')),
    sa.PrimaryKeyConstraint('plan_id', name=op.f('pk_plan_heads'))
    )
    op.create_table('versions',
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_versions_author_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_versions_plan_id_plans')),
    sa.ForeignKeyConstraint(['statement_id'], ['patient_statements.id'], name=op.f('fk_versions_statement_id_patient_statements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_versions'))
    )
    with op.batch_alter_table('versions', schema=None) as batch_op:
        batch_op.create_index('ix_versions_plan', ['plan_id', 'kind', 'id'], unique=False)
        batch_op.create_index('uq_versions_place', ['plan_id', 'place'], unique=True)

    op.create_table('publications',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('missing', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_publications_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_publications_plan_id_plans')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_publications_version_id_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publications')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_publications_plan_id_number')),
    sa.UniqueConstraint('version_id', name=op.f('uq_publications_version_id'))
    )
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.create_index('uq_publications_place', ['plan_id', 'place'], unique=True)

    op.create_table('signatures',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('discipline_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['discipline_id'], ['disciplines.id'], name=op.f('fk_signatures_discipline_id_disciplines')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_signatures_plan_id_plans')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_signatures_user_id_users')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_signatures_version_id_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatures')),
    sa.UniqueConstraint('version_id', 'discipline_id', name=op.f('uq_signatures_version_id_discipline_id'))
    )
    with op.batch_alter_table('signatures', schema=None) as batch_op:
        batch_op.create_index('uq_signatures_place', ['plan_id', 'place'], unique=True)

    op.create_table('version_tasks',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('plain_text', sa.Text(), nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('rhythm', sa.String(), nullable=False),
    sa.Column('times_a_week', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_version_tasks_task_id_tasks')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_version_tasks_version_id_versions')),
    sa.PrimaryKeyConstraint('version_id', 'task_id', name=op.f('pk_version_tasks'))
    )
    op.create_table('version_texts',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('section_id', sa.Integer(), nullable=False),
    sa.Column('section_key', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('discipline_id', sa.Integer(), nullable=True),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['discipline_id'], ['disciplines.id'], name=op.f('fk_version_texts_discipline_id_disciplines')),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_version_texts_document_id_documents')),
    sa.ForeignKeyConstraint(['section_id'], ['sections.id'], name=op.f('fk_version_texts_section_id_sections')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_version_texts_version_id_versions')),
    sa.PrimaryKeyConstraint('version_id', 'document_id', name=op.f('pk_version_texts'))
    )
    with op.batch_alter_table('version_texts', schema=None) as batch_op:
        batch_op.create_index('ix_version_texts_document', ['document_id', 'version_id'], unique=False)

    op.create_table('declined_signatures',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('discipline_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['discipline_id'], ['disciplines.id'], name=op.f('fk_declined_signatures_discipline_id_disciplines')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_declined_signatures_plan_id_plans')),
    sa.ForeignKeyConstraint(['thread_id'], ['threads.id'], name=op.f('fk_declined_signatures_thread_id_threads')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_declined_signatures_user_id_users')),
    sa.ForeignKeyConstraint(['version_id'], ['versions.id'], name=op.f('fk_declined_signatures_version_id_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declined_signatures')),
    sa.UniqueConstraint('version_id', 'discipline_id', name=op.f('uq_declined_signatures_version_id_discipline_id'))
    )
    with op.batch_alter_table('declined_signatures', schema=None) as batch_op:
        batch_op.create_index('uq_declined_signatures_place', ['plan_id', 'place'], unique=True)

    op.create_table('missing_disciplines',
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('discipline_id', sa.Integer(), nullable=False),
    sa.Column('has_declined', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['discipline_id'], ['disciplines.id'], name=op.f('fk_missing_disciplines_discipline_id_disciplines')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_missing_disciplines_publication_id_publications')),
    sa.PrimaryKeyConstraint('publication_id', 'discipline_id', name=op.f('pk_missing_disciplines'))
    )
    op.create_table('patient_answers',
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('told_by', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_patient_answers_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_patient_answers_plan_id_plans')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_patient_answers_publication_id_publications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patient_answers'))
    )
    with op.batch_alter_table('patient_answers', schema=None) as batch_op:
        batch_op.create_index('ix_patient_answers_publication', ['publication_id', 'id'], unique=False)
        batch_op.create_index('uq_patient_answers_place', ['plan_id', 'place'], unique=True)

    op.create_table('withdrawals',
    sa.Column('publication_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('seal', sa.LargeBinary(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_withdrawals_by_id_users')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_withdrawals_plan_id_plans')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_withdrawals_publication_id_publications')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawals')),
    sa.UniqueConstraint('publication_id', name=op.f('uq_withdrawals_publication_id'))
    )
    with op.batch_alter_table('withdrawals', schema=None) as batch_op:
        batch_op.create_index('uq_withdrawals_place', ['plan_id', 'place'], unique=True)

    # Without a batch: that would make the table anew, and its triggers would be gone.
    op.add_column('tasks', sa.Column('rhythm', sa.String(), server_default='once', nullable=False))
    op.add_column('tasks', sa.Column('times_a_week', sa.Integer(), nullable=True))
    guard()



def downgrade() -> None:
    release()
    op.drop_column('tasks', 'times_a_week')
    op.drop_column('tasks', 'rhythm')

    with op.batch_alter_table('withdrawals', schema=None) as batch_op:
        batch_op.drop_index('uq_withdrawals_place')

    op.drop_table('withdrawals')
    with op.batch_alter_table('patient_answers', schema=None) as batch_op:
        batch_op.drop_index('uq_patient_answers_place')
        batch_op.drop_index('ix_patient_answers_publication')

    op.drop_table('patient_answers')
    op.drop_table('missing_disciplines')
    with op.batch_alter_table('declined_signatures', schema=None) as batch_op:
        batch_op.drop_index('uq_declined_signatures_place')

    op.drop_table('declined_signatures')
    with op.batch_alter_table('version_texts', schema=None) as batch_op:
        batch_op.drop_index('ix_version_texts_document')

    op.drop_table('version_texts')
    op.drop_table('version_tasks')
    with op.batch_alter_table('signatures', schema=None) as batch_op:
        batch_op.drop_index('uq_signatures_place')

    op.drop_table('signatures')
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.drop_index('uq_publications_place')

    op.drop_table('publications')
    with op.batch_alter_table('versions', schema=None) as batch_op:
        batch_op.drop_index('uq_versions_place')
        batch_op.drop_index('ix_versions_plan')

    op.drop_table('versions')
    op.drop_table('plan_heads')
