"""The application on a machine whose clock is wrong, by as many seconds as a file of its folder says."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

FILE = "clock-offset"


def create_app() -> Flask:
    """Everything that asks the machine for the time is told the shifted one, libraries too."""
    wrong_by = Path(os.environ["INSTANCE_DIR"]) / FILE
    machine = time.time

    def shifted() -> float:
        return machine() + float(wrong_by.read_text() or 0)

    time.time = shifted
    import app

    return app.create_app(clock=lambda: datetime.fromtimestamp(shifted(), UTC))


def shift(instance: Path, seconds: float) -> None:
    """Set the clock of a server over this folder."""
    new = instance / "clock-offset.new"
    new.write_text(str(seconds))
    new.replace(instance / FILE)
