"""Commands as an administrator gives them, and what they leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import Result
from flask import Flask

from app import create_app
from cli.backup.take import backups
from models.base import db
from tests.conftest import settings_in


def flask(app: Flask, *words: str) -> Result:
    """Run a command in this process, and let go of the database as its end would."""
    done = app.test_cli_runner().invoke(args=words)
    let_go(app)
    return done


def let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def only_backup(target: Path) -> Path:
    ((folder, _),) = backups(target)
    return folder


@contextmanager
def installation(instance: Path, **environment: str) -> Iterator[Flask]:
    """An application over an instance folder, closed behind the block."""
    app = create_app(settings_in(instance, **environment))
    try:
        yield app
    finally:
        app.extensions["consilium"].shutdown()
        let_go(app)
