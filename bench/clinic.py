"""A clinic to measure in: the personas, and plans whose documents hold two kilobytes."""

from datetime import date
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from actions import patients
from app import create_app
from config import Settings
from livedoc import edits
from tests import personas
from tests.personas import DANA, SPINE

TEXT = "## Assessment\n\n" + "- Walks ten minutes without stopping, twice a day, and rests between the two.\n" * 26
"""2 kB, ASCII."""


def application(instance: Path) -> Flask:
    """The application over an instance folder, migrated, with nothing served."""
    app = create_app(
        Settings.from_environment(
            {"INSTANCE_DIR": str(instance), **personas.KEYS, "ASYNC_MODE": "threading", "LOG_LEVEL": "error"}
        )
    )
    with app.app_context():
        upgrade()
    return app


def settle(instance: Path, plans: int, text: str = TEXT) -> None:
    """Move in: the cast, and patients named Bench 0, Bench 1, … of Dana's team, with a text in all documents."""
    app = application(instance)
    with app.app_context():
        house = app.extensions["consilium"]
        personas.settle(house.units)
        for number in range(plans):
            who = patients.Identity(f"Bench {number}", date(1970, 1, 1), f"B-{number}")
            personas.take_in(house.units, DANA, who, SPINE)
            if text:
                fill(app, f"Bench {number}", text)
        house.shutdown()


def fill(app: Flask, patient: str, text: str = TEXT) -> None:
    """Put a text into every document of a patient's plan, through the server's own edits."""
    house = app.extensions["consilium"]
    ids = personas.documents_of(patient)
    with house.units.begin(personas.actor(DANA), ids) as work:
        for document_id in ids:
            now = house.hub.current(document_id)
            edits.replace(work, house.hub, document_id, now.epoch, now.seq, text, work.actor_id)
