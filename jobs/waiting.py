"""Lets alerts go further that nobody took care of in time, and reminds of questions that wait too long."""

from datetime import timedelta

from flask import Flask

from actions import escalations, question_reminders
from actions.unit_of_work import Units

EVERY = timedelta(seconds=15)
MOST = 50
"""Of one round: after a long absence pages are answered between the rounds."""


def take_care(app: Flask, units: Units) -> int:
    """How many were told of again; each in its own unit of work. Raises DatabaseBusy, or what an absent database
    raises."""
    with app.app_context():
        now, clinic = units.clock(), units.clinic()
        alerts, asked = escalations.due(now, clinic), question_reminders.due(now, clinic)
        steps = sum(escalations.take_step(units, alert_id) for alert_id in alerts[:MOST])
        return steps + sum(question_reminders.remind(units, question_id) for question_id in asked[:MOST])
