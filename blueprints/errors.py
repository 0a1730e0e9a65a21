"""Every failure says what happened and what to do, and gives back what was typed."""

from dataclasses import dataclass

from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge

from access.grants import Closed, Forbidden, Hidden, ReadingOver, Refusal
from access.permissions import Permission
from actions import audit
from blueprints.doors import units
from models.outage import AWAY
from models.write_gate import DatabaseBusy

KEPT_FROM = 20
"""Shorter fields than this are not worth giving back."""


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    what: str
    todo: str


def install(app: Flask) -> None:
    app.register_error_handler(Hidden, _hidden)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Closed, _closed)
    app.register_error_handler(ReadingOver, _reading_over)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DatabaseBusy, _busy)
    for error in AWAY:
        app.register_error_handler(error, _away)
    app.register_error_handler(DataError, _not_kept)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _hidden(refusal: Hidden) -> tuple[str, int]:
    _audit(refusal)
    return _page(404, _message(404))


def _forbidden(refusal: Forbidden) -> tuple[str, int]:
    _audit(refusal)
    return _page(403, _no_patients() if refusal.permission is Permission.PATIENTS_LIST else _message(403))


def _closed(refusal: Closed) -> tuple[str, int]:
    _audit(refusal)
    if _is_patient():
        what = _("This plan has ended, and can only be read.")
        if request.method == "POST":
            what = _("This plan has ended. What you sent was not kept, and nobody has read it.")
        todo = _("The plan's page says whom to call from now on.")
    else:
        what = _("This plan is closed: it can be read, and not changed. Nothing was saved.")
        todo = _("The responsible clinician or the lead of the team can reopen it, on the page Care team.")
    return _page(403, Message(_("The plan is closed"), what, todo))


def _reading_over(refusal: ReadingOver) -> tuple[str, int]:
    """Some time after a plan was closed it is not read at home any more: the page says so, and whom to call."""
    _audit(refusal)
    g.portal, g.reading_is_over = refusal.grant, True
    return render_template("my/over.html"), 403


def _audit(refusal: Refusal) -> None:
    audit.record_denial(units(), refusal)


def _csrf(_error: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        Message(
            _("This form is out of date"),
            _("The page was opened before you signed in, or in another session. Nothing was saved."),
            _("Go back, reload the page, and send the form again."),
        ),
    )


def _busy(_error: DatabaseBusy) -> tuple[str, int]:
    return _page(503, _message(503))


def _away(error: Exception) -> tuple[str, int]:
    """The page is made without the database: nobody is looked up for it."""
    current_app.logger.error("the database is away: %s", type(error).__name__)
    g.database_is_away = True
    return _page(
        503,
        Message(
            _("The record cannot be reached just now"),
            _("The database does not answer. What you sent last may not have been saved."),
            _("Keep this page, wait a minute, then reload it and check before you send anything again."),
        ),
    )


def _not_kept(_error: DataError) -> tuple[str, int]:
    """The database has no place for such a value: a number without end, a character that is none."""
    return _page(400, _message(400))


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, AWAY):
        return _away(error.original_exception)
    return _page(error.code, _message(error.code))


def _unexpected(error: Exception) -> tuple[str, int]:
    current_app.logger.error("unexpected error", exc_info=error)
    return _page(500, _message(500))


def _no_patients() -> Message:
    return Message(
        _("Patients are not shown to your role"),
        _("Administrators arrange accounts and teams, and see no patient: what a plan says stays with the care team."),
        _("If you also treat patients, have another administrator add the role Clinician to your account."),
    )


def _not_found() -> Message:
    return Message(
        _("There is nothing here for you"),
        _("The page does not exist, or it is about somebody whose care team you are not in."),
        _("Check the address, or ask the coordinator to add you to the care team."),
    )


def _of_patients() -> dict[int, Message]:
    """What a patient reads: of care teams, roles and coordinators they need know nothing."""
    return {
        403: Message(
            _("You may not do this"),
            _("You read this plan for somebody else, and only the patient or a guardian may answer."),
            _("Call the team if you need something."),
        ),
        404: Message(
            _("There is nothing here for you"),
            _("The page does not exist, or it is not yours to read."),
            _("Check the address, or go back to the start."),
        ),
    }


def _is_patient() -> bool:
    if g.get("database_is_away") or not current_user or not current_user.is_authenticated:
        return False
    found: bool = current_user.actor.is_patient
    return found


def _message(code: int) -> Message:
    if code in (403, 404) and _is_patient():
        return _of_patients()[code]
    messages = {
        400: Message(
            _("That could not be understood"),
            _("Something in the request was missing or malformed. Nothing was saved."),
            _("Go back, check the form, and send it again."),
        ),
        401: Message(
            _("You were signed out"),
            _("There was no activity for an hour, or you signed out elsewhere. Nothing was saved."),
            _("Sign in again, then put your words back in."),
        ),
        403: Message(
            _("You may not do this"),
            _("Your role or your place in the care team does not include it."),
            _("Ask the responsible clinician or the coordinator, if you need to."),
        ),
        404: _not_found(),
        405: Message(
            _("This address works differently"),
            _("The page was asked for in a way it does not answer."),
            _("Go back and use the button or link on the page."),
        ),
        413: Message(
            _("That was too much at once"),
            _("The text is longer than a plan's section may be. Nothing was saved."),
            _("Shorten it and send it again."),
        ),
        429: Message(
            _("Too many tries"),
            _("Requests came faster than we accept them."),
            _("Wait a minute, then try again."),
        ),
        503: Message(
            _("Busy at the moment"),
            _("The database is busy. Nothing was saved."),
            _("Wait a few seconds, then send it again."),
        ),
    }
    unexpected = Message(
        _("Something went wrong here"),
        _("This is our mistake, not yours. What you sent may not have been saved."),
        _("Try again. If it stays, tell your administrator the number below."),
    )
    return messages.get(code, messages[400] if code < 500 else unexpected)


def _page(code: int, message: Message) -> tuple[str, int]:
    return (
        render_template(
            "errors/error.html",
            code=code,
            title=message.title,
            what=message.what,
            todo=message.todo,
            typed=typed(),
            request_id=g.get("request_id"),
        ),
        code,
    )


def typed() -> dict[str, str]:
    """The longer words of the form, to be given back; none when the form was too large to be read."""
    try:
        form = request.form
    except RequestEntityTooLarge:
        return {}
    return {
        name: value
        for name, value in form.items()
        if len(value) >= KEPT_FROM and name != "csrf_token" and "password" not in name
    }
