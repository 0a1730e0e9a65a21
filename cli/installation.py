"""What commands know of the installation they run in."""

from pathlib import Path
from typing import cast

from flask import current_app
from sqlalchemy import URL

from actions.unit_of_work import Units
from blueprints.doors import house
from config import Settings


def settings() -> Settings:
    return cast(Settings, house().settings)


def units() -> Units:
    return house().units


def database() -> URL:
    """Where the data are. Nothing is opened."""
    return current_app.extensions["sqlalchemy"].engines[None].url  # type: ignore[no-any-return]


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database; None on PostgreSQL."""
    return Path(url.database).resolve() if url.get_backend_name() == "sqlite" and url.database else None


def plain_address(url: URL) -> str:
    """A PostgreSQL address as its own tools take it, without the password."""
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string()
