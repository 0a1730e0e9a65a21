"""Imports every noun, so that the metadata is whole for migrations and relationships."""

from models import audit, discipline, document, patient, plan, team, user

__all__ = ["audit", "discipline", "document", "patient", "plan", "team", "user"]
