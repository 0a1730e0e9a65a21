"""Commands as an administrator gives them, and what they leave."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import Result
from flask import Flask

from app import create_app
from cli.backup.take import backups
from models.base import db
from tests.conftest import settings_in
from tests.databases import address
from tests.personas import KEYS
from tests.realtime.server_process import ROOT


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


def elsewhere(instance: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, beside a server, as an administrator does."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    settings = {**KEYS, **address.environment(instance), "INSTANCE_DIR": str(instance), "LOG_LEVEL": "error"}
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env={**kept, **settings, **environment},
        capture_output=True,
        text=True,
        timeout=240,
    )


@contextmanager
def installation(instance: Path, **environment: str) -> Iterator[Flask]:
    """An application over an instance folder, closed behind the block."""
    app = create_app(settings_in(instance, **environment))
    try:
        yield app
    finally:
        app.extensions["consilium"].shutdown()
        let_go(app)
