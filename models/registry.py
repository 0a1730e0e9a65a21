"""Imports every noun, so that the metadata is whole for migrations and relationships."""

from models import (
    audit,
    clinic,
    discipline,
    document,
    edit_origin,
    letter,
    notification,
    patient,
    plain_reading,
    plan,
    publication,
    task,
    team,
    thread,
    user,
    version,
)

__all__ = [
    "audit",
    "clinic",
    "discipline",
    "document",
    "edit_origin",
    "letter",
    "notification",
    "patient",
    "plain_reading",
    "plan",
    "publication",
    "task",
    "team",
    "thread",
    "user",
    "version",
]
