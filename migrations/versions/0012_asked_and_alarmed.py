"""Questions of patients with their answers, and alerts with how they went further."""

from alembic import op
import sqlalchemy as sa


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

WAITING = {'sqlite_where': sa.text('answered_at IS NULL'), 'postgresql_where': sa.text('answered_at IS NULL')}
OPEN = {'sqlite_where': sa.text('acknowledged_at IS NULL'), 'postgresql_where': sa.text('acknowledged_at IS NULL')}


def upgrade() -> None:
    op.create_table('patient_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('patient_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_risk', sa.Boolean(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('told_by', sa.String(), nullable=False),
    sa.Column('told_to_id', sa.Integer(), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_patient_questions_by_id_users')),
    sa.ForeignKeyConstraint(['patient_id'], ['patients.id'], name=op.f('fk_patient_questions_patient_id_patients')),
    sa.ForeignKeyConstraint(['told_to_id'], ['users.id'], name=op.f('fk_patient_questions_told_to_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patient_questions'))
    )
    with op.batch_alter_table('patient_questions', schema=None) as batch_op:
        batch_op.create_index('ix_patient_questions_patient', ['patient_id', 'id'], unique=False)
        batch_op.create_index('ix_patient_questions_waiting', ['patient_id'], unique=False, **WAITING)

    op.create_table('question_triages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('urgency', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_question_triages_by_id_users')),
    sa.ForeignKeyConstraint(['question_id'], ['patient_questions.id'], name=op.f('fk_question_triages_question_id_patient_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_triages'))
    )
    with op.batch_alter_table('question_triages', schema=None) as batch_op:
        batch_op.create_index('ix_question_triages_question', ['question_id', 'id'], unique=False)

    op.create_table('question_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_question_answers_by_id_users')),
    sa.ForeignKeyConstraint(['question_id'], ['patient_questions.id'], name=op.f('fk_question_answers_question_id_patient_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_answers'))
    )
    with op.batch_alter_table('question_answers', schema=None) as batch_op:
        batch_op.create_index('ix_question_answers_question', ['question_id', 'id'], unique=False)

    op.create_table('question_reminders',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['patient_questions.id'], name=op.f('fk_question_reminders_question_id_patient_questions')),
    sa.PrimaryKeyConstraint('question_id', 'at', name=op.f('pk_question_reminders'))
    )

    op.create_table('alerts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('patient_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('origin_id', sa.Integer(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('raised_by_id', sa.Integer(), nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['acknowledged_by_id'], ['users.id'], name=op.f('fk_alerts_acknowledged_by_id_users')),
    sa.ForeignKeyConstraint(['patient_id'], ['patients.id'], name=op.f('fk_alerts_patient_id_patients')),
    sa.ForeignKeyConstraint(['raised_by_id'], ['users.id'], name=op.f('fk_alerts_raised_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index('ix_alerts_patient', ['patient_id', 'id'], unique=False)
        batch_op.create_index('ix_alerts_open', ['patient_id'], unique=False, **OPEN)

    op.create_table('alert_escalations',
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_alert_escalations_alert_id_alerts')),
    sa.PrimaryKeyConstraint('alert_id', 'step', name=op.f('pk_alert_escalations'))
    )

    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.add_column(sa.Column('question_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('alert_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_notifications_question_id_patient_questions'), 'patient_questions', ['question_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_notifications_alert_id_alerts'), 'alerts', ['alert_id'], ['id'])
        batch_op.create_index('ix_notifications_alert', ['alert_id'], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE question_id IS NOT NULL OR alert_id IS NOT NULL")
    with op.batch_alter_table('notifications', schema=None) as batch_op:
        batch_op.drop_index('ix_notifications_alert')
        batch_op.drop_constraint(batch_op.f('fk_notifications_alert_id_alerts'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_notifications_question_id_patient_questions'), type_='foreignkey')
        batch_op.drop_column('alert_id')
        batch_op.drop_column('question_id')
    op.drop_table('alert_escalations')
    op.drop_table('alerts')
    op.drop_table('question_reminders')
    op.drop_table('question_answers')
    op.drop_table('question_triages')
    op.drop_table('patient_questions')
