"""Takes a version of each plan that was changed and then left alone for half an hour."""

from datetime import timedelta

from flask import Flask

from actions import automatic_versions
from actions.unit_of_work import Units

EVERY = timedelta(minutes=5)
MOST = 20
"""Versions of one round: after long absence, or a first start over old plans, writing goes on between the rounds."""


def take(app: Flask, units: Units) -> int:
    """How many were taken; each in its own unit of work. Raises DatabaseBusy, or what an absent database raises."""
    with app.app_context():
        waiting = automatic_versions.due(units.clock())
        return sum(automatic_versions.take(units, plan_id) for plan_id in waiting[:MOST])
