"""The demo clinic: whole, believable in time, and never among other people's data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from cli.demo.load import load
from tests.conftest import settings_in


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("demo")
    app = create_app(settings_in(folder, DEMO="1", DEMO_PASSWORD="open sesame please"))
    with app.app_context():
        upgrade()
    assert load(app)
    yield app


def test_it(clinic: Flask) -> None:
    pass
