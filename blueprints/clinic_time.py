"""The clinic as pages show it, and its calendar."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import g

from actions.clinic_now import Clinic
from blueprints.doors import units


def the_clinic() -> Clinic:
    """The clinic's settings; while the database is away, as they were known last."""
    return units().clinic.last if g.get("database_is_away") else units().clinic()


def timezone() -> str:
    """The one zone that times are shown in."""
    return the_clinic().timezone


def today() -> date:
    """Today on the clinic's calendar."""
    return units().clock().astimezone(ZoneInfo(timezone())).date()
