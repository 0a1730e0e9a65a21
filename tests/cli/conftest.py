"""The demo clinic, loaded once for all tests that look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from cli.demo.load import load
from models.base import db
from tests.conftest import settings_in

DEMO_PASSWORD = "open, sesame, please"


def open_app(folder: Path, **environment: str) -> Flask:
    """An application over an installation in `folder`, its database migrated."""
    app = create_app(settings_in(folder, **environment))
    with app.app_context():
        upgrade()
        db.session.remove()
    return app


def close(app: Flask) -> None:
    app.extensions["consilium"].shutdown()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loaded demo; tests that write copy it."""
    folder = tmp_path_factory.mktemp("demo")
    app = open_app(folder, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD)
    assert load(app)
    close(app)
    return folder


@pytest.fixture(scope="module")
def clinic(demo_instance: Path) -> Iterator[Flask]:
    """The application over the loaded demo; tests that write have one of their own."""
    app = open_app(demo_instance, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD)
    yield app
    close(app)


@pytest.fixture
def inside(clinic: Flask) -> Iterator[None]:
    """An application context of the demo clinic."""
    with clinic.app_context():
        yield
        db.session.remove()
