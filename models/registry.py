"""Imports every noun, so that the metadata is whole for migrations and relationships."""

from models import audit, discipline, document, letter, notification, patient, plan, task, team, thread, user

__all__ = [
    "audit",
    "discipline",
    "document",
    "letter",
    "notification",
    "patient",
    "plan",
    "task",
    "team",
    "thread",
    "user",
]
