"""The clinic's calendar."""

from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import get_timezone

from blueprints.doors import units


def today() -> date:
    """Today on the clinic's calendar."""
    return units().clock().astimezone(ZoneInfo(str(get_timezone()))).date()
