"""`python -m cli.serve`: check, migrate, load the demo where asked, say where to go, and serve."""

import os
import socket
import sys

from flask_migrate import upgrade
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import create_app
from cli.doctor import libraries
from cli.doctor.findings import Level
from config import ROOT, ConfigError, Settings
from models.base import db
from models.user import User


def main() -> None:
    try:
        settings = Settings.from_environment()
        _free_port("PORT", settings.port)
        if settings.metrics_port is not None:
            _free_port("METRICS_PORT", settings.metrics_port)
        _prepare(settings)
    except ConfigError as error:
        sys.exit(f"Consilium did not start: {error}")
    except OperationalError as error:
        sys.exit(f"Consilium did not start: the database cannot be opened ({error.orig}).")
    _serve(settings)


def _free_port(name: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise ConfigError(f"Port {port} needs more rights. Choose another: {name}=8080 make run") from error
        except OSError as error:
            raise ConfigError(f"Port {port} is taken. Choose another: {name}={_next(port)} make run") from error


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000


def _prepare(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade()
        people = db.session.scalar(select(func.count()).select_from(User)) or 0
        if settings.demo:
            from cli.demo.load import HalfLoaded, OtherPeople, announce, load

            if people == 0:
                print("Loading the demo clinic ...", flush=True)
            try:
                load(app)
            except OtherPeople as error:
                raise ConfigError(
                    "this database has other people in it, and the demo goes into an empty one only. "
                    "Serve it with DEMO=0 make run, or choose another INSTANCE_DIR."
                ) from error
            except HalfLoaded as error:
                raise ConfigError(
                    f"the demo was loaded only in part. Delete {settings.instance_dir}/consilium.db and start again."
                ) from error
            announce(app)
        elif people == 0:
            print("Nobody has an account yet. Make the first administrator:")
            print("  .venv/bin/flask users create --admin --name 'Your Name' --email you@clinic.example")
        db.session.remove()
    for finding in libraries.check():
        if finding.level is not Level.OK:
            print(finding)
    print(f"Consilium is at {settings.public_url}  (Ctrl C stops it)", flush=True)


def _serve(settings: Settings) -> None:
    os.chdir(ROOT)
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
    os.environ["PORT"] = str(settings.port)
    os.execv(sys.executable, gunicorn)  # noqa: S606  (becomes the server)


if __name__ == "__main__":
    main()
