"""Default deny: a route that does not say who may use it does not start."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from access import loaders, sessions
from access.permissions import Permission
from actions import sign_in
from blueprints.doors import SignedIn, actor, units

View = TypeVar("View", bound=Callable[..., Any])

OF_THE_CLINIC = frozenset(p for p in Permission if p.split(":")[0] in ("clinic", "account"))
"""Permissions that roles decide alone; all others a loader decides, with the patient's row in hand."""

PUBLIC_ENDPOINTS = frozenset({"static"})


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission a view needs."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Declare that a view is for everyone, signed in or not."""
    view.public = True  # type: ignore[attr-defined]
    return view


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """What an endpoint needs, or None for a public one. Raises LookupError when it says neither."""
    view = app.view_functions[endpoint]
    if endpoint in PUBLIC_ENDPOINTS or getattr(view, "public", False):
        return None
    found: Permission | None = getattr(view, "permission", None)
    if found is None:
        raise LookupError(f"{endpoint} declares neither a permission nor that it is public")
    return found


def install(app: Flask) -> None:
    """Put the gate before every request. Call it once all routes are there: an unclassified one raises."""
    for endpoint in app.view_functions:
        permission_of(app, endpoint)
    manager = LoginManager(app)
    manager.session_protection = None  # our session rows end sessions; hashing addresses signs out roaming phones
    manager.user_loader(_resume)
    app.before_request(_check)


def _resume(token: str) -> SignedIn | None:
    if g.get("database_is_away"):
        return None
    found = sessions.find(token)
    if found is None or not sessions.is_open(found, units().clock()):
        return None
    return SignedIn(token, sessions.actor_of(found.user, found.id), found)


def signed_in(token: str) -> SignedIn:
    """The Flask-Login user of a session that has just begun."""
    user = _resume(token)
    assert user is not None
    return user


def _check() -> Response | tuple[str, int] | None:
    if request.endpoint is None:
        return None
    permission = permission_of(current_app, request.endpoint)
    if permission is None:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    sign_in.touch(units(), current_user.session)
    if permission in OF_THE_CLINIC:
        loaders.clinic(actor(), permission)
    return None


def _to_sign_in() -> Response | tuple[str, int]:
    """A page turns to the sign-in form; a form sent too late gets its words back; a script learns that it is out."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return "", 401
    if request.method != "GET":
        raise Unauthorized
    if "_user_id" in session:
        flash(_("You were signed out. Sign in to go on."))
    return redirect(url_for("sign_in.form", next=request.full_path.rstrip("?")), 303)
