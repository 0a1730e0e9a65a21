"""A token on every unsafe request, in the form or in the X-CSRFToken header."""

from flask import Flask
from flask_wtf import CSRFProtect

protect = CSRFProtect()


def install(app: Flask) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # lives as long as the session it is bound to
    protect.init_app(app)
