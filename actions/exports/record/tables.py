"""Which tables the full record tells of, in order, and how their rows are a patient's. A new table of a patient joins
here or in LEFT_OUT: a test looks for those that are in neither."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Column, ColumnElement, Table, select

from models.base import Base

TOLD: Sequence[str] = (
    *("patients", "contacts", "patient_statements", "consents", "portal_accesses"),
    *("care_team_members", "responsible_clinicians", "involvements"),
    *("plans", "sections", "section_documents", "documents"),
    *("versions", "version_texts", "version_tasks", "plan_states"),
    *("tasks", "task_changes", "threads", "comments", "comment_edits", "mentions", "suggestions", "task_origins"),
    "ticks",
    *("signatures", "declined_signatures", "publications", "missing_disciplines", "withdrawals", "patient_answers"),
    *("patient_questions", "question_triages", "question_answers", "question_reminders", "alerts", "alert_escalations"),
    *("record_preparations", "record_withholdings", "record_releases", "record_handovers"),
    *("plain_readings", "edit_origins", "plan_heads", "audit_events"),
)
"""Each behind those it refers to. A part has the name of its table."""

THE_CLINICS_OWN = frozenset({"record_withholdings"})
"""Told in the clinic's own file alone."""

LEFT_OUT: Mapping[str, str] = {
    "desk_codes": "ways in, with hashes of secrets",
    "document_authorship": "made of the history",
    "document_clients": "made of the history",
    "document_snapshots": "made of the history",
    "document_updates": "told as the part history",
    "notifications": "say that something is there, which is told itself",
    "record_release_pieces": "files that were given away, kept as they were",
    "patients_seen": "since when something is new to somebody",
    "thread_reads": "how far somebody read",
}
"""Tables of a patient that are not told, and why."""

OF_THE_CLINIC = frozenset(
    {
        *("audit_head", "clinic_settings", "disciplines", "glossary_terms", "teams", "memberships", "users"),
        *("user_roles", "login_sessions", "sign_in_links", "sign_in_failures", "letters", "notification_settings"),
    }
)
"""Of no patient."""

LEFT_OUT_COLUMNS = frozenset(
    {"patients.name_key", "patients.number_key", "audit_events.session_id", "publications.missing"}
)
"""Made for searching, of no use outside, or told as rows of their own: words within JSON within JSON stand there as
nobody would look for them."""


def table(name: str) -> Table:
    return Base.metadata.tables[name]


@cache
def way(name: str) -> tuple[Column[int], str] | None:
    """By which column a table's rows hang on which told table; None for `patients` itself."""
    if name == "patients":
        return None
    if name == "documents":
        return table("documents").c.id, "section_documents"
    before = TOLD[: TOLD.index(name)]
    columns = [
        (column, key.column.table.name)
        for column in table(name).columns
        for key in column.foreign_keys
        if key.column.table.name in before and (not column.nullable or key.column.table.name == "patients")
    ]
    return min(columns, key=lambda row: TOLD.index(row[1]))


def of(name: str, patient_id: int) -> ColumnElement[bool]:
    """Which rows of a told table are a patient's."""
    found = way(name)
    if found is None:
        return table("patients").c.id == patient_id
    column, above = found
    parent = table(above)
    if above == "patients":
        return column == patient_id
    key = parent.c.document_id if name == "documents" else parent.c.id
    return column.in_(select(key).where(of(above, patient_id)))
