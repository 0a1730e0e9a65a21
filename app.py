"""create_app(): the only wiring."""

from flask import Flask
from flask_babel import Babel
from flask_migrate import Migrate

import models.registry  # noqa: F401  (fills the metadata)
from config import ROOT, Settings
from models.base import db
from rendering.assets import static_digest


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired to its ports."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_url_path=f"/static/{static_digest(ROOT / 'static')}")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    Babel(app, default_timezone=settings.timezone)
    return app
