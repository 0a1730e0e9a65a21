"""How often a session, or an address that is not signed in, may ask for pages; and the answer when it is too often."""

from flask import Flask, current_app, g, request, session
from flask_babel import ngettext

from access.limits import REQUESTS_OF_ADDRESS, REQUESTS_OF_SESSION, TooMany
from blueprints.doors import address, house
from blueprints.errors import typed

UNCOUNTED = frozenset({"static", "health.alive", "health.ready"})


def install(app: Flask) -> None:
    app.before_request(_count)
    app.register_error_handler(TooMany, _too_many)


def _count() -> None:
    if request.endpoint in UNCOUNTED:
        return
    token = session.get("_user_id")
    if token is None:
        house().limiter.take(REQUESTS_OF_ADDRESS, address())
    else:
        house().limiter.take(REQUESTS_OF_SESSION, str(token))


def _too_many(refusal: TooMany) -> tuple[str, int, dict[str, str]]:
    """A page that costs next to nothing: it asks neither the database nor who is there."""
    template = current_app.jinja_env.get_template("errors/too_many.html")
    page = template.render(wait=_wait(refusal.seconds), typed=typed(), request_id=g.get("request_id"))
    return page, 429, {"Retry-After": str(refusal.seconds)}


def _wait(seconds: int) -> str:
    if seconds <= 60:
        return str(ngettext("Wait a second, then try again.", "Wait %(num)d seconds, then try again.", seconds))
    minutes = -(-seconds // 60)
    return str(ngettext("Wait a minute, then try again.", "Wait %(num)d minutes, then try again.", minutes))
