"""A token on every unsafe request, in the form or in the X-CSRFToken header."""

from flask import Flask, current_app
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError


class Protect(CSRFProtect):  # type: ignore[misc]
    """Tokens that were signed with a former SECRET_KEY hold as long as its cookies do: boards stay open for days."""

    def _get_csrf_token(self) -> str | None:
        token: str | None = super()._get_csrf_token()
        for former in current_app.config["SECRET_KEY_FALLBACKS"] or ():
            try:
                validate_csrf(token, secret_key=former)
            except ValidationError:
                continue
            return str(generate_csrf())
        return token


protect = Protect()


def install(app: Flask) -> None:
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # lives as long as the session it is bound to
    protect.init_app(app)
