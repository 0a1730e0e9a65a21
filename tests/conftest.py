"""Fixtures every test may use: a migrated database with the cast in it, an application over it, and a clock."""

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from app import create_app
from config import Settings
from tests import personas
from tests.databases import address
from tests.databases.cluster import Cluster
from tests.personas import Persona


class MovableClock:
    """Time as a port: stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def settings_in(folder: Path, **changed: str) -> Settings:
    """Settings as the environment would give them, with everything kept in `folder`."""
    return Settings.from_environment(
        {
            "INSTANCE_DIR": str(folder),
            **personas.KEYS,
            "ASYNC_MODE": "threading",
            "LOG_LEVEL": "error",
            **address.environment(folder),
            **changed,
        }
    )


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file, migrated and with the cast, that tests copy."""
    folder = tmp_path_factory.mktemp("template")
    _fill(folder)
    return folder / "consilium.db"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own, started by the first test that wants it."""
    cluster = Cluster().start()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database, migrated and with the cast, that tests copy."""
    folder = tmp_path_factory.mktemp("postgresql")
    address.keep(folder, cluster.create("template_cast"))
    _fill(folder)
    return "template_cast"


def _fill(folder: Path) -> None:
    app = create_app(settings_in(folder), clock=MovableClock())
    with app.app_context():
        upgrade()
        personas.settle(app.extensions["consilium"].units)
    close(app)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database `instance` lives on: what tests.databases.kinds asks for, else TEST_DATABASE or sqlite."""
    return str(getattr(request, "param", os.environ.get("TEST_DATABASE", "sqlite")))


@pytest.fixture
def instance(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of one installation with its own copy of the database with the cast."""
    folder = tmp_path / "instance"
    folder.mkdir()
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("template_database"), folder / "consilium.db")
        yield folder
        return
    template, cluster = request.getfixturevalue("postgresql_template"), request.getfixturevalue("cluster")
    name = f"test_{secrets.token_hex(6)}"
    address.keep(folder, cluster.create(name, template))
    yield folder
    cluster.drop(name)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates as one application compiled them, for the next: half of a test's time otherwise."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(instance: Path, clock: MovableClock, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    app = create_app(settings_in(instance), clock=clock)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    close(app)


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call actions and loaders themselves. Requests never run inside it."""
    with app.app_context():
        yield


class Browser:
    """One person's browser: a test client that remembers its cookies and finds form tokens."""

    def __init__(self, client: FlaskClient, base: str) -> None:
        self.client = client
        self.base = base

    def get(self, path: str, **kwargs):  # type: ignore[no-untyped-def]
        return self.client.get(path, base_url=self.base, **kwargs)

    def post(self, path: str, data: dict[str, object] | None = None, **kwargs):  # type: ignore[no-untyped-def]
        """Send a form with this session's CSRF token."""
        headers = {"X-CSRFToken": self.token(), "Referer": self.base + "/", **kwargs.pop("headers", {})}
        return self.client.post(path, data=data or {}, base_url=self.base, headers=headers, **kwargs)

    def token(self) -> str:
        page = self.client.get("/login", base_url=self.base, follow_redirects=True).get_data(as_text=True)
        return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def sign_in(self, persona: Persona, password: str = personas.PASSWORD) -> "Browser":
        answer = self.post("/login", {"email": persona.email, "password": password})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self


@pytest.fixture
def browser(app: Flask):  # type: ignore[no-untyped-def]
    """Make browsers: `browser()` signed out, `browser(DANA)` signed in."""

    def open_browser(persona: Persona | None = None) -> Browser:
        fresh = Browser(app.test_client(), app.extensions["consilium"].settings.public_url)
        return fresh.sign_in(persona) if persona else fresh

    return open_browser


def close(app: Flask) -> None:
    """End an application of a test, and every connection it has."""
    app.extensions["consilium"].shutdown()
    from models.base import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def pytest_terminal_summary(terminalreporter) -> None:  # type: ignore[no-untyped-def]
    """In CI a skipped test is a failure: say so where it is read."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("CI") == "true":
        terminalreporter.write_line(f"{len(skipped)} skipped tests: a failure in CI", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
