"""A unique word in every private field of Ines, whom Otto treats: wherever one of them turns up, it should be for
Otto, or where Cora (who coordinates the clinic) reads who Ines is and who cares for her.

`plant(app)` answers a Canary, whose `found_in(text)` names by `table.column` the words that a text gives away. Every
column that can hold words is private, and then planted; made of private ones; or named in PUBLIC.
"""

import base64
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import JSON, ColumnElement, Connection, FromClause, LargeBinary, String, Text, select, update

from actions import search_index
from models.base import Base, db
from models.registry import patient as _fills_the_metadata  # noqa: F401
from tests.access import canary_record, canary_rows

PRIVATE: Mapping[str, Sequence[str]] = {
    "patients": ("name", "number", "pronouns"),
    "contacts": (
        *("preferred_name", "phone", "language", "interpreter"),
        *("communication_needs", "gp", "emergency_contact"),
    ),
    "patient_statements": ("text", "told_by"),
    "patient_questions": ("text", "told_by"),
    "question_answers": ("words",),
    "alerts": ("action",),
    "care_team_members": ("function",),
    "plan_states": ("reason", "outcome", "plain_words", "call", "transferred_to"),
    "portal_accesses": ("words",),
    "desk_codes": ("name", "words"),
    "consents": ("by", "words"),
    "threads": ("quote", "before", "after", "anchor"),
    "comments": ("body",),
    "comment_edits": ("body",),
    "suggestions": ("replacement", "words"),
    "tasks": ("title", "details", "plain_text", "reason"),
    "task_changes": ("before", "after"),
    "record_preparations": ("asked_by",),
    "record_withholdings": ("words",),
    "ticks": ("words", "told_by"),
}
"""Of a patient, and written straight into Ines's rows; more is in canary_record.py."""

MADE_OF_THEM = {
    *("patients.name_key", "patients.number_key"),
    *("documents.text", "document_snapshots.text", "document_snapshots.state", "document_updates.update"),
    *("document_authorship.index", "edit_origins.runs", "version_texts.text", "plain_readings.clinical_text"),
    *("version_tasks.title", "version_tasks.plain_text", "publications.missing", "record_release_pieces.packed"),
}
"""Names as they are compared, and the live texts with their history, which are typed, and copies."""

PUBLIC = {
    *("audit_events.action", "audit_events.thing", "audit_events.outcome", "audit_events.detail", "audit_events.seal"),
    *("audit_head.seal", "disciplines.key", "disciplines.name", "disciplines.icon", "teams.name"),
    *("document_snapshots.clocks", "document_snapshots.halves", "document_snapshots.chain"),
    *("document_snapshots.digest", "document_updates.client_ids", "document_updates.digest", "documents.seal"),
    *("clinic_settings.name", "clinic_settings.timezone", "clinic_settings.team_phone", "clinic_settings.team_hours"),
    *("clinic_settings.crisis_line", "clinic_settings.emergency_number", "edit_origins.kind", "edit_origins.seal"),
    *("declined_signatures.seal", "document_authorship.chain", "document_authorship.digest"),
    *("glossary_terms.term", "glossary_terms.term_key", "glossary_terms.plain_words"),
    *("patient_answers.kind", "patient_answers.way", "patient_answers.seal", "plan_heads.last", "plan_heads.seal"),
    *("publications.seal", "publications.sha256", "signatures.seal", "signatures.sha256", "withdrawals.seal"),
    *("ticks.reason", "tasks.rhythm", "version_tasks.rhythm", "version_texts.kind", "version_texts.section_key"),
    *("plan_states.state", "patient_questions.way", "question_triages.urgency", "alerts.kind", "plain_readings.kind"),
    *("record_releases.sha256", "record_releases.seal", "record_withholdings.entry", "record_withholdings.ground"),
    *("version_texts.title", "versions.kind", "versions.seal", "versions.sha256"),
    *("portal_accesses.relation", "desk_codes.relation", "desk_codes.code_hash", "consents.kind"),
    *("letters.kind", "letters.seed", "letters.message_id"),
    *("login_sessions.token_sha256", "login_sessions.user_agent", "login_sessions.ended_reason"),
    *("notifications.kind", "notifications.message_id", "notification_settings.timezone"),
    *("section_documents.kind", "sections.key", "sections.title", "sections.icon"),
    *("sign_in_failures.email", "sign_in_failures.address", "sign_in_links.token_sha256"),
    *("tasks.priority", "tasks.state", "task_changes.kind", "threads.kind"),
    *("users.email", "users.name", "users.password_hash", "user_roles.role"),
}
"""Of no patient, the same for all, or digests; the audit never holds clinical text."""

WHO_SHE_IS = ("patients.name", "patients.number", "patients.pronouns", "care_team_members.function")
"""What coordinators read of every patient."""

NO_PAGE_YET = {"declined_signatures", "patient_answers"}
"""Tables that not even those see who may: here the one version that was declined waits no more, and the answer is to a
publication that was withdrawn. Take one out when its words are shown."""

ABOVE = {
    "plan_id": "plans",
    "thread_id": "threads",
    "question_id": "patient_questions",
    "comment_id": "comments",
    "task_id": "tasks",
    "preparation_id": "record_preparations",
}
"""What rows hang on, by the name of the column that says so."""

_WORD = re.compile(r"canary[0-9a-f]{12}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


def columns_of_words() -> set[str]:
    """Every column of the database that can hold words, as `table.column`."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String | Text | JSON | LargeBinary)
    }


def private_columns() -> set[str]:
    private = [*PRIVATE.items(), *canary_record.COLUMNS.items()]
    return {f"{table}.{column}" for table, columns in private for column in columns}


@dataclass(frozen=True)
class Canary:
    """The words by where they stand, and the id of Ines, whatever she is called by now."""

    words: Mapping[str, str]
    patient_id: int

    def found_in(self, text: str, but: Iterable[str] = ()) -> set[str]:
        """Where the words stand that a text gives away, in any case, also within base64; `but` those that its reader
        may know."""
        present = set(_WORD.findall(text.lower()))
        for run in _BASE64.findall(text):
            raw = base64.b64decode(run[: len(run) - len(run) % 4])
            present |= set(_WORD.findall(raw.decode("latin-1").lower()))
        return {name for name, word in self.words.items() if word in present} - set(but)


def word() -> str:
    return f"canary{secrets.token_hex(6)}"


def plant(app: Flask) -> Canary:
    """Fill Ines's record. Call it outside of any context, when nobody needs her by her name any more."""
    with app.app_context():
        texts = {section: word() for section in canary_rows.SECTIONS}
        ines = canary_rows.fill(app, texts)
        words = {name: word() for name in private_columns()}
        with db.engine.begin() as connection:
            _write(connection, ines, words)
        db.session.expire_all()
        canary_record.put(app, ines, words)
        search_index.catch_up(db.engine)
        db.session.remove()
    return Canary({**words, **texts}, ines)


def _write(connection: Connection, ines: int, words: Mapping[str, str]) -> None:
    for name, columns in PRIVATE.items():
        table = Base.metadata.tables[name]
        for column in columns:
            new = words[f"{name}.{column}"]
            value = canary_rows.json_of(column, new) if isinstance(table.c[column].type, JSON) else new
            values = {column: value, **({f"{column}_key": new} if f"{column}_key" in table.c else {})}
            change = update(table).where(_hers(table, ines)).values(values)
            assert connection.execute(change).rowcount > 0, name


def _hers(table: FromClause, ines: int) -> ColumnElement[bool]:
    """Which rows of a table are about Ines."""
    if table.name == "patients":
        return table.c.id == ines
    if "patient_id" in table.c:
        return table.c.patient_id == ines
    for name, owner in ABOVE.items():
        if name in table.c:
            above = Base.metadata.tables[owner]
            return table.c[name].in_(select(above.c.id).where(_hers(above, ines)))
    raise AssertionError(table.name)
